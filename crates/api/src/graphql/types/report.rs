//! Monitoring reports and self-evaluations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use jixiao_rules::check::Amounts;
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{self, ResultGrade as Grade, Vocabulary};
use jixiao_rules::rollup;
use jixiao_service::declaration::{self, ReportedExecution, Whole};
use jixiao_service::window;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::encode_report;
use crate::graphql::kind::{FundSource, ReportStatus, ReportingPeriod, ResultGrade, WarningLight};
use crate::graphql::reader::WindowsOf;
use crate::graphql::scalar::{Date, DateTime, Decimal, MoneyUnit};
use crate::graphql::types::achievement::{Achievement, LightCount, light_counts};
use crate::graphql::types::actual_value::ActualValue;
use crate::graphql::types::declaration::Declaration;
use crate::graphql::types::evidence::Evidence;
use crate::graphql::types::finding::Finding;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::rectification::Rectification;
use crate::graphql::types::review::IndicatorReview;
use crate::graphql::types::window::ReportingWindow;

/// 一个期间的监控报告或自评报告。 — A monitoring report or self-evaluation: one per declaration and period.
#[derive(Clone, Debug)]
pub struct Report {
    /// The declaration it belongs to.
    pub whole: Arc<Whole>,
    /// Period.
    pub period: Period,
}

/// 一个期间的监控报告或自评报告。 — A monitoring report or self-evaluation: one per declaration and period.
#[Object]
impl Report {
    /// 全局标识，首次填报前即存在且不变。 — Global id; it exists, and stays, before anything is recorded.
    pub async fn id(&self) -> ID {
        encode_report(self.whole.declaration.id.0, self.period)
    }
    /// What it says.
    #[graphql(flatten)]
    async fn body(&self) -> ReportBody<'_> {
        ReportBody { declaration: &self.whole.declaration, period: self.period }
    }
    /// 应报日期；没有设定窗口时为空。 — Last day on time; null where no window is set.
    async fn due_on(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        Ok(self.in_force(ctx).await?.map(|found| Date(found.window.due_on)))
    }
    /// 已逾期：提交前按今天，首次提交后按提交当日；没有设定窗口时从不逾期。 — Past its due day: before the first submission as of today, then as it was on that day; never where no window is set.
    async fn late(&self, ctx: &Context<'_>) -> Result<bool> {
        let window = self.in_force(ctx).await?.map(|found| found.window);
        Ok(self.whole.declaration.filing(self.period).late(window.as_ref(), ctx.op()?.today()))
    }
    /// 已锁定，不能填报：尚未开放，或关闭及宽限已过；提交后被退回的不锁定；没有设定窗口时从不锁定。 — Closed for recording: not open yet, or past closing day and grace; never what was returned after its submission, and never where no window is set.
    async fn locked(&self, ctx: &Context<'_>) -> Result<bool> {
        let window = self.in_force(ctx).await?.map(|found| found.window);
        Ok(self.whole.declaration.filing(self.period).lock(window.as_ref(), ctx.op()?.today()).is_some())
    }
    /// 适用的填报窗口；没有设定时为空。 — The window that holds for it; null where none is set.
    async fn window(&self, ctx: &Context<'_>) -> Result<Option<ReportingWindow>> {
        Ok(self.in_force(ctx).await?.map(ReportingWindow))
    }
    /// 数据截止月份：首次填报时固定；此前按窗口，没有窗口时按默认（年中7）。 — Months from January that the data cover, fixed when first recorded; before that of the window, else the default (7 at mid-year).
    async fn months(&self, ctx: &Context<'_>) -> Result<u32> {
        if self.whole.declaration.reports.contains_key(&self.period) {
            return Ok(self.whole.declaration.months(self.period));
        }
        let window = self.in_force(ctx).await?;
        Ok(window.map_or_else(|| self.period.default_months(), |found| found.window.months))
    }
    /// 自动检查发现的问题，路径自报告起；ERROR阻止提交。 — Computed checks M and E, their paths from the report; ERROR blocks the submit.
    async fn findings(&self) -> Vec<Finding> {
        let findings = self.begun().map(|report| report.findings.clone()).unwrap_or_default();
        Finding::all(&self.whole, &findings, &["reports", self.period.as_str()])
    }
    /// 财政的整改要求，按提出先后。 — What finance asked to be put right, oldest first.
    async fn rectifications(&self) -> Vec<Rectification> {
        let found = self.begun().map(|report| report.rectifications.clone()).unwrap_or_default();
        let whole = |made| Rectification { whole: Arc::clone(&self.whole), period: self.period, made };
        found.into_iter().map(whole).collect()
    }
    /// 每个指标一行，按申报表顺序。 — One row per indicator, in the order of the form.
    async fn rows(&self) -> Vec<ReportRow> {
        (0..self.whole.declaration.indicators.len())
            .map(|position| ReportRow { indicator: Indicator::within(&self.whole, position), period: self.period })
            .collect()
    }
    /// 所属申报。 — The declaration it belongs to.
    async fn declaration(&self) -> Declaration {
        Declaration::from_whole(Arc::clone(&self.whole))
    }
}

