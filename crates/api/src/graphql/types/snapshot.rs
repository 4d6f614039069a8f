//! A declaration as it was known at a moment. Nothing here carries the id of a living object, so that no client's cache
//! mixes then with now.

use std::sync::Arc;

use async_graphql::{Context, Object};
use jixiao_rules::cycle::Period;
use jixiao_rules::message::Finding as Found;
use jixiao_service::achievement::of_declaration;
use jixiao_service::declaration::{self, Whole};
use jixiao_service::id::{IndicatorId, Timestamp};

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::{DeclarationScope, DeclarationStatus, ReportingPeriod, Severity, TargetReviewGrade};
use crate::graphql::scalar::{Date, DateTime, Decimal, MoneyUnit};
use crate::graphql::types::achievement::{Achievement, AchievementTotals, SchemeVersion};
use crate::graphql::types::actual_value::{ActualValue, RecordedValue};
use crate::graphql::types::declaration::{Budget, DeclarationResult};
use crate::graphql::types::evidence::EvidenceSnapshot;
use crate::graphql::types::indicator::{Indicator, IndicatorRow};
use crate::graphql::types::rectification::RectificationWords;
use crate::graphql::types::report::{ReportBody, RowReviews};

/// 某一时点所知的申报。 — A declaration as it was known at a moment.
#[derive(Clone, Debug)]
pub struct DeclarationSnapshot {
    whole: Arc<Whole>,
    since: Timestamp,
    number: i32,
    sha256: String,
}

impl From<declaration::Snapshot> for DeclarationSnapshot {
    fn from(found: declaration::Snapshot) -> Self {
        let whole = Whole { declaration: found.declaration, department: found.header.department };
        Self { whole: Arc::new(whole), since: found.since, number: found.number, sha256: found.sha256 }
    }
}

