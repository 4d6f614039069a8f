//! CSV as offices write it: comma, tab or semicolon between the cells, quotation marks around those that need them.

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::{Bounds, Row, Sheet, address, refuse};
use crate::error::Violation;

/// A last line that cannot be in the file, for it holds a control character: where it is swallowed, a quotation mark is open.
const END: &str = "\u{1}";

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Sheet, Violation> {
    let text = format!("{}\n{END}\n", text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let (mut sheet, mut bounds, mut record) = (Sheet::default(), Bounds::new(), StringRecord::new());
    // Lines that stand inside cells: a spreadsheet program does not count them as rows.
    let mut inside = 0;
    let unreadable = |_| refuse("不是 CSV 表格", "not a CSV table");
    while reader.read_record(&mut record).map_err(unreadable)? {
        if record.len() == 1 && record.get(0) == Some(END) {
            return Ok(sheet);
        }
        let breaks: u64 = record.iter().map(lines).sum();
        let number = reader.position().line().saturating_sub(1 + breaks + inside);
        inside += breaks;
        let mut row = Row { number: number.try_into().unwrap_or(u32::MAX), ..Row::default() };
        for (column, cell) in (1..).zip(&record) {
            if !cell.trim().is_empty() {
                row.cells.insert(column, bounds.cell(&address(None, column, row.number), column, cell.trim())?);
            }
        }
        if !row.cells.is_empty() {
            bounds.row()?;
            sheet.rows.push(row);
        }
    }
    Err(refuse("有引号没有结束", "a quotation mark is not closed"))
}

fn lines(cell: &str) -> u64 {
    cell.matches('\n').count().try_into().unwrap_or(u64::MAX)
}

/// What stands most often in the first line with anything in it, outside quotation marks.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| {
        let bare = line.split('"').step_by(2);
        bare.map(|part| part.matches(separator).count()).sum::<usize>()
    };
    // Of equals the last is taken: the comma.
    [';', '\t', ','].into_iter().max_by_key(|separator| count(*separator)).map_or(b',', |found| match found {
        ';' => b';',
        '\t' => b'\t',
        _ => b',',
    })
}
