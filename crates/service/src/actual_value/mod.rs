//! Recording actual values. Preview and record share one path: `plan` says what would be, [`record`] writes it.

mod head;
mod import;
mod official;
mod plan;

pub(crate) use self::head::check_words;
pub use self::import::{Import, import};
use self::plan::{Plan, plan};

use jixiao_entity::id::{ActualValueId, DeclarationId, IndicatorId, ReportId};
use jixiao_entity::stored::Word;
use jixiao_entity::{actual_value, idempotency_key, report, report_fund};
use jixiao_rules::aggregate::UnitValue;
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::{Act, AttainmentOutlook, Period};
use jixiao_rules::kind::{FundSource, Level};
use jixiao_rules::value::{Money, Points};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::audit::sha256;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{
    self, ActualValue, Change, Declaration, Deviation, Report, Revision, Whole, check_revision, hold, settle,
};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy::Territory;
use crate::{scheme, window};

/// A field of a patch: `None` leaves it as it is, `Some(None)` withdraws it. Absent and withdrawn serialise differently,
/// so that an idempotency key tells them apart.
pub type Patch<T> = Option<Option<T>>;

/// What to do with rows that are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// One refused row, and nothing is written.
    #[default]
    AllOrNothing,
    /// The others are written.
    ValidRows,
}

/// Values to be recorded in one report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Period,
    /// One row per indicator.
    pub entries: Vec<Entry>,
    /// Budget execution.
    pub execution: Option<ExecutionPatch>,
    /// What the report says as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryPatch>,
    /// Revision of the report the caller has seen.
    pub expected_revision: Option<i32>,
    /// Sent again with the same input, the command does nothing again.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// What to do with rows that are refused.
    pub mode: Mode,
    /// SHA-256 of the file that the rows come from: by it, and not by what they became, a repeated command is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<String>,
}

/// One row: only what is named changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Indicator; `None` when its id is of no indicator.
    pub indicator_id: Option<IndicatorId>,
    /// 实际完成值, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Patch<String>,
    /// Qualitative level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Patch<Level>,
    /// The filer's own score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Patch<Points>,
    /// Reason of an override.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_reason: Patch<String>,
    /// Claim that the indicator does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable_reason: Patch<String>,
    /// 全年预计完成情况.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast_text: Patch<String>,
    /// 完成目标可能性.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlook: Patch<AttainmentOutlook>,
    /// 备注.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Patch<String>,
    /// 偏差原因.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviations: Patch<Vec<Deviation>>,
    /// 纠偏措施.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrective_action: Patch<String>,
    /// 各单位实际完成值; given without a text, what they add up to becomes the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_values: Patch<Vec<UnitValue>>,
    /// 满意度调查的样本量.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_size: Patch<i64>,
    /// A reading that is not certain is meant as it is read; a new text takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Patch<bool>,
    /// What was wrong with it before it could be read as a row; such a row is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Violation>,
}

/// Amounts of a fund row: only what is named changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AmountsPatch {
    /// 年初预算数.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_budget: Patch<Money>,
    /// 全年预算数 (adjusted).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_budget: Patch<Money>,
    /// 执行数.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executed: Patch<Money>,
    /// 全年预计执行数.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast: Patch<Money>,
}

/// Budget execution: only what is named changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExecutionPatch {
    /// 年度资金总额.
    pub total: AmountsPatch,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<(FundSource, AmountsPatch)>,
    /// Reason for the rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Patch<String>,
}

/// What a report says as a whole: only what is named changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SummaryPatch {
    /// 年度总体目标实际完成情况.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overall_goal_result: Patch<String>,
    /// 评价结论.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Patch<String>,
    /// 存在问题.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Patch<String>,
    /// 改进措施.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub improvement_measures: Patch<String>,
}

/// What became, or would become, of one row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Index of the entry.
    pub index: usize,
    /// Indicator; `None` when there is none.
    pub indicator_id: Option<IndicatorId>,
    /// The value in force; its key is 0 in a preview.
    pub value: Option<ActualValue>,
    /// Its achievement; `None` when the row is refused.
    pub achievement: Option<Achievement>,
    /// Why the row is refused.
    pub violations: Vec<Violation>,
}

/// What became, or would become, of a command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Period,
    /// False when rows were refused and nothing was written, and in a preview.
    pub written: bool,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// Why nothing was written.
    pub violations: Vec<Violation>,
}

/// What a command did or would do, and the declaration after it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Row by row.
    pub recorded: Recorded,
    /// The declaration after it.
    pub whole: Whole,
}

