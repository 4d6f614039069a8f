//! Tables that people fill in: CSV or .xlsx, told by the content, read within bounds. Every cell knows where it stands, so
//! that whatever is wrong with it can be said with its address.

mod csv;
mod document;
mod find;
mod form_rows;
mod format;
mod html;
mod record;
mod workbook;

pub(crate) use find::Spot;
pub(crate) use form_rows::{document_rows, form_rows, page_rows};
#[cfg(test)]
pub(crate) use form_rows::{page_as_rows, workbook_as_rows};
pub(crate) use record::{Column, Layout, Record, Records, fold, records};

use std::collections::BTreeMap;

use jixiao_rules::form;
use jixiao_rules::message::Message;

use crate::error::{Result, UserErrorCode, Violation};
use crate::file::{Content, FileType, Staged};

/// Rows with anything in them, heading included; each command has its own, smaller limit.
const MAX_ROWS: usize = 2_000;
/// The last column that may hold anything.
const MAX_COLUMN: u32 = 200;
/// Columns that a cell may span.
const MAX_SPAN: u32 = 200;
/// Characters in one cell: as many as a form may have, and more than any field of a command takes.
const MAX_CELL: usize = form::MAX_CELL_CHARS;
/// Bytes of text in all cells together: a workbook can name one long text a million times.
const MAX_TEXT: usize = 16 << 20;

/// Something noticed while reading a table that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableNotice {
    /// Stable code.
    pub code: &'static str,
    /// Address of the cell, or of the first of several; `None` when it concerns the file.
    pub address: Option<String>,
    /// For people.
    pub message: Message,
}

/// A cell: its text, why it has no value, or why its text cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Text(String),
    Absent(Message),
    Fault(Message),
}

impl Cell {
    /// Its text.
    ///
    /// # Errors
    /// `FILE_REFUSED`, with its address, when there is none.
    fn text(&self, place: &str) -> Result<&str, Violation> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Absent(why) | Self::Fault(why) => {
                Err(refuse(format!("{place}：{}", why.zh), format!("{place}: {}", why.en)))
            }
        }
    }
}

/// A row with anything in it: its number as a spreadsheet program counts, and its cells by column, both from 1.
#[derive(Debug, Default)]
struct Row {
    number: u32,
    cells: BTreeMap<u32, Cell>,
}

/// One sheet of a workbook, or the whole of a CSV file, which has no name.
#[derive(Debug, Default)]
struct Sheet {
    name: Option<String>,
    rows: Vec<Row>,
}

/// A file as it was read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    sheets: Vec<Sheet>,
    notices: Vec<TableNotice>,
}

/// What is left of the limits while a file is read.
#[derive(Debug, Default)]
struct Bounds {
    rows: usize,
    text: usize,
}

impl Bounds {
    fn new() -> Self {
        Self { rows: MAX_ROWS, text: MAX_TEXT }
    }

    /// Counts a row.
    fn row(&mut self) -> Result<(), Violation> {
        let left = self.rows.checked_sub(1);
        self.rows = left.ok_or_else(|| {
            let zh = format!("表格超过{MAX_ROWS}行, 请分成几个文件");
            let en = format!("the table has more than {MAX_ROWS} rows: split it");
            Violation::new(UserErrorCode::LimitExceeded, "file", zh, en)
        })?;
        Ok(())
    }

    /// A cell with this text, counted; too far to the right, or too much in all, is refused.
    fn cell(&mut self, address: &str, column: u32, text: &str) -> Result<Cell, Violation> {
        if column > MAX_COLUMN {
            let zh = format!("{address}：表格最多{MAX_COLUMN}列");
            let en = format!("{address}: a table has at most {MAX_COLUMN} columns");
            return Err(Violation::new(UserErrorCode::LimitExceeded, "file", zh, en));
        }
        if text.chars().nth(MAX_CELL).is_some() {
            let (zh, en) = (format!("不能超过{MAX_CELL}个字符"), format!("at most {MAX_CELL} characters"));
            return Ok(Cell::Fault(Message::new(zh, en)));
        }
        let left = self.text.checked_sub(text.len());
        self.text = left.ok_or_else(|| {
            let (zh, en) = ("表格的文字过多, 请分成几个文件", "the table holds too much text: split it");
            Violation::new(UserErrorCode::LimitExceeded, "file", zh, en)
        })?;
        Ok(Cell::Text(text.to_owned()))
    }
}