impl Report {
    /// The report, if there is one of this period.
    pub(crate) async fn existing(ctx: &Context<'_>, whole: Arc<Whole>, period: Period) -> Result<Option<Self>> {
        let report = Self { whole, period };
        let window = report.in_force(ctx).await?.map(|found| found.window);
        Ok(report.whole.declaration.has(period, window.as_ref()).then_some(report))
    }

    async fn in_force(&self, ctx: &Context<'_>) -> Result<Option<window::ReportingWindow>> {
        let key = WindowsOf(self.whole.department.jurisdiction_id, self.whole.declaration.fiscal_year);
        let found = ctx.reader()?.load_one(key).await?;
        Ok(found.and_then(|periods| periods.get(&self.period).cloned()))
    }

    /// The report, once something is recorded.
    fn begun(&self) -> Option<&declaration::Report> {
        self.whole.declaration.reports.get(&self.period)
    }
}

/// 报告的内容：现行与历史的报告相同。 — What a report says: the same of living and past reports.
#[derive(Clone, Copy, Debug)]
pub struct ReportBody<'a> {
    /// The declaration it belongs to.
    pub declaration: &'a declaration::Declaration,
    /// Period.
    pub period: Period,
}

impl<'a> ReportBody<'a> {
    fn begun(&self) -> Option<&'a declaration::Report> {
        self.declaration.reports.get(&self.period)
    }
}

/// 报告的内容。 — What a report says.
#[Object]
impl ReportBody<'_> {
    /// 期间。 — Period.
    async fn period(&self) -> ReportingPeriod {
        self.period.into()
    }
    /// 状态。 — State.
    async fn status(&self) -> ReportStatus {
        self.declaration.report_status(self.period).into()
    }
    /// 修订号，每次变更加一；首次填报前为0。 — Grows by one with each change; 0 before anything is recorded.
    async fn revision(&self) -> i32 {
        self.declaration.report_revision(self.period)
    }
    /// 首次提交时逾期的日数，按时为0；未提交或当时没有窗口时为空。 — Days past due at the first submission, 0 on time; null before it and where no window was set.
    async fn late_days(&self) -> Option<u32> {
        self.declaration.filing(self.period).late_days
    }
    /// 最近一次提交时间；未提交时为空。 — When submitted last; null before.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.begun().and_then(|report| report.submitted_at).map(Into::into)
    }
    /// 最近一次退回的理由或审核意见；没有时为空。 — Reason of the last return, or opinion; null without one.
    async fn review_opinion(&self) -> Option<&str> {
        self.begun()?.review_opinion.as_deref()
    }
    /// 预算执行情况。 — Budget execution as reported.
    async fn execution(&self) -> Execution {
        let declaration = self.declaration;
        let mut reported =
            declaration.reports.get(&self.period).map(|report| report.execution.clone()).unwrap_or_default();
        [reported.initial_budget, reported.annual_budget] = declaration.budgets(self.period);
        let rate = declaration.results.get(&self.period).and_then(|result| result.execution_rate);
        Execution { reported, rate: rate.map(Decimal::rate) }
    }
    /// 年度总体目标实际完成情况；未填写时为空。 — What became of the overall goal; null when not given.
    async fn overall_goal_result(&self) -> Option<&str> {
        self.begun()?.summary.overall_goal_result.as_deref()
    }
    /// 评价结论；未填写时为空。 — Conclusion; null when not given.
    async fn conclusion(&self) -> Option<&str> {
        self.begun()?.summary.conclusion.as_deref()
    }
    /// 存在问题；未填写时为空。 — Problems; null when not given.
    async fn problems(&self) -> Option<&str> {
        self.begun()?.summary.problems.as_deref()
    }
    /// 改进措施；未填写时为空。 — Measures for improvement; null when not given.
    async fn improvement_measures(&self) -> Option<&str> {
        self.begun()?.summary.improvement_measures.as_deref()
    }
    /// 已抽查复核。 — A spot check was made.
    async fn spot_checked(&self) -> bool {
        self.begun().is_some_and(|report| report.spot_checked.is_some())
    }
    /// 最近一次抽查复核的时间；未抽查时为空。 — When spot-checked last; null before.
    async fn spot_checked_at(&self) -> Option<DateTime> {
        self.begun()?.spot_checked.map(|(_, at)| at.into())
    }
    /// 汇总结果：自评与复核并列；没有结果时为空。 — The roll-up, self and review side by side; null without one.
    async fn result(&self) -> Option<ReportResult> {
        self.declaration.results.get(&self.period).cloned().map(ReportResult)
    }
}

