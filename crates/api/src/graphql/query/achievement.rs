//! Achievement rates across declarations.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use jixiao_service::achievement as service;
use jixiao_service::achievement::SummaryOrder;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::kind::{
    AchievementDimension, AchievementStatus, AchievementSummaryOrderField, Level1, Level2, OrderDirection,
    ReportingPeriod, ResultGrade,
};
use crate::graphql::query::indicator::DecimalBounds;
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
    /// 申报在该期间的评价等级。 — Of declarations with these grades in the period.
    pub grades: Option<Vec<ResultGrade>>,
}

/// 分组的数值条件：只显示数值在上下限之内的分组；数值为空的分组不显示；合计不受影响。 — Which groups are shown: those whose
/// measures lie within all bounds. A group whose measure is null lies within none of them. Totals are of all groups.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct AchievementHaving {
    /// 指标总数。 — indicatorCount.
    pub indicator_count: Option<DecimalBounds>,
    /// 已填报数。 — reportedCount.
    pub reported_count: Option<DecimalBounds>,
    /// 可比数。 — comparableCount.
    pub comparable_count: Option<DecimalBounds>,
    /// 达成率，如 "0.6" 即60%。 — achievementRate; "0.6" is 60 %.
    pub achievement_rate: Option<DecimalBounds>,
    /// 平均得分率，百分制。 — averageScore, of 100.
    pub average_score: Option<DecimalBounds>,
    /// 平均完成率。 — meanCompletionRate.
    pub mean_completion_rate: Option<DecimalBounds>,
    /// 超额完成数。 — Indicators EXCEEDED.
    pub exceeded_count: Option<DecimalBounds>,
    /// 已完成数。 — Indicators ACHIEVED.
    pub achieved_count: Option<DecimalBounds>,
    /// 部分完成数。 — Indicators PARTIALLY_ACHIEVED.
    pub partially_achieved_count: Option<DecimalBounds>,
    /// 未完成数。 — Indicators NOT_ACHIEVED.
    pub not_achieved_count: Option<DecimalBounds>,
    /// 进行中数。 — Indicators IN_PROGRESS.
    pub in_progress_count: Option<DecimalBounds>,
    /// 未填报数。 — Indicators NOT_REPORTED.
    pub not_reported_count: Option<DecimalBounds>,
    /// 不适用数。 — Indicators NOT_APPLICABLE.
    pub not_applicable_count: Option<DecimalBounds>,
    /// 无法判定数。 — Indicators UNDETERMINED.
    pub undetermined_count: Option<DecimalBounds>,
    /// 申报数；按一级指标、二级指标或状态分组或筛选时不可用。 — declarationCount; not when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    pub declaration_count: Option<DecimalBounds>,
    /// 预算执行率；按一级指标、二级指标或状态分组或筛选时不可用。 — executionRate; not when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    pub execution_rate: Option<DecimalBounds>,
    /// 按时报送率；按一级指标、二级指标或状态分组或筛选时不可用。 — filing.onTimeRate; not when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    pub on_time_rate: Option<DecimalBounds>,
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
            grades: all(filter.grades),
        }
    }
}

impl From<AchievementHaving> for service::Having {
    fn from(having: AchievementHaving) -> Self {
        let bounds = [
            (SummaryOrder::IndicatorCount, having.indicator_count),
            (SummaryOrder::ReportedCount, having.reported_count),
            (SummaryOrder::ComparableCount, having.comparable_count),
            (SummaryOrder::AchievementRate, having.achievement_rate),
            (SummaryOrder::AverageScore, having.average_score),
            (SummaryOrder::MeanCompletionRate, having.mean_completion_rate),
            (SummaryOrder::ExceededCount, having.exceeded_count),
            (SummaryOrder::AchievedCount, having.achieved_count),
            (SummaryOrder::PartiallyAchievedCount, having.partially_achieved_count),
            (SummaryOrder::NotAchievedCount, having.not_achieved_count),
            (SummaryOrder::InProgressCount, having.in_progress_count),
            (SummaryOrder::NotReportedCount, having.not_reported_count),
            (SummaryOrder::NotApplicableCount, having.not_applicable_count),
            (SummaryOrder::UndeterminedCount, having.undetermined_count),
            (SummaryOrder::DeclarationCount, having.declaration_count),
            (SummaryOrder::ExecutionRate, having.execution_rate),
            (SummaryOrder::OnTimeRate, having.on_time_rate),
        ];
        bounds.into_iter().filter_map(|(measure, bounds)| Some((measure, bounds?.into()))).collect()
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
        #[graphql(desc = "分组的数值条件。 — Which groups are shown, by their measures.")] having: Option<
            AchievementHaving,
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
        let by_period = dimensions.contains(&service::Dimension::Period);
        let having = having.unwrap_or_default().into();
        let view = service::View { dimensions, having, order: field, descending };
        if !page.fits(view.shape()) {
            return Err(ApiError::InvalidCursor);
        }
        let (db, op) = (ctx.db()?, ctx.op()?);
        let groups = service::summary(db, op, &filter, &view, &page).await?;
        let wanted = ctx.look_ahead().field("totals").exists();
        let totals = if wanted { service::totals(db, op, &filter, by_period).await? } else { Default::default() };
        let extra = SummaryTotals { totals: AchievementTotals(totals) };
        Ok(Connection::with(&tag, groups, service::Group::cursor, AchievementSummary::new, extra))
    }
}
