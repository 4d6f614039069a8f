//! Achievement rates across declarations.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use jixiao_service::achievement as service;
use jixiao_service::achievement::SummaryOrder;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::{
    AchievementDimension, AchievementStatus, AchievementSummaryOrderField, Level1, Level2, OrderDirection,
    ReportingPeriod,
};
use crate::graphql::types::achievement::{AchievementSummary, AchievementTotals};

/// 汇总的筛选条件；为空的条件不限制。 — Which achievements count; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AchievementFilter {
    /// 年度。 — Of these fiscal years.
    pub fiscal_years: Option<Vec<i32>>,
    /// 财政区划代码，含其下级。 — Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// 一级指标。 — Of these level 1.
    pub level1: Option<Vec<Level1>>,
    /// 二级指标。 — Of these level 2.
    pub level2: Option<Vec<Level2>>,
    /// 期间；为空且未按期间分组时取年终。 — Of this period; YEAR_END when null and not grouped by period.
    pub period: Option<ReportingPeriod>,
    /// 完成状态。 — With these statuses.
    pub statuses: Option<Vec<AchievementStatus>>,
}

/// 汇总的排序。 — Order of a summary; ties by the dimensions' keys.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct AchievementSummaryOrder {
    /// 排序依据。 — What to order by.
    pub field: AchievementSummaryOrderField,
    /// 方向。 — Which way; null sorts last either way.
    pub direction: OrderDirection,
}

pub(super) fn all<T: Into<U>, U>(list: Option<Vec<T>>) -> Option<Vec<U>> {
    list.map(|list| list.into_iter().map(Into::into).collect())
}

impl From<AchievementFilter> for service::AchievementFilter {
    fn from(filter: AchievementFilter) -> Self {
        Self {
            fiscal_years: filter.fiscal_years,
            jurisdiction_code: filter.jurisdiction_code,
            department_codes: filter.department_codes,
            level1: all(filter.level1),
            level2: all(filter.level2),
            period: filter.period.map(Into::into),
            statuses: all(filter.statuses),
        }
    }
}

/// Totals beside the groups of a summary.
#[derive(SimpleObject)]
pub struct SummaryTotals {
    /// 全部分组的合计。 — Counts and rates over everything the filter lets through.
    totals: AchievementTotals,
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct AchievementQuery;

#[Object]
impl AchievementQuery {
    /// 达成率汇总：已批复申报的指标，一个期间内，按维度分组。 — Achievement rates of the indicators of approved declarations in one period, grouped.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the contract")]
    async fn achievement_summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which achievements count.")] filter: Option<AchievementFilter>,
        #[graphql(desc = "分组维度，至少一个。 — Dimensions, at least one.")] group_by: Vec<AchievementDimension>,
        #[graphql(desc = "排序；为空按维度代码。 — Order; by the dimensions' keys when null.")] order_by: Option<
            AchievementSummaryOrder,
        >,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<AchievementSummary, SummaryTotals>> {
        let dimensions: Vec<service::Dimension> = group_by.into_iter().map(Into::into).collect();
        let (field, descending) =
            order_by.map_or((SummaryOrder::Key, false), |order| (order.field.0, order.direction.descending()));
        let tag = format!("achievementSummary {dimensions:?} {field} {descending}");
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, &tag)?;
        let filter = filter.unwrap_or_default().into();
        let (db, op) = (ctx.db()?, ctx.op()?);
        let groups = service::summary(db, op, &filter, &dimensions, (field, descending), &page).await?;
        let wanted = ctx.look_ahead().field("totals").exists();
        let totals = if wanted { service::totals(db, op, &filter, &dimensions).await? } else { Default::default() };
        let extra = SummaryTotals { totals: AchievementTotals(totals) };
        Ok(Connection::with(&tag, groups, service::Group::cursor, AchievementSummary::new, extra))
    }
}
