//! 部门整体预算绩效目标申报表, as it was published. What is exported is imported again as it was.

use jixiao_rules::form::{Form, write_grid};

use super::sheet::Sheet;

/// Widths of the columns, in characters.
const WIDTHS: [u16; 7] = [14, 16, 18, 34, 12, 22, 22];

pub(super) fn sheet(form: &Form) -> Sheet {
    let mut sheet = Sheet::new("申报表", &WIDTHS);
    let rows = write_grid(form);
    for cells in &rows {
        match cells.as_slice() {
            [only] => sheet.title(only),
            // Two cells: what stands on the right takes the rest of the row.
            [left, right] => sheet.row([(left, 1), (right, 0)]),
            cells => sheet.row(cells.iter().map(|cell| (cell, 1))),
        }
    }
    let head = rows.iter().position(|cells| cells.first().is_some_and(|first| first == "绩效指标"));
    if let Some(head) = head {
        sheet.merge_down(head + 1, &[1, 2]);
    }
    sheet
}
