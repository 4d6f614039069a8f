//! Recording actual values, and the input that preview shares.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use jixiao_rules::aggregate::UnitValue;
use jixiao_rules::value::{Money, Points};
use jixiao_service::actual_value::{
    self, AmountsPatch, Entry, ExecutionPatch, Mode, Outcome, Patch, Record, SummaryPatch,
};
use jixiao_service::ctx::Lang;
use jixiao_service::declaration::Deviation;
use jixiao_service::error::{UserErrorCode, Violation};
use jixiao_service::id::{DeclarationId, IndicatorId};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{AttainmentLevel, AttainmentOutlook, DeviationCategory, FundSource, ReportingPeriod};
use crate::graphql::scalar::{Decimal, MoneyUnit};
use crate::graphql::types::achievement::Achievement;
use crate::graphql::types::actual_value::ActualValue;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::report::Report;

/// 部分行有误时的处理方式。 — What to do with rows that are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum RecordMode {
    /// 一行有误则全部不写。 — One refused row, and nothing is written.
    #[default]
    AllOrNothing,
    /// 写入无误的行。 — The others are written.
    ValidRows,
}

impl From<RecordMode> for Mode {
    fn from(mode: RecordMode) -> Self {
        match mode {
            RecordMode::AllOrNothing => Self::AllOrNothing,
            RecordMode::ValidRows => Self::ValidRows,
        }
    }
}

/// 一个期间的实际完成值。未给出的不变，空值撤回（历史保留）。 — Actual values of one period: only what is named changes, null withdraws (the old value stays in history).
#[derive(Clone, Debug, InputObject)]
pub struct ActualValuesRecordInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 期间。 — The period.
    pub period: ReportingPeriod,
    /// 每个指标一行。 — One row per indicator.
    #[graphql(default)]
    pub entries: Vec<ActualValueEntryInput>,
    /// 预算执行。 — Budget execution.
    pub execution: Option<ExecutionInput>,
    /// 报告的总体文字。 — What the report says as a whole.
    pub summary: Option<ReportSummaryInput>,
    /// 已看到的报告修订号；给出且过期则冲突。 — Revision of the report the caller has seen; given and stale is CONFLICT.
    pub expected_revision: Option<i32>,
    /// 幂等键：同键同内容不再执行，同键异内容为错误。 — Sent again with the same input nothing is done again; with another input it is an error.
    pub idempotency_key: Option<String>,
    /// 部分行有误时的处理方式。 — What to do with rows that are refused.
    #[graphql(default)]
    pub mode: RecordMode,
}

/// 一个指标的填报内容。 — What is given for one indicator.
#[derive(Clone, Debug, InputObject)]
pub struct ActualValueEntryInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 实际完成值，原文。 — The actual value, verbatim.
    #[graphql(default)]
    pub text: MaybeUndefined<String>,
    /// 定性达成程度（规则4.4）。 — Qualitative level (rules 4.4); taken from the words where they are plain.
    #[graphql(default)]
    pub level: MaybeUndefined<AttainmentLevel>,
    /// 自评得分：定性指标必需，其他为调整并须说明理由。 — The filer's own score: needed for a STATEMENT, inside its band; elsewhere an override that needs scoreReason.
    #[graphql(default)]
    pub score: MaybeUndefined<Decimal>,
    /// 调整得分的理由。 — Reason of an override.
    #[graphql(default)]
    pub score_reason: MaybeUndefined<String>,
    /// 不适用的理由（申请，财政认可前为无法判定）。 — A claim; UNDETERMINED until finance accepts it.
    #[graphql(default)]
    pub not_applicable_reason: MaybeUndefined<String>,
    /// 全年预计完成情况。 — Forecast for the year.
    #[graphql(default)]
    pub forecast_text: MaybeUndefined<String>,
    /// 完成目标的可能性。 — How likely the target will be met.
    #[graphql(default)]
    pub outlook: MaybeUndefined<AttainmentOutlook>,
    /// 备注。 — Note.
    #[graphql(default)]
    pub note: MaybeUndefined<String>,
    /// 偏差原因。 — Causes of deviation.
    #[graphql(default)]
    pub deviations: MaybeUndefined<Vec<DeviationInput>>,
    /// 纠偏措施；不可能完成目标时必填。 — How it is put right; needed when the outlook is IMPOSSIBLE.
    #[graphql(default)]
    pub corrective_action: MaybeUndefined<String>,
    /// 满意度调查的样本量，正整数。 — How many people were asked, where the value comes from a survey.
    #[graphql(default)]
    pub sample_size: MaybeUndefined<i64>,
    /// 确认识别结果无误（如满意度超过100%）；原文变更后须重新确认。 — The reading is meant as it is, such as a share above 100 %; a new text needs a new confirmation.
    #[graphql(default)]
    pub confirmed: MaybeUndefined<bool>,
    /// 各单位的实际完成值（规则E10）：绝对数求和，比率按资金加权；不给text时以汇总为实际完成值，给出时须与汇总一致。 — Values of the units (rules E10): absolute ones are added, ratios weighted by funds; without a text the result becomes the text, with one they must agree.
    #[graphql(default)]
    pub unit_values: MaybeUndefined<Vec<UnitValueInput>>,
}

