//! A report as its checks see it, and what monitoring and self-evaluation are both asked: rows that are filled in, fund
//! rows that add up, targets that are those in force, values that do not fall without a reason.

use std::collections::BTreeMap;

use super::{Findings, aggregation, evaluation, monitoring};
use crate::actual::Actual;
use crate::aggregate::{Aggregate, Unfit};
use crate::assess::{self, Achievement, Input, NotApplicable, Occasion};
use crate::cycle::AttainmentOutlook;
use crate::execution::Execution;
use crate::kind::{Accumulation, FundSource, Severity, Status, Vocabulary};
use crate::message::Finding;
use crate::scheme::{Denominator, Scheme};
use crate::value::Money;

/// One fund row of a report: what is not given is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Amounts {
    /// 年初预算数.
    pub initial_budget: Option<Money>,
    /// 全年预算数 (adjusted).
    pub annual_budget: Option<Money>,
    /// 执行数.
    pub executed: Option<Money>,
    /// 全年预计执行数.
    pub forecast: Option<Money>,
}

impl Amounts {
    /// The columns with their fields in the API.
    #[must_use]
    pub fn columns(&self) -> [(&'static str, Option<Money>); 4] {
        [
            ("initialBudget", self.initial_budget),
            ("annualBudget", self.annual_budget),
            ("executed", self.executed),
            ("forecast", self.forecast),
        ]
    }
}

/// 全年预计完成情况 as read, and what it would achieve at the end of the year.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The reading.
    pub reading: Actual,
    /// Its assessment.
    pub achievement: Achievement,
}

/// One row as the checks see it.
#[derive(Clone, Debug)]
pub struct ReportRow<'a> {
    /// What its assessment depends on.
    pub input: Input<'a>,
    /// Its assessment.
    pub achievement: &'a Achievement,
    /// The annual target its value was given against; `None` without a value.
    pub given_against: Option<&'a str>,
    /// A person confirmed a reading that was not certain.
    pub confirmed: bool,
    /// 全年预计完成情况; `None` when not given.
    pub forecast: Option<Forecast>,
    /// 完成目标可能性.
    pub outlook: Option<AttainmentOutlook>,
    /// Categories of cause that carry a text.
    pub causes: usize,
    /// Something is said about how it is put right.
    pub corrective_action: bool,
    /// A reason of the filer's own score is given.
    pub score_reason: bool,
    /// Evidence files.
    pub evidence: usize,
    /// The value of the last period before.
    pub earlier: Option<&'a Actual>,
    /// What the units add up to whose values are given beside it; `None` without any.
    pub units: Option<Result<Aggregate, Vec<Unfit>>>,
    /// Finance scored a value that was corrected since.
    pub review_outdated: bool,
}

/// A report as the checks see it.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// One row per indicator, in the order of the form.
    pub rows: Vec<ReportRow<'a>>,
    /// The total of the fund rows; the declared budget where the report gives none.
    pub total: Amounts,
    /// The parts that are given.
    pub parts: &'a BTreeMap<FundSource, Amounts>,
    /// Rate, score and flags of budget execution.
    pub execution: &'a Execution,
    /// A reason for the execution rate is given.
    pub execution_reason: bool,
    /// An adjustment of the targets is under way.
    pub adjustment_requested: bool,
    /// What the report is for.
    pub occasion: Occasion,
}

/// All findings on a report, `ERROR`s first; their paths lead into the report.
#[must_use]
pub fn report(report: &Report<'_>, scheme: &Scheme) -> Vec<Finding> {
    let mut findings = Findings::default();
    let year_end = report.occasion == Occasion::YearEnd;
    funds(report, scheme, if year_end { "E1" } else { "M1" }, &mut findings);
    known(report, scheme, &mut findings);
    for (index, row) in report.rows.iter().enumerate().filter(|(_, row)| applies(row)) {
        let row = Row { index, row };
        if given(row, &mut findings) {
            in_force(row, if year_end { "E7" } else { "M8" }, &mut findings);
            fallen(row, &mut findings);
        }
        aggregation::check(row, &mut findings);
    }
    if year_end {
        evaluation::check(report, scheme, &mut findings);
    } else {
        monitoring::check(report, &mut findings);
    }
    findings.sorted()
}

