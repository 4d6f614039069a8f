//! Departments from a file.

use jixiao_rules::cycle::Act;
use sea_orm::DatabaseTransaction;

use super::{Create, add};
use crate::audit::FieldChange;
use crate::batch::{self, Addition, Done, Manner};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::file::Staged;
use crate::policy;
use crate::table::{self, Column, Layout, TableNotice};

/// Rows in one file.
const MAX_ROWS: usize = 500;

const COLUMNS: &[Column] = &[
    Column { key: "code", words: &["部门代码", "代码", "departmentCode"] },
    Column { key: "name", words: &["部门名称", "名称", "departmentName"] },
    Column { key: "jurisdictionCode", words: &["区划代码", "财政区划代码"] },
];

const LAYOUT: Layout = Layout { columns: COLUMNS, needed: &[&["code"], &["name"], &["jurisdictionCode"]], ends: None };

/// What became, or would become, of a file of departments.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Row by row.
    pub done: Done,
    /// The code in each row, as it stands there.
    pub codes: Vec<String>,
    /// What was noticed in the file.
    pub notices: Vec<TableNotice>,
}

impl Addition for Create {
    async fn add(&self, txn: &DatabaseTransaction, ctx: &Ctx) -> Result<Vec<FieldChange>> {
        let (id, _, changes) = add(txn, ctx, self).await?;
        let path =
            |change: FieldChange| FieldChange { path: format!("departments.{}.{}", id.0, change.path), ..change };
        Ok(changes.into_iter().map(path).collect())
    }
}

/// Makes the departments in a file of at most `limit` bytes; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid`: `FILE_REFUSED`, `LIMIT_EXCEEDED`, `REQUIRED` for a missing column. Refused rows come back in
/// [`Done`].
pub async fn import(db: &Db, ctx: &Ctx, manner: Manner, file: &Staged, limit: u64) -> Result<Imported> {
    policy::able(ctx, Act::Administer)?;
    let records = table::records(table::read(file, limit).await?, &[&LAYOUT], MAX_ROWS)?;
    let create = |row: table::Record| {
        let text = |key| row.owned(key).unwrap_or_default();
        let new = Create { code: text("code"), name: text("name"), jurisdiction_code: text("jurisdictionCode") };
        (row, new)
    };
    let rows: Vec<_> = records.rows.into_iter().map(create).collect();
    let codes = rows.iter().map(|(_, new)| new.code.clone()).collect();
    let done = batch::add(db, ctx, manner, format!("DepartmentImport:{}", file.sha256), &rows).await?;
    Ok(Imported { done, codes, notices: records.notices })
}
