//! A10, A11 and A30: this year's declaration against those of the department's years before it.

use rust_decimal::Decimal;

use super::Findings;
use crate::kind::{Direction, Level2, ResultGrade, Severity, Vocabulary};
use crate::message::Finding;
use crate::scheme::Scheme;
use crate::target::Target;
use crate::value::Money;

/// One year of a department.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year<'a> {
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Its indicators, in order.
    pub rows: Vec<YearRow<'a>>,
    /// Grade of its self-evaluation, finance's where there is one; `None` before it.
    pub grade: Option<ResultGrade>,
    /// All expenditure.
    pub budget: Option<Money>,
}

/// An indicator of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct YearRow<'a> {
    /// Name.
    pub name: &'a str,
    /// 二级指标.
    pub level2: Option<Level2>,
    /// Annual target; `None` when blank or dropped.
    pub target: Option<&'a Target>,
    /// The value of the submitted self-evaluation.
    pub actual: Option<Decimal>,
    /// It exceeded its target by far (rules 4.3).
    pub over_achieved: bool,
}

/// What stands out against the years `before`, which are in force, newest first. Indicators are matched by name and level 2.
#[must_use]
pub fn compare(own: &Year<'_>, before: &[Year<'_>], scheme: &Scheme) -> Vec<Finding> {
    let mut findings = Findings::default();
    let last = before.iter().find(|year| year.fiscal_year == own.fiscal_year - 1);
    for (position, row) in own.rows.iter().enumerate() {
        if let Some((last, was)) = last.and_then(|last| Some((last, matching(last, row)?))) {
            too_low(position, row, (last.fiscal_year, was), scheme, &mut findings);
            twice(position, row, (last.fiscal_year, was), scheme, &mut findings);
        }
        unchanged(position, own.fiscal_year, row, before, scheme, &mut findings);
    }
    if let Some(last) = last {
        unused(own, last, &mut findings);
    }
    findings.0
}

fn matching<'a>(year: &'a Year<'a>, row: &YearRow<'_>) -> Option<&'a YearRow<'a>> {
    year.rows.iter().find(|other| other.name.trim() == row.name.trim() && other.level2 == row.level2)
}

