//! Indicators across declarations.

use async_graphql::{Context, ID, InputObject, Object};
use jixiao_rules::cycle::Period;
use jixiao_service::achievement::Bounds;
use jixiao_service::declaration::DeclarationFilter as Declarations;
use jixiao_service::id::IndicatorId;
use jixiao_service::indicator::{self as service, IndicatorOrder};
use jixiao_service::page::Slice;

use super::achievement::all;
use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{
    AchievementStatus, IndicatorOrderField, Level1, Level2, OrderDirection, ReportingPeriod, WarningLight,
};
use crate::graphql::reader::Siblings;
use crate::graphql::scalar::Decimal;
use crate::graphql::types::declaration::{TotalCount, vanished};
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::trend::IndicatorTrendPoint;

/// 指标的筛选条件；为空的条件不限制。 — Which indicators; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct IndicatorFilter {
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
    /// 状态、完成率、得分、预警灯、标记与佐证材料所取的期间；为空时取年终。 — The period that statuses, rates, scores, lights, flags and evidence are taken from; YEAR_END when null.
    pub period: Option<ReportingPeriod>,
    /// 完成状态。 — With these statuses.
    pub statuses: Option<Vec<AchievementStatus>>,
    /// 预警灯。 — With these lights.
    pub lights: Option<Vec<WarningLight>>,
    /// 完成率范围，至少一个界限，至多六位小数；没有完成率的指标不在任何范围内。 — With a rate in this range of one bound at least, six decimals at most; indicators without a rate are in none.
    pub rate: Option<DecimalBounds>,
    /// 得分范围，至少一个界限，至多两位小数；没有得分的指标不在任何范围内。 — With a score in this range of one bound at least, two decimals at most; indicators without a score are in none.
    pub score: Option<DecimalBounds>,
    /// 偏离度是否达到方案阈值。 — Whether the rate is as far from 1 as the scheme's threshold.
    pub deviating: Option<bool>,
    /// 是否需要说明原因。 — Whether a reason is due.
    pub explanation_required: Option<bool>,
    /// 是否有人工得分与计算得分并存。 — Whether a person's score stands beside the computed one.
    pub overridden: Option<bool>,
    /// 年度指标值是否无需人工即可确定；没有年度指标值的指标两者皆不是。 — Whether the annual target was read with certainty by itself; indicators without one are neither.
    pub target_certain: Option<bool>,
    /// 年度指标值是否确定或经人工确认；没有年度指标值的指标两者皆不是。 — Whether the annual target is certain or confirmed by a person; indicators without one are neither.
    pub target_confirmed: Option<bool>,
    /// 已填报而没有佐证材料（true）或有佐证材料（false）；未填报的指标两者皆不是。 — A value is reported and no evidence file is there for it (true), or one is (false); indicators without a value are neither.
    pub evidence_missing: Option<bool>,
    /// 指标名称、年度或实施周期指标值中含有的文字，2至100个字符（空白不计），不区分全角半角、大小写与繁简。 — Part of the name, the annual or the cycle target: 2 to 100 characters besides white space; width, case and traditional characters make no difference, and no character is a wildcard.
    pub text: Option<String>,
}

/// 数值的上下限，精确十进制；为空的不限制。 — Bounds of a number, exact decimals; what is null does not bound.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct DecimalBounds {
    /// 不小于。 — At least.
    pub gte: Option<Decimal>,
    /// 大于。 — More than.
    pub gt: Option<Decimal>,
    /// 不大于。 — At most.
    pub lte: Option<Decimal>,
    /// 小于。 — Less than.
    pub lt: Option<Decimal>,
}

/// 指标的排序。 — Order of indicators; ties by their key.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct IndicatorOrderInput {
    /// 排序依据。 — What to order by.
    pub field: IndicatorOrderField,
    /// 方向。 — Which way; null sorts last either way.
    pub direction: OrderDirection,
}

impl From<DecimalBounds> for Bounds {
    fn from(DecimalBounds { gt, gte, lt, lte }: DecimalBounds) -> Self {
        let [gt, gte, lt, lte] = [gt, gte, lt, lte].map(|bound| bound.map(|bound| bound.0));
        Self { gt, gte, lt, lte }
    }
}

