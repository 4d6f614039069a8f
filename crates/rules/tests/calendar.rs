//! Days in China, and the two ways of counting them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use jixiao_rules::calendar::{self, WorkingDay, day_of, days_after, is_working_day, working_days_after};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn every_shipped_year_reads_and_fits() {
    for (year, document) in calendar::shipped() {
        let read: calendar::Year = toml::from_str(document).expect("reads");
        assert_eq!(read.year, *year);
        assert_eq!(calendar::year(*year), Some(&read));
        for worked in &read.worked {
            assert!(worked.weekday().num_days_from_monday() >= 5, "{worked} is worked anyway");
            assert!(read.holidays.iter().all(|off| !(off.from..=off.to).contains(worked)), "{worked} is off");
        }
        assert!(read.holidays.iter().all(|off| off.from <= off.to && off.from.year() == *year));
    }
}

/// The number of working days that follows from each year's notice.
#[test]
fn working_days_of_the_known_years() {
    for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
        let all = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day").iter_days().take_while(|day| day.year() == year);
        assert_eq!(all.filter(|day| is_working_day(*day)).count(), days, "{year}");
    }
}

#[test]
fn a_day_begins_at_midnight_in_shanghai() {
    let at = |text: &str| day_of(text.parse::<DateTime<Utc>>().expect("a moment"));
    assert_eq!(at("2024-08-31T15:59:59.999999Z"), day("2024-08-31"));
    assert_eq!(at("2024-08-31T16:00:00Z"), day("2024-09-01"));
    assert_eq!(at("2024-02-28T16:00:00Z"), day("2024-02-29"));
}

#[test]
fn calendar_days_and_working_days_are_two_things() {
    // 批复 on Monday 2024-09-23, due after 20 days and after 20 working days (rules 2.1).
    assert_eq!(days_after(day("2024-09-23"), 20), day("2024-10-13"));
    // The National Day holiday is off, 29 September and 12 October are worked.
    let due = working_days_after(day("2024-09-23"), 20);
    assert_eq!(due, WorkingDay { day: day("2024-10-24"), years_without_data: vec![] });
    assert_eq!(working_days_after(day("2024-09-23"), 0).day, day("2024-09-23"));
    for (text, works) in [
        ("2024-02-09", true),  // Friday; New Year's Eve is no holiday in 2024
        ("2024-02-10", false), // Spring Festival
        ("2024-02-18", true),  // a Sunday worked
        ("2025-10-08", false), // Wednesday, the eighth day off
        ("2025-10-11", true),  // a Saturday worked
        ("2026-01-04", true),  // a Sunday worked
        ("2026-02-23", false), // Monday, the ninth day off
    ] {
        assert_eq!(is_working_day(day(text)), works, "{text}");
    }
}

#[test]
fn a_year_without_data_counts_weekends_and_says_so() {
    assert!(!is_working_day(day("2031-10-04")) && is_working_day(day("2031-10-01")));
    let found = working_days_after(day("2026-12-30"), 3);
    assert_eq!(found, WorkingDay { day: day("2027-01-04"), years_without_data: vec![2027] });
    assert_eq!(working_days_after(day("2028-12-29"), 1).years_without_data, [2028, 2029]);
}
