//! What a recording would make of the report itself: its amounts and its words.

use jixiao_rules::check::Amounts;
use jixiao_rules::cycle::ReportStatus;

use super::{AmountsPatch, ExecutionPatch, Patch, Record, SummaryPatch};
use crate::ctx::Ctx;
use crate::declaration::{Declaration, Hands, Report, ReportedExecution, Summary};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};

/// Takes over what a patch names.
pub(super) fn put<T: Clone>(kept: &mut Option<T>, given: &Patch<T>) {
    if let Some(given) = given {
        kept.clone_from(given);
    }
}

/// The report as the command would leave it, without its rows.
pub(super) fn planned_report(ctx: &Ctx, cmd: &Record, before: &Declaration, months: u32) -> Result<Report> {
    let old = before.reports.get(&cmd.period);
    let mut execution = old.map(|report| report.execution.clone()).unwrap_or_default();
    execution.initial_budget = execution.initial_budget.or_else(|| before.opening_budget());
    let mut summary = old.map(|report| report.summary.clone()).unwrap_or_default();
    let mut violations = Vec::new();
    if let Some(patch) = &cmd.execution {
        put_execution(&mut execution, patch, &mut violations);
    }
    if let Some(patch) = &cmd.summary {
        put_summary(&mut summary, patch, &mut violations);
    }
    if !violations.is_empty() {
        return Err(ServiceError::Invalid(violations));
    }
    let hands = old.map(|report| report.hands).unwrap_or_default();
    Ok(Report {
        status: ReportStatus::Draft,
        revision: before.report_revision(cmd.period) + 1,
        execution,
        hands: Hands { edited_by: ctx.user_id(), ..hands },
        submitted_at: old.and_then(|report| report.submitted_at),
        // Fixed at the first record; evidence may have made the report before.
        months: old.and_then(|report| report.months).or(Some(months)),
        late_days: old.and_then(|report| report.late_days),
        review_opinion: old.and_then(|report| report.review_opinion.clone()),
        summary,
        spot_checked: old.and_then(|report| report.spot_checked),
        rectifications: old.map(|report| report.rectifications.clone()).unwrap_or_default(),
        findings: Vec::new(),
    })
}

fn put_execution(kept: &mut ReportedExecution, patch: &ExecutionPatch, violations: &mut Vec<Violation>) {
    let mut total = Amounts {
        initial_budget: kept.initial_budget,
        annual_budget: kept.annual_budget,
        executed: kept.executed,
        forecast: kept.forecast,
    };
    put_amounts(&mut total, &patch.total, "execution", violations);
    kept.initial_budget = total.initial_budget;
    kept.annual_budget = total.annual_budget;
    kept.executed = total.executed;
    kept.forecast = total.forecast;
    let mut named = Vec::new();
    for (index, (source, part)) in patch.parts.iter().enumerate() {
        let path = format!("execution.funds.{index}");
        if named.contains(source) {
            let (zh, en) = ("同一资金来源出现了两次", "the source is named twice");
            violations.push(Violation::new(UserErrorCode::InvalidValue, &format!("{path}.source"), zh, en));
        }
        named.push(*source);
        put_amounts(kept.parts.entry(*source).or_default(), part, &path, violations);
    }
    // A part of which everything is withdrawn is gone.
    kept.parts.retain(|_, part| *part != Amounts::default());
    if let Some(reason) = &patch.reason {
        violations.extend(reason.iter().flat_map(|text| check_words(text, 2_000, "execution.reason")));
        kept.reason.clone_from(reason);
    }
}

fn put_amounts(kept: &mut Amounts, patch: &AmountsPatch, path: &str, violations: &mut Vec<Violation>) {
    let amounts = [
        (&patch.initial_budget, &mut kept.initial_budget, "initialBudget"),
        (&patch.annual_budget, &mut kept.annual_budget, "annualBudget"),
        (&patch.executed, &mut kept.executed, "executed"),
        (&patch.forecast, &mut kept.forecast, "forecast"),
    ];
    for (given, kept, field) in amounts {
        if given.flatten().is_some_and(|amount| amount.0 < 0) {
            let (zh, en) = ("金额不能为负", "an amount is not negative");
            violations.push(Violation::new(UserErrorCode::InvalidValue, &format!("{path}.{field}"), zh, en));
        }
        put(kept, given);
    }
}

fn put_summary(kept: &mut Summary, patch: &SummaryPatch, violations: &mut Vec<Violation>) {
    let texts = [
        (&patch.overall_goal_result, &mut kept.overall_goal_result, "overallGoalResult"),
        (&patch.conclusion, &mut kept.conclusion, "conclusion"),
        (&patch.problems, &mut kept.problems, "problems"),
        (&patch.improvement_measures, &mut kept.improvement_measures, "improvementMeasures"),
    ];
    for (given, kept, field) in texts {
        let text = given.iter().flatten();
        violations.extend(text.flat_map(|text| check_words(text, 4_000, &format!("summary.{field}"))));
        put(kept, given);
    }
}

/// What is wrong with a text that people wrote: blank, too long, or with control characters.
pub(crate) fn check_words(text: &str, limit: usize, field: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    if text.chars().count() > limit {
        let (zh, en) = (format!("不能超过{limit}个字符"), format!("at most {limit} characters"));
        violations.push(Violation::new(UserErrorCode::TooLong, field, zh, en));
    }
    if text.trim().is_empty() {
        let (zh, en) = ("不能为空; 撤回请填null", "must not be empty; null withdraws it");
        violations.push(Violation::new(UserErrorCode::Required, field, zh, en));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        let (zh, en) = ("不能含有控制字符", "must not hold control characters");
        violations.push(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    }
    violations
}
