//! Numbers of a workbook as people see them: exact text, by the format of the cell. Excel keeps 15 digits; what is stored
//! beyond them (`0.98499999999999999`) is the shadow of a binary fraction.

use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// What the format of a cell makes of its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// A number as it is.
    #[default]
    Plain,
    /// A hundredth is 1 %.
    Percent,
    /// A day, counted from the beginning of the calendar.
    Day,
    /// The month of such a day.
    Month,
    /// A part of a day.
    Time,
}

impl Format {
    /// The formats that every workbook has, by number; those of East Asia included.
    pub(super) fn built_in(number: u32) -> Self {
        match number {
            9 | 10 => Self::Percent,
            17 | 27 | 36 | 50 | 52 | 57 => Self::Month,
            14..=16 | 22 | 28..=31 | 51 | 53 | 54 | 58 => Self::Day,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self::Time,
            _ => Self::Plain,
        }
    }

    /// A format in letters, such as `yyyy"年"m"月"d"日"` or `0.0%`.
    pub(super) fn of_code(code: &str) -> Self {
        let letters = bare(code);
        let has = |letter: char| letters.contains(letter);
        match () {
            () if has('%') => Self::Percent,
            () if has('d') => Self::Day,
            () if has('y') => Self::Month,
            () if has('h') || has('s') => Self::Time,
            () if has('m') => Self::Day,
            () => Self::Plain,
        }
    }
}

/// The first section of a format in small letters, without what is printed as it stands.
fn bare(code: &str) -> String {
    let mut letters = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            other => letters.extend(other.to_lowercase()),
        }
    }
    // The word General is no pattern.
    if letters.starts_with("general") { String::new() } else { letters }
}

/// The text of a stored number; `None` when it is none, or no day where it should be one.
pub(super) fn text(stored: &str, format: Format, from_1904: bool) -> Option<String> {
    let number = Decimal::from_str(stored).or_else(|_| Decimal::from_scientific(stored)).ok()?;
    let number = number.round_sf_with_strategy(15, RoundingStrategy::MidpointAwayFromZero)?.normalize();
    match format {
        Format::Plain => Some(number.to_string()),
        Format::Percent => Some(format!("{}%", number.checked_mul(Decimal::ONE_HUNDRED)?.normalize())),
        Format::Day | Format::Month | Format::Time => moment(number, format, from_1904),
    }
}

fn moment(number: Decimal, format: Format, from_1904: bool) -> Option<String> {
    let mut days = number.trunc().to_u64()?;
    let part = number.fract().checked_mul(Decimal::from(86_400))?;
    let mut seconds = part.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_u64()?;
    if seconds == 86_400 {
        (days, seconds) = (days + 1, 0);
    }
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if format == Format::Time && days == 0 {
        return Some(clock);
    }
    // The calendar of 1900 has a 29 February that never was: day 60.
    let first = match days {
        _ if from_1904 => NaiveDate::from_ymd_opt(1904, 1, 1),
        0 | 60 => None,
        1..=59 => NaiveDate::from_ymd_opt(1899, 12, 31),
        _ => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    let day = first?.checked_add_days(Days::new(days)).filter(|day| day.year() < 10_000)?;
    let (year, month) = (day.year(), day.month());
    Some(match (format, seconds) {
        (Format::Month, _) => format!("{year}年{month}月"),
        (_, 0) => format!("{year}年{month}月{}日", day.day()),
        _ => format!("{year}年{month}月{}日 {clock}", day.day()),
    })
}
