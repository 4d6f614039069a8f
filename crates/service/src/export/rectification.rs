//! Rectifications across declarations, as a file.

use jixiao_entity::rectification;

use super::Listing;
use super::cell::{Cell, Column, column};
use super::report_row::{self, Place};
use crate::ctx::{Ctx, Lang};
use crate::db::Db;
use crate::declaration::{DeclarationFilter, Names, Rectification};
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Rectifications(pub(super) DeclarationFilter);

pub(super) struct Row {
    place: Place,
    made: Rectification,
    overdue: bool,
}

impl Listing for Rectifications {
    type Row = Row;

    fn columns(&self) -> Vec<Column<Row>> {
        let mut columns = report_row::columns(|row: &Row| &row.place);
        columns.extend([
            column("状态", "Status", |row: &Row, lang| Cell::word(row.made.status, lang)),
            column("整改要求和建议", "Request", |row: &Row, _| (&row.made.request).into()),
            column("答复期限", "Due on", |row: &Row, _| row.made.due_on.into()),
            column("逾期", "Overdue", |row: &Row, lang: Lang| Cell::yes(row.overdue, lang)),
            column("提出人", "Requested by", |row: &Row, _| (&row.made.requested.0).into()),
            column("提出时间", "Requested at", |row: &Row, _| row.made.requested.1.into()),
            column("整改结果", "Response", |row: &Row, _| row.made.response.as_ref().into()),
            column("答复人", "Responded by", |row: &Row, _| row.made.responded.as_ref().map(|(who, _)| who).into()),
            column("答复时间", "Responded at", |row: &Row, _| {
                row.made.responded.as_ref().map(|(_, at)| *at).into()
            }),
            column("整改结论", "Conclusion", |row: &Row, _| row.made.conclusion.as_ref().into()),
            column("核实人", "Concluded by", |row: &Row, _| row.made.concluded.as_ref().map(|(who, _)| who).into()),
            column("核实时间", "Concluded at", |row: &Row, _| {
                row.made.concluded.as_ref().map(|(_, at)| *at).into()
            }),
            column("重新整改次数", "Reopened", |row: &Row, _| row.made.reopened.into()),
        ]);
        columns
    }

    fn place(&self, row: &Row) -> Vec<KeyValue> {
        row.place.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Row>> {
        let found = report_row::page((db, ctx), rectification::Entity, &self.0, page).await?;
        let people = found.rows.iter().flat_map(|(_, row)| Rectification::people(row));
        let names = Names::load(db.read(), people).await?;
        Ok(found.map(|(place, row)| {
            let made = Rectification::of(row, &names);
            Row { overdue: made.overdue(ctx.today()), place, made }
        }))
    }
}