impl From<IndicatorFilter> for service::IndicatorFilter {
    fn from(filter: IndicatorFilter) -> Self {
        Self {
            declarations: Declarations {
                fiscal_years: filter.fiscal_years,
                jurisdiction_code: filter.jurisdiction_code,
                department_codes: filter.department_codes,
                statuses: None,
            },
            level1: all(filter.level1),
            level2: all(filter.level2),
            period: filter.period.map(Into::into),
            statuses: all(filter.statuses),
            lights: all(filter.lights),
            rate: filter.rate.map(Into::into),
            score: filter.score.map(Into::into),
            deviating: filter.deviating,
            explanation_required: filter.explanation_required,
            overridden: filter.overridden,
            target_certain: filter.target_certain,
            target_confirmed: filter.target_confirmed,
            evidence_missing: filter.evidence_missing,
            text: filter.text,
        }
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct IndicatorQuery;

#[Object]
impl IndicatorQuery {
    /// 已批复申报的指标，跨部门跨年度筛选与排序。 — Indicators of declarations in force, across departments and years.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the contract")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which indicators.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "排序；为空按编号。 — Order; by key when null.")] order_by: Option<IndicatorOrderInput>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator, TotalCount>> {
        let (field, descending) =
            order_by.map_or((IndicatorOrder::Id, false), |order| (order.field.0, order.direction.descending()));
        let tag = format!("indicators {field} {descending}");
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, &tag)?;
        if !page.fits(field.shape()) {
            return Err(ApiError::InvalidCursor);
        }
        let filter = filter.unwrap_or_default().into();
        let count = ctx.look_ahead().field("totalCount").exists();
        let (page, total) = service::list(ctx.db()?, ctx.op()?, &filter, (field, descending), &page, count).await?;
        let slice = found(ctx, page, |row| row.id).await?;
        let extra = TotalCount { total_count: total.unwrap_or(0) };
        Ok(Connection::with(&tag, slice, |(row, _)| row.cursor(field), |(_, node)| node, extra))
    }

    /// 同一指标在其部门各年度（申报已批复）的情况，由早到晚；指标不存在或无权查看时为空。 — The same indicator through the years of its department in which the declaration is in force, oldest first; null when the indicator does not exist or may not be seen. Each year is matched against the nearest one found: by carry-over, else by name.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "an indicator, a period and a page")]
    async fn indicator_trend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任一年度的指标。 — The indicator, of any year.")] indicator_id: ID,
        #[graphql(
            default_with = "ReportingPeriod(Period::YearEnd)",
            desc = "实际值与完成情况所取的期间。 — The period that values and achievements are taken from."
        )]
        period: ReportingPeriod,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<IndicatorTrendPoint>>> {
        let id = IndicatorId(decode(NodeKind::Indicator, &indicator_id)?);
        let tag = format!("indicatorTrend {}", id.0);
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, &tag)?;
        let Some(points) = service::trend(ctx.db()?, ctx.op()?, id).await? else { return Ok(None) };
        let points = page.of(points, |point| i64::from(point.fiscal_year));
        let rows = found(ctx, points, |point| point.indicator_id).await?;
        let node = |(point, indicator)| IndicatorTrendPoint { point, indicator, period: period.0 };
        Ok(Some(Connection::new(&tag, rows, |(point, _)| point.cursor(), node)))
    }
}

/// The rows of a page with their indicators, which are loaded all at once, without their declarations.
async fn found<R>(ctx: &Context<'_>, slice: Slice<R>, id: impl Fn(&R) -> IndicatorId) -> Result<Slice<(R, Indicator)>> {
    let ids: Vec<_> = slice.rows.iter().map(&id).collect();
    let mut alone = service::by_ids(ctx.db()?, ctx.op()?, &ids).await?;
    let headers: Vec<_> = alone.values().map(|alone| alone.declaration.clone()).collect();
    let siblings = Siblings::of(&headers);
    let rows = slice.rows.into_iter().map(|row| {
        let alone = alone.remove(&id(&row)).ok_or_else(vanished)?;
        Ok((row, Indicator::alone(alone, &siblings)))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(Slice { rows, has_next: slice.has_next, has_previous: slice.has_previous })
}
