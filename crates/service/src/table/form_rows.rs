//! A workbook, document or web page with an official form as the rows that the form reader takes: every cell where it stands. A merged cell
//! has its text in its first cell, as in a text; the reader fills down from there.

use jixiao_rules::form::{Notice, Row};
use jixiao_rules::kind::Severity;
use jixiao_rules::message::Message;

use super::{Cell, Sheet, Table, address, document, html, read};
use crate::error::Result;
use crate::file::Staged;

/// What stands at the head of a form's indicators.
const SIGNS: [&str; 3] = ["绩效指标", "一级指标", "三级指标"];

/// The rows of the tables of a document.
///
/// # Errors
/// `LIMIT_EXCEEDED` for too many rows, columns or letters, `FILE_REFUSED` when it cannot be read.
pub(crate) async fn document_rows(file: &Staged) -> Result<Vec<Row>> {
    let bytes = file.bytes().await?;
    let read = tokio::task::spawn_blocking(move || document::read(bytes)).await;
    Ok(read.map_err(anyhow::Error::from)??)
}

/// The rows of the tables of a web page; `None` when the text is none.
///
/// # Errors
/// `LIMIT_EXCEEDED` for too many rows, columns or letters, `FILE_REFUSED` for a cell over too many.
pub(crate) async fn page_rows(text: &str) -> Result<Option<Vec<Row>>> {
    if !html::is_page(text) {
        return Ok(None);
    }
    let text = text.to_owned();
    let read = tokio::task::spawn_blocking(move || html::read(&text)).await;
    Ok(Some(read.map_err(anyhow::Error::from)??))
}

/// The rows of the sheet that holds the form, and what is to be said about the file.
///
/// # Errors
/// As [`read`]; `FILE_REFUSED` when a cell of the form has no text to read.
pub(crate) async fn form_rows(file: &Staged, limit: u64) -> Result<(Vec<Row>, Vec<Notice>)> {
    let Table { sheets, notices } = read(file, limit).await?;
    let noticed = notices.into_iter().map(|notice| warning(notice.code, None, notice.message));
    let mut noticed: Vec<Notice> = noticed.collect();
    let found = sheets.iter().find(|sheet| holds_form(sheet)).or(sheets.first());
    let rows = found.map(|sheet| rows(sheet, &mut noticed)).transpose()?;
    Ok((rows.unwrap_or_default(), noticed))
}

fn warning(code: &str, place: Option<(u32, u32)>, message: Message) -> Notice {
    let (row, column) = place.unzip();
    Notice { severity: Severity::Warning, code: code.to_owned(), row, column, message }
}

fn holds_form(sheet: &Sheet) -> bool {
    let mut texts = sheet.rows.iter().flat_map(|row| row.cells.values()).filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.split_whitespace().collect::<String>()),
        Cell::Absent(_) | Cell::Fault(_) => None,
    });
    texts.any(|text| SIGNS.contains(&text.as_str()))
}

/// A cell without a value, such as a formula that was never computed, is blank and noticed (rules 3.1).
fn rows(sheet: &Sheet, noticed: &mut Vec<Notice>) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let mut cells = Vec::new();
        for (column, cell) in &row.cells {
            let place = address(sheet.name.as_deref(), *column, row.number);
            let text = match cell {
                Cell::Absent(why) => {
                    let message = Message::new(format!("{place}：{}", why.zh), format!("{place}: {}", why.en));
                    noticed.push(warning("VALUE_MISSING", Some((row.number, *column)), message));
                    continue;
                }
                cell => cell.text(&place)?,
            };
            // Columns are few: the table was read within bounds.
            cells.resize(usize::try_from(*column).unwrap_or(usize::MAX).saturating_sub(1), String::new());
            cells.push(text.to_owned());
        }
        rows.push(Row { line: row.number, cells });
    }
    Ok(rows)
}

#[cfg(test)]
pub(crate) fn workbook_as_rows(bytes: Vec<u8>) -> Vec<Row> {
    rows(&super::workbook::read(bytes).expect("a workbook").sheets[0], &mut Vec::new()).expect("texts")
}

/// The rows of a page with a form.
#[cfg(test)]
pub(crate) fn page_as_rows(text: &str) -> Vec<Row> {
    html::read(text).expect("a page")
}