/// 一个单位的实际完成值。 — What one unit contributes to a value.
#[derive(Clone, Debug, InputObject)]
pub struct UnitValueInput {
    /// 单位名称。 — Name of the unit.
    pub unit_name: String,
    /// 该单位的实际完成值，原文。 — Its value, verbatim.
    pub text: String,
    /// 比率据以加权的资金；绝对数可不填。 — Funds that a ratio is weighted by; not needed for what is added.
    pub funds: Option<Decimal>,
    /// 资金的单位。 — Unit of the funds.
    #[graphql(default)]
    pub unit: MoneyUnit,
}

/// 报告的总体文字。未给出的不变，空值撤回。 — What a report says as a whole: only what is named changes, null withdraws.
#[derive(Clone, Debug, InputObject)]
pub struct ReportSummaryInput {
    /// 年度总体目标实际完成情况。 — What became of the overall goal.
    #[graphql(default)]
    pub overall_goal_result: MaybeUndefined<String>,
    /// 评价结论。 — Conclusion.
    #[graphql(default)]
    pub conclusion: MaybeUndefined<String>,
    /// 存在问题。 — Problems.
    #[graphql(default)]
    pub problems: MaybeUndefined<String>,
    /// 改进措施。 — Measures for improvement.
    #[graphql(default)]
    pub improvement_measures: MaybeUndefined<String>,
}

/// 资金总额的一个部分。未给出的不变，空值撤回。 — One part of the fund rows: only what is named changes, null withdraws.
#[derive(Clone, Debug, InputObject)]
pub struct FundRowInput {
    /// 资金来源。 — Where the money comes from.
    pub source: FundSource,
    /// 年初预算数。 — Opening budget.
    #[graphql(default)]
    pub initial_budget: MaybeUndefined<Decimal>,
    /// 全年预算数（调整后）。 — Adjusted full-year budget.
    #[graphql(default)]
    pub annual_budget: MaybeUndefined<Decimal>,
    /// 执行数。 — Executed amount.
    #[graphql(default)]
    pub executed: MaybeUndefined<Decimal>,
    /// 全年预计执行数。 — Forecast for the year.
    #[graphql(default)]
    pub forecast: MaybeUndefined<Decimal>,
}

/// 偏差原因。 — A cause of deviation.
#[derive(Clone, Debug, InputObject)]
pub struct DeviationInput {
    /// 类别。 — Category.
    pub category: DeviationCategory,
    /// 文字说明。 — In words.
    pub text: String,
}

/// 预算执行。未给出的不变，空值撤回。 — Budget execution: only what is named changes, null withdraws.
#[derive(Clone, Debug, InputObject)]
pub struct ExecutionInput {
    /// 年初预算数；从未给出时取申报的支出合计。 — Opening budget; the declared expenditure where never given.
    #[graphql(default)]
    pub initial_budget: MaybeUndefined<Decimal>,
    /// 全年预算数（调整后）。 — Adjusted full-year budget.
    #[graphql(default)]
    pub annual_budget: MaybeUndefined<Decimal>,
    /// 执行数。 — Executed amount.
    #[graphql(default)]
    pub executed: MaybeUndefined<Decimal>,
    /// 全年预计执行数。 — Forecast for the year.
    #[graphql(default)]
    pub forecast: MaybeUndefined<Decimal>,
    /// 执行情况的说明。 — Reason for the rate.
    #[graphql(default)]
    pub reason: MaybeUndefined<String>,
    /// 资金总额的各部分，每列之和应等于总额（规则E1）。 — Parts of the total; every column adds up to it (rules E1).
    #[graphql(default)]
    pub funds: Vec<FundRowInput>,
    /// 以上金额的单位。 — Unit of these amounts.
    #[graphql(default)]
    pub unit: MoneyUnit,
}

