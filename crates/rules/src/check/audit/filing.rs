//! A21, A22 and A29: what came late, or not at all.

use chrono::NaiveDate;

use super::{Declared, Filed, Findings};
use crate::calendar::days_after;
use crate::cycle::Period;
use crate::kind::{Severity, Vocabulary};
use crate::message::{Finding, Message};
use crate::scheme::Scheme;

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let most = scheme.audit.returned_from;
    if declared.returned >= most {
        let returned = declared.returned;
        let (zh, en) = (format!("申报被退回 {returned} 次"), format!("the declaration was returned {returned} times"));
        findings.add("A21", Severity::Warning, &[], zh, en).compare("returned", returned).compare("threshold", most);
    }
    for (period, filed) in &declared.reports {
        late(*period, filed, findings);
        if filed.returned >= most {
            let returned = filed.returned;
            let zh = format!("{}报告被退回 {returned} 次", period.zh());
            let en = format!("the report ({}) was returned {returned} times", period.en());
            let path = ["reports", period.as_str()];
            let found = findings.add("A21", Severity::Warning, &path, zh, en);
            found.compare("returned", returned).compare("threshold", most);
        }
        rectifications(*period, filed, scheme, findings);
    }
}

/// A21: submitted after the due day of its window.
fn late(period: Period, filed: &Filed<'_>, findings: &mut Findings) {
    let Some(days) = filed.late_days.filter(|days| *days > 0) else { return };
    let zh = format!("{}报告逾期 {days} 天提交", period.zh());
    let en = format!("the report ({}) was submitted {days} days late", period.en());
    let found = findings.add("A21", Severity::Warning, &["reports", period.as_str()], zh, en);
    found.compare("lateDays", days).compare("allowedDays", 0);
}

/// A29: nothing answered by the day it was due, or asked again and again.
fn rectifications(period: Period, filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    for (position, asked) in filed.rectifications.iter().enumerate() {
        let at = position.to_string();
        let path = ["reports", period.as_str(), "rectifications", at.as_str()];
        if asked.open {
            let due = asked.due_on;
            let (zh, en) = (format!("整改期限 {due} 已过，未答复"), format!("due on {due}, and not answered"));
            let found = findings.add("A29", Severity::Error, &path, zh, en);
            found.compare("dueOn", due).since = Some(days_after(due, 1));
        }
        let (reopened, most) = (asked.reopened, scheme.audit.reopened_from);
        if reopened >= most {
            let (zh, en) = (format!("已要求重新整改 {reopened} 次"), format!("reopened {reopened} times"));
            let found = findings.add("A29", Severity::Warning, &path, zh, en);
            found.compare("reopened", reopened).compare("threshold", most);
        }
    }
}

/// The day a report is due where no window says otherwise (rules 2.4); `None` for periods that only a window makes.
#[must_use]
pub fn default_due(year: i32, period: Period) -> Option<NaiveDate> {
    match period {
        Period::MidYear => NaiveDate::from_ymd_opt(year, 8, 31),
        Period::YearEnd => NaiveDate::from_ymd_opt(year + 1, 3, 31),
        Period::FirstQuarter | Period::ThirdQuarter => None,
    }
}

/// A22: a declaration in force without this report; holds from the day after it was due. `window` is false for the default
/// calendar.
#[must_use]
pub fn not_filed(period: Period, due: NaiveDate, window: bool) -> Finding {
    let by = if window { ("填报期", "the reporting window") } else { ("默认日历", "the default calendar") };
    let zh = format!("未提交{}报告，{}的期限为 {due}", period.zh(), by.0);
    let en = format!("no report ({}) was submitted; due on {due} by {}", period.en(), by.1);
    let path = vec!["reports".to_owned(), period.to_string()];
    let mut found = Finding::new("A22", Severity::Error, path, Message { zh, en });
    found.compare("dueOn", due).compare("window", window).since = Some(days_after(due, 1));
    found
}