/// Why a container of the old office programs, in which newer ones keep what is encrypted, is not read.
pub(crate) const LOCKED: (&str, &str) = (
    "文件有密码保护, 或是旧版 .xls、.doc 文件; 请另存为不加密的 .xlsx、.docx",
    "the file is encrypted, or an old .xls or .doc file: save it as .xlsx or .docx without a password",
);

/// The rows of a form while they are laid out, cell by cell.
#[derive(Debug)]
struct Grid {
    rows: Vec<form::Row>,
    bounds: Bounds,
    /// Number of the row that is being laid out.
    line: u32,
    /// Its cells.
    cells: Vec<String>,
}

impl Grid {
    fn new() -> Self {
        Self { rows: Vec::new(), bounds: Bounds::new(), line: 0, cells: Vec::new() }
    }

    /// Adds a cell that takes this many columns: its text in the first of them.
    fn lay(&mut self, text: &str, columns: u32) -> Result<(), Violation> {
        let column = u32::try_from(self.cells.len()).unwrap_or(u32::MAX).saturating_add(1);
        let place = address(None, column, self.line);
        let cell = self.bounds.cell(&place, column.saturating_add(columns - 1), text)?;
        self.cells.push(cell.text(&place)?.to_owned());
        self.cells.extend((1..columns).map(|_| String::new()));
        Ok(())
    }

    /// Ends the row; one without any text is none.
    fn end_row(&mut self) -> Result<(), Violation> {
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.bounds.row()?;
            self.rows.push(form::Row { line: self.line, cells });
        }
        Ok(())
    }
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// `LIMIT_EXCEEDED`; `FILE_REFUSED` for anything but a CSV file or a workbook that is open to read.
pub(crate) async fn read(file: &Staged, limit: u64) -> Result<Table> {
    if file.size > limit {
        let (zh, en) = (format!("文件不能超过{limit}字节"), format!("a file has at most {limit} bytes"));
        return Err(Violation::new(UserErrorCode::LimitExceeded, "file", zh, en).into());
    }
    let content = file.content().await?;
    let bytes = file.bytes().await?;
    let read = tokio::task::spawn_blocking(move || of_bytes(content, bytes)).await;
    Ok(read.map_err(anyhow::Error::from)??)
}

fn of_bytes(content: Content, bytes: Vec<u8>) -> Result<Table, Violation> {
    match content {
        Content::Empty => Err(refuse("文件是空的", "the file is empty")),
        Content::Text => text(&bytes),
        Content::Known(FileType::Xlsx) => workbook::read(bytes),
        Content::Known(_) | Content::Other(_) if bytes.starts_with(b"\xd0\xcf\x11\xe0") => {
            Err(refuse(LOCKED.0, LOCKED.1))
        }
        Content::Known(_) | Content::Other(_) => {
            Err(refuse("按内容不是 CSV 或 .xlsx 文件", "by its content it is neither CSV nor .xlsx"))
        }
    }
}

fn text(bytes: &[u8]) -> Result<Table, Violation> {
    let decoded = form::decode(bytes).map_err(|notices| {
        let message = notices.into_iter().next().map(|notice| notice.message);
        let message = message.unwrap_or_else(|| Message::new("不是文本", "not a text"));
        refuse(message.zh, message.en)
    })?;
    let converted =
        decoded.notice.map(|notice| TableNotice { code: "ENCODING", address: None, message: notice.message });
    Ok(Table { sheets: vec![csv::read(&decoded.text)?], notices: converted.into_iter().collect() })
}

fn refuse(zh: impl Into<String>, en: impl Into<String>) -> Violation {
    Violation::new(UserErrorCode::FileRefused, "file", zh, en)
}

/// The address of a cell, such as `表1!B7`; without a sheet `B7`.
pub(crate) fn address(sheet: Option<&str>, column: u32, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.extend(char::from_digit(rest % 26 + 10, 36).map(|letter| letter.to_ascii_uppercase()));
        rest /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    sheet.map_or_else(|| format!("{letters}{row}"), |sheet| format!("{sheet}!{letters}{row}"))
}

/// The texts of a workbook with their addresses.
#[cfg(test)]
pub(crate) fn cells(bytes: Vec<u8>) -> Vec<(String, String)> {
    let table = workbook::read(bytes).expect("a workbook");
    let mut found = Vec::new();
    for sheet in &table.sheets {
        for row in &sheet.rows {
            for (column, cell) in &row.cells {
                let Cell::Text(text) = cell else { panic!("{cell:?}") };
                found.push((address(sheet.name.as_deref(), *column, row.number), text.clone()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
