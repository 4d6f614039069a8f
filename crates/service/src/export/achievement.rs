//! Achievement rates by dimensions as a file: for each dimension its key and its words, then the measures.

use jixiao_rules::kind::{Status, Vocabulary};

use super::Listing;
use super::cell::{Cell, Column, column};
use crate::achievement::{AchievementFilter, Dimension, Group, SummaryOrder, View, summary};
use crate::ctx::{Ctx, Lang};
use crate::db::Db;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Summary {
    pub(super) filter: AchievementFilter,
    pub(super) dimensions: Vec<Dimension>,
    pub(super) order: (SummaryOrder, bool),
}

impl Listing for Summary {
    type Row = Group;

    fn columns(&self) -> Vec<Column<Group>> {
        let mut columns = Vec::new();
        for (position, dimension) in self.dimensions.iter().enumerate() {
            let (zh, en) = (dimension.zh(), dimension.en());
            columns.push(column(&format!("{zh}代码"), &format!("{en} key"), move |row: &Group, _| {
                row.dimensions.get(position).and_then(|value| value.key.as_ref()).into()
            }));
            columns.push(column(zh, en, move |row: &Group, lang: Lang| {
                row.dimensions.get(position).map(|value| lang.of(&value.label)).into()
            }));
        }
        columns.push(column("指标数", "Indicators", |row: &Group, _| row.measures.sums.tally.indicators().into()));
        columns.push(column("已填报数", "Reported", |row: &Group, _| row.measures.sums.tally.reported().into()));
        columns.push(column("可比数", "Comparable", |row: &Group, _| row.measures.sums.tally.comparable().into()));
        for status in Status::ALL {
            columns
                .push(column(status.zh(), status.en(), |row: &Group, _| row.measures.sums.tally.count(*status).into()));
        }
        columns.push(column("达成率", "Achievement rate", |row: &Group, _| {
            row.measures.sums.tally.achievement_rate().into()
        }));
        columns.push(column("平均得分率", "Average score", |row: &Group, _| {
            Cell::from(row.measures.sums.tally.average_score())
        }));
        columns
    }

    fn place(&self, row: &Group) -> Vec<KeyValue> {
        row.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Group>> {
        let (order, descending) = self.order;
        let view = View { order, descending, ..View::by(self.dimensions.clone()) };
        summary(db, ctx, &self.filter, &view, page).await
    }
}
