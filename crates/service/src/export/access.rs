//! The access log as a file.

use super::Listing;
use super::cell::{Cell, Column, column};
use crate::access::{AccessAct, AccessFilter, Entry, list};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Log(pub(super) AccessFilter);

impl Listing for Log {
    type Row = Entry;

    fn columns(&self) -> Vec<Column<Entry>> {
        vec![
            column("编号", "Number", |row: &Entry, _| row.id.into()),
            column("时间", "At", |row: &Entry, _| row.at.into()),
            column("读取人", "Reader", |row: &Entry, _| (&row.actor_name).into()),
            column("种类", "Kind", |row: &Entry, lang| Cell::code::<AccessAct>(&row.act, lang)),
            column("所读对象", "Object", |row: &Entry, _| (&row.node).into()),
            column("部门代码", "Department code", |row: &Entry, _| row.department_code.as_ref().into()),
            column("请求编号", "Request", |row: &Entry, _| (&row.request_id).into()),
            column("其他信息", "Detail", |row: &Entry, _| row.detail.as_ref().into()),
        ]
    }

    fn place(&self, row: &Entry) -> Vec<KeyValue> {
        row.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Entry>> {
        list(db, ctx, &self.0, page).await
    }
}
