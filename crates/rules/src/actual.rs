//! Actual values (实际完成值) as people report them, read against their target.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kind::Level;
use crate::message::Note;
use crate::target::PartialDate;

/// An actual value and its reading against one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actual {
    /// Verbatim, as reported.
    pub text: String,
    /// The number as printed, when it carries one that answers the target.
    pub value: Option<Decimal>,
    /// Unit as printed; the target's when the cell has none.
    pub unit: Option<String>,
    /// The number in the target's base unit.
    pub base_value: Option<Decimal>,
    /// The day it was done, for a date target.
    pub date: Option<PartialDate>,
    /// The qualitative level, where the words are plain (完成, 基本达到, 未完成 …).
    pub level: Option<Level>,
    /// The words say that the target was exceeded (超额完成).
    pub exceeded: bool,
    /// Answers of a `COMPOUND` target, one for each of its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Option<Actual>>,
    /// The cell can be compared with its target. False: the status is UNDETERMINED.
    pub comparable: bool,
    /// True when the reading needs no person.
    pub certain: bool,
    /// Why it is not certain, and the other readings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}
