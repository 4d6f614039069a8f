//! What the checks find: from a declaration's own document, or from the rows that are searched across declarations.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use jixiao_rules::compared::label;
use jixiao_rules::message::{Compared, Finding as Found};
use jixiao_service::declaration::Whole;
use jixiao_service::finding::{self, Kept};
use jixiao_service::id::FindingId;
use tokio::sync::OnceCell;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::{ReportingPeriod, Severity};
use crate::graphql::reader::Siblings;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::types::declaration::Declaration;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::viewer::Person;
use crate::graphql::walk::Walk;

/// 自动检查发现的问题。 — Result of one check on one place.
#[derive(Clone, Debug)]
pub struct Finding {
    id: FindingId,
    /// Its path leads from the declaration.
    found: Found,
    /// How many parts of the path lie before the object whose list it is in.
    above: usize,
    from: Source,
}

/// Where a finding comes from.
#[derive(Clone, Debug)]
enum Source {
    /// The declaration's document; its row is fetched with those of its list when it is asked for.
    Document(Arc<Whole>, Rows),
    /// Its row.
    Row(Box<Kept>, Arc<Siblings>),
}

type Rows = Arc<OnceCell<HashMap<FindingId, Kept>>>;

impl Finding {
    /// The findings of an object inside of a declaration, whose path from there is `above`.
    #[must_use]
    pub fn all(whole: &Arc<Whole>, found: &[Found], above: &[&str]) -> Vec<Self> {
        let placed: Vec<Found> = found
            .iter()
            .cloned()
            .map(|mut found| {
                found.path.splice(0..0, above.iter().map(|&part| part.to_owned()));
                found
            })
            .collect();
        let ids = finding::ids(whole.declaration.id, &placed);
        let rows = Rows::default();
        let one = |(found, id)| {
            let from = Source::Document(Arc::clone(whole), Arc::clone(&rows));
            Self { id, found, above: above.len(), from }
        };
        placed.into_iter().zip(ids).map(one).collect()
    }

    /// From its row, with the declarations of its list.
    #[must_use]
    pub fn kept(kept: Kept, siblings: &Arc<Siblings>) -> Self {
        let (id, found) = (kept.id, kept.finding.clone());
        Self { id, found, above: 0, from: Source::Row(Box::new(kept), Arc::clone(siblings)) }
    }

    /// From its row alone.
    #[must_use]
    pub fn alone(kept: Kept) -> Self {
        let siblings = Siblings::of(std::slice::from_ref(&kept.of));
        Self::kept(kept, &siblings)
    }

    /// Its row; `None` where the document says more than the rows do.
    async fn row(&self, ctx: &Context<'_>) -> Result<Option<&Kept>> {
        match &self.from {
            Source::Row(kept, _) => Ok(Some(kept)),
            Source::Document(whole, rows) => {
                let (db, op, id) = (ctx.db()?, ctx.op()?, whole.declaration.id);
                Ok(rows.get_or_try_init(|| finding::of_declaration(db, op, id)).await?.get(&self.id))
            }
        }
    }
}

/// 自动检查发现的问题。 — Result of one check on one place.
#[Object]
impl Finding {
    /// 全局标识，问题存续期间不变。 — Global id, the same as long as the finding stays where it is.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Finding, self.id.0)
    }
    /// 检查编号，如D2。 — Id of the check, such as D2.
    async fn rule(&self) -> &str {
        &self.found.rule
    }
    /// 严重程度。 — How grave it is.
    async fn severity(&self) -> Severity {
        self.found.severity.into()
    }
    /// 说明文字。 — For people.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(ctx.lang()?.of(&self.found.message).to_owned())
    }
    /// 所在位置：自申报起的路径；在报告或调整中查看时自该报告或调整起。 — Where it lies: path from the declaration; in a report or an adjustment, from there.
    async fn path(&self) -> &[String] {
        self.found.path.get(self.above..).unwrap_or_default()
    }
    /// 比较的各个数值；没有比较数值时为空列表。 — What was compared, in order; empty where no values were.
    async fn compared(&self, ctx: &Context<'_>) -> Result<Vec<FindingValue>> {
        let compared = self.row(ctx).await?.map(|kept| kept.finding.compared.clone()).unwrap_or_default();
        let lang = ctx.lang()?;
        let told = |Compared { name, value }| FindingValue { label: lang.of(&label(&name)).to_owned(), name, value };
        Ok(compared.into_iter().map(told).collect())
    }
    /// 所属报告的期间；不在报告中时为空。 — Period of the report it lies in; null when it lies in none.
    async fn period(&self) -> Option<ReportingPeriod> {
        self.found.period().map(Into::into)
    }
    /// 所涉指标；不涉及单项指标时为空。 — The indicator it lies in; null when it lies in none.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Walk<Indicator>>> {
        let Some(position) = self.found.indicator() else { return Ok(None) };
        let whole = match &self.from {
            Source::Document(whole, _) => Some(Arc::clone(whole)),
            Source::Row(kept, siblings) => siblings.whole(ctx, kept.of.id).await?,
        };
        let whole = whole.filter(|whole| position < whole.declaration.indicators.len());
        Ok(whole.map(|whole| Walk(Indicator::within(&whole, position))))
    }
    /// 自哪一天起成立；发现即成立时为空。 — First day on which it holds; null when that is as soon as it is found.
    async fn since(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        Ok(self.row(ctx).await?.and_then(|kept| kept.finding.since).map(Date))
    }
    /// 按现状首次发现的时间；尚未入库时为空。 — When it was found as it is; null where it is in no list across declarations.
    async fn found_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(self.row(ctx).await?.map(|kept| kept.found_at.into()))
    }
    /// 审计人员的搁置说明；未搁置，或所比较的数值其后有变化时为空。 — That an auditor dismissed it; null while nobody did, or once what was compared has changed.
    async fn dismissal(&self, ctx: &Context<'_>) -> Result<Option<FindingDismissal>> {
        Ok(self.row(ctx).await?.and_then(|kept| kept.dismissal.clone()).map(FindingDismissal))
    }
    /// 所属申报。 — The declaration it concerns.
    async fn declaration(&self) -> Declaration {
        match &self.from {
            Source::Document(whole, _) => Declaration::from_whole(Arc::clone(whole)),
            Source::Row(kept, siblings) => Declaration::among(kept.of.clone(), siblings),
        }
    }
}

/// 检查所比较的一个数值。 — One of the values that a check compared.
#[derive(Clone, Debug, SimpleObject)]
pub struct FindingValue {
    /// 名称，稳定代码，如filedScore。 — What it is, a stable code such as filedScore; docs/findings.md lists them by rule.
    pub name: String,
    /// 名称的说法，按请求的语言。 — The name for people, in the language of the request.
    pub label: String,
    /// 数值：精确的十进制数（金额以万元计）、日期、代码或原文。 — Its value: an exact decimal (money in 万元), a day, a code, or a text verbatim.
    pub value: String,
}

/// 审计人员对问题的搁置。 — That an auditor dismissed a finding; it stays listed.
#[derive(Clone, Debug)]
pub struct FindingDismissal(pub finding::Dismissal);

/// 审计人员对问题的搁置。 — That an auditor dismissed a finding; it stays listed.
#[Object]
impl FindingDismissal {
    /// 理由。 — Why.
    async fn note(&self) -> &str {
        &self.0.note
    }
    /// 何人。 — By whom.
    async fn by(&self) -> Walk<Person> {
        Walk(Person(self.0.by.clone()))
    }
    /// 时间。 — When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }
}
