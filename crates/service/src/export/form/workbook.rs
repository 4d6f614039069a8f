//! A form as a workbook.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::sheet::{Kind, Sheet};
use crate::export::xlsx::fitting;

/// Paper of the size A4.
const A4: u8 = 9;

pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name(sheet.name)?;
    for (column, width) in (0..).zip(&sheet.widths) {
        page.set_column_width(column, *width)?;
    }
    let plain = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    for (row, cells) in (0_u32..).zip(&sheet.rows) {
        for cell in cells {
            let text = fitting(&cell.text);
            let format = if cell.kind == Kind::Title { &title } else { &plain };
            if cell.rows == 1 && cell.columns == 1 {
                page.write_string_with_format(row, cell.column, text, format)?;
            } else {
                let last = (row + cell.rows - 1, cell.column + cell.columns - 1);
                page.merge_range(row, cell.column, last.0, last.1, &text, format)?;
            }
        }
    }
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    book.save_to_buffer()
}
