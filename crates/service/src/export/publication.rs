//! What is published or withheld, as a file.

use super::Listing;
use super::cell::{Cell, Column, column, whose};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};
use crate::publication::{Public, PublicSnapshot, PublicationFilter, list};

pub(super) struct Publications(pub(super) PublicationFilter);

/// A cell of what was published last; empty where it is withheld.
fn last<T: Into<Cell>>(row: &Public, part: impl Fn(&PublicSnapshot) -> Option<T>) -> Cell {
    row.snapshots.last().and_then(part).into()
}

impl Listing for Publications {
    type Row = Public;

    fn columns(&self) -> Vec<Column<Public>> {
        let mut columns = whose(|row: &Public| &row.department);
        columns.extend([
            column("年度", "Fiscal year", |row: &Public, _| row.fiscal_year.into()),
            column("种类", "Kind", |row: &Public, lang| Cell::word(row.kind, lang)),
            column("状态", "Status", |row: &Public, lang| Cell::word(row.status, lang)),
            column("批复版本", "Version", |row: &Public, _| last(row, |last| Some(last.version))),
            column("公开次数", "Times published", |row: &Public, _| last(row, |last| Some(last.number))),
            column("公开时间", "Published at", |row: &Public, _| last(row, |last| Some(last.published_at))),
            column("更正理由", "Reason of the correction", |row: &Public, _| last(row, |last| last.reason.clone())),
            column("内容散列值", "SHA-256", |row: &Public, _| last(row, |last| Some(last.sha256.clone()))),
            column("不予公开的理由", "Why withheld", |row: &Public, _| {
                row.withheld.as_ref().map(|(reason, _)| reason).into()
            }),
            column("不予公开时间", "Withheld at", |row: &Public, _| {
                row.withheld.as_ref().map(|(_, at)| *at).into()
            }),
        ]);
        columns
    }

    fn place(&self, row: &Public) -> Vec<KeyValue> {
        row.cursor()
    }

    async fn page(&self, db: &Db, _: &Ctx, page: &Page) -> Result<Slice<Public>> {
        list(db, &self.0, page).await
    }
}