/// A row with its place.
#[derive(Clone, Copy)]
pub(super) struct Row<'a, 'b> {
    pub(super) index: usize,
    pub(super) row: &'b ReportRow<'a>,
}

impl Row<'_, '_> {
    /// Adds a finding on a field of the row.
    pub(super) fn add<'f>(
        self,
        findings: &'f mut Findings,
        rule: &str,
        severity: Severity,
        field: &str,
        zh: &str,
        en: &str,
    ) -> &'f mut Finding {
        let (zh, en) = (format!("指标“{}”: {zh}", self.row.input.name), format!("\"{}\": {en}", self.row.input.name));
        findings.add(rule, severity, &["rows", &self.index.to_string(), "current", field], zh, en)
    }
}

/// Accepted as not applicable: nothing is asked of it.
pub(super) fn applies(row: &ReportRow<'_>) -> bool {
    row.achievement.status != Status::NotApplicable
}

/// Something is reported that can be judged.
pub(super) fn judged(row: &ReportRow<'_>) -> bool {
    !matches!(row.achievement.status, Status::NotReported | Status::Undetermined | Status::NotApplicable)
}

/// M1, E1: in every column the total is the sum of its parts, where parts are given.
fn funds(report: &Report<'_>, scheme: &Scheme, rule: &str, findings: &mut Findings) {
    for (column, (field, total)) in report.total.columns().into_iter().enumerate() {
        let given: Vec<i64> =
            report.parts.values().filter_map(|part| part.columns()[column].1).map(|amount| amount.0).collect();
        if given.is_empty() {
            continue;
        }
        let sum: i128 = given.iter().map(|amount| i128::from(*amount)).sum();
        let tolerance = i128::from(scheme.checks.tolerance_fen_per_addend) * i128::try_from(given.len()).unwrap_or(0);
        let off = total.map(|total| i128::from(total.0) - sum);
        if off.is_some_and(|off| off.abs() <= tolerance) {
            continue;
        }
        let wan = |amount: i128| crate::form::wan_yuan_grouped(amount);
        let (zh, en) = match (total, off) {
            (Some(total), Some(off)) => (
                format!("资金总额 {} 万元，与各部分之和 {} 万元相差 {} 万元", wan(total.0.into()), wan(sum), wan(off)),
                format!(
                    "the total is {} 万元, its parts add up to {} 万元, difference {} 万元",
                    wan(total.0.into()),
                    wan(sum),
                    wan(off)
                ),
            ),
            _ => (
                format!("资金总额未填，各部分之和为 {} 万元", wan(sum)),
                format!("the total is blank, its parts add up to {} 万元", wan(sum)),
            ),
        };
        let found = findings.add(rule, Severity::Error, &["execution", field], zh, en);
        found.compare_known("total", total.map(Money::wan_yuan));
        found.compare("sum", rust_decimal::Decimal::try_from_i128_with_scale(sum, 6).unwrap_or_default().normalize());
    }
}

/// Budget and executed amount are known (rules 4.7).
fn known(report: &Report<'_>, scheme: &Scheme, findings: &mut Findings) {
    let (budget, field) = match scheme.execution.denominator {
        Denominator::Adjusted => (report.total.annual_budget, "annualBudget"),
        Denominator::Opening => (report.total.initial_budget, "initialBudget"),
    };
    for (amount, field, zh, en) in [
        (report.total.executed, "executed", "预算执行数尚未填报", "the executed amount is not reported"),
        (budget, field, "预算数未知", "the budget is not known"),
    ] {
        if amount.is_none() {
            findings.add("EXECUTION_UNKNOWN", Severity::Error, &["execution", field], zh.into(), en.into());
        }
    }
    for (field, amount) in report.total.columns() {
        if amount.is_some_and(|amount| amount.0 < 0) {
            let rule = if report.occasion == Occasion::YearEnd { "NEGATIVE_AMOUNT" } else { "M2" };
            let (zh, en) = ("金额不能为负", "an amount must not be negative");
            findings.add(rule, Severity::Error, &["execution", field], zh.into(), en.into());
        }
    }
}