/// A10: the target asks for less than was achieved last year, by more than a share of it.
fn too_low(
    position: usize,
    row: &YearRow<'_>,
    (year, was): (i32, &YearRow<'_>),
    scheme: &Scheme,
    findings: &mut Findings,
) {
    let (Some(target), Some(then)) = (row.target, was.target) else { return };
    let (Some(asked), Some(actual)) = (target.base_value, was.actual) else { return };
    if target.base_unit != then.base_unit || actual <= Decimal::ZERO {
        return;
    }
    let share = scheme.audit.target_below_prior;
    let short = match target.direction {
        Direction::HigherIsBetter | Direction::Exact => actual - asked,
        Direction::LowerIsBetter => asked - actual,
        Direction::Unknown => return,
    };
    if actual.checked_mul(share.decimal()).is_some_and(|allowed| short > allowed) {
        let (name, actual) = (row.name, actual.normalize());
        let zh =
            format!("“{name}”的年度指标值“{}”低于{year}年实际完成值 {actual} 超过 {}%", target.text, share.percent());
        let en = format!(
            "the target \"{}\" of {name} asks for less than the {actual} of {year} by more than {} %",
            target.text,
            share.percent()
        );
        let path = ["indicators", &position.to_string(), "annualTarget"];
        let found = findings.add("A10", Severity::Warning, &path, zh, en);
        found.compare("target", asked.normalize()).compare("priorActual", actual).compare("priorYear", year);
        found.compare("threshold", share);
    }
}

/// A10: exceeded by far, two years in a row.
fn twice(
    position: usize,
    row: &YearRow<'_>,
    (year, was): (i32, &YearRow<'_>),
    scheme: &Scheme,
    findings: &mut Findings,
) {
    if row.over_achieved && was.over_achieved {
        let (name, high) = (row.name, scheme.explanation.high);
        let least = high.percent();
        let zh = format!("“{name}”连续两年完成率不低于 {least}%（{year}年及本年），指标值偏低");
        let en = format!("{name} reached {least} % of its target or more two years in a row, {year} and this one");
        let path = ["reports", "YEAR_END", "rows", &position.to_string()];
        let found = findings.add("A10", Severity::Warning, &path, zh, en);
        found.compare("priorYear", year).compare("threshold", high);
        found.compare_known("priorActual", was.actual.map(|actual| actual.normalize()));
        found.compare_known("actual", row.actual.map(|actual| actual.normalize()));
    }
}

fn same(one: &Target, other: &Target) -> bool {
    let numbers =
        |target: &Target| (target.comparator, target.base_value, target.base_value_high, target.base_unit.clone());
    one.text.trim() == other.text.trim() || one.base_value.is_some() && numbers(one) == numbers(other)
}

/// More was achieved than asked.
fn exceeded(row: &YearRow<'_>) -> bool {
    let (Some(target), Some(actual)) = (row.target, row.actual) else { return false };
    target.base_value.is_some_and(|asked| match target.direction {
        Direction::HigherIsBetter | Direction::Exact => actual > asked,
        Direction::LowerIsBetter => actual < asked,
        Direction::Unknown => false,
    })
}

/// A11: the same target for years, exceeded in every one of those before.
fn unchanged(
    position: usize,
    year: i32,
    row: &YearRow<'_>,
    before: &[Year<'_>],
    scheme: &Scheme,
    findings: &mut Findings,
) {
    let Some(target) = row.target else { return };
    let years = scheme.audit.unchanged_years;
    let earlier = 1..i32::try_from(years).unwrap_or(i32::MAX);
    let held = earlier.map(|ago| {
        let then = before.iter().find(|then| then.fiscal_year == year - ago)?;
        let row = matching(then, row)?;
        let actual = row.actual.filter(|_| exceeded(row))?;
        row.target.filter(|then| same(then, target)).map(|_| (then.fiscal_year, actual))
    });
    let Some(held) = held.collect::<Option<Vec<_>>>() else { return };
    // Where this year is reported as well, it must have been exceeded too.
    if row.actual.is_some() && !exceeded(row) {
        return;
    }
    let (name, text) = (row.name, &target.text);
    let zh = format!("“{name}”的指标值“{text}”已连续 {years} 年不变，而历年均超额完成");
    let en = format!("the target \"{text}\" of {name} is the same for {years} years, and was exceeded each time");
    let path = ["indicators", &position.to_string(), "annualTarget"];
    let found = findings.add("A11", Severity::Warning, &path, zh, en);
    found.compare("target", text).compare("years", years);
    for (year, actual) in held {
        found.compare(&format!("actual{year}"), actual.normalize());
    }
}

/// A30: graded 中 or 差 last year, and the amount is not lower.
fn unused(own: &Year<'_>, last: &Year<'_>, findings: &mut Findings) {
    let Some(grade) = last.grade.filter(|grade| matches!(grade, ResultGrade::Fair | ResultGrade::Poor)) else { return };
    let (Some(now), Some(then)) = (own.budget, last.budget) else { return };
    if now >= then {
        let severity = if grade == ResultGrade::Poor { Severity::Error } else { Severity::Warning };
        let (year, now, then) = (last.fiscal_year, now.wan_yuan(), then.wan_yuan());
        let zh = format!("{year}年评价等级为“{}”，本年支出预算 {now} 万元，不低于上年的 {then} 万元", grade.zh());
        let en =
            format!("{year} was graded {grade}, and the expenditure of {now} 万元 is not below the {then} 万元 then");
        let found = findings.add("A30", severity, &["budget", "totalExpenditure"], zh, en);
        found.compare("priorGrade", grade).compare("budget", now).compare("priorBudget", then);
        found.compare("priorYear", year);
    }
}
