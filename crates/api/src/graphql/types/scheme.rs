//! Scoring schemes and where they are assigned.

use async_graphql::{ID, Object};
use jixiao_service::scheme::SchemeVersion as Stored;
use jixiao_service::scheme_assignment::Assignment;

use crate::graphql::id::{NodeKind, encode};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::achievement::SchemeVersion;
use crate::graphql::types::department::JurisdictionName;

/// 评分方案的一个版本，不可更改。 — One version of a scoring scheme; never changed.
#[derive(Clone, Debug)]
pub struct ScoringScheme(pub Stored);

/// 评分方案的一个版本，不可更改。 — One version of a scoring scheme; never changed.
#[Object]
impl ScoringScheme {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::ScoringScheme, self.0.id.0)
    }
    /// 代码，如 CN-2020。 — Code, such as CN-2020.
    async fn code(&self) -> &str {
        &self.0.scheme.code
    }
    /// 版本，自1起。 — Version, from 1.
    async fn version(&self) -> u32 {
        self.0.scheme.version
    }
    /// 中文名称。 — Name in Chinese.
    async fn name_zh(&self) -> &str {
        &self.0.scheme.name_zh
    }
    /// 英文名称。 — Name in English.
    async fn name_en(&self) -> &str {
        &self.0.scheme.name_en
    }
    /// TOML 文档，与存入时逐字节相同。 — The TOML document, byte for byte as it was stored.
    async fn document(&self) -> &str {
        &self.0.document
    }
    /// 文档的 SHA-256，十六进制。 — SHA-256 of the document, hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }
    /// 存入时间。 — When stored.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// 某区划某年度指定使用的评分方案，适用于其全部下级，除非下级另有指定。 — The scheme version assigned to a jurisdiction and year; it holds for all below unless a nearer one is assigned.
#[derive(Clone, Debug)]
pub struct SchemeAssignment(pub Assignment);

/// 某区划某年度指定使用的评分方案，适用于其全部下级，除非下级另有指定。 — The scheme version assigned to a jurisdiction and year; it holds for all below unless a nearer one is assigned. Declarations keep the scheme they were made under.
#[Object]
impl SchemeAssignment {
    /// 区划。 — The jurisdiction.
    async fn jurisdiction(&self) -> JurisdictionName {
        JurisdictionName(self.0.jurisdiction.clone())
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.0.fiscal_year
    }
    /// 评分方案。 — The scheme version.
    async fn scheme(&self) -> SchemeVersion {
        SchemeVersion { code: self.0.code.clone(), version: self.0.version }
    }
}
