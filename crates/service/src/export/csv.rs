//! CSV that a spreadsheet program opens as it is: UTF-8 with its mark, and no text that would run as a formula.

use csv::{Terminator, Writer, WriterBuilder};

use super::cell::Cell;
use crate::error::Result;

/// Tells Excel that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// Rows as they are written.
pub(super) struct Csv(Writer<Vec<u8>>);

fn writer(begun: &str) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begun.into())
}

impl Csv {
    pub(super) fn new() -> Self {
        Self(writer(MARK))
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let texts = cells.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.clone(),
        });
        Ok(self.0.write_record(texts).map_err(anyhow::Error::from)?)
    }

    /// The bytes written since they were taken last.
    pub(super) fn take(&mut self) -> Result<Vec<u8>> {
        let written = std::mem::replace(&mut self.0, writer(""));
        Ok(written.into_inner().map_err(|error| anyhow::Error::from(error.into_error()))?)
    }
}

/// A text that no spreadsheet program runs: what begins like a formula gets an apostrophe before it, which is how these
/// programs themselves say that a text is meant. What has one already gets another, so that whoever takes one away from
/// every such text has the original. A plain number (-5, +3.2%) is no formula and stays.
fn harmless(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    if begins_formula(bare) && (bare.len() < text.len() || !is_number(bare)) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Begins with a character that makes a formula of a cell; the wide ones do so where Chinese is typed.
pub(super) fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = digits.strip_suffix('%').unwrap_or(digits);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_runs() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("-5", "-5"),
            ("-5%", "-5%"),
            ("+3.20", "+3.20"),
            ("-", "'-"),
            ("-5万", "'-5万"),
            ("≥90%", "≥90%"),
            ("'引", "'引"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), written, "{text:?}");
        }
    }

    #[test]
    fn rows_are_read_back() {
        let mut csv = Csv::new();
        let rows = [
            vec![Cell::Text("=\"a\",b".into()), Cell::Number("-0.500000".into()), Cell::Empty],
            vec![
                Cell::Text("第一行\n第二行".into()),
                Cell::Number("135000000000000.25".into()),
                Cell::Text("x".into()),
            ],
        ];
        rows.iter().for_each(|row| csv.row(row).expect("writes"));
        let bytes = csv.take().expect("bytes");
        let text = bytes.strip_prefix(MARK.as_bytes()).expect("the mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        let read: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        assert_eq!(read[0], ["'=\"a\",b", "-0.500000", ""]);
        assert_eq!(read[1], ["第一行\n第二行", "135000000000000.25", "x"]);
        assert!(csv.take().expect("bytes").is_empty(), "what was taken is gone");
    }
}
