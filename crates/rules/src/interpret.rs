//! `jixiao interpret`: a table of targets in, one JSON object a row out. Streams; no row depends on another.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::kind::{Direction, TargetKind, Vocabulary as _};
use crate::message::Note;
use crate::target::{Context, PartialDate, Target, read_target};
use crate::tsv::{Row, TsvReader};
use crate::value::plain;

/// Fiscal years that can be meant.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2200;

/// Places of the columns that are read.
#[derive(Clone, Copy, Debug)]
struct Columns {
    target: usize,
    level1: Option<usize>,
    level2: Option<usize>,
    level3: Option<usize>,
    year: Option<usize>,
}

/// One answer, in the words of the real data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    row: u64,
    kind: &'a str,
    comparator: &'a str,
    value: Option<String>,
    value_high: Option<String>,
    unit: Option<&'a str>,
    base_value: Option<String>,
    base_unit: Option<&'a str>,
    direction: Option<&'a str>,
    deadline: Option<String>,
    certain: bool,
    notes: &'a [Note],
}

/// The answer to a line that cannot be read.
#[derive(Serialize)]
struct Fault<'a> {
    row: u64,
    error: &'a str,
}

/// Reads rows with a `target` column (and `level1`, `level2`, `level3`, `year` where there are any) and writes one object
/// for each. The exit code is 0, 1 when a line was broken, 2 without a `target` column.
///
/// # Errors
/// When input or output fails.
pub fn run(input: impl BufRead, mut output: impl Write, mut errors: impl Write) -> io::Result<u8> {
    let mut reader = TsvReader::new(input)?;
    let Some(target) = reader.column("target") else {
        writeln!(errors, "表头没有 target 列 (the header names no column `target`)")?;
        return Ok(2);
    };
    let columns = Columns {
        target,
        level1: reader.column("level1"),
        level2: reader.column("level2"),
        level3: reader.column("level3"),
        year: reader.column("year"),
    };
    let mut code = 0;
    while let Some(row) = reader.next_row()? {
        if let Err(message) = answer(&row, columns, &mut output)? {
            code = 1;
            write_json(&mut output, &Fault { row: row.number, error: &message })?;
            writeln!(errors, "line {}: {message}", row.number + 1)?;
        }
    }
    output.flush()?;
    Ok(code)
}

/// Answers one row, or says why it cannot be read.
fn answer(row: &Row<'_>, columns: Columns, output: &mut impl Write) -> io::Result<Result<(), String>> {
    let cells = match &row.cells {
        Ok(cells) => cells,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let Some(text) = cells.get(columns.target) else {
        return Ok(Err("缺少 target 单元格 (the line ends before the column `target`)".to_owned()));
    };
    let cell = |column: Option<usize>| {
        column.and_then(|at| cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    };
    let year = match cell(columns.year).map(|year| (year, year.parse::<i32>())) {
        Some((_, Ok(year))) if YEARS.contains(&year) => Some(year),
        Some((printed, _)) => return Ok(Err(format!("年度无法识别 (bad year): {}", short(printed)))),
        None => None,
    };
    let context =
        Context { level1: cell(columns.level1), level2: cell(columns.level2), name: cell(columns.level3), year };
    let target = read_target(text, &context);
    write_json(output, &object(row.number, &target))?;
    Ok(Ok(()))
}

/// The first characters of a cell, for a message.
fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// The target in the words of the real data.
fn object(row: u64, target: &Target) -> Answer<'_> {
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
        unit: target.unit.as_deref(),
        base_value: target.base_value.map(plain),
        base_unit: target.base_unit.as_deref(),
        direction,
        deadline: target.deadline.map(day),
        certain: target.certain,
        notes: &target.notes,
    }
}

/// A day as text, `XXXX` for a year that is not known.
fn day(date: PartialDate) -> String {
    match date.year {
        Some(year) => format!("{year:04}-{:02}-{:02}", date.month, date.day),
        None => format!("XXXX-{:02}-{:02}", date.month, date.day),
    }
}

fn write_json(output: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, value)?;
    output.write_all(b"\n")
}