/// 一行的结果。 — What became, or would become, of one row.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActualValueResult {
    /// 该行在输入中的序号，自0起。 — Index of the entry, from 0.
    pub index: i32,
    /// 指标；标识不存在时为空。 — The indicator; null when there is none with this id.
    pub indicator: Option<Indicator>,
    /// 现行有效的值；该行有误时为空。 — The value in force; null when the row is refused.
    pub actual_value: Option<ActualValue>,
    /// 完成情况；该行有误时为空。 — Its achievement; null when the row is refused.
    pub achievement: Option<Achievement>,
    /// 该行的错误。 — Why the row is refused.
    pub user_errors: Vec<UserError>,
}

/// 填报结果。 — What became of a recording.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActualValuesRecordPayload {
    /// 填报后的报告；出错时为空。 — The report after it; null on errors.
    pub report: Option<Report>,
    /// 逐行结果。 — Row by row.
    pub results: Vec<ActualValueResult>,
    /// 可由用户更正的错误；此时什么也没有写入。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 预览结果：与正式填报逐行相同。 — What recording the same input would give.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActualValuesPreview {
    /// 逐行结果。 — Row by row.
    pub results: Vec<ActualValueResult>,
    /// 可由用户更正的错误。 — What the user can mend.
    pub user_errors: Vec<UserError>,
}

/// Absent, null, or given.
pub(crate) fn patch<T>(given: MaybeUndefined<T>) -> Patch<T> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Points with two decimals at most.
pub(crate) fn points(given: MaybeUndefined<Decimal>, field: &str) -> Result<Patch<Points>, Violation> {
    let Some(Some(number)) = patch(given) else { return Ok(patch(given).map(|_| None)) };
    match Points::exact(number.0).filter(|points| points.0 >= 0) {
        Some(points) => Ok(Some(Some(points))),
        None => {
            let (zh, en) = ("分数应为非负数, 至多两位小数", "points are not negative and have at most two decimals");
            Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en))
        }
    }
}

pub(crate) fn money(given: MaybeUndefined<Decimal>, unit: MoneyUnit, field: &str) -> Result<Patch<Money>, Violation> {
    let Some(Some(number)) = patch(given) else { return Ok(patch(given).map(|_| None)) };
    unit.read(number.0).map(|amount| Some(Some(amount))).ok_or_else(|| {
        let (zh, en) = (
            "金额最多精确到0.01元, 且不超过约9.2×10^16元",
            "an amount is exact to 0.01 yuan at most, and at most about 9.2×10^16 yuan",
        );
        Violation::new(UserErrorCode::InvalidValue, field, zh, en)
    })
}

impl ActualValuesRecordInput {
    /// The command, or what is wrong with the numbers in it.
    pub(crate) fn command(self, lang: Lang) -> Result<Result<Record, Vec<UserError>>> {
        let declaration_id = DeclarationId(decode(NodeKind::Declaration, &self.declaration_id)?);
        let mut violations = Vec::new();
        let mut entries = Vec::with_capacity(self.entries.len());
        for (index, mut entry) in self.entries.into_iter().enumerate() {
            let indicator = IndicatorId(decode(NodeKind::Indicator, &entry.indicator_id)?);
            let score = points(entry.score, &format!("entries.{index}.score"));
            let score = score.unwrap_or_else(|violation| {
                violations.push(violation);
                None
            });
            let units = unit_values(std::mem::take(&mut entry.unit_values), index, &mut violations);
            entries.push(Entry { unit_values: units, ..entry.service(indicator, score) });
        }
        let execution = self.execution.map(|execution| execution.service(&mut violations));
        if !violations.is_empty() {
            return Ok(Err(violations.iter().map(|violation| UserError::new(violation, lang)).collect()));
        }
        Ok(Ok(Record {
            declaration_id,
            period: self.period.into(),
            entries,
            execution,
            summary: self.summary.map(ReportSummaryInput::service),
            expected_revision: self.expected_revision,
            idempotency_key: self.idempotency_key,
            mode: self.mode.into(),
            file_sha256: None,
        }))
    }
}

impl ActualValueEntryInput {
    fn service(self, indicator: IndicatorId, score: Patch<Points>) -> Entry {
        let deviation = |given: DeviationInput| Deviation { category: given.category.into(), text: given.text };
        Entry {
            indicator_id: Some(indicator),
            text: patch(self.text),
            level: patch(self.level).map(|given| given.map(Into::into)),
            score,
            score_reason: patch(self.score_reason),
            not_applicable_reason: patch(self.not_applicable_reason),
            forecast_text: patch(self.forecast_text),
            outlook: patch(self.outlook).map(|given| given.map(Into::into)),
            note: patch(self.note),
            deviations: patch(self.deviations).map(|given| given.map(|all| all.into_iter().map(deviation).collect())),
            corrective_action: patch(self.corrective_action),
            sample_size: patch(self.sample_size),
            confirmed: patch(self.confirmed),
            unit_values: None,
            faults: Vec::new(),
        }
    }
}

