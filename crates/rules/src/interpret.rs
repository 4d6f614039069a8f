//! `jixiao interpret`: a table of targets in, one JSON object a row out. Streams; no row depends on another.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::kind::{Direction, TargetKind, Vocabulary as _};
use crate::message::Note;
use crate::table;
use crate::target::{PartialDate, Target, read_target};
use crate::value::plain;

/// One answer, in the words of the real data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    row: u64,
    kind: &'static str,
    comparator: &'static str,
    value: Option<String>,
    value_high: Option<String>,
    unit: Option<String>,
    base_value: Option<String>,
    base_unit: Option<String>,
    direction: Option<&'static str>,
    deadline: Option<String>,
    certain: bool,
    notes: Vec<Note>,
}

/// Reads rows with a `target` column (and `level1`, `level2`, `level3`, `year` where there are any) and writes one object
/// for each. The exit code is 0, 1 when a line was broken, 2 without a `target` column.
///
/// # Errors
/// When input or output fails.
pub fn run(input: impl BufRead, output: impl Write, errors: impl Write) -> io::Result<u8> {
    table::run(input, output, errors, |row, cells| {
        let read = read_target(cells.target()?, &cells.context()?);
        Ok(object(row, &read))
    })
}

/// The target in the words of the real data.
fn object(row: u64, target: &Target) -> Answer {
    let direction = match target.direction {
        _ if target.kind != TargetKind::Quantity => None,
        Direction::HigherIsBetter => Some("HIGHER"),
        Direction::LowerIsBetter => Some("LOWER"),
        Direction::Exact => Some("EXACT"),
        Direction::Unknown => Some("UNKNOWN"),
    };
    Answer {
        row,
        kind: target.kind.as_str(),
        comparator: target.comparator.map_or("NONE", |comparator| comparator.as_str()),
        value: target.value.map(|value| value.to_string()),
        value_high: target.value_high.map(|value| value.to_string()),
        unit: target.unit.clone(),
        base_value: target.base_value.map(plain),
        base_unit: target.base_unit.clone(),
        direction,
        deadline: target.deadline.map(day),
        certain: target.certain,
        notes: target.notes.clone(),
    }
}

/// A day as text, `XXXX` for a year that is not known.
fn day(date: PartialDate) -> String {
    match date.year {
        Some(year) => format!("{year:04}-{:02}-{:02}", date.month, date.day),
        None => format!("XXXX-{:02}-{:02}", date.month, date.day),
    }
}