/// 报告的汇总结果。 — The roll-up of a report.
#[derive(Clone, Debug)]
pub struct ReportResult(rollup::DeclarationResult);

/// 报告的汇总结果。 — The roll-up of a report.
#[Object]
impl ReportResult {
    /// 自评总分，两位小数；未齐时为空。 — Total of the self-evaluation, two decimals; null until complete.
    async fn score(&self) -> Option<Decimal> {
        self.0.score.map(Decimal::points)
    }
    /// 自评等级；没有总分时为空。 — Grade of the self-evaluation; null without a total.
    async fn grade(&self) -> Option<ResultGrade> {
        self.0.grade.map(|grade: Grade| grade.into())
    }
    /// 财政复核总分：未复核的行沿用自评得分；未复核、复核后又有更正或得分未齐时为空。 — Total by finance's review, two decimals; rows not reviewed keep the filer's score; null before a review, while a reviewed row was corrected since, and until every row has a score.
    async fn review_score(&self) -> Option<Decimal> {
        self.0.reviewed?.score.map(Decimal::points)
    }
    /// 财政复核等级；没有复核总分时为空。 — Grade by finance's review; null without its total.
    async fn review_grade(&self) -> Option<ResultGrade> {
        self.0.reviewed?.grade.map(Into::into)
    }
    /// 已复核且仍有效的行数。 — Rows whose review is of the value in force.
    async fn reviewed_rows(&self) -> i64 {
        self.0.reviewed.map_or(0, |reviewed| reviewed.rows)
    }
    /// 抽查复核总分：未抽查的行沿用复核得分；未抽查时为空。 — Total by the spot check, two decimals; other rows keep the score they had; null before a spot check.
    async fn spot_check_score(&self) -> Option<Decimal> {
        self.0.spot_checked?.score.map(Decimal::points)
    }
    /// 抽查复核等级；没有总分时为空。 — Grade by the spot check; null without its total.
    async fn spot_check_grade(&self) -> Option<ResultGrade> {
        self.0.spot_checked?.grade.map(Into::into)
    }
    /// 预警灯：年中取最差者，年终为得分与执行的合理性；不适用时为空。 — During the year the worst light, at year-end the plausibility of the score; null when none applies.
    async fn light(&self) -> Option<WarningLight> {
        self.0.light.map(Into::into)
    }
    /// 各预警灯的指标数。 — Indicators per light.
    async fn light_counts(&self) -> Vec<LightCount> {
        light_counts(&self.0.light_counts)
    }
    /// 预算执行的预警灯，对照时间进度；年终或不适用时为空。 — Light of budget execution against the time passed; null at year-end, or when none applies.
    async fn execution_light(&self) -> Option<WarningLight> {
        self.0.execution_light.map(Into::into)
    }
}

/// 预算执行情况；未填报的为空。 — Budget execution; what is not reported is null (rules 4.7).
#[derive(Clone, Debug)]
pub struct Execution {
    reported: ReportedExecution,
    rate: Option<Decimal>,
}