/// 某一时点所知的申报。 — A declaration as it was known at a moment.
#[Object]
impl DeclarationSnapshot {
    /// 此状态自何时起。 — When this state came about.
    async fn since(&self) -> DateTime {
        self.since.into()
    }
    /// 在历史中的序号，自1起。 — Position in the history, from 1.
    async fn document_number(&self) -> i32 {
        self.number
    }
    /// 当时文档的SHA-256，与审计日志一致。 — SHA-256 of the document then, hex, as the audit log has it.
    async fn document_sha256(&self) -> &str {
        &self.sha256
    }
    /// 部门代码。 — Code of the department.
    async fn department_code(&self) -> &str {
        &self.whole.department.code
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.whole.declaration.fiscal_year
    }
    /// 申报范围。 — What it covers.
    async fn scope(&self) -> DeclarationScope {
        self.whole.declaration.scope.into()
    }
    /// 预算轮次。 — Budget round, from 1.
    async fn round(&self) -> i32 {
        self.whole.declaration.round
    }
    /// 批复版本；首次批复前为0。 — Approved version in force then; 0 before the first approval.
    async fn version(&self) -> i32 {
        self.whole.declaration.version
    }
    /// 修订号。 — Revision then.
    async fn revision(&self) -> i32 {
        self.whole.declaration.revision
    }
    /// 状态。 — State.
    async fn status(&self) -> DeclarationStatus {
        self.whole.declaration.status.into()
    }
    /// 评分方案。 — The scheme it was scored under.
    async fn scheme(&self) -> SchemeVersion {
        let scheme = &self.whole.declaration.scheme;
        SchemeVersion { code: scheme.code.clone(), version: i32::try_from(scheme.version).unwrap_or(i32::MAX) }
    }
    /// 财政供养人员数；表中没有时为空。 — Publicly funded staff; null when the form does not tell.
    async fn publicly_funded_staff_count(&self) -> Option<i64> {
        self.whole.declaration.publicly_funded_staff_count
    }
    /// 下属二级单位数；表中没有时为空。 — Subordinate units; null when the form does not tell.
    async fn subordinate_unit_count(&self) -> Option<i64> {
        self.whole.declaration.subordinate_unit_count
    }
    /// 预算整体情况。 — The budget block.
    async fn budget(&self) -> Budget {
        Budget(Arc::clone(&self.whole))
    }
    /// 总体绩效目标；表中没有时为空。 — Overall goal; null when the form does not tell.
    async fn overall_goal(&self) -> Option<&str> {
        self.whole.declaration.overall_goal.as_deref()
    }
    /// 年度重点工作任务。 — Key tasks of the year, in order.
    async fn key_tasks(&self) -> Vec<KeyTaskSnapshot> {
        self.whole.declaration.key_tasks.iter().cloned().map(KeyTaskSnapshot).collect()
    }
    /// 全部三级指标。 — All indicators, in order.
    async fn indicators(&self) -> Vec<IndicatorSnapshot> {
        let count = self.whole.declaration.indicators.len();
        (0..count).map(|position| IndicatorSnapshot { whole: Arc::clone(&self.whole), position }).collect()
    }
    /// 当时已开始的报告。 — The reports begun by then.
    async fn reports(&self) -> Vec<ReportSnapshot> {
        let periods = self.whole.declaration.reports.keys();
        periods.map(|period| ReportSnapshot { whole: Arc::clone(&self.whole), period: *period }).collect()
    }
    /// 某期间的报告；当时尚未开始时为空。 — The report of a period; null when it was not begun by then.
    async fn report(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<ReportSnapshot> {
        let begun = self.whole.declaration.reports.contains_key(&period.0);
        begun.then(|| ReportSnapshot { whole: Arc::clone(&self.whole), period: period.0 })
    }
    /// 某期间的汇总结果；没有该期间时为空。 — The roll-up of a period; null where there is no such period.
    async fn result(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<DeclarationResult> {
        self.whole.declaration.results.get(&period.0).cloned().map(DeclarationResult)
    }
    /// 某期间各指标的汇总，口径同 achievementSummary；没有该期间时为空。 — Counts and rates of its indicators in a period, as achievementSummary has them; null where there is no such period.
    async fn totals(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<AchievementTotals> {
        let declaration = &self.whole.declaration;
        let known = declaration.results.contains_key(&period.0);
        known.then(|| AchievementTotals(of_declaration(declaration, period.0)))
    }
    /// 当时的自动检查结果，含各报告的。 — The computed checks of then, those of its reports included.
    async fn findings(&self) -> Vec<FindingSnapshot> {
        self.whole.declaration.all_findings().into_iter().map(FindingSnapshot).collect()
    }
    /// 最近一次审核的等级；未审核时为空。 — Grade of the last review; null before one.
    async fn review_grade(&self) -> Option<TargetReviewGrade> {
        self.whole.declaration.review_grade.map(Into::into)
    }
    /// 最近一次审核的意见或理由；没有时为空。 — Opinion or reason of the last review; null without one.
    async fn review_opinion(&self) -> Option<&str> {
        self.whole.declaration.review_opinion.as_deref()
    }
    /// 已批复的调整次数。 — Number of adjustments approved by then.
    async fn adjustment_no(&self) -> i32 {
        self.whole.declaration.adjustment_no
    }
    /// 批复文号；批复前为空。 — Number of the approval; null before it.
    async fn approval_number(&self) -> Option<&str> {
        self.whole.declaration.approval_number.as_deref()
    }
    /// 批复日期；批复前为空。 — Day of the approval; null before it.
    async fn approved_on(&self) -> Option<Date> {
        self.whole.declaration.approved_on.map(Date)
    }
}

/// 某一时点所知的重点工作任务。 — A key task as it was known at a moment.
#[derive(Clone, Debug)]
pub struct KeyTaskSnapshot(declaration::KeyTask);

/// 某一时点所知的重点工作任务。 — A key task as it was known at a moment.
#[Object]
impl KeyTaskSnapshot {
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// 主要实施内容；空白时为空。 — What is done; null when blank.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
    /// 拟投入的资金；空白时为空。 — Planned funding; null when blank.
    async fn planned_funding(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.planned_funding.map(|amount| Decimal::money(amount, unit))
    }
    /// 期望达到的目标；空白时为空。 — Expected result; null when blank.
    async fn expected_result(&self) -> Option<&str> {
        self.0.expected_result.as_deref()
    }
}

/// 某一时点的自动检查结果。 — A computed check as it was known at a moment.
#[derive(Clone, Debug)]
pub struct FindingSnapshot(Found);

/// 某一时点的自动检查结果。 — A computed check as it was known at a moment.
#[Object]
impl FindingSnapshot {
    /// 检查编号，如D2。 — Id of the check, such as D2.
    async fn rule(&self) -> &str {
        &self.0.rule
    }
    /// 严重程度。 — How grave it was.
    async fn severity(&self) -> Severity {
        self.0.severity.into()
    }
    /// 说明文字。 — For people.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(ctx.lang()?.of(&self.0.message).to_owned())
    }
    /// 所在位置的路径。 — Where it lay: a path.
    async fn path(&self) -> &[String] {
        &self.0.path
    }
}

/// 某一时点所知的三级指标。 — A level-3 indicator as it was known at a moment.
#[derive(Clone, Debug)]
pub struct IndicatorSnapshot {
    whole: Arc<Whole>,
    position: usize,
}

impl IndicatorSnapshot {
    fn row(&self) -> &declaration::Indicator {
        &self.whole.declaration.indicators[self.position]
    }

    fn value(&self, period: Period) -> Option<ActualValueSnapshot> {
        ActualValue::of(self.row(), period, self.whole.declaration.fiscal_year).map(ActualValueSnapshot)
    }

    fn files(&self, period: Period) -> Vec<EvidenceSnapshot<'_>> {
        self.row().evidence_in(period).iter().map(EvidenceSnapshot).collect()
    }

    fn achieved(&self, period: Period) -> Option<Achievement> {
        Indicator::within(&self.whole, self.position).achievement_in(period)
    }
}

/// 某一时点所知的三级指标。 — A level-3 indicator as it was known at a moment.
#[Object]
impl IndicatorSnapshot {
    /// What the form said of it.
    #[graphql(flatten)]
    async fn stated(&self) -> IndicatorRow<'_> {
        IndicatorRow(self.row())
    }
    /// 衡量的重点任务，按表中顺序。 — The key tasks it measured, in order.
    async fn key_tasks(&self) -> Vec<KeyTaskSnapshot> {
        let tasks = self.whole.declaration.key_tasks.iter();
        tasks.filter(|task| self.row().key_tasks.contains(&task.id)).cloned().map(KeyTaskSnapshot).collect()
    }
    /// 某期间的实际完成值；未填报时为空。 — The actual value in force in a period; null when nothing was reported.
    async fn actual_value(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<ActualValueSnapshot> {
        self.value(period.0)
    }
    /// 某期间的佐证材料。 — The evidence files in force in a period.
    async fn evidence(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Vec<EvidenceSnapshot<'_>> {
        self.files(period.0)
    }
    /// 某期间的完成情况；没有该期间时为空。 — The achievement in a period; null where there is no such period.
    async fn achievement(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<Achievement> {
        self.achieved(period.0)
    }
}

/// 某一时点所知的实际完成值。 — An actual value as it was known at a moment.
#[derive(Clone, Debug)]
pub struct ActualValueSnapshot(ActualValue);

/// 某一时点所知的实际完成值。 — An actual value as it was known at a moment.
#[Object]
impl ActualValueSnapshot {
    /// What was recorded.
    #[graphql(flatten)]
    async fn recorded(&self) -> RecordedValue<'_> {
        self.0.said()
    }
    /// 佐证材料。 — Evidence files.
    async fn evidence(&self) -> Vec<EvidenceSnapshot<'_>> {
        self.0.files().iter().map(EvidenceSnapshot).collect()
    }
}