fn unit_values(
    given: MaybeUndefined<Vec<UnitValueInput>>,
    index: usize,
    violations: &mut Vec<Violation>,
) -> Patch<Vec<UnitValue>> {
    let read = |(at, unit): (usize, UnitValueInput)| {
        let field = format!("entries.{index}.unitValues.{at}.funds");
        let funds = money(unit.funds.map(Some).into(), unit.unit, &field).unwrap_or_else(|violation| {
            violations.push(violation);
            None
        });
        UnitValue { unit_name: unit.unit_name, text: unit.text, funds: funds.flatten() }
    };
    patch(given).map(|given| given.map(|all| all.into_iter().enumerate().map(read).collect()))
}

impl ExecutionInput {
    fn service(self, violations: &mut Vec<Violation>) -> ExecutionPatch {
        let unit = self.unit;
        let mut read = |path: &str, [initial, annual, executed, forecast]: [MaybeUndefined<Decimal>; 4]| {
            let mut amount = |given, field: &str| {
                money(given, unit, &format!("{path}.{field}")).unwrap_or_else(|violation| {
                    violations.push(violation);
                    None
                })
            };
            AmountsPatch {
                initial_budget: amount(initial, "initialBudget"),
                annual_budget: amount(annual, "annualBudget"),
                executed: amount(executed, "executed"),
                forecast: amount(forecast, "forecast"),
            }
        };
        let total = read("execution", [self.initial_budget, self.annual_budget, self.executed, self.forecast]);
        let parts = self.funds.into_iter().enumerate().map(|(index, fund)| {
            let amounts = [fund.initial_budget, fund.annual_budget, fund.executed, fund.forecast];
            (fund.source.into(), read(&format!("execution.funds.{index}"), amounts))
        });
        ExecutionPatch { parts: parts.collect(), total, reason: patch(self.reason) }
    }
}

impl ReportSummaryInput {
    fn service(self) -> SummaryPatch {
        SummaryPatch {
            overall_goal_result: patch(self.overall_goal_result),
            conclusion: patch(self.conclusion),
            problems: patch(self.problems),
            improvement_measures: patch(self.improvement_measures),
        }
    }
}

/// The rows of an outcome and the errors of the whole: the same for preview and record.
pub(crate) fn rows(done: Outcome, lang: Lang) -> (Vec<ActualValueResult>, Vec<UserError>) {
    let whole = Arc::new(done.whole);
    let period = done.recorded.period;
    let errors = |violations: &[Violation]| violations.iter().map(|one| UserError::new(one, lang)).collect::<Vec<_>>();
    let user_errors = errors(&done.recorded.violations);
    let row = |row: actual_value::Row| {
        let indicator = row.indicator_id.and_then(|id| Indicator::find(&whole, id));
        let achievement =
            row.achievement.zip(indicator.clone()).map(|(made, of)| Achievement { made, of, period, under: None });
        ActualValueResult {
            index: i32::try_from(row.index).unwrap_or(i32::MAX),
            actual_value: row
                .value
                .zip(indicator.as_ref())
                .map(|(value, indicator)| ActualValue::new(value, indicator.row(), period, indicator.fiscal_year())),
            indicator,
            achievement,
            user_errors: errors(&row.violations),
        }
    };
    (done.recorded.rows.into_iter().map(row).collect(), user_errors)
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct ActualValueMutation;

#[Object]
impl ActualValueMutation {
    /// 填报一个期间的实际完成值；更正不覆盖历史。 — Records the actual values of one period; a correction supersedes, history stays.
    async fn actual_values_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "填报内容。 — The values.")] input: ActualValuesRecordInput,
    ) -> Result<Option<ActualValuesRecordPayload>> {
        let lang = ctx.lang()?;
        let refused = |user_errors| ActualValuesRecordPayload { report: None, results: Vec::new(), user_errors };
        let command = match input.command(lang)? {
            Ok(command) => command,
            Err(user_errors) => return Ok(Some(refused(user_errors))),
        };
        let done = actual_value::record(ctx.db()?, ctx.op()?, &command).await;
        Ok(Some(match outcome(done, lang)? {
            Err(user_errors) => refused(user_errors),
            Ok(done) => {
                let written = done.recorded.written;
                let report = Report { whole: Arc::new(done.whole.clone()), period: done.recorded.period };
                let (results, user_errors) = rows(done, lang);
                ActualValuesRecordPayload { report: written.then_some(report), results, user_errors }
            }
        }))
    }
}
