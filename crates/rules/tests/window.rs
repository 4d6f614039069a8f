//! On time, late and locked: three facts.

use chrono::NaiveDate;
use jixiao_rules::cycle::{Period, ReportStatus};
use jixiao_rules::window::{Filing, Lock, Window, refusal};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn window() -> Window {
    Window {
        months: 7,
        opens_on: day("2024-08-01"),
        due_on: day("2024-08-31"),
        closes_on: day("2024-09-10"),
        grace_days: 5,
    }
}

#[test]
fn each_edge() {
    let window = window();
    for (text, late, lock) in [
        ("2024-07-31", 0, Some(Lock::NotYetOpen)),
        ("2024-08-01", 0, None),
        ("2024-08-31", 0, None),
        ("2024-09-01", 1, None),
        ("2024-09-10", 10, None),
        ("2024-09-15", 15, None),
        ("2024-09-16", 16, Some(Lock::Closed)),
    ] {
        assert_eq!((window.late_days(day(text)), window.lock(day(text))), (late, lock), "{text}");
    }
}

#[test]
fn lateness_is_that_of_the_first_submission() {
    let window = window();
    let filing = |status, late_days| Filing { status, submitted: true, late_days };
    let after = day("2024-09-20");
    assert!(Filing::NOT_STARTED.late(Some(&window), after));
    assert!(!filing(ReportStatus::Accepted, Some(0)).late(Some(&window), after), "was on time");
    assert!(filing(ReportStatus::Accepted, Some(3)).late(Some(&window), day("2024-08-01")), "stays late");
    assert!(!Filing::NOT_STARTED.late(None, after) && Filing::NOT_STARTED.lock(None, after).is_none());
    // What was returned may be mended after the close; what never came may not.
    assert_eq!(filing(ReportStatus::Returned, Some(0)).lock(Some(&window), after), None);
    assert_eq!(filing(ReportStatus::Draft, Some(0)).lock(Some(&window), after), None);
    assert_eq!(
        Filing { status: ReportStatus::Draft, ..Filing::NOT_STARTED }.lock(Some(&window), after),
        Some(Lock::Closed)
    );
    assert_eq!(filing(ReportStatus::Accepted, Some(0)).lock(Some(&window), after), Some(Lock::Closed));
}

#[test]
fn a_refusal_names_the_days() {
    let early = refusal(&window(), Lock::NotYetOpen, day("2024-07-31"));
    assert!(early.zh.contains("2024-08-01") && early.en.contains("2024-07-31"));
    let late = refusal(&window(), Lock::Closed, day("2024-09-16"));
    assert!(late.zh.contains("2024-09-10") && late.en.contains("2024-09-15"));
}

#[test]
fn faults_name_their_fields() {
    let fields = |window: Window, period| window.faults(period).iter().map(|(field, _)| *field).collect::<Vec<_>>();
    assert_eq!(fields(window(), Period::MidYear), Vec::<&str>::new());
    assert_eq!(fields(window(), Period::YearEnd), ["months"]);
    assert_eq!(fields(Window { months: 13, ..window() }, Period::MidYear), ["months"]);
    assert_eq!(fields(Window { due_on: day("2024-07-01"), ..window() }, Period::MidYear), ["dueOn"]);
    assert_eq!(fields(Window { closes_on: day("2024-08-30"), ..window() }, Period::MidYear), ["closesOn"]);
    assert_eq!(fields(Window { grace_days: 367, ..window() }, Period::MidYear), ["graceDays"]);
    assert_eq!(fields(Window { opens_on: day("1999-01-01"), ..window() }, Period::MidYear), ["opensOn"]);
}

proptest! {
    /// Nobody is locked out before the due day, and who is locked out after the close is late.
    #[test]
    fn locked_out_after_the_close_is_late(
        opens in 0_u32..400, due in 0_u32..400, closes in 0_u32..400, grace in 0_u32..366, at in 0_u32..2_000,
    ) {
        let after = |days: u32| jixiao_rules::calendar::days_after(day("2024-01-01"), days);
        let window = Window {
            months: 7,
            opens_on: after(opens),
            due_on: after(opens + due),
            closes_on: after(opens + due + closes),
            grace_days: grace,
        };
        prop_assert_eq!(window.faults(Period::MidYear).len(), 0);
        let today = after(at);
        match window.lock(today) {
            Some(Lock::Closed) => prop_assert!(window.late_days(today) > 0),
            Some(Lock::NotYetOpen) => prop_assert_eq!(window.late_days(today), 0),
            None => prop_assert!(today >= window.opens_on && today <= window.last_day()),
        }
    }
}
