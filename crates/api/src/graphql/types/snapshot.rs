//! A declaration as it was known at a moment. Nothing here carries the id of a living object, so that no client's cache
//! mixes then with now.

use std::sync::Arc;

use async_graphql::Object;
use jixiao_rules::cycle::Period;
use jixiao_service::declaration::{self, TargetState, Whole};
use jixiao_service::id::Timestamp;

use crate::graphql::kind::{
    DeclarationScope, DeclarationStatus, Level1, Level2, ReportStatus, ReportingPeriod, WeightOrigin,
};
use crate::graphql::scalar::{Date, DateTime, Decimal, MoneyUnit};
use crate::graphql::types::achievement::{Achievement, SchemeVersion};
use crate::graphql::types::declaration::{Budget, DeclarationResult};
use crate::graphql::types::target::Target;
use crate::graphql::types::viewer::Person;

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
        let report = |(period, report): (&Period, &declaration::Report)| ReportSnapshot(*period, report.clone());
        self.whole.declaration.reports.iter().map(report).collect()
    }
    /// 某期间的汇总结果；没有该期间时为空。 — The roll-up of a period; null where there is no such period.
    async fn result(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<DeclarationResult> {
        self.whole.declaration.results.get(&period.0).cloned().map(DeclarationResult)
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
}

fn target(state: Option<&TargetState>) -> Option<Target> {
    state.map(|state| Target { reading: state.reading.clone(), confirmed: state.confirmed() })
}

/// 某一时点所知的三级指标。 — A level-3 indicator as it was known at a moment.
#[Object]
impl IndicatorSnapshot {
    /// 三级指标名称。 — Level-3 name.
    async fn name(&self) -> &str {
        &self.row().name
    }
    /// 一级指标；名称无法识别时为空。 — Level 1; null when its label is not known.
    async fn level1(&self) -> Option<Level1> {
        self.row().level1.map(Into::into)
    }
    /// 一级指标的原文。 — Level-1 label as printed.
    async fn level1_label(&self) -> &str {
        &self.row().level1_label
    }
    /// 二级指标；空白或无法识别时为空。 — Level 2; null when blank or not known.
    async fn level2(&self) -> Option<Level2> {
        self.row().level2.map(Into::into)
    }
    /// 二级指标的原文；空白时为空。 — Level-2 label as printed; null when blank.
    async fn level2_label(&self) -> Option<&str> {
        self.row().level2_label.as_deref()
    }
    /// 分值，两位小数；没有时为空。 — Weight in points of 100, two decimals; null without one.
    async fn weight(&self) -> Option<Decimal> {
        self.row().weight.map(Decimal::points)
    }
    /// 分值的来源；没有分值时为空。 — Where the weight comes from; null without one.
    async fn weight_origin(&self) -> Option<WeightOrigin> {
        self.row().weight_origin.map(Into::into)
    }
    /// 实施周期指标值；空白时为空。 — Cycle target; null when blank.
    async fn cycle_target(&self) -> Option<Target> {
        target(self.row().cycle_target.as_ref())
    }
    /// 年度指标值；空白时为空。 — Annual target; null when blank.
    async fn annual_target(&self) -> Option<Target> {
        target(self.row().annual_target.as_ref())
    }
    /// 某期间的实际完成值；未填报时为空。 — The actual value in force in a period; null when nothing was reported.
    async fn actual_value(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<ActualValueSnapshot> {
        self.row().values.get(&period.0).cloned().map(ActualValueSnapshot)
    }
    /// 某期间的佐证材料。 — The evidence files in force in a period.
    async fn evidence(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Vec<EvidenceSnapshot> {
        self.row().evidence_in(period.0).iter().cloned().map(EvidenceSnapshot).collect()
    }
    /// 某期间的完成情况；没有该期间时为空。 — The achievement in a period; null where there is no such period.
    async fn achievement(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<Achievement> {
        let made = self.row().achievements.get(&period.0)?.clone();
        Some(Achievement { made, whole: Arc::clone(&self.whole), position: self.position, period: period.0 })
    }
}

/// 某一时点所知的实际完成值。 — An actual value as it was known at a moment.
#[derive(Clone, Debug)]
pub struct ActualValueSnapshot(declaration::ActualValue);

/// 某一时点所知的实际完成值。 — An actual value as it was known at a moment.
#[Object]
impl ActualValueSnapshot {
    /// 原文；撤回后为空。 — Verbatim; null when withdrawn or never given.
    async fn text(&self) -> Option<&str> {
        self.0.entry.text.as_deref()
    }
    /// 识别出的数值；没有数值时为空。 — The number as read; null without one.
    async fn value(&self) -> Option<Decimal> {
        self.0.reading.as_ref().and_then(|reading| reading.value).map(Decimal::plain)
    }
    /// 识别出的单位。 — Unit as read, the target's when the cell has none; null without one.
    async fn unit(&self) -> Option<&str> {
        self.0.reading.as_ref().and_then(|reading| reading.unit.as_deref())
    }
    /// 备注。 — Note; null without one.
    async fn note(&self) -> Option<&str> {
        self.0.entry.note.as_deref()
    }
    /// 填报时间。 — When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        self.0.recorded_at.into()
    }
    /// 填报人。 — Who recorded it.
    async fn recorded_by(&self) -> Person {
        Person(self.0.recorded_by.clone())
    }
}

/// 某一时点有效的佐证材料。 — An evidence file as it was known at a moment.
#[derive(Clone, Debug)]
pub struct EvidenceSnapshot(declaration::Evidence);

/// 某一时点有效的佐证材料。 — An evidence file as it was known at a moment.
#[Object]
impl EvidenceSnapshot {
    /// 文件名。 — Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    /// 内容的SHA-256，十六进制。 — SHA-256 of its content, hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }
    /// 大小，字节。 — Size in bytes.
    async fn size(&self) -> i64 {
        self.0.size
    }
}

/// 某一时点所知的报告。 — A report as it was known at a moment.
#[derive(Clone, Debug)]
pub struct ReportSnapshot(Period, declaration::Report);

/// 某一时点所知的报告。 — A report as it was known at a moment.
#[Object]
impl ReportSnapshot {
    /// 期间。 — Period.
    async fn period(&self) -> ReportingPeriod {
        self.0.into()
    }
    /// 状态。 — State.
    async fn status(&self) -> ReportStatus {
        self.1.status.into()
    }
    /// 修订号。 — Revision then.
    async fn revision(&self) -> i32 {
        self.1.revision
    }
    /// 最近一次提交时间；未提交时为空。 — When submitted last; null before.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.1.submitted_at.map(Into::into)
    }
}
