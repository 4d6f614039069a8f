//! What a recording would do: every check and every achievement, worked out in memory.

use jixiao_entity::id::ActualValueId;
use jixiao_rules::actual::read_actual;
use jixiao_rules::assess;
use jixiao_rules::check;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::scheme::Scheme;
use jixiao_rules::window::Window;

use super::head::{check_words, planned_report, put};
use super::{Entry, Mode, Record, Recorded, Row};
use crate::ctx::{Ctx, UserRef};
use crate::declaration::{self, ActualValue, Declaration, ValueEntry};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy::{self, Territory};
use crate::window;

/// What a command would change, worked out without writing.
pub(super) struct Plan {
    pub(super) role: Option<Role>,
    pub(super) recorded: Recorded,
    pub(super) after: Declaration,
}

/// Rows in one command.
pub(super) const MAX_ENTRIES: usize = 500;

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
    // The months are fixed when the report begins: a window set later changes no light.
    let months = window.map_or_else(|| cmd.period.default_months(), |window| window.months);
    let report = planned_report(ctx, cmd, before, months)?;
    let mut after = before.clone();
    after.reports.insert(cmd.period, report);
    let (mut rows, old) = put_values(ctx, cmd, &mut after);
    let occasion = declaration::occasion(&after, cmd.period);
    let maximum = declaration::maximum_scores(&after, cmd.period, scheme);
    let may_override = roles.iter().any(|role| check::may_override(scheme, *role));
    for (row, old) in rows.iter_mut().zip(old) {
        let field = |name: &str| format!("entries.{}.{name}", row.index);
        let position = after.indicators.iter().position(|indicator| Some(indicator.id) == row.indicator_id);
        let (Some(position), Some(value)) = (position, &row.value) else { continue };
        row.violations = check_entry(&value.entry, &field);
        row.violations.extend(check_units(&after.indicators[position], &value.entry, after.fiscal_year, &field));
        let input = declaration::input(&after.indicators[position], cmd.period, maximum[position], occasion);
        row.violations.extend(assess::refusals(&input, scheme).iter().map(|refusal| refused(refusal, &field)));
        if assess::assess(&input, scheme).overridden {
            row.violations.extend(check_override(value, may_override, &field));
        }
        if !row.violations.is_empty() {
            // What is refused leaves the rest as it was.
            row.value = None;
            restore(&mut after.indicators[position], cmd.period, old);
        }
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
    Ok(Plan { role: roles.first().copied(), recorded, after })
}

/// Puts every named value in its place; gives the rows, and what stood there before.
fn put_values(ctx: &Ctx, cmd: &Record, after: &mut Declaration) -> (Vec<Row>, Vec<Option<ActualValue>>) {
    let mut named = std::collections::HashSet::new();
    let year = after.fiscal_year;
    let put = |(index, entry): (usize, &Entry)| {
        let mut row =
            Row { index, indicator_id: entry.indicator_id, value: None, achievement: None, violations: Vec::new() };
        let field = format!("entries.{index}.indicatorId");
        match after.indicators.iter_mut().find(|indicator| Some(indicator.id) == entry.indicator_id) {
            _ if !entry.faults.is_empty() => row.violations.clone_from(&entry.faults),
            None => row.violations.push(Violation::not_found(&field)),
            Some(indicator) if !named.insert(indicator.id) => {
                let (zh, en) = ("同一指标出现了两次", "the indicator is named twice");
                row.violations.push(Violation::new(UserErrorCode::InvalidValue, &field, zh, en));
            }
            Some(indicator) if indicator.dropped() => {
                let zh = "该指标已经批准的调整取消, 不再填报";
                let en = "an approved adjustment dropped the indicator; nothing is reported for it";
                row.violations.push(Violation::new(UserErrorCode::WrongState, &field, zh, en));
            }
            Some(indicator) => {
                let value = merged(ctx, entry, indicator, cmd.period, year);
                row.value = Some(value.clone());
                return (row, indicator.values.insert(cmd.period, value));
            }
        }
        (row, None)
    };
    cmd.entries.iter().enumerate().map(put).unzip()
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
    if cmd.entries.is_empty() && cmd.execution.is_none() && cmd.summary.is_none() {
        let (zh, en) = ("没有要填报的内容", "nothing to record");
        return Err(ServiceError::invalid(UserErrorCode::Required, "entries", zh, en));
    }
    if cmd.entries.len() > MAX_ENTRIES {
        let (zh, en) = (format!("一次最多{MAX_ENTRIES}行"), format!("at most {MAX_ENTRIES} rows at once"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "entries", zh, en));
    }
    Ok(())
}

