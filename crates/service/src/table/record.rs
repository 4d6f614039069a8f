//! From cells to records: the heading is found, its words are known by either language, and each row keeps its addresses.

use std::collections::BTreeMap;

use jixiao_rules::message::Message;

use super::{Cell, Row, Sheet, Table, TableNotice, address};
use crate::error::{UserErrorCode, Violation};

/// Rows that are searched for the heading: titles and units stand above it.
const HEADING_WITHIN: usize = 20;

/// A column that a table may have.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its name, as in the API.
    pub(crate) key: &'static str,
    /// What else may stand over it.
    pub(crate) words: &'static [&'static str],
}

/// A kind of table, told by its heading.
#[derive(Debug)]
pub(crate) struct Layout {
    /// What may stand in the heading.
    pub(crate) columns: &'static [Column],
    /// Of each group one column must be there. The first group tells the heading and names the rows; in an official form, whose
    /// first column is blank, the last does.
    pub(crate) needed: &'static [&'static [&'static str]],
    /// The column that is blank in every row, and in which the first text ends the table: an official form goes on below it.
    pub(crate) ends: Option<&'static str>,
}

/// A row under a heading.
#[derive(Debug)]
pub(crate) struct Record {
    sheet: Option<String>,
    row: u32,
    /// The column that stands for the whole row.
    anchor: u32,
    columns: BTreeMap<&'static str, u32>,
    cells: BTreeMap<&'static str, Cell>,
}

/// The rows of all sheets, in order.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) rows: Vec<Record>,
    pub(crate) notices: Vec<TableNotice>,
}

/// A word without white space and width, to compare by.
pub(crate) fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').map(narrow);
    kept.flat_map(char::to_lowercase).collect()
}

impl Record {
    /// Where the row is.
    pub(crate) fn address(&self) -> String {
        address(self.sheet.as_deref(), self.anchor, self.row)
    }

    /// The text of a cell; `None` when there is none.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.cells.get(key)? {
            Cell::Text(text) => Some(text),
            Cell::Absent(_) | Cell::Fault(_) => None,
        }
    }

    /// The text of a cell, to keep.
    pub(crate) fn owned(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    /// Whether all cells but those of the columns `keys` are empty.
    pub(crate) fn says_nothing_beyond(&self, keys: &[&str]) -> bool {
        self.cells.keys().all(|key| keys.contains(key))
    }

    /// Whether the table has a column.
    pub(crate) fn has_column(&self, key: &str) -> bool {
        self.columns.contains_key(key)
    }

    /// The cells that could not be read.
    pub(crate) fn faults(&self) -> Vec<Violation> {
        let fault = |(key, cell): (&&'static str, &Cell)| match cell {
            Cell::Text(_) => None,
            Cell::Absent(message) | Cell::Fault(message) => {
                Some(self.refuse(UserErrorCode::InvalidValue, key, &message.zh, &message.en))
            }
        };
        self.cells.iter().filter_map(fault).collect()
    }

    /// Something wrong with a cell: the path ends in its address, with which the message begins. A column that the table does
    /// not have is told at the row's first.
    pub(crate) fn refuse(&self, code: UserErrorCode, key: &str, zh: &str, en: &str) -> Violation {
        self.place(key, Violation::new(code, "", zh, en))
    }

    /// The same violation, at a cell of this row.
    pub(crate) fn place(&self, key: &str, violation: Violation) -> Violation {
        let column = self.columns.get(key).copied().unwrap_or(self.anchor);
        let place = address(self.sheet.as_deref(), column, self.row);
        let Message { zh, en } = violation.message;
        let message = Message::new(format!("{place}：{zh}"), format!("{place}: {en}"));
        Violation { code: violation.code, field: vec!["file".to_owned(), place], message }
    }
}

/// The records of a table, each sheet by the first of the layouts whose heading it has.
///
/// # Errors
/// `REQUIRED` for a heading or a column that is missing, `INVALID_VALUE` for one that is there twice, `LIMIT_EXCEEDED`.
pub(crate) fn records(table: Table, layouts: &[&Layout], limit: usize) -> Result<Records, Violation> {
    let mut records = Records { rows: Vec::new(), notices: table.notices };
    let mut headings = 0;
    for sheet in table.sheets {
        let found = layouts.iter().find_map(|layout| Some((*layout, heading(&sheet, layout)?)));
        let Some((layout, heading)) = found else {
            ignored_sheet(&sheet, &mut records.notices);
            continue;
        };
        headings += 1;
        under(sheet, heading, layout, &mut records)?;
    }
    if headings == 0 {
        let names =
            layouts.last().map(|layout| names(layout.columns, layout.needed.first().copied().unwrap_or_default()));
        let names = names.unwrap_or_default();
        let zh = format!("找不到表头: 缺少列“{}”", names.join("”或“"));
        let en = format!("no heading with a column {}", names.join(" or "));
        return Err(Violation::new(UserErrorCode::Required, "file", zh, en));
    }
    if records.rows.len() > limit {
        let (zh, en) = (format!("一次最多{limit}行"), format!("at most {limit} rows at once"));
        return Err(Violation::new(UserErrorCode::LimitExceeded, "file", zh, en));
    }
    Ok(records)
}

/// What may stand over one of these columns.
fn names<'a>(columns: &'a [Column], keys: &[&str]) -> Vec<&'a str> {
    let of = columns.iter().filter(|column| keys.contains(&column.key));
    of.flat_map(|column| column.words.iter().copied().take(1).chain([column.key])).collect()
}

