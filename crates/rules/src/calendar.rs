//! Days in China: the day of a moment, and the two ways in which the law counts them (rules 2.4). The budget law says 日,
//! calendar days; the disclosure regulation says 工作日, working days. The day of the event itself is not counted.
//!
//! Public holidays and the weekend days worked in their stead are data, one file a year (`crates/rules/calendars`), as
//! the State Council announces them late in the year before.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc, Weekday};
use serde::Deserialize;

/// One year of the calendar, as announced.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Number of the notice.
    pub notice: String,
    /// Weekend days worked.
    pub worked: Vec<NaiveDate>,
    /// Days off.
    pub holidays: Vec<Holiday>,
}

/// Days off in a row, first and last included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// 名称.
    pub name: String,
    /// First day off.
    pub from: NaiveDate,
    /// Last day off.
    pub to: NaiveDate,
}

/// A day found by counting working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDay {
    /// The day.
    pub day: NaiveDate,
    /// Years on the way whose holidays are not known here: there only Saturdays and Sundays counted as days off.
    pub years_without_data: Vec<i32>,
}

/// The calendar documents shipped with the binary, each with its year.
#[must_use]
pub fn shipped() -> &'static [(i32, &'static str)] {
    &[
        (2024, include_str!("../calendars/2024.toml")),
        (2025, include_str!("../calendars/2025.toml")),
        (2026, include_str!("../calendars/2026.toml")),
    ]
}

static YEARS: LazyLock<BTreeMap<i32, Year>> = LazyLock::new(|| {
    let read = |(year, document): &(i32, &str)| toml::from_str(document).ok().map(|read| (*year, read));
    shipped().iter().filter_map(read).collect()
});

/// The holidays of a year; `None` where they are not known here.
#[must_use]
pub fn year(year: i32) -> Option<&'static Year> {
    YEARS.get(&year)
}

/// The day of a moment in China: Asia/Shanghai, eight hours ahead of UTC without summer time since 1992.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(8 * 3_600).map_or(moment.date_naive(), |china| moment.with_timezone(&china).date_naive())
}

/// The `count`-th calendar day (日) after `day`; the last day there is when the calendar ends before it.
#[must_use]
pub fn days_after(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(count))).unwrap_or(NaiveDate::MAX)
}

/// Whether people work on `day`; where the year's holidays are not known, Monday to Friday.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    let weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    match year(day.year()) {
        None => weekday,
        Some(known) => {
            let off = known.holidays.iter().any(|holiday| (holiday.from..=holiday.to).contains(&day));
            known.worked.contains(&day) || weekday && !off
        }
    }
}

/// The `count`-th working day (工作日) after `day`.
#[must_use]
pub fn working_days_after(day: NaiveDate, count: u16) -> WorkingDay {
    let mut found = WorkingDay { day, years_without_data: Vec::new() };
    let mut left = count;
    while left > 0 {
        let Some(next) = found.day.succ_opt() else { break };
        found.day = next;
        if year(next.year()).is_none() && found.years_without_data.last() != Some(&next.year()) {
            found.years_without_data.push(next.year());
        }
        left -= u16::from(is_working_day(next));
    }
    found
}
