//! What a recording would do: every check and every achievement, worked out in memory.

use jixiao_entity::id::ActualValueId;
use jixiao_rules::actual::read_actual;
use jixiao_rules::assess;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::scheme::Scheme;
use jixiao_rules::window::Window;

use super::{Entry, Mode, Patch, Record, Recorded, Row};
use crate::ctx::{Ctx, UserRef};
use crate::declaration::{self, ActualValue, Declaration, ReportedExecution, ValueEntry};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy::{self, Territory};
use crate::window;

/// What a command would change, worked out without writing.
pub(super) struct Plan {
    pub(super) role: Option<Role>,
    pub(super) execution: ReportedExecution,
    pub(super) recorded: Recorded,
    pub(super) after: Declaration,
}

/// Rows in one command.
const MAX_ENTRIES: usize = 500;

/// Works out what a command would do: every check and every achievement, nothing written.
pub(super) fn plan(
    ctx: &Ctx,
    cmd: &Record,
    before: &Declaration,
    territory: &Territory,
    scheme: &Scheme,
    window: Option<&Window>,
) -> Result<Plan> {
    let roles = policy::allow(ctx, Act::ActualValuesRecord, Some(territory))?;
    check_state(cmd, before, &roles, window)?;
    window::check(ctx, before, cmd.period, window, "period")?;
    let execution = execution(cmd, before)?;
    let mut after = before.clone();
    // The months are fixed when the report begins: a window set later changes no light.
    let months = window.map_or_else(|| cmd.period.default_months(), |window| window.months);
    let report = after.reports.entry(cmd.period).or_insert_with(|| declaration::Report::begun(months));
    report.execution = execution.clone();
    let occasion = declaration::occasion(&after, cmd.period);
    let mut rows = Vec::with_capacity(cmd.entries.len());
    let mut named = std::collections::HashSet::new();
    for (index, entry) in cmd.entries.iter().enumerate() {
        let mut row =
            Row { index, indicator_id: entry.indicator_id, value: None, achievement: None, violations: Vec::new() };
        let field = |name: &str| format!("entries.{index}.{name}");
        match after.indicators.iter_mut().find(|indicator| Some(indicator.id) == entry.indicator_id) {
            None => row.violations.push(Violation::not_found(&field("indicatorId"))),
            Some(indicator) if !named.insert(indicator.id) => {
                let (zh, en) = ("同一指标出现了两次", "the indicator is named twice");
                let code = UserErrorCode::InvalidValue;
                row.violations.push(Violation::new(code, &field("indicatorId"), zh, en));
            }
            Some(indicator) if indicator.dropped() => {
                let zh = "该指标已经批准的调整取消, 不再填报";
                let en = "an approved adjustment dropped the indicator; nothing is reported for it";
                row.violations.push(Violation::new(UserErrorCode::WrongState, &field("indicatorId"), zh, en));
            }
            Some(indicator) => {
                let value = merged(ctx, entry, indicator, cmd.period, before.fiscal_year);
                row.violations = check_entry(&value.entry, &field);
                let old = indicator.values.insert(cmd.period, value.clone());
                let input = declaration::input(indicator, cmd.period, indicator.weight, occasion);
                for refusal in assess::refusals(&input, scheme) {
                    row.violations.push(refused(&refusal, &field));
                }
                check_reason(&value, assess::assess(&input, scheme).overridden, &mut row.violations, &field);
                if row.violations.is_empty() {
                    row.value = Some(value);
                } else {
                    // What is refused leaves the rest as it was.
                    restore(indicator, cmd.period, old);
                }
            }
        }
        rows.push(row);
    }
    declaration::derive(&mut after, scheme);
    for row in rows.iter_mut().filter(|row| row.violations.is_empty()) {
        let indicator = row.indicator_id.and_then(|id| after.indicator(id));
        row.achievement = indicator.and_then(|indicator| indicator.achievements.get(&cmd.period)).cloned();
    }
    let refused = rows.iter().flat_map(|row| row.violations.clone());
    let violations = if cmd.mode == Mode::AllOrNothing { refused.collect() } else { Vec::new() };
    let (declaration_id, period) = (cmd.declaration_id, cmd.period);
    let recorded = Recorded { declaration_id, period, written: false, rows, violations };
    Ok(Plan { role: roles.first().copied(), execution, recorded, after })
}