/// The column that a heading's cell means.
fn meant(columns: &[Column], cell: &Cell) -> Option<&'static str> {
    let Cell::Text(text) = cell else { return None };
    let word = fold(text.trim_start_matches(['*', '＊']));
    let bare = bare(&word);
    let is = |known: &str| {
        let known = fold(known);
        known == word || known == bare
    };
    let found = columns.iter().find(|column| is(column.key) || column.words.iter().any(|word| is(word)));
    found.map(|column| column.key)
}

/// A word of a heading without what forms add to it: the months it covers (1-7月执行情况), the letter it is counted by (实际完成值(B)).
fn bare(word: &str) -> &str {
    let word = word.strip_suffix("(a)").or_else(|| word.strip_suffix("(b)")).unwrap_or(word);
    let months = word.strip_prefix("1-").and_then(|rest| rest.split_once('月'));
    months.filter(|(last, _)| last.parse::<u8>().is_ok()).map_or(word, |(_, rest)| rest)
}

/// Position of the heading: the first row that names a column of the first group and one more.
fn heading(sheet: &Sheet, layout: &Layout) -> Option<usize> {
    let keys = layout.needed.first()?;
    sheet.rows.iter().take(HEADING_WITHIN).position(|row| {
        let known: Vec<_> = row.cells.values().filter_map(|cell| meant(layout.columns, cell)).collect();
        known.len() > 1 && known.iter().any(|key| keys.contains(key))
    })
}

fn ignored_sheet(sheet: &Sheet, notices: &mut Vec<TableNotice>) {
    let Some(name) = sheet.name.as_ref().filter(|_| !sheet.rows.is_empty()) else { return };
    let zh = format!("工作表“{name}”没有可识别的表头, 未读取");
    let en = format!("the sheet {name} has no known heading and was not read");
    notices.push(TableNotice { code: "SHEET_IGNORED", address: None, message: Message::new(zh, en) });
}

/// Adds the rows under a heading.
fn under(sheet: Sheet, heading: usize, layout: &Layout, records: &mut Records) -> Result<(), Violation> {
    let name = sheet.name.as_deref();
    let mut rows = sheet.rows.into_iter().skip(heading).peekable();
    let Some(head) = rows.next() else { return Ok(()) };
    let mut found = found(name, &head, layout.columns, &mut records.notices)?;
    if let Some(second) = rows.next_if(|row| is_second(row, &found, layout)) {
        // What stands under a heading over several columns says what each of them is.
        let parts = second.cells.iter().filter_map(|(column, cell)| Some((meant(layout.columns, cell)?, *column)));
        for (key, column) in parts.collect::<Vec<_>>() {
            found.retain(|_, taken| *taken != column);
            found.insert(key, column);
        }
    }
    for group in layout.needed {
        if !group.iter().any(|key| found.contains_key(key)) {
            let names = names(layout.columns, group).join("/");
            let place = address(name, 1, head.number);
            let (zh, en) = (format!("{place}：缺少列“{names}”"), format!("{place}: the column {names} is missing"));
            return Err(Violation::new(UserErrorCode::Required, "file", zh, en));
        }
    }
    let naming = if layout.ends.is_some() { layout.needed.last() } else { layout.needed.first() };
    let keys = naming.copied().unwrap_or_default();
    let anchor = keys.iter().find_map(|key| found.get(key).copied()).unwrap_or(1);
    let end = layout.ends.and_then(|key| found.get(key).copied());
    for Row { number, mut cells } in rows {
        if end.is_some_and(|column| cells.contains_key(&column)) {
            break;
        }
        let cells: BTreeMap<_, _> =
            found.iter().filter_map(|(key, column)| Some((*key, cells.remove(column)?))).collect();
        if !cells.is_empty() {
            let (sheet, columns) = (sheet.name.clone(), found.clone());
            records.rows.push(Record { sheet, row: number, anchor, columns, cells });
        }
    }
    Ok(())
}

/// Whether a row under the heading goes on with it: it names columns, and nothing that a row is named by.
fn is_second(row: &Row, found: &BTreeMap<&'static str, u32>, layout: &Layout) -> bool {
    let names_a_row = layout.needed.iter().flat_map(|group| group.iter()).filter_map(|key| found.get(key));
    let known = row.cells.values().filter(|cell| meant(layout.columns, cell).is_some()).count();
    known > 1 && !names_a_row.into_iter().any(|column| row.cells.contains_key(column))
}

/// The columns of a heading; those it does not know are told.
fn found(
    sheet: Option<&str>,
    head: &Row,
    columns: &[Column],
    notices: &mut Vec<TableNotice>,
) -> Result<BTreeMap<&'static str, u32>, Violation> {
    let mut found = BTreeMap::new();
    for (column, cell) in &head.cells {
        let place = address(sheet, *column, head.number);
        let Some(key) = meant(columns, cell) else {
            let word = if let Cell::Text(text) = cell { text.as_str() } else { "" };
            let (zh, en) = (format!("{place}：列“{word}”未读取"), format!("{place}: the column {word} was not read"));
            notices.push(TableNotice { code: "COLUMN_IGNORED", address: Some(place), message: Message::new(zh, en) });
            continue;
        };
        if found.insert(key, *column).is_some() {
            let (zh, en) = (format!("{place}：该列出现了两次"), format!("{place}: the column is there twice"));
            return Err(Violation::new(UserErrorCode::InvalidValue, "file", zh, en));
        }
    }
    Ok(found)
}
