//! A10, A11, A22 and A30: what looks at other years, and at the calendar.

use chrono::NaiveDate;
use jixiao_rules::check::audit::{Year, YearRow, compare, default_due, not_filed};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Level2, ResultGrade};
use jixiao_rules::message::Finding;
use jixiao_rules::scheme::{self, Scheme};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::Money;

fn scheme() -> Scheme {
    scheme::named(scheme::DEFAULT).expect("the default scheme")
}

fn target(text: &str) -> Target {
    read_target(text, &Context { name: Some("服务站数量"), ..Context::default() })
}

fn year<'a>(fiscal_year: i32, target: &'a Target, actual: Option<i64>) -> Year<'a> {
    let row = YearRow {
        name: "服务站数量",
        level2: Some(Level2::Quantity),
        target: Some(target),
        actual: actual.map(Into::into),
        over_achieved: false,
    };
    Year { fiscal_year, rows: vec![row], grade: None, budget: Some(Money(100)) }
}

fn brief(found: &[Finding]) -> Vec<String> {
    found.iter().map(|found| format!("{} {} {}", found.rule, found.severity, found.path.join("."))).collect()
}

const LOW: &str = "A10 WARNING indicators.0.annualTarget";

#[test]
fn a10_below_what_was_achieved_last_year() {
    let found = |own: &str, then: &str, actual: i64| {
        let (own, then) = (target(own), target(then));
        brief(&compare(&year(2024, &own, None), &[year(2023, &then, Some(actual))], &scheme()))
    };
    assert_eq!(found("≥90个", "≥80个", 100), Vec::<String>::new(), "ten of a hundred");
    assert_eq!(found("≥89个", "≥80个", 100), [LOW]);
    assert_eq!(found("89个", "80个", 100), [LOW], "a bare number counts as at least");
    assert_eq!(found("≤110个", "≤120个", 100), Vec::<String>::new());
    assert_eq!(found("≤111个", "≤120个", 100), [LOW]);
    assert_eq!(found("≥89%", "≥80个", 100), Vec::<String>::new(), "another unit");
}

#[test]
fn a10_exceeded_by_far_twice() {
    let asked = target("≥100个");
    let with = |now: bool, then: bool| {
        let (mut own, mut last) = (year(2024, &asked, Some(100)), year(2023, &asked, Some(105)));
        (own.rows[0].over_achieved, last.rows[0].over_achieved) = (now, then);
        brief(&compare(&own, &[last], &scheme()))
    };
    assert_eq!(with(true, true), ["A10 WARNING reports.YEAR_END.rows.0"]);
    assert_eq!(with(true, false), Vec::<String>::new());
    assert_eq!(with(false, true), Vec::<String>::new());
}

#[test]
fn a11_unchanged_for_years() {
    let asked = target("≥100个");
    let found = |own: Option<i64>, before: &[(i32, i64)]| {
        let before: Vec<Year<'_>> = before.iter().map(|(at, actual)| year(*at, &asked, Some(*actual))).collect();
        brief(&compare(&year(2024, &asked, own), &before, &scheme()))
    };
    let held = "A11 WARNING indicators.0.annualTarget";
    assert_eq!(found(None, &[(2023, 105), (2022, 101)]), [held]);
    assert_eq!(found(Some(101), &[(2023, 105), (2022, 101)]), [held]);
    assert_eq!(found(Some(100), &[(2023, 105), (2022, 101)]), Vec::<String>::new(), "only met this year");
    assert_eq!(found(None, &[(2023, 105), (2022, 100)]), Vec::<String>::new(), "only met then");
    assert_eq!(found(None, &[(2023, 105)]), Vec::<String>::new(), "two years");
    assert_eq!(found(None, &[(2023, 105), (2021, 105)]), Vec::<String>::new(), "a year between");
    let other = target("≥99个");
    let before = [year(2023, &other, Some(105)), year(2022, &asked, Some(105))];
    assert_eq!(compare(&year(2024, &asked, None), &before, &scheme()), [], "another target last year");
    let mut short = scheme();
    short.audit.unchanged_years = 2;
    assert_eq!(brief(&compare(&year(2024, &asked, None), &[year(2023, &asked, Some(105))], &short)), [held]);
}

#[test]
fn a30_a_grade_without_consequence() {
    let asked = target("≥100个");
    let found = |grade: ResultGrade, now: i64| {
        let (mut own, mut last) = (year(2024, &asked, None), year(2023, &asked, None));
        (own.budget, last.grade) = (Some(Money(now)), Some(grade));
        brief(&compare(&own, &[last], &scheme()))
    };
    assert_eq!(found(ResultGrade::Fair, 100), ["A30 WARNING budget.totalExpenditure"]);
    assert_eq!(found(ResultGrade::Poor, 100), ["A30 ERROR budget.totalExpenditure"]);
    assert_eq!(found(ResultGrade::Poor, 99), Vec::<String>::new());
    assert_eq!(found(ResultGrade::Good, 200), Vec::<String>::new());
}

#[test]
fn a22_holds_from_the_day_after_it_was_due() {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    assert_eq!(default_due(2024, Period::MidYear), Some(day("2024-08-31")));
    assert_eq!(default_due(2024, Period::YearEnd), Some(day("2025-03-31")));
    assert_eq!((default_due(2024, Period::FirstQuarter), default_due(2024, Period::ThirdQuarter)), (None, None));
    let found = not_filed(Period::MidYear, day("2024-08-20"), true);
    assert_eq!(
        (found.since, found.period(), found.indicator()),
        (Some(day("2024-08-21")), Some(Period::MidYear), None)
    );
}
