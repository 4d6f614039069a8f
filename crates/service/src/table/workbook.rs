//! .xlsx workbooks, read from their parts: the stored text of every cell with its format, hidden rows and formulas told.
//!
//! Read here and not by a library, for those give a number as a float without its format: 98.5 %, which is stored as 0.985,
//! would be read as 0.985, and a lone cell in the last corner would take the memory of all before it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use jixiao_rules::message::Message;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::format::{Format, text};
use super::{Bounds, Cell, Row, Sheet, Table, TableNotice, address, refuse};
use crate::error::Violation;

/// Bytes that all parts together may unfold to: a workbook of text is far below, an archive made to burst is far above.
const UNFOLDED: u64 = 32 << 20;
/// Shared texts: more than the cells that may be read.
const MAX_STRINGS: usize = 400_000;
/// Sheets in a workbook.
const MAX_SHEETS: usize = 50;

/// Reads a workbook.
pub(super) fn read(bytes: Vec<u8>) -> Result<Table, Violation> {
    let mut parts = Parts::open(bytes)?;
    let (entries, from_1904) = sheets(&parts.needed("xl/workbook.xml")?)?;
    let targets = targets(&parts.needed("xl/_rels/workbook.xml.rels")?)?;
    let strings = parts.get("xl/sharedStrings.xml")?.map(|part| strings(&part)).transpose()?.unwrap_or_default();
    let formats = parts.get("xl/styles.xml")?.map(|part| formats(&part)).transpose()?.unwrap_or_default();
    let book = Book { strings, formats, from_1904 };
    let (mut table, mut bounds) = (Table::default(), Bounds::new());
    for Entry { name, relation, hidden } in entries {
        // Sheets of charts and dialogs hold no cells.
        let Some(target) = targets.get(&relation) else { continue };
        let mut seen = Seen::default();
        let sheet = book.sheet(&parts.needed(target)?, name.clone(), &mut seen, &mut bounds)?;
        if hidden && !sheet.rows.is_empty() {
            let (zh, en) =
                (format!("工作表“{name}”是隐藏的, 也已读取"), format!("the hidden sheet {name} was read too"));
            let message = Message::new(zh, en);
            table.notices.push(TableNotice { code: "HIDDEN_SHEET", address: None, message });
        }
        table.notices.extend(seen.notices());
        table.sheets.push(sheet);
    }
    Ok(table)
}

fn damaged() -> Violation {
    refuse("文件已损坏, 无法读取", "the file is damaged")
}

/// The parts of an archive, and how much more they may unfold to.
pub(super) struct Parts {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    left: u64,
}

impl Parts {
    /// Of a file.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Violation> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        Ok(Self { archive, left: UNFOLDED })
    }

    fn get(&mut self, name: &str) -> Result<Option<Vec<u8>>, Violation> {
        if self.archive.index_for_name(name).is_none() {
            return Ok(None);
        }
        let entry = self.archive.by_name(name).map_err(|_| damaged())?;
        let burst = || {
            let most = UNFOLDED >> 20;
            refuse(format!("文件展开后超过{most}MiB"), format!("the file unfolds to more than {most} MiB"))
        };
        // What the archive says of itself is believed only where it is too much.
        if entry.size() > self.left {
            return Err(burst());
        }
        let mut bytes = Vec::new();
        entry.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(read).ok_or_else(burst)?;
        Ok(Some(bytes))
    }

    pub(super) fn needed(&mut self, name: &str) -> Result<Vec<u8>, Violation> {
        self.get(name)?.ok_or_else(damaged)
    }
}