/// Says what [`record`] would do with the same input.
///
/// # Errors
/// As [`record`].
pub async fn preview(db: &Db, ctx: &Ctx, cmd: &Record) -> Result<Outcome> {
    let mut found = declaration::by_ids(db, ctx, &[cmd.declaration_id]).await?;
    let whole = found.remove(&cmd.declaration_id).ok_or_else(|| ServiceError::not_found("declarationId"))?;
    let department = &whole.department;
    let territory = Territory::of(db.read(), department.id, department.jurisdiction_id).await?;
    let scheme = scheme::of(db, &whole.declaration.scheme).await?;
    let window = window::of(db.read(), department.jurisdiction_id, whole.declaration.fiscal_year, cmd.period).await?;
    check_seen(db.read(), cmd, &whole.declaration).await?;
    let planned = plan(ctx, cmd, &whole.declaration, &territory, &scheme, window.as_ref())?;
    let whole = Whole { declaration: planned.after, department: whole.department };
    Ok(Outcome { recorded: planned.recorded, whole })
}

/// Refuses a command that was made on another revision of the report than the one in force.
async fn check_seen(db: &impl ConnectionTrait, cmd: &Record, before: &Declaration) -> Result<()> {
    let Some(expected) = cmd.expected_revision else { return Ok(()) };
    let actual = before.report_revision(cmd.period);
    let node = node(cmd);
    check_revision(db, Revision { node: &node, expected, actual, field: "expectedRevision" }).await
}

/// Records the values of one report.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `WINDOW_CLOSED`, `IDEMPOTENCY_KEY_REUSED`, `LIMIT_EXCEEDED`,
/// `REQUIRED`. Refused rows are no error of the command: they come back in [`Recorded`].
pub async fn record(db: &Db, ctx: &Ctx, cmd: &Record) -> Result<Outcome> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "declarationId").await?;
    let fingerprint = fingerprint(cmd)?;
    if let Some(known) = replay(&txn, ctx, cmd, &fingerprint).await? {
        return Ok(Outcome { recorded: known, whole: held.whole() });
    }
    let before = &held.declaration;
    check_seen(&txn, cmd, before).await?;
    let window = window::of(&txn, held.department.jurisdiction_id, before.fiscal_year, cmd.period).await?;
    let Plan { role, mut recorded, after } =
        plan(ctx, cmd, before, &held.territory, &held.scheme.scheme, window.as_ref())?;
    if !recorded.violations.is_empty() {
        // Rows that are not refused are explained by what they would have been, as in the preview.
        return Ok(Outcome { recorded, whole: Whole { declaration: after, department: held.department } });
    }
    let planned = after.reports.get(&cmd.period).ok_or_else(|| anyhow::anyhow!("a plan without its report"))?;
    let report = write_report(&txn, ctx, cmd, planned).await?;
    write_values(&txn, ctx, report, before, &recorded).await?;
    let change = Change { act: Act::ActualValuesRecord, role, node: node(cmd), reason: None, before: Some(before) };
    let after = settle(&txn, ctx, cmd.declaration_id, change).await?;
    recorded.written = true;
    for row in recorded.rows.iter_mut().filter(|row| row.violations.is_empty()) {
        let indicator = row.indicator_id.and_then(|id| after.indicator(id));
        row.value = indicator.and_then(|indicator| indicator.values.get(&cmd.period)).cloned();
        row.achievement = indicator.and_then(|indicator| indicator.achievements.get(&cmd.period)).cloned();
    }
    remember(&txn, ctx, cmd, fingerprint, &recorded).await?;
    txn.commit().await?;
    Ok(Outcome { recorded, whole: Whole { declaration: after, department: held.department } })
}

fn node(cmd: &Record) -> String {
    format!("Report:{}:{}", cmd.declaration_id.0, cmd.period)
}

/// Tells one input from another.
fn fingerprint(cmd: &Record) -> Result<String> {
    if cmd.file_sha256.is_none() {
        return Ok(sha256(&serde_json::to_vec(cmd)?));
    }
    Ok(sha256(&serde_json::to_vec(&Record { entries: Vec::new(), ..cmd.clone() })?))
}

/// The answer to a command that was sent before with the same key.
async fn replay(txn: &DatabaseTransaction, ctx: &Ctx, cmd: &Record, fingerprint: &str) -> Result<Option<Recorded>> {
    let (Some(key), Some(user)) = (&cmd.idempotency_key, ctx.user_id()) else { return Ok(None) };
    if key.trim().is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        let (zh, en) = (
            "幂等键应为1至200个字符，不含控制字符",
            "an idempotency key has 1 to 200 characters, no control characters",
        );
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, "idempotencyKey", zh, en));
    }
    let known = idempotency_key::Entity::find_by_id((user, key.clone())).one(txn).await?;
    match known {
        None => Ok(None),
        Some(known) if known.fingerprint == fingerprint => Ok(Some(serde_json::from_str(&known.outcome)?)),
        Some(_) => {
            let (zh, en) = ("该幂等键已用于其他内容", "the key was used with another input");
            Err(ServiceError::invalid(UserErrorCode::IdempotencyKeyReused, "idempotencyKey", zh, en))
        }
    }
}

