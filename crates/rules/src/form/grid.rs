//! Tab-separated text becomes rows of cells. The only part that knows that the form came as text.

use super::clean::find_close;
use super::notices::{Code, Notices, Place};
use super::{MAX_COLUMNS, MAX_ROWS};

/// A row of the form, as any kind of file gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line of the text or row of the sheet, from 1.
    pub line: u32,
    /// Cells as published, markup and all; the parser cleans them.
    pub cells: Vec<String>,
}

/// The rows of a text that are not blank. Too many rows or columns are noticed and cut off.
pub(super) fn rows(text: &str, notices: &mut Notices) -> Vec<Row> {
    let mut splitter = Splitter { text, at: 0, line: 1, no_script: false, no_style: false, no_comment: false };
    let mut rows = Vec::new();
    while let Some(row) = splitter.row(notices) {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            let (zh, en) = (format!("超过 {MAX_ROWS} 行"), format!("more than {MAX_ROWS} rows"));
            notices.add(Code::TooManyRows, Place::row(row.line), zh, en);
            break;
        }
        rows.push(row);
    }
    rows
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Set when no closing tag is left, so that it is not looked for again: keeps the work linear.
    no_script: bool,
    no_style: bool,
    no_comment: bool,
}

impl Splitter<'_> {
    fn row(&mut self, notices: &mut Notices) -> Option<Row> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut row = Row { line: self.line, cells: Vec::new() };
        let mut wide = false;
        loop {
            let cell = self.cell();
            if row.cells.len() < MAX_COLUMNS {
                row.cells.push(cell);
            } else if !wide && !cell.trim().is_empty() {
                wide = true;
                let (zh, en) =
                    (format!("一行超过 {MAX_COLUMNS} 列"), format!("more than {MAX_COLUMNS} columns in a row"));
                notices.add(Code::TooManyColumns, Place::row(row.line), zh, en);
            }
            match self.byte() {
                Some(b'\t') => self.at += 1,
                Some(b'\r') => {
                    self.at += if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') { 2 } else { 1 };
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line = self.line.saturating_add(1);
        Some(row)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The cell that starts here; stops at the tab or line end behind it.
    fn cell(&mut self) -> String {
        if let Some(cell) = self.quoted() {
            return cell;
        }
        let start = self.at;
        while let Some(byte) = self.byte() {
            match byte {
                b'\t' | b'\n' | b'\r' => break,
                b'<' => self.at = self.element_end().unwrap_or(self.at + 1),
                _ => self.at += 1,
            }
        }
        let cell = &self.text[start..self.at];
        self.count_lines(start);
        cell.to_owned()
    }

    fn count_lines(&mut self, start: usize) {
        let lines = self.text.as_bytes()[start..self.at].iter().filter(|&&byte| byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }

    /// A cell in quotes as spreadsheets copy it: with a line break or a doubled quote inside. Any other quote is text.
    fn quoted(&mut self) -> Option<String> {
        let bytes = self.text.as_bytes();
        if self.byte() != Some(b'"') {
            return None;
        }
        let mut at = self.at + 1;
        let mut special = false;
        loop {
            match bytes.get(at)? {
                b'\t' => return None,
                b'\n' | b'\r' => special = true,
                b'"' if bytes.get(at + 1) == Some(&b'"') => {
                    special = true;
                    at += 1;
                }
                b'"' => break,
                _ => {}
            }
            at += 1;
        }
        if !special || !matches!(bytes.get(at + 1), None | Some(b'\t' | b'\n' | b'\r')) {
            return None;
        }
        let start = std::mem::replace(&mut self.at, at + 1);
        self.count_lines(start);
        Some(self.text[start + 1..at].replace("\"\"", "\""))
    }

    /// Where a comment, script or style that starts here ends: tabs and line breaks inside it separate nothing.
    fn element_end(&mut self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let starts = |tag: &str| rest.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()));
        if starts("<!--") && !self.no_comment {
            let end = self.text[self.at..].find("-->").map(|end| self.at + end + 3);
            self.no_comment = end.is_none();
            return end;
        }
        if starts("<script") && !self.no_script {
            let end = find_close(self.text, self.at, "script");
            self.no_script = end.is_none();
            return end;
        }
        if starts("<style") && !self.no_style {
            let end = find_close(self.text, self.at, "style");
            self.no_style = end.is_none();
            return end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u32, Vec<String>)> {
        rows(text, &mut Notices::default()).into_iter().map(|row| (row.line, row.cells)).collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn lines_and_cells() {
        assert_eq!(split("a\tb\r\n\r\n\tc\rd\n"), [row(1, &["a", "b"]), row(3, &["", "c"]), row(4, &["d"])]);
    }

    #[test]
    fn quotes_of_spreadsheets_and_other_quotes() {
        assert_eq!(split("x\t\"a\nb\"\ny"), [row(1, &["x", "a\nb"]), row(3, &["y"])]);
        assert_eq!(split("\"a\"\"b\"\tc"), [row(1, &["a\"b", "c"])]);
        assert_eq!(
            split("\"应救尽救\"工作\t\"x\"\n\"open\ty"),
            [row(1, &["\"应救尽救\"工作", "\"x\""]), row(2, &["\"open", "y"])]
        );
    }

    #[test]
    fn a_script_over_several_lines_is_one_cell() {
        assert_eq!(
            split("a<script>\nx\ty\n</script>b\tc\nd"),
            [row(1, &["a<script>\nx\ty\n</script>b", "c"]), row(4, &["d"])]
        );
        assert_eq!(split("a<script>\tb\n<script>c"), [row(1, &["a<script>", "b"]), row(2, &["<script>c"])]);
    }
}
