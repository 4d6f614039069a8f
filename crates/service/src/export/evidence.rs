//! Evidence files across declarations, as a file: those that were removed too.

use jixiao_entity::evidence;
use jixiao_entity::id::Timestamp;

use super::Listing;
use super::cell::{Column, column};
use super::report_row::{self, Place};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{DeclarationFilter, Evidence, Names};
use crate::error::Result;
use crate::evidence::evidence_of;
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Files(pub(super) DeclarationFilter);

pub(super) struct Row {
    place: Place,
    file: Evidence,
    removed_at: Option<Timestamp>,
}

impl Listing for Files {
    type Row = Row;

    fn columns(&self) -> Vec<Column<Row>> {
        let mut columns = report_row::columns(|row: &Row| &row.place);
        columns.extend([
            column("文件名", "File name", |row: &Row, _| (&row.file.file_name).into()),
            column("媒体类型", "Media type", |row: &Row, _| (&row.file.media_type).into()),
            column("大小（字节）", "Size in bytes", |row: &Row, _| row.file.size.into()),
            column("内容散列值", "SHA-256", |row: &Row, _| (&row.file.sha256).into()),
            column("说明", "Note", |row: &Row, _| row.file.note.as_ref().into()),
            column("材料日期", "Issued on", |row: &Row, _| row.file.issued_on.into()),
            column("材料载明的数值", "Stated value", |row: &Row, _| row.file.stated_value.as_ref().into()),
            column("添加人", "Uploaded by", |row: &Row, _| (&row.file.uploaded_by).into()),
            column("添加时间", "Uploaded at", |row: &Row, _| row.file.uploaded_at.into()),
            column("移除时间", "Removed at", |row: &Row, _| row.removed_at.into()),
        ]);
        columns
    }

    fn place(&self, row: &Row) -> Vec<KeyValue> {
        row.place.cursor()
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Row>> {
        let found = report_row::page((db, ctx), evidence::Entity, &self.0, page).await?;
        let names = Names::load(db.read(), found.rows.iter().map(|(_, row)| row.uploaded_by)).await?;
        Ok(found.map(|(place, row)| {
            let removed_at = row.removed_at;
            let name = names.of(row.uploaded_by).display_name;
            Row { place, removed_at, file: evidence_of(row, name) }
        }))
    }
}
