//! Workbooks, written row by row and given away as they grow: nothing of a sheet stays in memory.
//!
//! Written here and not by a library, for those take a number as a float: 0.500000 would lose its zeros, and a long amount
//! its last digits. What stands in a cell is the exact decimal text, with a format that shows as many decimals. Beyond the
//! 15 digits that spreadsheet programs keep, a number is a text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use quick_xml::escape::escape;
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::cell::Cell;
use super::csv::begins_formula;
use crate::error::Result;

/// Rows of a sheet, heading included: the most that a spreadsheet program opens.
const SHEET_ROWS: u32 = 1_048_576;
/// Bytes of a sheet before the next is begun: far below what an archive needs other headers for.
const SHEET_BYTES: usize = 3 << 30;
/// Characters (of UTF-16) in one cell: the most that a spreadsheet program opens.
const MAX_TEXT: usize = 32_767;
/// Said at the end of a text that was cut.
const CUT: &str = "…（过长，全文见另一格式 / too long: the other format has it whole）";
/// Significant digits that spreadsheet programs keep of a number.
const MAX_DIGITS: usize = 15;
/// Most decimals of a number with a format of its own.
const MAX_DECIMALS: usize = 15;
/// Formats of cells: plain, heading, a text that looks like a formula; then numbers by their decimals.
const HEADING: usize = 1;
const QUOTED: usize = 2;
const NUMBERS: usize = 3;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What was written and not yet taken.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn with<T>(&self, use_it: impl FnOnce(&mut Vec<u8>) -> T) -> io::Result<T> {
        let mut bytes = self.0.lock().map_err(|_| io::Error::other("a writer has panicked"))?;
        Ok(use_it(&mut bytes))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|pending| pending.extend_from_slice(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A workbook as it is written.
pub(super) struct Workbook {
    zip: ZipWriter<StreamWriter<Pending>>,
    pending: Pending,
    title: String,
    heading: Vec<Cell>,
    sheets: u32,
    row: u32,
    bytes: usize,
    most_rows: u32,
}

impl Workbook {
    /// A workbook whose sheets go by `title` and begin with `heading`.
    pub(super) fn new(title: &str, heading: Vec<Cell>) -> Result<Self> {
        let pending = Pending::default();
        let zip = ZipWriter::new_stream(pending.clone());
        let title = title.to_owned();
        let mut book = Self { zip, pending, title, heading, sheets: 0, row: 0, bytes: 0, most_rows: SHEET_ROWS };
        book.sheet()?;
        Ok(book)
    }

    /// Begins a sheet.
    fn sheet(&mut self) -> Result<()> {
        (self.sheets, self.row, self.bytes) = (self.sheets + 1, 0, 0);
        self.start(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        self.put(&format!(
            "{PROLOG}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" \
             topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>\
             <sheetFormatPr defaultColWidth=\"16\" defaultRowHeight=\"15\"/><sheetData>"
        ))?;
        let heading = self.heading.clone();
        self.write(&heading, Some(HEADING))
    }

    fn end_sheet(&mut self) -> Result<()> {
        self.put("</sheetData></worksheet>")
    }

    /// Writes a row, on the next sheet where this one is full.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.row >= self.most_rows || self.bytes >= SHEET_BYTES {
            self.end_sheet()?;
            self.sheet()?;
        }
        self.write(cells, None)
    }

    fn write(&mut self, cells: &[Cell], style: Option<usize>) -> Result<()> {
        self.row += 1;
        let mut xml = format!("<row r=\"{}\">", self.row);
        for (column, cell) in (1..).zip(cells) {
            let place = crate::table::address(None, column, self.row);
            // Writing to a text does not fail.
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Number(number) if digits(number) <= MAX_DIGITS => {
                    let style = style.unwrap_or(NUMBERS + decimals(number).min(MAX_DECIMALS));
                    write!(xml, "<c r=\"{place}\" s=\"{style}\"><v>{number}</v></c>")
                }
                Cell::Number(text) | Cell::Text(text) => {
                    let quoted = begins_formula(text);
                    let style = style.or(quoted.then_some(QUOTED)).unwrap_or_default();
                    let text = escape(storable(text)).into_owned();
                    write!(
                        xml,
                        "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
                    )
                }
            };
        }
        xml.push_str("</row>");
        self.put(&xml)
    }

    /// Ends the last sheet and writes the parts that name all of them.
    pub(super) fn finish(mut self) -> Result<Vec<u8>> {
        self.end_sheet()?;
        let (mut names, mut links, mut types) = (String::new(), String::new(), String::new());
        for number in 1..=self.sheets {
            let title = if number == 1 { self.title.clone() } else { format!("{} {number}", self.title) };
            let _ = write!(names, "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", escape(&title));
            let _ = write!(
                links,
                "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            );
            let _ = write!(
                types,
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{TYPE}.worksheet+xml\"/>"
            );
        }
        let styles = self.sheets + 1;
        self.part("xl/styles.xml", &stylesheet())?;
        self.part(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><bookViews><workbookView/></bookViews>\
                 <sheets>{names}</sheets></workbook>"
            ),
        )?;
        self.part(
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"rId{styles}\" \
                 Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        )?;
        self.part(
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        )?;
        self.part(
            "[Content_Types].xml",
            &format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
                 ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"{TYPE}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" \
                 ContentType=\"{TYPE}.styles+xml\"/>{types}</Types>"
            ),
        )?;
        self.zip.finish().map_err(anyhow::Error::from)?;
        Ok(self.pending.with(std::mem::take).map_err(anyhow::Error::from)?)
    }

    /// The bytes written since they were taken last.
    pub(super) fn take(&mut self) -> Result<Vec<u8>> {
        Ok(self.pending.with(std::mem::take).map_err(anyhow::Error::from)?)
    }

    fn part(&mut self, name: &str, xml: &str) -> Result<()> {
        self.start(name)?;
        self.put(&format!("{PROLOG}{xml}"))
    }

    fn start(&mut self, name: &str) -> Result<()> {
        Ok(self.zip.start_file(name, SimpleFileOptions::default()).map_err(anyhow::Error::from)?)
    }

    fn put(&mut self, xml: &str) -> Result<()> {
        self.bytes += xml.len();
        Ok(self.zip.write_all(xml.as_bytes()).map_err(anyhow::Error::from)?)
    }
}