/// What a part consists of.
pub(super) enum Node<'a> {
    Open(&'a [u8], &'a BytesStart<'a>),
    Text(&'a str),
    Close(&'a [u8]),
}

/// Walks a part; elements go by their local names. Nothing is declared in a workbook or document, so that nothing can unfold.
pub(super) fn walk(part: &[u8], mut each: impl FnMut(Node<'_>) -> Result<(), Violation>) -> Result<(), Violation> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(start) => each(Node::Open(start.local_name().as_ref(), &start))?,
            Event::End(end) => each(Node::Close(end.local_name().as_ref()))?,
            Event::Text(text) => each(Node::Text(&text.decode().map_err(|_| damaged())?))?,
            Event::CData(text) => each(Node::Text(&text.decode().map_err(|_| damaged())?))?,
            Event::GeneralRef(name) => {
                if let Some(c) = name.resolve_char_ref().map_err(|_| damaged())? {
                    each(Node::Text(c.encode_utf8(&mut [0; 4])))?;
                } else {
                    let name = name.decode().map_err(|_| damaged())?;
                    each(Node::Text(resolve_predefined_entity(&name).ok_or_else(damaged)?))?;
                }
            }
            Event::DocType(_) => return Err(damaged()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name.as_bytes())?;
    let raw = std::str::from_utf8(&found.value).ok()?;
    Some(quick_xml::escape::unescape(raw).ok()?.into_owned())
}

fn number(start: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(start, name)?.parse().ok()
}

fn is_set(start: &BytesStart<'_>, name: &str) -> bool {
    attribute(start, name).is_some_and(|value| value == "1" || value == "true")
}

/// A sheet in the list of the workbook.
struct Entry {
    name: String,
    relation: String,
    hidden: bool,
}

/// The sheets, and whether days are counted from 1904.
fn sheets(part: &[u8]) -> Result<(Vec<Entry>, bool), Violation> {
    let (mut entries, mut from_1904) = (Vec::new(), false);
    walk(part, |node| {
        match node {
            Node::Open(b"workbookPr", start) => from_1904 = is_set(start, "date1904"),
            Node::Open(b"sheet", start) => entries.push(Entry {
                name: attribute(start, "name").unwrap_or_default(),
                relation: attribute(start, "id").ok_or_else(damaged)?,
                hidden: attribute(start, "state").is_some_and(|state| state != "visible"),
            }),
            _ => {}
        }
        if entries.len() > MAX_SHEETS {
            let (zh, en) = (format!("工作表超过{MAX_SHEETS}张"), format!("more than {MAX_SHEETS} sheets"));
            return Err(refuse(zh, en));
        }
        Ok(())
    })?;
    Ok((entries, from_1904))
}

/// Where the sheets with cells lie, by the name of the relation.
fn targets(part: &[u8]) -> Result<BTreeMap<String, String>, Violation> {
    let mut targets = BTreeMap::new();
    walk(part, |node| {
        let Node::Open(b"Relationship", start) = node else { return Ok(()) };
        if attribute(start, "Type").is_some_and(|kind| kind.ends_with("/worksheet"))
            && let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target"))
        {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, path);
        }
        Ok(())
    })?;
    Ok(targets)
}

/// The shared texts; readings above the characters are no part of them.
fn strings(part: &[u8]) -> Result<Vec<String>, Violation> {
    let (mut strings, mut current) = (Vec::new(), String::new());
    let (mut inside, mut reading) = (false, false);
    walk(part, |node| {
        match node {
            Node::Open(b"si", _) => current.clear(),
            Node::Close(b"si") => strings.push(std::mem::take(&mut current)),
            Node::Open(b"rPh", _) => reading = true,
            Node::Close(b"rPh") => reading = false,
            Node::Open(b"t", _) => inside = true,
            Node::Close(b"t") => inside = false,
            Node::Text(text) if inside && !reading => current.push_str(text),
            _ => {}
        }
        if strings.len() > MAX_STRINGS {
            return Err(refuse("工作簿的文字过多", "the workbook holds too many texts"));
        }
        Ok(())
    })?;
    Ok(strings)
}

/// The formats of cells, by the number that a cell names.
fn formats(part: &[u8]) -> Result<Vec<Format>, Violation> {
    let (mut own, mut formats, mut cells) = (BTreeMap::new(), Vec::new(), false);
    walk(part, |node| {
        match node {
            Node::Open(b"numFmt", start) => {
                if let (Some(id), Some(code)) = (number(start, "numFmtId"), attribute(start, "formatCode")) {
                    own.insert(id, Format::of_code(&code));
                }
            }
            Node::Open(b"cellXfs", _) => cells = true,
            Node::Close(b"cellXfs") => cells = false,
            Node::Open(b"xf", start) if cells => {
                let id = number(start, "numFmtId").unwrap_or_default();
                formats.push(own.get(&id).copied().unwrap_or_else(|| Format::built_in(id)));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}

/// What is worth telling of a sheet: how often, and where first.
#[derive(Default)]
struct Seen {
    formulas: Option<(String, u32)>,
    hidden: Option<(String, u32)>,
}

impl Seen {
    fn count(noted: &mut Option<(String, u32)>, place: &str) {
        noted.get_or_insert_with(|| (place.to_owned(), 0)).1 += 1;
    }

    fn notices(self) -> impl Iterator<Item = TableNotice> {
        let formulas = self.formulas.map(|(place, count)| {
            let zh = format!("{place} 等{count}个单元格是公式, 取其保存的结果");
            let en = format!("{count} cells are formulas, {place} the first: their stored results were read");
            TableNotice { code: "FORMULA", address: Some(place), message: Message::new(zh, en) }
        });
        let hidden = self.hidden.map(|(place, count)| {
            let zh = format!("{place} 等{count}行是隐藏的, 也已读取");
            let en = format!("{count} hidden rows were read too, that of {place} the first");
            TableNotice { code: "HIDDEN_ROW", address: Some(place), message: Message::new(zh, en) }
        });
        formulas.into_iter().chain(hidden)
    }
}

/// What the cells of all sheets refer to.
struct Book {
    strings: Vec<String>,
    formats: Vec<Format>,
    from_1904: bool,
}

/// A cell while it is read.
#[derive(Default)]
struct Raw {
    column: u32,
    kind: Option<String>,
    format: Format,
    formula: bool,
    value: String,
}

impl Book {
    fn sheet(&self, part: &[u8], name: String, seen: &mut Seen, bounds: &mut Bounds) -> Result<Sheet, Violation> {
        let mut sheet = Sheet { name: Some(name), rows: Vec::new() };
        let name = sheet.name.as_deref();
        let (mut row, mut hidden) = (Row::default(), false);
        let (mut cell, mut inside, mut reading) = (Raw::default(), false, false);
        walk(part, |node| {
            match node {
                Node::Open(b"row", start) => {
                    let next = row.number.saturating_add(1);
                    row = Row { number: number(start, "r").unwrap_or(next), cells: BTreeMap::new() };
                    (hidden, cell.column) = (is_set(start, "hidden"), 0);
                }
                Node::Close(b"row") if !row.cells.is_empty() => {
                    bounds.row()?;
                    if hidden {
                        Seen::count(&mut seen.hidden, &address(name, 1, row.number));
                    }
                    let number = row.number;
                    sheet.rows.push(std::mem::take(&mut row));
                    row.number = number;
                }
                Node::Open(b"c", start) => cell = self.begin(start, cell.column.saturating_add(1)),
                Node::Open(b"f", _) => cell.formula = true,
                Node::Open(b"rPh", _) => reading = true,
                Node::Close(b"rPh") => reading = false,
                Node::Open(b"v" | b"t", _) => inside = true,
                Node::Close(b"v" | b"t") => inside = false,
                Node::Text(text) if inside && !reading => cell.value.push_str(text),
                Node::Close(b"c") => {
                    let place = address(name, cell.column, row.number);
                    if let Some(found) = self.finish(&cell, &place, bounds)? {
                        row.cells.insert(cell.column, found);
                        if cell.formula {
                            Seen::count(&mut seen.formulas, &place);
                        }
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(sheet)
    }

    fn begin(&self, start: &BytesStart<'_>, next: u32) -> Raw {
        let letters = attribute(start, "r").map(|place| {
            let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
            letters.fold(0_u32, |column, letter| {
                column.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
            })
        });
        let style = number(start, "s").and_then(|style| usize::try_from(style).ok());
        Raw {
            column: letters.filter(|column| *column > 0).unwrap_or(next),
            kind: attribute(start, "t"),
            format: style.and_then(|style| self.formats.get(style)).copied().unwrap_or_default(),
            ..Raw::default()
        }
    }

    /// The cell as people see it; `None` for one that is only formatted.
    fn finish(&self, raw: &Raw, place: &str, bounds: &mut Bounds) -> Result<Option<Cell>, Violation> {
        let absent = |zh: String, en: String| Ok(Some(Cell::Absent(Message::new(zh, en))));
        let value = raw.value.trim();
        if value.is_empty() {
            if raw.formula && raw.kind.as_deref() != Some("str") {
                let zh = "公式没有保存结果: 请用表格软件打开并保存";
                return absent(zh.into(), "the formula has no stored result: open and save it in a spreadsheet".into());
            }
            return Ok(None);
        }
        let read = match raw.kind.as_deref() {
            Some("s") => {
                let found = value.parse().ok().and_then(|index: usize| self.strings.get(index));
                unescape(found.ok_or_else(damaged)?.trim())
            }
            Some("str" | "inlineStr" | "d") => unescape(value),
            Some("b") => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            Some("e") => {
                return absent(format!("单元格的值是错误 {value}"), format!("the cell holds the error {value}"));
            }
            _ => match text(value, raw.format, self.from_1904) {
                Some(read) => read,
                None => {
                    let (zh, en) = (format!("数 {value} 无法识别"), format!("the number {value} cannot be read"));
                    return Ok(Some(Cell::Fault(Message::new(zh, en))));
                }
            },
        };
        if read.is_empty() { Ok(None) } else { bounds.cell(place, raw.column, &read).map(Some) }
    }
}

/// A text with the characters that stand in it as `_x0041_`; what nobody can see is dropped, a carriage return too.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let hex = escape.get(2..7).and_then(|hex| hex.strip_suffix('_'));
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let meant = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match meant {
            Some(c) => out.extend(Some(c).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))),
            None => out.push_str("_x"),
        }
        rest = escape.get(if meant.is_some() { 7 } else { 2 }..).unwrap_or_default();
    }
    out + rest
}
