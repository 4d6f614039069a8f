//! What changed of an object, as a file: one row a change, and one for an entry that changed nothing.

use jixiao_rules::cycle::Act;

use super::Listing;
use super::cell::{Cell, Column, column};
use crate::audit::{Entry, FieldChange, trail};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Trail(pub(super) String);

pub(super) struct Row {
    entry: Entry,
    change: Option<FieldChange>,
}

/// A cell of the change; empty for an entry without any.
fn changed(row: &Row, part: impl Fn(&FieldChange) -> Option<&String>) -> Cell {
    row.change.as_ref().and_then(part).into()
}

impl Listing for Trail {
    type Row = Row;

    fn columns(&self) -> Vec<Column<Row>> {
        vec![
            column("序号", "Sequence", |row: &Row, _| row.entry.sequence.into()),
            column("时间", "At", |row: &Row, _| row.entry.at.into()),
            column("操作人", "Actor", |row: &Row, _| (&row.entry.actor_name).into()),
            column("角色", "Role", |row: &Row, lang| row.entry.role.map(|role| Cell::word(role, lang)).into()),
            column("操作", "Action", |row: &Row, lang| Cell::code::<Act>(&row.entry.action, lang)),
            column("理由", "Reason", |row: &Row, _| row.entry.reason.as_ref().into()),
            column("字段", "Field", |row: &Row, _| changed(row, |change| Some(&change.path))),
            column("变更前", "Before", |row: &Row, _| changed(row, |change| change.before.as_ref())),
            column("变更后", "After", |row: &Row, _| changed(row, |change| change.after.as_ref())),
            column("散列值", "Hash", |row: &Row, _| (&row.entry.hash).into()),
            column("前一条散列值", "Previous hash", |row: &Row, _| (&row.entry.previous_hash).into()),
        ]
    }

    fn place(&self, row: &Row) -> Vec<KeyValue> {
        row.entry.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Row>> {
        let found = trail(db, ctx, &self.0, page).await?;
        let (has_next, has_previous) = (found.has_next, found.has_previous);
        let mut rows = Vec::new();
        for entry in found.rows {
            if entry.changes.is_empty() {
                rows.push(Row { entry, change: None });
            } else {
                let changes = entry.changes.iter().cloned();
                rows.extend(changes.map(|change| Row { entry: entry.clone(), change: Some(change) }));
            }
        }
        Ok(Slice { rows, has_next, has_previous })
    }
}