fn restore(indicator: &mut declaration::Indicator, period: Period, old: Option<ActualValue>) {
    match old {
        Some(old) => indicator.values.insert(period, old),
        None => indicator.values.remove(&period),
    };
}

fn check_state(cmd: &Record, before: &Declaration, roles: &[Role], window: Option<&Window>) -> Result<()> {
    let wrong =
        |field: &str, zh: String, en: String| Err(ServiceError::invalid(UserErrorCode::WrongState, field, zh, en));
    if before.status != DeclarationStatus::Approved {
        let zh = format!("申报当前状态为“{}”, 批复后才能填报", before.status.zh());
        let en = format!("the declaration is in state {}; values are recorded once it is approved", before.status);
        return wrong("declarationId", zh, en);
    }
    if !before.has(cmd.period, window) {
        return wrong("period", "该期间没有设置填报窗口".into(), "no window is set for this period".into());
    }
    let status = before.report_status(cmd.period);
    if cycle::next(cycle::REPORT, roles, Act::ActualValuesRecord, status).is_none() {
        let (zh, en) =
            (format!("报告当前状态为“{}”, 不能填报", status.zh()), format!("the report is in state {status}"));
        return wrong("period", zh, en);
    }
    if cmd.entries.is_empty() && cmd.execution.is_none() {
        let (zh, en) = ("没有要填报的内容", "nothing to record");
        return Err(ServiceError::invalid(UserErrorCode::Required, "entries", zh, en));
    }
    if cmd.entries.len() > MAX_ENTRIES {
        let (zh, en) = (format!("一次最多{MAX_ENTRIES}行"), format!("at most {MAX_ENTRIES} rows at once"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "entries", zh, en));
    }
    Ok(())
}

