//! What the caller still owes, as a file.

use super::Listing;
use super::cell::{Cell, Column, column, whose};
use crate::ctx::{Ctx, Lang};
use crate::db::Db;
use crate::error::Result;
use crate::outstanding::{Owed, mine};
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Outstanding(pub(super) Option<i32>);

impl Listing for Outstanding {
    type Row = Owed;

    fn columns(&self) -> Vec<Column<Owed>> {
        let mut columns = whose(|row: &Owed| &row.declaration.department);
        columns.extend([
            column("年度", "Fiscal year", |row: &Owed, _| row.declaration.fiscal_year.into()),
            column("期间", "Period", |row: &Owed, lang| Cell::word(row.period, lang)),
            column("报告状态", "Report status", |row: &Owed, lang| Cell::word(row.status, lang)),
            column("应报日期", "Due on", |row: &Owed, _| row.due_on.into()),
            column("已逾期", "Late", |row: &Owed, lang: Lang| Cell::yes(row.late, lang)),
            column("已锁定", "Locked", |row: &Owed, lang: Lang| Cell::yes(row.locked, lang)),
        ]);
        columns
    }

    fn place(&self, _: &Owed) -> Vec<KeyValue> {
        Vec::new()
    }

    /// It has one page: a filer owes few.
    async fn page(&self, db: &Db, ctx: &Ctx, _: &Page) -> Result<Slice<Owed>> {
        Ok(Slice { rows: mine(db, ctx, self.0).await?, has_next: false, has_previous: false })
    }
}