/// Whether the row holds something that can be judged; if not, what is owed is said.
fn given(row: Row<'_, '_>, findings: &mut Findings) -> bool {
    match row.row.achievement.status {
        Status::NotReported => {
            row.add(findings, "NOT_REPORTED", Severity::Error, "text", "尚未填报", "not reported");
            false
        }
        Status::Undetermined if row.row.input.not_applicable == Some(NotApplicable::Claimed) => {
            let (zh, en) = ("申请不适用，待财政认可", "claimed not applicable, not yet accepted by finance");
            row.add(findings, "NOT_APPLICABLE_CLAIMED", Severity::Notice, "notApplicableReason", zh, en);
            false
        }
        Status::Undetermined => {
            let rule = row.row.achievement.rule;
            let notes = row.row.input.actual.map(|actual| actual.notes.as_slice()).unwrap_or_default();
            let said = |pick: fn(&crate::message::Message) -> &str| {
                notes.iter().map(|note| pick(&note.message)).collect::<Vec<_>>().join("; ")
            };
            let zh = format!("无法判定（{}）{}", rule.zh(), said(|message| &message.zh));
            let en = format!("undetermined ({}) {}", rule.en(), said(|message| &message.en));
            row.add(findings, "UNDETERMINED", Severity::Error, "text", zh.trim_end(), en.trim_end());
            false
        }
        _ => {
            confirmed(row, findings);
            if row.row.review_outdated {
                let zh = "财政评分后填报内容已更正，原评分不再计入";
                let en = "corrected after finance scored it; that score no longer counts";
                row.add(findings, "REVIEW_OUTDATED", Severity::Notice, "text", zh, en);
            }
            true
        }
    }
}

/// A reading that was not certain and that a person confirmed stays visible.
fn confirmed(row: Row<'_, '_>, findings: &mut Findings) {
    let Some(actual) = row.row.input.actual.filter(|_| row.row.confirmed) else { return };
    for note in &actual.notes {
        let (zh, en) = (&note.message.zh, &note.message.en);
        let (zh, en) = (format!("填报人已确认：{zh}"), format!("confirmed by the filer: {en}"));
        row.add(findings, &note.code, Severity::Warning, "text", &zh, &en);
    }
}

/// M8, E7: the value was given against the target in force.
fn in_force(row: Row<'_, '_>, rule: &str, findings: &mut Findings) {
    let (Some(then), Some(now)) = (row.row.given_against, row.row.input.target) else { return };
    if then != now.text {
        let zh = format!("年度指标值已由“{then}”调整为“{}”，须重新填报", now.text);
        let en = format!("the annual target was \"{then}\" and is now \"{}\"; the value must be given again", now.text);
        let found = row.add(findings, rule, Severity::Error, "text", &zh, &en);
        found.compare("givenAgainst", then).compare("target", &now.text);
    }
}

/// Its values add up over the year.
pub(super) fn cumulative<'a>(row: &ReportRow<'a>) -> bool {
    assess::accumulation(&row.input) == Accumulation::Cumulative
}

/// A cumulative value does not fall without a reason.
fn fallen(row: Row<'_, '_>, findings: &mut Findings) {
    let number = |actual: Option<&Actual>| actual.and_then(|actual| actual.base_value);
    let (Some(then), Some(now)) = (number(row.row.earlier), number(row.row.input.actual)) else { return };
    if now < then && row.row.causes == 0 && cumulative(row.row) {
        let text = |actual: Option<&Actual>| actual.map(|actual| actual.text.clone()).unwrap_or_default();
        let (was, is) = (text(row.row.earlier), text(row.row.input.actual));
        let zh = format!("累计值由上一期的“{was}”降为“{is}”，需要说明原因");
        let en = format!("a cumulative value fell from \"{was}\" to \"{is}\": a reason is needed");
        let found = row.add(findings, "VALUE_FELL", Severity::Error, "deviations", &zh, &en);
        found.compare("earlier", then.normalize()).compare("actual", now.normalize());
    }
}