/// 某一时点所知的报告。 — A report as it was known at a moment.
#[derive(Clone, Debug)]
pub struct ReportSnapshot {
    whole: Arc<Whole>,
    period: Period,
}

impl ReportSnapshot {
    fn begun(&self) -> Option<&declaration::Report> {
        self.whole.declaration.reports.get(&self.period)
    }
}

/// 某一时点所知的报告。 — A report as it was known at a moment.
#[Object]
impl ReportSnapshot {
    /// What it said.
    #[graphql(flatten)]
    async fn body(&self) -> ReportBody<'_> {
        ReportBody { declaration: &self.whole.declaration, period: self.period }
    }
    /// 数据截止月份，首次填报时固定。 — Months from January that its data covered, fixed when first recorded.
    async fn months(&self) -> u32 {
        self.whole.declaration.months(self.period)
    }
    /// 每个指标一行，按申报表顺序。 — One row per indicator, in the order of the form.
    async fn rows(&self) -> Vec<ReportRowSnapshot> {
        let row = |position| ReportRowSnapshot {
            indicator: IndicatorSnapshot { whole: Arc::clone(&self.whole), position },
            period: self.period,
        };
        (0..self.whole.declaration.indicators.len()).map(row).collect()
    }
    /// 当时的自动检查结果，路径自报告起。 — The computed checks of then, their paths from the report.
    async fn findings(&self) -> Vec<FindingSnapshot> {
        self.begun().into_iter().flat_map(|report| report.findings.iter().cloned()).map(FindingSnapshot).collect()
    }
    /// 财政当时的整改要求，按提出先后。 — What finance had asked to be put right, oldest first.
    async fn rectifications(&self) -> Vec<RectificationSnapshot> {
        let made = self.begun().into_iter().flat_map(|report| report.rectifications.iter().cloned());
        made.map(|made| RectificationSnapshot { whole: Arc::clone(&self.whole), made }).collect()
    }
}

