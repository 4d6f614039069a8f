//! Plain tab-separated input, one row at a time: UTF-8, a header line, no quoting. Memory stays bounded by [`MAX_LINE`].

use std::io::{self, BufRead};

/// Longer lines are answered with an error; the rest of the line is skipped without being kept.
pub const MAX_LINE: usize = 64 * 1024;

/// Reads rows and finds their cells by column name.
#[derive(Debug)]
pub struct TsvReader<R> {
    input: R,
    line: Vec<u8>,
    columns: Vec<String>,
    number: u64,
}

/// One data row, or why it cannot be read.
#[derive(Debug)]
pub struct Row<'a> {
    /// 1-based number of the data row; its line in the file is one more.
    pub number: u64,
    /// The cells in the order of the header; a row that ends early has fewer.
    pub cells: Result<Vec<&'a str>, RowError>,
}

/// Why a line is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// Longer than [`MAX_LINE`].
    TooLong,
    /// Not UTF-8.
    NotUtf8,
    /// More cells than the header names.
    TooManyCells,
}

impl RowError {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "LINE_TOO_LONG",
            Self::NotUtf8 => "NOT_UTF8",
            Self::TooManyCells => "TOO_MANY_CELLS",
        }
    }
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong => write!(f, "一行超过 {MAX_LINE} 字节 (the line is longer than {MAX_LINE} bytes)"),
            Self::NotUtf8 => f.write_str("不是 UTF-8 编码 (the line is not UTF-8)"),
            Self::TooManyCells => f.write_str("单元格多于表头 (more cells than the header names)"),
        }
    }
}

impl std::error::Error for RowError {}

/// What one attempt to read a line gave.
enum Line {
    End,
    Whole,
    TooLong,
}

impl<R: BufRead> TsvReader<R> {
    /// Reads the header line. An empty or unreadable one gives a reader without columns.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn new(input: R) -> io::Result<Self> {
        let mut reader = Self { input, line: Vec::new(), columns: Vec::new(), number: 0 };
        if matches!(reader.read_line()?, Line::Whole) {
            let header = String::from_utf8_lossy(&reader.line);
            let header = header.strip_prefix('\u{feff}').unwrap_or(&header);
            reader.columns = header.split('\t').map(|name| name.trim().to_owned()).collect();
        }
        Ok(reader)
    }

    /// Index of a column, when there is one of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<Row<'_>>> {
        let line = self.read_line()?;
        if matches!(line, Line::End) {
            return Ok(None);
        }
        self.number += 1;
        let cells = match line {
            Line::TooLong => Err(RowError::TooLong),
            _ => cells(&self.line, self.columns.len()),
        };
        Ok(Some(Row { number: self.number, cells }))
    }

    /// Reads one line into the buffer, without its end; what is beyond the limit is skipped as it comes.
    fn read_line(&mut self) -> io::Result<Line> {
        self.line.clear();
        let (mut any, mut too_long) = (false, false);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            // One byte more than the limit may stay for a carriage return.
            too_long |= self.line.len() + piece.len() > MAX_LINE + 1;
            if !too_long {
                self.line.extend_from_slice(piece);
            }
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        too_long |= self.line.len() > MAX_LINE;
        Ok(match (any, too_long) {
            (false, _) => Line::End,
            (_, true) => Line::TooLong,
            _ => Line::Whole,
        })
    }
}

fn cells(line: &[u8], columns: usize) -> Result<Vec<&str>, RowError> {
    let text = std::str::from_utf8(line).map_err(|_| RowError::NotUtf8)?;
    let mut cells = Vec::with_capacity(columns);
    for cell in text.split('\t') {
        if cells.len() == columns {
            return Err(RowError::TooManyCells);
        }
        cells.push(cell);
    }
    Ok(cells)
}