async fn remember(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    cmd: &Record,
    fingerprint: String,
    recorded: &Recorded,
) -> Result<()> {
    let (Some(key), Some(user)) = (&cmd.idempotency_key, ctx.user_id()) else { return Ok(()) };
    let row = idempotency_key::ActiveModel {
        user_id: Set(user),
        key: Set(key.clone()),
        fingerprint: Set(fingerprint),
        outcome: Set(serde_json::to_string(recorded)?),
        at: Set(ctx.now),
    };
    idempotency_key::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

async fn write_report(txn: &DatabaseTransaction, ctx: &Ctx, cmd: &Record, planned: &Report) -> Result<ReportId> {
    let known = report::Entity::find()
        .filter(report::Column::DeclarationId.eq(cmd.declaration_id))
        .filter(report::Column::Period.eq(Word(cmd.period)))
        .one(txn)
        .await?;
    let mut row = known.map_or_else(
        || report::ActiveModel {
            id: NotSet,
            declaration_id: Set(cmd.declaration_id),
            period: Set(Word(cmd.period)),
            ..Default::default()
        },
        report::ActiveModel::from,
    );
    let amount = |money: Option<Money>| Set(money.map(|money| money.0));
    let (execution, summary) = (&planned.execution, &planned.summary);
    row.status = Set(Word(planned.status));
    row.revision = Set(planned.revision);
    row.months = Set(planned.months.and_then(|months| i32::try_from(months).ok()));
    row.initial_budget = amount(execution.initial_budget);
    row.annual_budget = amount(execution.annual_budget);
    row.executed = amount(execution.executed);
    row.forecast = amount(execution.forecast);
    row.execution_reason = Set(execution.reason.clone());
    row.overall_goal_result = Set(summary.overall_goal_result.clone());
    row.conclusion = Set(summary.conclusion.clone());
    row.problems = Set(summary.problems.clone());
    row.improvement_measures = Set(summary.improvement_measures.clone());
    row.edited_by = Set(ctx.user_id());
    row.updated_at = Set(ctx.now);
    let id = row.save(txn).await?.id.try_into_value()?;
    report_fund::Entity::delete_many().filter(report_fund::Column::ReportId.eq(id)).exec(txn).await?;
    let parts = execution.parts.iter().map(|(source, part)| report_fund::ActiveModel {
        report_id: Set(id),
        source: Set(Word(*source)),
        initial_budget: amount(part.initial_budget),
        annual_budget: amount(part.annual_budget),
        executed: amount(part.executed),
        forecast: amount(part.forecast),
    });
    if !execution.parts.is_empty() {
        report_fund::Entity::insert_many(parts).exec_without_returning(txn).await?;
    }
    Ok(id)
}

/// Takes the key out of a saved row.
trait TryIntoValue<T> {
    fn try_into_value(self) -> Result<T>;
}

impl<T: Into<sea_orm::Value>> TryIntoValue<T> for sea_orm::ActiveValue<T> {
    fn try_into_value(self) -> Result<T> {
        match self {
            Set(value) | Self::Unchanged(value) => Ok(value),
            NotSet => Err(anyhow::anyhow!("a saved row has no key").into()),
        }
    }
}

async fn write_values(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    report: ReportId,
    before: &Declaration,
    recorded: &Recorded,
) -> Result<()> {
    let mut rows = Vec::new();
    for row in &recorded.rows {
        let (Some(id), Some(value)) = (row.indicator_id, &row.value) else { continue };
        let old = before.indicator(id).and_then(|indicator| indicator.values.get(&recorded.period));
        rows.push(value_row(ctx, report, id, value, old.map(|old| old.id))?);
    }
    if !rows.is_empty() {
        actual_value::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn stored(units: &[UnitValue]) -> Result<Option<String>> {
    Ok((!units.is_empty()).then(|| serde_json::to_string(units)).transpose()?)
}

/// The row of a value, superseding another where there is one.
pub(crate) fn value_row(
    ctx: &Ctx,
    report: ReportId,
    indicator: IndicatorId,
    value: &ActualValue,
    supersedes: Option<ActualValueId>,
) -> Result<actual_value::ActiveModel> {
    let entry = &value.entry;
    Ok(actual_value::ActiveModel {
        id: NotSet,
        report_id: Set(report),
        indicator_id: Set(indicator),
        supersedes_id: Set(supersedes),
        text: Set(entry.text.clone()),
        level: Set(entry.level.map(Word)),
        score: Set(entry.score.map(|score| score.0)),
        score_reason: Set(entry.score_reason.clone()),
        not_applicable_reason: Set(entry.not_applicable_reason.clone()),
        forecast_text: Set(entry.forecast_text.clone()),
        outlook: Set(entry.outlook.map(Word)),
        note: Set(entry.note.clone()),
        deviations: Set(serde_json::to_string(&entry.deviations)?),
        unit_values: Set(stored(&entry.unit_values)?),
        detail: Set(value.reading.as_ref().map(serde_json::to_string).transpose()?),
        corrective_action: Set(entry.corrective_action.clone()),
        sample_size: Set(entry.sample_size),
        confirmed: Set(entry.confirmed),
        target_text: Set(value.target_text.clone()),
        recorded_by: Set(ctx.user_id()),
        recorded_at: Set(ctx.now),
    })
}
