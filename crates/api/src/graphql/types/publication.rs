//! Publications: what everybody reads, and how far the department is with them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use jixiao_rules::cycle;
use jixiao_rules::kind::Vocabulary;
use jixiao_service::ctx::Place;
use jixiao_service::declaration::Whole;
use jixiao_service::publication;

use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::{PublicationKind, PublicationStatus};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::department::{DepartmentName, JurisdictionName};
use crate::graphql::types::published::PublicationContent;
use crate::graphql::types::viewer::Person;

/// 向社会公开的内容，无需登录；待公开的不可见。 — What everybody may read, signed in or not; never one that is pending.
#[derive(Clone, Debug)]
pub struct Publication(pub publication::Public);

impl Publication {
    fn last(&self) -> Option<&publication::PublicSnapshot> {
        self.0.snapshots.last()
    }
}

/// 向社会公开的内容，无需登录；待公开的不可见。 — What everybody may read, signed in or not; never one that is pending.
#[Object]
impl Publication {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Publication, self.0.id.0)
    }
    /// 种类。 — What is published.
    async fn kind(&self) -> PublicationKind {
        self.0.kind.into()
    }
    /// 状态。 — State; never PENDING.
    async fn status(&self) -> PublicationStatus {
        self.0.status.into()
    }
    /// 部门，以现名称。 — Whose, as it is named today.
    async fn department(&self) -> DepartmentName {
        let department = &self.0.department;
        DepartmentName(Place { id: department.id, code: department.code.clone(), name: department.name.clone() })
    }
    /// 所属财政区划。 — The jurisdiction of the department.
    async fn jurisdiction(&self) -> JurisdictionName {
        let department = &self.0.department;
        JurisdictionName(Place {
            id: department.jurisdiction_id,
            code: department.jurisdiction_code.clone(),
            name: department.jurisdiction_name.clone(),
        })
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.0.fiscal_year
    }
    /// 最近公开的批复版本；不予公开时为空。 — Approved version last published; null when withheld.
    async fn version(&self) -> Option<i32> {
        self.last().map(|last| last.version)
    }
    /// 最近一次公开的时间；不予公开时为空。 — When it was published last; null when withheld.
    async fn published_at(&self) -> Option<DateTime> {
        self.last().map(|last| last.published_at.into())
    }
    /// 最近公开内容的SHA-256，十六进制；不予公开时为空。 — SHA-256 of what was published last, hex; null when withheld.
    async fn sha256(&self) -> Option<&str> {
        self.last().map(|last| last.sha256.as_str())
    }
    /// 不予公开的理由；已公开时为空。 — Why it is withheld; null while it is published.
    async fn withheld_reason(&self) -> Option<&str> {
        self.0.withheld.as_ref().map(|(reason, _)| reason.as_str())
    }
    /// 不予公开自何时起；已公开时为空。 — Since when it is withheld; null while it is published.
    async fn withheld_at(&self) -> Option<DateTime> {
        self.0.withheld.as_ref().map(|(_, at)| (*at).into())
    }
    /// 最近公开的内容；不予公开时为空。 — What was published last; null when withheld.
    async fn content(&self) -> Result<Option<PublicationContent>> {
        Ok(self.last().map(PublicationContent::of).transpose()?)
    }
    /// 历次公开，由旧到新；不予公开时为空列表。 — All that was published, oldest first; empty when withheld.
    async fn snapshots(&self) -> Vec<PublicationSnapshot> {
        self.0.snapshots.iter().cloned().map(PublicationSnapshot).collect()
    }
}

/// 一次公开的内容，不再更改。 — What was published at one time; it never changes.
#[derive(Clone, Debug)]
pub struct PublicationSnapshot(publication::PublicSnapshot);

/// 一次公开的内容，不再更改。 — What was published at one time; it never changes.
#[Object]
impl PublicationSnapshot {
    /// 序号，自1起。 — From 1, one more with each correction.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// 批复版本。 — Approved version of the declaration.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// 公开时间。 — When it was published.
    async fn published_at(&self) -> DateTime {
        self.0.published_at.into()
    }
    /// 更正理由；首次公开时为空。 — Why it was corrected; null for the first.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// 原文的SHA-256，十六进制。 — SHA-256 of `body`, hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }
    /// 被计算哈希的原文，JSON，UTF-8；金额以分、率以百万分之一、分值以百分之一计。 — The very text that was hashed: JSON in UTF-8, money in 分, rates in millionths, points in hundredths.
    async fn body(&self) -> &str {
        &self.0.body
    }
    /// 内容。 — What it says.
    async fn content(&self) -> Result<PublicationContent> {
        Ok(PublicationContent::of(&self.0)?)
    }
}