/// The formats that cells name.
fn stylesheet() -> String {
    let (mut formats, mut cells) = (String::new(), String::new());
    for decimals in 0..=MAX_DECIMALS {
        let id = 164 + decimals;
        let code = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) };
        let _ = write!(formats, "<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>");
        let _ =
            write!(cells, "<xf numFmtId=\"{id}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyNumberFormat=\"1\"/>");
    }
    let (count, font) = (MAX_DECIMALS + 1, "<sz val=\"11\"/><name val=\"等线\"/>");
    format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"{count}\">{formats}</numFmts><fonts count=\"2\"><font>{font}</font>\
         <font><b/>{font}</font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill \
         patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/>\
         </cellStyleXfs><cellXfs count=\"{}\"><xf/><xf fontId=\"1\" applyFont=\"1\"/><xf quotePrefix=\"1\"/>{cells}</cellXfs>\
         </styleSheet>",
        count + NUMBERS
    )
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// Significant digits of a number.
fn digits(number: &str) -> usize {
    let all: String = number.chars().filter(char::is_ascii_digit).collect();
    all.trim_start_matches('0').len()
}

/// A text that is not too long for a cell: cut where it is, and that said.
pub(super) fn fitting(text: &str) -> Cow<'_, str> {
    if text.encode_utf16().count() <= MAX_TEXT {
        return text.into();
    }
    let mut left = MAX_TEXT - CUT.encode_utf16().count();
    let beyond = text.char_indices().find(|(_, c)| {
        let rest = left.checked_sub(c.len_utf16());
        left = rest.unwrap_or_default();
        rest.is_none()
    });
    let end = beyond.map_or(text.len(), |(at, _)| at);
    format!("{}{CUT}", text.get(..end).unwrap_or_default()).into()
}

/// A text as a cell can hold it: not too long, and what XML cannot hold written as spreadsheet programs do.
fn storable(text: &str) -> String {
    let text = fitting(text);
    let mut stored = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\t' | '\n' => stored.push(c),
            '\u{fffe}' | '\u{ffff}' => stored.push('\u{fffd}'),
            c if c < ' ' => {
                let _ = write!(stored, "_x{:04X}_", u32::from(c));
            }
            '_' if is_escape(&text[at..]) => stored.push_str("_x005F_"),
            c => stored.push(c),
        }
    }
    stored
}

/// Whether a text begins like the escape of a character: `_x0041_`.
fn is_escape(text: &str) -> bool {
    let hex = text.strip_prefix("_x").and_then(|rest| rest.get(..5));
    hex.and_then(|hex| hex.strip_suffix('_')).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn number(text: &str) -> Cell {
        Cell::Number(text.to_owned())
    }

    #[test]
    fn our_own_reader_reads_it_back() {
        let mut book = Workbook::new("指标", vec![text("名称"), text("值")]).expect("begins");
        let mut bytes = Vec::new();
        for (name, value) in [("=1+1 <&>", "-0.500000"), ("@x", "135000000000000.25"), ("第一行\n第二行", "0.985000")]
        {
            book.row(&[text(name), number(value)]).expect("writes");
            bytes.extend(book.take().expect("bytes"));
        }
        bytes.extend(book.finish().expect("ends"));
        let read = table::cells(bytes);
        // Numbers are exact; zeros behind them are a matter of format.
        assert_eq!(
            read,
            [
                ("指标!A1", "名称"),
                ("指标!B1", "值"),
                ("指标!A2", "=1+1 <&>"),
                ("指标!B2", "-0.5"),
                ("指标!A3", "@x"),
                ("指标!B3", "135000000000000.25"),
                ("指标!A4", "第一行\n第二行"),
                ("指标!B4", "0.985"),
            ]
            .map(|(place, text)| (place.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let mut book = Workbook::new("表", vec![text("甲")]).expect("begins");
        book.most_rows = 3;
        (0..5).for_each(|row| book.row(&[number(&row.to_string())]).expect("writes"));
        let read = table::cells(book.finish().expect("ends"));
        let places: Vec<&str> = read.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["表!A1", "表!A2", "表!A3", "表 2!A1", "表 2!A2", "表 2!A3", "表 3!A1", "表 3!A2"]);
    }

    #[test]
    fn what_cells_cannot_hold() {
        assert_eq!(storable("a\u{1}b\rc_x0041_"), "a_x0001_b_x000D_c_x005F_x0041_");
        let long = storable(&"长".repeat(40_000));
        assert_eq!(long.encode_utf16().count(), MAX_TEXT);
        assert!(long.ends_with(CUT));
        assert_eq!(storable(&"长".repeat(MAX_TEXT)).chars().count(), MAX_TEXT);
        assert_eq!((digits("-0.500000"), digits("135000000000000.25"), decimals("1.50")), (6, 17, 2));
    }
}
