//! Declarations as a file.

use jixiao_entity::id::DeclarationId;
use jixiao_rules::cycle::Period;
use jixiao_rules::rollup::DeclarationResult;

use super::Listing;
use super::cell::{Cell, Column, column, whose};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{DeclarationFilter, Header, list, results};
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Declarations(pub(super) DeclarationFilter);

pub(super) struct Row {
    header: Header,
    result: Option<DeclarationResult>,
}

/// A cell of the result; empty where there is none.
fn of_result<T: Into<Cell>>(row: &Row, part: impl Fn(&DeclarationResult) -> Option<T>) -> Cell {
    row.result.as_ref().and_then(part).into()
}

impl Listing for Declarations {
    type Row = Row;

    fn columns(&self) -> Vec<Column<Row>> {
        let mut columns = whose(|row: &Row| &row.header.department);
        columns.extend([
            column("年度", "Fiscal year", |row: &Row, _| row.header.fiscal_year.into()),
            column("状态", "Status", |row: &Row, lang| Cell::word(row.header.status, lang)),
            column("批复版本", "Version", |row: &Row, _| row.header.version.into()),
            column("修订号", "Revision", |row: &Row, _| row.header.revision.into()),
            column("年终总分", "Score", |row: &Row, _| of_result(row, |result| result.score)),
            column("年终等级", "Grade", |row: &Row, lang| {
                of_result(row, |result| result.grade.map(|grade| Cell::word(grade, lang)))
            }),
            column("已有得分", "Score so far", |row: &Row, _| of_result(row, |result| result.score_so_far)),
            column("已有得分的满分", "Maximum so far", |row: &Row, _| {
                of_result(row, |result| result.max_score_so_far)
            }),
            column("达成率", "Achievement rate", |row: &Row, _| of_result(row, |result| result.achievement_rate)),
            column("预算执行率", "Execution rate", |row: &Row, _| of_result(row, |result| result.execution_rate)),
            column("预算执行得分", "Execution score", |row: &Row, _| {
                of_result(row, |result| result.execution_score)
            }),
            column("预警灯", "Light", |row: &Row, lang| {
                of_result(row, |result| result.light.map(|light| Cell::word(light, lang)))
            }),
        ]);
        columns
    }

    fn place(&self, row: &Row) -> Vec<KeyValue> {
        row.header.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Row>> {
        let (found, _) = list(db, ctx, &self.0, page, false).await?;
        let ids: Vec<DeclarationId> = found.rows.iter().map(|header| header.id).collect();
        let mut results = results(db, &ids).await?;
        Ok(found.map(|header| Row { result: results.remove(&(header.id, Period::YearEnd)), header }))
    }
}
