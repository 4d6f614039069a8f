//! Answering a table row by row: one JSON object a line, always, in constant memory.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::target::Context;
use crate::tsv::TsvReader;

/// Years that a `year` column can hold.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2200;
const COLUMNS: [&str; 7] = ["target", "level1", "level2", "level3", "year", "actual", "weight"];

/// The cells of one row, by the name of their column.
pub(crate) struct Cells<'a> {
    columns: [Option<usize>; COLUMNS.len()],
    cells: &'a [&'a str],
}

impl<'a> Cells<'a> {
    /// A cell that is not blank, trimmed.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let place = COLUMNS.iter().position(|column| *column == name)?;
        self.cells.get(self.columns[place]?).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// The target cell, blank or not.
    pub(crate) fn target(&self) -> Result<&'a str, String> {
        let cell = self.columns[0].and_then(|place| self.cells.get(place));
        cell.copied().ok_or_else(|| "缺少 target 单元格 (the line ends before the column `target`)".to_owned())
    }

    /// What stands around the target.
    pub(crate) fn context(&self) -> Result<Context<'a>, String> {
        let year = match self.get("year").map(|year| (year, year.parse::<i32>())) {
            Some((_, Ok(year))) if YEARS.contains(&year) => Some(year),
            Some((printed, _)) => return Err(format!("年度无法识别 (bad year): {}", short(printed))),
            None => None,
        };
        Ok(Context { level1: self.get("level1"), level2: self.get("level2"), name: self.get("level3"), year })
    }
}

/// The answer to a line that cannot be read.
#[derive(Serialize)]
struct Fault<'a> {
    row: u64,
    error: &'a str,
}

/// The first characters of a cell, for a message.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Answers each row. The exit code is 0, 1 when a line was broken, 2 without a `target` column.
pub(crate) fn run<A: Serialize>(
    input: impl BufRead,
    mut output: impl Write,
    mut errors: impl Write,
    answer: impl Fn(u64, &Cells<'_>) -> Result<A, String>,
) -> io::Result<u8> {
    let mut reader = TsvReader::new(input)?;
    let columns = COLUMNS.map(|name| reader.column(name));
    if columns[0].is_none() {
        writeln!(errors, "表头没有 target 列 (the header names no column `target`)")?;
        return Ok(2);
    }
    let mut code = 0;
    while let Some(row) = reader.next_row()? {
        let answered = match &row.cells {
            Ok(cells) => answer(row.number, &Cells { columns, cells }),
            Err(error) => Err(error.to_string()),
        };
        match answered {
            Ok(answer) => write_json(&mut output, &answer)?,
            Err(message) => {
                code = 1;
                write_json(&mut output, &Fault { row: row.number, error: &message })?;
                writeln!(errors, "line {}: {message}", row.number + 1)?;
            }
        }
    }
    output.flush()?;
    Ok(code)
}

fn write_json(output: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, value)?;
    output.write_all(b"\n")
}