/// 预算执行情况；未填报的为空。 — Budget execution; what is not reported is null (rules 4.7).
#[Object]
impl Execution {
    /// 年初预算数。 — Opening budget.
    async fn initial_budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.reported.initial_budget.map(|amount| Decimal::money(amount, unit))
    }
    /// 全年预算数（调整后）；未填报时取申报的支出合计。 — Adjusted full-year budget; the declared expenditure where not reported.
    async fn annual_budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.reported.annual_budget.map(|amount| Decimal::money(amount, unit))
    }
    /// 执行数。 — Executed amount.
    async fn executed(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.reported.executed.map(|amount| Decimal::money(amount, unit))
    }
    /// 全年预计执行数。 — Forecast for the year.
    async fn forecast(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.reported.forecast.map(|amount| Decimal::money(amount, unit))
    }
    /// 资金来源各部分，未填报的部分不列。 — The parts of these amounts, those that are given.
    async fn funds(&self) -> Vec<FundRow> {
        self.reported.parts.iter().map(|(source, amounts)| FundRow { source: *source, amounts: *amounts }).collect()
    }
    /// 执行率，六位小数，截断；未知时为空。 — Executed ÷ annual budget, cut to six decimals; null when not known.
    async fn rate(&self) -> Option<Decimal> {
        self.rate
    }
    /// 执行情况的说明。 — Reason for the rate; null without one.
    async fn reason(&self) -> Option<&str> {
        self.reported.reason.as_deref()
    }
}

/// 资金总额的一个部分。 — One part of the fund rows.
#[derive(Clone, Debug)]
pub struct FundRow {
    source: kind::FundSource,
    amounts: Amounts,
}

/// 资金总额的一个部分。 — One part of the fund rows.
#[Object]
impl FundRow {
    /// 资金来源。 — Where the money comes from.
    async fn source(&self) -> FundSource {
        self.source.into()
    }
    /// 年初预算数；未填报时为空。 — Opening budget; null when not given.
    async fn initial_budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.amounts.initial_budget.map(|amount| Decimal::money(amount, unit))
    }
    /// 全年预算数；未填报时为空。 — Adjusted full-year budget; null when not given.
    async fn annual_budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.amounts.annual_budget.map(|amount| Decimal::money(amount, unit))
    }
    /// 执行数；未填报时为空。 — Executed amount; null when not given.
    async fn executed(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.amounts.executed.map(|amount| Decimal::money(amount, unit))
    }
    /// 全年预计执行数；未填报时为空。 — Forecast for the year; null when not given.
    async fn forecast(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.amounts.forecast.map(|amount| Decimal::money(amount, unit))
    }
}

/// 报告的一行。 — One row of a report.
#[derive(Clone, Debug)]
pub struct ReportRow {
    indicator: Indicator,
    period: Period,
}

/// 报告的一行。 — One row of a report.
#[Object]
impl ReportRow {
    /// 指标。 — The indicator.
    async fn indicator(&self) -> Indicator {
        self.indicator.clone()
    }
    /// 另一期间的实际完成值；未填报时为空。 — The actual value of a given period; null when nothing is reported.
    async fn actual_value(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<ActualValue> {
        self.indicator.actual_value_in(period.0)
    }
    /// 本期的实际完成值；未填报时为空。 — The actual value of this report; null when nothing is reported.
    async fn current(&self) -> Option<ActualValue> {
        self.indicator.actual_value_in(self.period)
    }
    /// 本期的佐证材料，可先于实际完成值。 — The evidence files of this report; they may come before the value.
    async fn evidence(&self) -> Vec<Evidence> {
        self.indicator.row().evidence_in(self.period).iter().cloned().map(Evidence::in_force).collect()
    }
    /// 本期的完成情况。 — The achievement in this report; null where there is no such period.
    async fn achievement(&self) -> Option<Achievement> {
        self.indicator.achievement_in(self.period)
    }
    /// Finance's word on it.
    #[graphql(flatten)]
    async fn judged(&self) -> RowReviews<'_> {
        RowReviews(self.recorded())
    }
}

impl ReportRow {
    fn recorded(&self) -> Option<&declaration::ActualValue> {
        self.indicator.row().values.get(&self.period)
    }
}

/// 财政对一行的复核与抽查：现行与历史的报告相同。 — Finance's word on a row: the same of living and past reports.
#[derive(Clone, Copy, Debug)]
pub struct RowReviews<'a>(pub Option<&'a declaration::ActualValue>);

/// 财政对一行的复核与抽查。 — Finance's word on a row.
#[Object]
impl RowReviews<'_> {
    /// 财政复核，与填报并列；未复核时为空。 — Finance's review, beside what the filer wrote; null before one.
    async fn review(&self) -> Option<IndicatorReview> {
        let value = self.0?;
        let made = value.review.clone()?;
        Some(IndicatorReview { outdated: value.reviewed().is_none(), made })
    }
    /// 抽查复核；未抽查时为空。 — The spot check; null before one.
    async fn spot_check(&self) -> Option<IndicatorReview> {
        let value = self.0?;
        let made = value.spot_check.clone()?;
        Some(IndicatorReview { outdated: value.spot_checked().is_none(), made })
    }
}