fn execution(cmd: &Record, before: &Declaration) -> Result<ReportedExecution> {
    let mut execution = before.reports.get(&cmd.period).map(|report| report.execution.clone()).unwrap_or_default();
    execution.initial_budget = execution.initial_budget.or_else(|| before.opening_budget());
    let Some(patch) = &cmd.execution else { return Ok(execution) };
    let amounts = [
        (&patch.annual_budget, &mut execution.annual_budget, "execution.annualBudget"),
        (&patch.executed, &mut execution.executed, "execution.executed"),
        (&patch.forecast, &mut execution.forecast, "execution.forecast"),
    ];
    let mut violations = Vec::new();
    for (given, kept, field) in amounts {
        if let Some(amount) = given {
            if amount.is_some_and(|amount| amount.0 < 0) {
                let (zh, en) = ("金额不能为负", "an amount is not negative");
                violations.push(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
            }
            *kept = *amount;
        }
    }
    if let Some(reason) = &patch.reason {
        violations.extend(reason.iter().filter_map(|text| too_long(text, 2_000, "execution.reason")));
        execution.reason.clone_from(reason);
    }
    if violations.is_empty() { Ok(execution) } else { Err(ServiceError::Invalid(violations)) }
}

/// The value in force with what the entry names, read anew.
fn merged(ctx: &Ctx, patch: &Entry, indicator: &declaration::Indicator, period: Period, year: i32) -> ActualValue {
    let old = indicator.values.get(&period);
    let mut entry = old.map(|old| old.entry.clone()).unwrap_or_default();
    fn put<T: Clone>(kept: &mut Option<T>, given: &Patch<T>) {
        if let Some(given) = given {
            kept.clone_from(given);
        }
    }
    put(&mut entry.text, &patch.text);
    put(&mut entry.level, &patch.level);
    put(&mut entry.score, &patch.score);
    put(&mut entry.score_reason, &patch.score_reason);
    put(&mut entry.not_applicable_reason, &patch.not_applicable_reason);
    put(&mut entry.forecast_text, &patch.forecast_text);
    put(&mut entry.outlook, &patch.outlook);
    put(&mut entry.note, &patch.note);
    if let Some(deviations) = &patch.deviations {
        entry.deviations = deviations.clone().unwrap_or_default();
    }
    let target = indicator.annual_target.as_ref().map(|target| &target.reading);
    let context =
        declaration::context(&indicator.level1_label, indicator.level2_label.as_deref(), &indicator.name, year);
    let reading = entry.text.as_deref().zip(target).map(|(text, target)| read_actual(text, target, &context));
    ActualValue {
        id: ActualValueId(0),
        entry,
        reading,
        not_applicable_accepted: false,
        review_score: old.and_then(|old| old.review_score),
        review_opinion: old.and_then(|old| old.review_opinion.clone()),
        recorded_at: ctx.now,
        recorded_by: UserRef { id: ctx.user_id(), display_name: ctx.actor_name().to_owned() },
    }
}

fn too_long(text: &str, limit: usize, field: &str) -> Option<Violation> {
    (text.chars().count() > limit).then(|| {
        let (zh, en) = (format!("不能超过{limit}个字符"), format!("at most {limit} characters"));
        Violation::new(UserErrorCode::TooLong, field, zh, en)
    })
}

fn check_entry(entry: &ValueEntry, field: &impl Fn(&str) -> String) -> Vec<Violation> {
    let texts = [
        (&entry.text, "text", 500),
        (&entry.score_reason, "scoreReason", 2_000),
        (&entry.not_applicable_reason, "notApplicableReason", 2_000),
        (&entry.forecast_text, "forecastText", 500),
        (&entry.note, "note", 2_000),
    ];
    let mut violations = Vec::new();
    for (text, name, limit) in texts {
        if let Some(text) = text {
            check_words(text, limit, &field(name), &mut violations);
        }
    }
    for (index, deviation) in entry.deviations.iter().enumerate() {
        check_words(&deviation.text, 2_000, &field(&format!("deviations.{index}.text")), &mut violations);
    }
    violations
}

/// Not too long, not blank, nothing that nobody can see.
fn check_words(text: &str, limit: usize, field: &str, violations: &mut Vec<Violation>) {
    violations.extend(too_long(text, limit, field));
    if text.trim().is_empty() {
        let (zh, en) = ("不能为空; 撤回请填null", "must not be empty; null withdraws it");
        violations.push(Violation::new(UserErrorCode::Required, field, zh, en));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        let (zh, en) = ("不能含有控制字符", "must not hold control characters");
        violations.push(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    }
}

fn refused(refusal: &assess::Refusal, field: &impl Fn(&str) -> String) -> Violation {
    let code = match refusal.code {
        "SCORE_OUT_OF_BAND" | "SCORE_OUT_OF_BOUNDS" => UserErrorCode::ScoreOutOfBand,
        _ => UserErrorCode::InvalidValue,
    };
    Violation { code, ..Violation::new(code, &field(refusal.field), &refusal.message.zh, &refusal.message.en) }
}

/// A score beside a computed one is an override, which needs a reason.
fn check_reason(
    value: &ActualValue,
    overridden: bool,
    violations: &mut Vec<Violation>,
    field: &impl Fn(&str) -> String,
) {
    if overridden && value.entry.score_reason.is_none() {
        let (zh, en) = ("修改计算得分需要说明理由", "a score that differs from the computed one needs a reason");
        violations.push(Violation::new(UserErrorCode::ReasonRequired, &field("scoreReason"), zh, en));
    }
}
