//! Findings across declarations, as a file.

use jixiao_rules::compared::label;
use jixiao_rules::cycle::Period;

use super::Listing;
use super::cell::{Cell, Column, column, whose};
use crate::ctx::{Ctx, Lang};
use crate::db::Db;
use crate::error::Result;
use crate::finding::{Dismissal, FindingFilter, Kept, list};
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Findings(pub(super) FindingFilter);

fn dismissal<T: Into<Cell>>(row: &Kept, part: impl Fn(&Dismissal) -> T) -> Cell {
    row.dismissal.as_ref().map(part).into()
}

/// `label=value` of everything that was compared, in order.
fn compared(row: &Kept, lang: Lang) -> Cell {
    let told = row.finding.compared.iter().map(|one| format!("{}={}", lang.of(&label(&one.name)), one.value));
    told.collect::<Vec<_>>().join("；").into()
}

impl Listing for Findings {
    type Row = Kept;

    fn columns(&self) -> Vec<Column<Kept>> {
        let mut columns = whose(|row: &Kept| &row.of.department);
        columns.extend([
            column("年度", "Fiscal year", |row: &Kept, _| row.of.fiscal_year.into()),
            column("检查编号", "Check", |row: &Kept, _| (&row.finding.rule).into()),
            column("严重程度", "Severity", |row: &Kept, lang| Cell::word(row.finding.severity, lang)),
            column("期间", "Period", |row: &Kept, lang| {
                row.finding.period().map_or(Cell::Empty, |period: Period| Cell::word(period, lang))
            }),
            column("问题", "Finding", |row: &Kept, lang: Lang| lang.of(&row.finding.message).into()),
            column("位置", "Path", |row: &Kept, _| row.finding.path.join(".").into()),
            column("比较的数值", "Compared", |row: &Kept, lang| compared(row, lang)),
            column("成立之日", "Since", |row: &Kept, _| row.finding.since.into()),
            column("发现时间", "Found at", |row: &Kept, _| row.found_at.into()),
            column("搁置理由", "Dismissed because", |row: &Kept, _| dismissal(row, |made| made.note.clone())),
            column("搁置人", "Dismissed by", |row: &Kept, _| dismissal(row, |made| Cell::from(&made.by))),
            column("搁置时间", "Dismissed at", |row: &Kept, _| dismissal(row, |made| made.at)),
        ]);
        columns
    }

    fn place(&self, row: &Kept) -> Vec<KeyValue> {
        row.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Kept>> {
        Ok(list(db, ctx, &self.0, page, false).await?.0)
    }
}