/// The value in force with what the entry names, read anew.
fn merged(ctx: &Ctx, patch: &Entry, indicator: &declaration::Indicator, period: Period, year: i32) -> ActualValue {
    let old = indicator.values.get(&period);
    let mut entry = old.map(|old| old.entry.clone()).unwrap_or_default();
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
    put(&mut entry.corrective_action, &patch.corrective_action);
    if let Some(units) = &patch.unit_values {
        entry.unit_values = units.clone().unwrap_or_default();
        let made = declaration::aggregated(indicator, &entry, year).filter(|_| patch.text.is_none());
        if let Some(Ok(made)) = made {
            entry.text = Some(made.text());
        }
    }
    put(&mut entry.sample_size, &patch.sample_size);
    // Who confirmed one text has not confirmed another.
    let kept = entry.confirmed && old.is_some_and(|old| old.entry.text == entry.text);
    entry.confirmed = patch.confirmed.map_or(kept, Option::unwrap_or_default);
    let target = indicator.annual_target.as_ref().map(|target| &target.reading);
    let context =
        declaration::context(&indicator.level1_label, indicator.level2_label.as_deref(), &indicator.name, year);
    let mut reading = entry.text.as_deref().zip(target).map(|(text, target)| read_actual(text, target, &context));
    if let Some(reading) = reading.as_mut().filter(|reading| entry.confirmed && reading.comparable) {
        reading.certain = true;
    }
    ActualValue {
        id: ActualValueId(0),
        entry,
        reading,
        target_text: target.map(|target| target.text.clone()),
        review: old.and_then(|old| old.review.clone()),
        spot_check: old.and_then(|old| old.spot_check.clone()),
        recorded_at: ctx.now,
        recorded_by: UserRef { id: ctx.user_id(), display_name: ctx.actor_name().to_owned() },
    }
}

fn check_entry(entry: &ValueEntry, field: &impl Fn(&str) -> String) -> Vec<Violation> {
    let texts = [
        (&entry.text, "text", 500),
        (&entry.score_reason, "scoreReason", 2_000),
        (&entry.not_applicable_reason, "notApplicableReason", 2_000),
        (&entry.forecast_text, "forecastText", 500),
        (&entry.note, "note", 2_000),
        (&entry.corrective_action, "correctiveAction", 2_000),
    ];
    let mut violations = Vec::new();
    for (text, name, limit) in texts {
        violations.extend(text.iter().flat_map(|text| check_words(text, limit, &field(name))));
    }
    for (index, deviation) in entry.deviations.iter().enumerate() {
        violations.extend(check_words(&deviation.text, 2_000, &field(&format!("deviations.{index}.text"))));
    }
    if entry.sample_size.is_some_and(|size| !(1..=MAX_SAMPLE).contains(&size)) {
        let (zh, en) = ("样本量应为正整数", "the size of a sample is a positive number of people");
        violations.push(Violation::new(UserErrorCode::InvalidValue, &field("sampleSize"), zh, en));
    }
    violations
}

/// Units in one value.
const MAX_UNITS: usize = 500;

/// What is wrong with the units' values, one by one.
fn check_units(
    indicator: &declaration::Indicator,
    entry: &ValueEntry,
    year: i32,
    field: &impl Fn(&str) -> String,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    if entry.unit_values.len() > MAX_UNITS {
        let (zh, en) = (format!("最多{MAX_UNITS}个单位"), format!("at most {MAX_UNITS} units"));
        return vec![Violation::new(UserErrorCode::LimitExceeded, &field("unitValues"), zh, en)];
    }
    for (index, unit) in entry.unit_values.iter().enumerate() {
        let at = |name: &str| field(&format!("unitValues.{index}.{name}"));
        violations.extend(check_words(&unit.unit_name, 200, &at("unitName")));
        violations.extend(check_words(&unit.text, 500, &at("text")));
        if unit.funds.is_some_and(|funds| funds.0 < 0) {
            let (zh, en) = ("金额不能为负", "an amount is not negative");
            violations.push(Violation::new(UserErrorCode::InvalidValue, &at("funds"), zh, en));
        }
    }
    if let Some(Err(unfit)) = declaration::aggregated(indicator, entry, year).filter(|_| violations.is_empty()) {
        violations.extend(unfit.iter().map(|one| {
            let path = one.index.map_or_else(|| "unitValues".into(), |at| format!("unitValues.{at}.{}", one.field));
            Violation::new(UserErrorCode::InvalidValue, &field(&path), &one.message.zh, &one.message.en)
        }));
    }
    violations
}

/// More people than there are.
const MAX_SAMPLE: i64 = 10_000_000_000;

fn refused(refusal: &assess::Refusal, field: &impl Fn(&str) -> String) -> Violation {
    let code = match refusal.code {
        "SCORE_OUT_OF_BAND" | "SCORE_OUT_OF_BOUNDS" => UserErrorCode::ScoreOutOfBand,
        _ => UserErrorCode::InvalidValue,
    };
    Violation { code, ..Violation::new(code, &field(refusal.field), &refusal.message.zh, &refusal.message.en) }
}

/// A score beside a computed one is an override: by a role that the scheme lets, and with a reason (E5).
fn check_override(value: &ActualValue, allowed: bool, field: &impl Fn(&str) -> String) -> Option<Violation> {
    if !allowed {
        let (zh, en) = ("评分方案不允许修改计算得分", "the scheme does not let this role change a computed score");
        return Some(Violation::new(UserErrorCode::InvalidValue, &field("score"), zh, en));
    }
    value.entry.score_reason.is_none().then(|| {
        let (zh, en) = ("修改计算得分需要说明理由", "a score that differs from the computed one needs a reason");
        Violation::new(UserErrorCode::ReasonRequired, &field("scoreReason"), zh, en)
    })
}