/// 部门办理某种公开的情况。 — How far a department is with a publication of its declaration.
#[derive(Clone, Debug)]
pub struct DeclarationPublication {
    kind: cycle::PublicationKind,
    known: Option<publication::Publication>,
}

impl DeclarationPublication {
    /// One kind of a declaration.
    #[must_use]
    pub fn of(whole: &Arc<Whole>, kind: cycle::PublicationKind) -> Self {
        Self { kind, known: whole.declaration.publications.get(&kind).cloned() }
    }

    /// Every kind of a declaration.
    #[must_use]
    pub fn all(whole: &Arc<Whole>) -> Vec<Self> {
        cycle::PublicationKind::ALL.iter().map(|kind| Self::of(whole, *kind)).collect()
    }

    fn withheld(&self) -> Option<&publication::Withheld> {
        self.known.as_ref().and_then(|known| known.withheld.as_ref())
    }
}

/// 部门办理某种公开的情况。 — How far a department is with a publication of its declaration.
#[Object]
impl DeclarationPublication {
    /// 公开的全局标识；待公开时为空。 — Global id of the publication; null while it is pending.
    async fn publication_id(&self) -> Option<ID> {
        let known = self.known.as_ref().filter(|known| known.status != cycle::PublicationStatus::Pending);
        known.map(|known| encode(NodeKind::Publication, known.id.0))
    }
    /// 种类。 — What is published.
    async fn kind(&self) -> PublicationKind {
        self.kind.into()
    }
    /// 状态。 — State.
    async fn status(&self) -> PublicationStatus {
        self.known.as_ref().map_or(cycle::PublicationStatus::Pending, |known| known.status).into()
    }
    /// 修订号；未办理时为0。 — Grows by one with each act; 0 before any.
    async fn revision(&self) -> i32 {
        self.known.as_ref().map_or(0, |known| known.revision)
    }
    /// 历次公开，由旧到新，不予公开后仍保留。 — All that was published, oldest first; kept when withheld.
    async fn snapshots(&self) -> Vec<DeclarationPublicationSnapshot> {
        let snapshots = self.known.iter().flat_map(|known| &known.snapshots);
        snapshots.cloned().map(DeclarationPublicationSnapshot).collect()
    }
    /// 不予公开的理由；未作此决定时为空。 — Why it is withheld; null when it is not.
    async fn withheld_reason(&self) -> Option<&str> {
        self.withheld().map(|withheld| withheld.reason.as_str())
    }
    /// 不予公开的决定人；未作此决定时为空。 — Who withheld it; null when it is not.
    async fn withheld_by(&self) -> Option<Person> {
        self.withheld().map(|withheld| Person(withheld.by.clone()))
    }
    /// 不予公开自何时起；未作此决定时为空。 — Since when it is withheld; null when it is not.
    async fn withheld_at(&self) -> Option<DateTime> {
        self.withheld().map(|withheld| withheld.at.into())
    }
}

/// 一次公开的办理记录。 — Who published what and when.
#[derive(Clone, Debug)]
pub struct DeclarationPublicationSnapshot(publication::Snapshot);

/// 一次公开的办理记录。 — Who published what and when.
#[Object]
impl DeclarationPublicationSnapshot {
    /// 序号，自1起。 — From 1, one more with each correction.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// 批复版本。 — Approved version of the declaration.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// 公开内容的SHA-256，十六进制。 — SHA-256 of what was published, hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }
    /// 更正理由；首次公开时为空。 — Why it was corrected; null for the first.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// 公开时间。 — When it was published.
    async fn published_at(&self) -> DateTime {
        self.0.published_at.into()
    }
    /// 公开人。 — Who published it.
    async fn published_by(&self) -> Person {
        Person(self.0.published_by.clone())
    }
}

/// 指标数据的质量说明。 — Where the data of an indicator come from and how far they can be trusted.
#[derive(Clone, Debug)]
pub struct QualityStatement(pub publication::QualityStatement);

/// 指标数据的质量说明。 — Where the data of an indicator come from and how far they can be trusted.
#[Object]
impl QualityStatement {
    /// 数据来源。 — Source of the data.
    async fn source(&self) -> &str {
        &self.0.source
    }
    /// 采集与计算方法。 — How they were gathered and computed.
    async fn method(&self) -> &str {
        &self.0.method
    }
    /// 已知局限；没有时为空。 — Known limits; null when none is known.
    async fn limits(&self) -> Option<&str> {
        self.0.limits.as_deref()
    }
    /// 填写人。 — Who stated it.
    async fn stated_by(&self) -> Person {
        Person(self.0.stated_by.clone())
    }
    /// 填写时间。 — When it was stated.
    async fn stated_at(&self) -> DateTime {
        self.0.stated_at.into()
    }
}
