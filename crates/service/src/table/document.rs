//! Tables of a .docx document as rows of cells, each where it stands: a cell that spans columns is followed by blank ones, one
//! that continues the cell above is blank.

use jixiao_rules::form::Row;
use quick_xml::events::BytesStart;

use super::workbook::{Node, Parts, attribute, walk};
use super::{Grid, MAX_SPAN, refuse};
use crate::error::Violation;

/// Reads the tables of a document, one after the other, with an empty line between.
pub(super) fn read(bytes: Vec<u8>) -> Result<Vec<Row>, Violation> {
    let mut parts = Parts::open(bytes)?;
    let body = parts.needed("word/document.xml")?;
    let mut reading = Reading::new();
    walk(&body, |node| match node {
        Node::Open(name, start) => reading.open(name, start),
        Node::Text(text) => {
            if reading.in_text && reading.deleted == 0 {
                reading.cell.push_str(text);
            }
            Ok(())
        }
        Node::Close(name) => reading.close(name),
    })?;
    Ok(reading.grid.rows)
}

/// How far the document was read.
struct Reading {
    grid: Grid,
    /// Tables that are open: what stands in a table inside of a cell belongs to the cell.
    tables: u32,
    cell: String,
    span: u32,
    continues: bool,
    in_text: bool,
    /// Text that was deleted under the document's own tracking of changes.
    deleted: u32,
}

impl Reading {
    fn new() -> Self {
        Self {
            grid: Grid::new(),
            tables: 0,
            cell: String::new(),
            span: 1,
            continues: false,
            in_text: false,
            deleted: 0,
        }
    }

    fn open(&mut self, name: &[u8], start: &BytesStart<'_>) -> Result<(), Violation> {
        match name {
            b"tbl" => {
                self.tables += 1;
                self.grid.line += 1;
            }
            b"tr" if self.tables == 1 => self.grid.line += 1,
            b"tc" if self.tables == 1 => (self.cell, self.span, self.continues) = (String::new(), 1, false),
            b"gridSpan" if self.tables == 1 => {
                let span = attribute(start, "val").and_then(|text| text.parse().ok()).unwrap_or(1);
                if span > MAX_SPAN {
                    return Err(refuse("单元格跨列过多", "a cell spans too many columns"));
                }
                self.span = span.max(1);
            }
            // Without a value, or with any but `restart`, it goes on from the row above.
            b"vMerge" if self.tables == 1 => {
                self.continues = attribute(start, "val").is_none_or(|text| text != "restart");
            }
            b"del" => self.deleted += 1,
            b"t" => self.in_text = self.tables > 0,
            b"tab" if self.tables > 0 => self.cell.push(' '),
            b"br" | b"cr" if self.tables > 0 => self.cell.push('\n'),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Violation> {
        match name {
            b"tbl" => self.tables = self.tables.saturating_sub(1),
            b"del" => self.deleted = self.deleted.saturating_sub(1),
            b"t" => self.in_text = false,
            b"p" if self.tables > 0 => self.cell.push('\n'),
            b"tc" if self.tables == 1 => self.end_cell()?,
            b"tr" if self.tables == 1 => self.grid.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Violation> {
        let text = std::mem::take(&mut self.cell);
        let text = if self.continues { "" } else { text.trim() };
        self.grid.lay(text, self.span)
    }
}