/// 某一时点所知的报告的一行。 — A row of a report as it was known at a moment.
#[derive(Clone, Debug)]
pub struct ReportRowSnapshot {
    indicator: IndicatorSnapshot,
    period: Period,
}

/// 某一时点所知的报告的一行。 — A row of a report as it was known at a moment.
#[Object]
impl ReportRowSnapshot {
    /// 指标。 — The indicator.
    async fn indicator(&self) -> IndicatorSnapshot {
        self.indicator.clone()
    }
    /// 本期的实际完成值；未填报时为空。 — The actual value of this report; null when nothing was reported.
    async fn current(&self) -> Option<ActualValueSnapshot> {
        self.indicator.value(self.period)
    }
    /// 本期的佐证材料。 — The evidence files of this report.
    async fn evidence(&self) -> Vec<EvidenceSnapshot<'_>> {
        self.indicator.files(self.period)
    }
    /// 本期的完成情况；没有该期间时为空。 — The achievement in this report; null where there is no such period.
    async fn achievement(&self) -> Option<Achievement> {
        self.indicator.achieved(self.period)
    }
    /// Finance's word on it.
    #[graphql(flatten)]
    async fn judged(&self) -> RowReviews<'_> {
        RowReviews(self.indicator.row().values.get(&self.period))
    }
}

/// 某一时点所知的整改。 — A rectification as it was known at a moment.
#[derive(Clone, Debug)]
pub struct RectificationSnapshot {
    whole: Arc<Whole>,
    made: declaration::Rectification,
}

/// 某一时点所知的整改。 — A rectification as it was known at a moment.
#[Object]
impl RectificationSnapshot {
    /// What was asked and answered.
    #[graphql(flatten)]
    async fn words(&self) -> RectificationWords<'_> {
        RectificationWords(&self.made)
    }
    /// 所涉指标的名称；针对整个报告时为空。 — Name of the indicator it concerned; null when it concerned the whole report.
    async fn indicator_name(&self) -> Option<&str> {
        let id: IndicatorId = self.made.indicator_id?;
        self.whole.declaration.indicator(id).map(|indicator| indicator.name.as_str())
    }
}
