//! The form of a declaration as a workbook, in the layout in which forms are published. What is exported is imported again as it
//! was: every cell is text, so no digit is lost and nothing becomes a formula.

use futures_util::stream::{self, StreamExt};
use jixiao_rules::form::{Form, write_grid};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::Exported;
use crate::access::{Access, AccessAct, note};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::by_department;
use crate::error::{Result, ServiceError};
use crate::file::FileType;

/// Columns of the layout.
const COLUMNS: u16 = 7;
/// Widths of the columns, in characters.
const WIDTHS: [u32; 7] = [14, 16, 18, 34, 12, 22, 22];

/// The form of a department's declaration of a year; `None` when there is none or it may not be seen. Noted in the access log.
///
/// # Errors
/// `Unauthenticated`, or when the database or the access log fails.
pub async fn form(db: &Db, ctx: &Ctx, department_code: &str, fiscal_year: i32) -> Result<Option<Exported>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let Some(whole) = by_department(db, ctx, department_code, fiscal_year).await? else { return Ok(None) };
    let read = Access {
        act: AccessAct::Export,
        node: "Export:form.xlsx".to_owned(),
        department: Some(whole.department.id),
        detail: Some(format!("departmentCode={department_code}&fiscalYear={fiscal_year}")),
    };
    note(db, ctx, vec![read]).await?;
    let mut form = whole.declaration.form();
    form.department_name = Some(whole.department.name.clone());
    let bytes = tokio::task::spawn_blocking(move || workbook(&form)).await.map_err(anyhow::Error::from)?;
    let bytes = bytes.map_err(anyhow::Error::from)?;
    Ok(Some(Exported {
        file_name: format!("{}-{fiscal_year}-申报表.xlsx", whole.department.name),
        media_type: FileType::Xlsx.media_type(),
        bytes: stream::iter([Ok(bytes)]).boxed(),
    }))
}

fn workbook(form: &Form) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("申报表")?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let plain = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let rows = write_grid(form);
    for (number, cells) in (0_u32..).zip(&rows) {
        match cells.as_slice() {
            [] => {}
            [only] => {
                sheet.merge_range(number, 0, number, COLUMNS - 1, only, &title)?;
            }
            // Two cells: what stands on the right takes the rest of the row.
            [left, right] => {
                sheet.write_string_with_format(number, 0, left, &plain)?;
                sheet.merge_range(number, 1, number, COLUMNS - 1, right, &plain)?;
            }
            cells => {
                for (column, cell) in (0..).zip(cells) {
                    sheet.write_string_with_format(number, column, cell, &plain)?;
                }
            }
        }
    }
    merge_levels(sheet, &rows, &plain)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    book.save_to_buffer()
}

/// A level printed once for several indicators is one cell over all of them, as in the published form.
fn merge_levels(sheet: &mut Worksheet, rows: &[Vec<String>], format: &Format) -> Result<(), XlsxError> {
    let head = rows.iter().position(|cells| cells.first().is_some_and(|first| first == "绩效指标"));
    let Some(first) = head.map(|head| head + 1).filter(|first| *first < rows.len()) else { return Ok(()) };
    for (column, outer) in [(1_u16, None), (2, Some(1_usize))] {
        let mut begin = first;
        for row in first + 1..=rows.len() {
            let text = |column: usize| rows.get(row).and_then(|cells| cells.get(column)).map(String::as_str);
            let goes_on = text(column.into()) == Some("") && outer.is_none_or(|outer| text(outer) == Some(""));
            if goes_on {
                continue;
            }
            let printed = rows[begin].get(usize::from(column)).map(String::as_str).unwrap_or_default();
            if row > begin + 1 && !printed.is_empty() {
                let place = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
                sheet.merge_range(place(begin), column, place(row - 1), column, printed, format)?;
            }
            begin = row;
        }
    }
    Ok(())
}
