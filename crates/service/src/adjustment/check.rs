//! What stands against an adjustment: the calendar, what is missing, and the checks of the declaration as it would be.

use chrono::{Duration, NaiveDate};
use jixiao_entity::id::Timestamp;
use jixiao_rules::check;
use jixiao_rules::cycle::{AdjustmentKind, Period, ReportStatus};
use jixiao_rules::kind::{Severity, Vocabulary};
use jixiao_rules::message::{Finding, Message};
use jixiao_rules::scheme::Scheme;

use super::apply::applied;
use super::model::Adjustment;
use crate::declaration::Declaration;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};

/// The day it is in China.
fn day(moment: Timestamp) -> NaiveDate {
    (moment.date_time() + Duration::hours(8)).date_naive()
}

/// Refused after the fiscal year, and once its self-evaluation was begun (rules 2.3).
pub(super) fn window(declaration: &Declaration, now: Timestamp, field: &str) -> Result<()> {
    let closed = |zh: &str, en: &str| Err(ServiceError::invalid(UserErrorCode::WindowClosed, field, zh, en));
    if day(now) > NaiveDate::from_ymd_opt(declaration.fiscal_year, 12, 31).unwrap_or_default() {
        return closed("预算年度已结束, 不能再调整", "the fiscal year is over: no adjustment any more");
    }
    if declaration.report_status(Period::YearEnd) != ReportStatus::NotStarted {
        return closed("年终自评已开始, 不能再调整", "the self-evaluation was begun: no adjustment any more");
    }
    Ok(())
}

/// The computed checks: late in the year; while it is open, the kind, and what the declaration would be found wrong in.
pub(super) fn findings(declaration: &Declaration, position: usize, scheme: &Scheme) -> Vec<Finding> {
    let Some(adjustment) = declaration.adjustments.get(position) else { return Vec::new() };
    let mut findings = Vec::new();
    if !adjustment.status.is_final() {
        let after = applied(declaration, adjustment);
        findings.extend(kind(declaration, &after, adjustment, position));
        let would_be = check::filed(&after.form(), &after.beside(), scheme);
        findings.extend(would_be.into_iter().filter(|finding| !declaration.findings.contains(finding)));
    }
    let moment = day(adjustment.submitted_at.unwrap_or(adjustment.created_at));
    if NaiveDate::from_ymd_opt(declaration.fiscal_year, 10, 1).is_some_and(|first| moment > first) {
        let zh = format!("调整于{moment}提出，已在10月1日之后");
        let en = format!("the adjustment was made on {moment}, after 1 October");
        findings.push(finding("LATE_ADJUSTMENT", Severity::Warning, zh, en, position, None));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn finding(rule: &str, severity: Severity, zh: String, en: String, position: usize, field: Option<&str>) -> Finding {
    let path = ["adjustments".to_owned(), position.to_string()].into_iter().chain(field.map(str::to_owned));
    Finding::new(rule, severity, path.collect(), Message { zh, en })
}

/// 调剂 keeps the total of expenditure, 追加 raises it, 调减 lowers it.
fn kind(before: &Declaration, after: &Declaration, adjustment: &Adjustment, position: usize) -> Option<Finding> {
    if adjustment.items.is_empty() {
        return None;
    }
    let (old, new) = (before.declared_budget().unwrap_or_default(), after.declared_budget().unwrap_or_default());
    let fits = match adjustment.kind {
        AdjustmentKind::Reallocation => new == old,
        AdjustmentKind::Supplement => new > old,
        AdjustmentKind::Reduction => new < old,
    };
    let (kind, old, new) = (adjustment.kind, old.wan_yuan(), new.wan_yuan());
    let zh = format!("“{}”与支出合计的变化不符：{old} 万元 → {new} 万元", kind.zh());
    let en = format!("a {} does not take expenditure from {old} to {new} 万元", kind.en());
    (!fits).then(|| finding("ADJUSTMENT_KIND", Severity::Error, zh, en, position, Some("items")))
}

/// Everything that blocks a submit, at once.
pub(super) fn complete(adjustment: &Adjustment) -> Result<()> {
    let mut violations = Vec::new();
    let mut need = |missing: bool, field: &str, zh: &str, en: &str| {
        if missing {
            violations.push(Violation::new(UserErrorCode::Required, field, zh, en));
        }
    };
    need(adjustment.reason.is_none(), "reason", "需要调整理由", "a reason is needed");
    need(adjustment.legal_basis.is_none(), "legalBasis", "需要调整依据", "a legal basis is needed");
    need(adjustment.fund_source.is_none(), "fundSource", "需要资金来源", "the source of funds is needed");
    let moved = adjustment.items.iter().any(|item| item.before != item.after);
    need(!moved, "items", "至少需要一项金额变化", "at least one changed amount is needed");
    need(adjustment.targets.is_empty(), "targets", "需要调整前后的绩效指标值", "targets before and after are needed");
    for (index, change) in adjustment.targets.iter().enumerate() {
        if change.after.as_ref().is_some_and(|target| !target.confirmed()) {
            let (zh, en) = ("指标值的识别结果需要确认", "the reading of the target needs confirmation");
            let field = format!("targets.{index}.annualTarget");
            violations.push(Violation::new(UserErrorCode::Blocked, &field, zh, en));
        }
    }
    violations.extend(adjustment.findings.iter().filter(|finding| finding.severity == Severity::Error).map(
        |finding| {
            let (field, message) = (finding.path.clone(), finding.message.clone());
            Violation { code: UserErrorCode::Blocked, field, message }
        },
    ));
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}
