//! A19: the budget at the end of the year.

use super::{Declared, Findings};
use crate::cycle::Period;
use crate::kind::Severity;
use crate::scheme::Scheme;
use crate::value::Rate;

/// Execution too low (two thresholds), or above the budget.
pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let Some(rate) = declared.reports.get(&Period::YearEnd).and_then(|filed| filed.execution.rate) else { return };
    let rules = &scheme.audit;
    let (severity, threshold, zh, en) = if rate < rules.execution_error_below {
        (Severity::Error, rules.execution_error_below, "低于", "below")
    } else if rate < rules.execution_warning_below {
        (Severity::Warning, rules.execution_warning_below, "低于", "below")
    } else if rate > Rate::ONE {
        (Severity::Warning, Rate::ONE, "高于", "above")
    } else {
        return;
    };
    let (is, of) = (rate.percent(), threshold.percent());
    let zh = format!("全年预算执行率 {is}%，{zh} {of}%");
    let en = format!("the execution rate of the year is {is} %, {en} {of} %");
    let found = findings.add("A19", severity, &["reports", "YEAR_END", "execution", "executed"], zh, en);
    found.compare("executionRate", rate).compare("threshold", threshold);
}
