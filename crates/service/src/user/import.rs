//! Accounts from a file, one with its role in each row.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jixiao_rules::cycle::{Act, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::DatabaseTransaction;

use super::{Create, NewGrant, add, check, hash_password};
use crate::audit::FieldChange;
use crate::batch::{self, Addition, Done, Manner, Row};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, UserErrorCode, Violation};
use crate::file::Staged;
use crate::policy;
use crate::table::{self, Column, Layout, TableNotice, fold};

/// Rows in one file: each takes tens of milliseconds for its password.
const MAX_ROWS: usize = 200;
/// Passwords that are hashed at once, each in 19 MiB.
const HASHED_AT_ONCE: usize = 4;

/// A code that stands for everything.
const EVERYTHING: &str = "*";

const COLUMNS: &[Column] = &[
    Column { key: "username", words: &["登录名", "用户名", "账号"] },
    Column { key: "displayName", words: &["显示名", "姓名"] },
    Column { key: "password", words: &["密码", "初始密码"] },
    Column { key: "role", words: &["角色"] },
    Column { key: "departmentCode", words: &["部门代码"] },
    Column { key: "jurisdictionCode", words: &["区划代码", "财政区划代码"] },
];

const LAYOUT: Layout = Layout { columns: COLUMNS, needed: &[&["username"], &["displayName"], &["role"]], ends: None };

/// What became, or would become, of a file of accounts.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Row by row.
    pub rows: Vec<ImportedUser>,
    /// Why nothing was written.
    pub violations: Vec<Violation>,
    /// What was noticed in the file.
    pub notices: Vec<TableNotice>,
}

/// What became, or would become, of one account.
#[derive(Clone, Debug)]
pub struct ImportedUser {
    /// The row.
    pub row: Row,
    /// Its name to sign in with, as it stands there.
    pub username: String,
    /// The password made for it, where the file gives none and the account was made; it is told only here.
    pub password: Option<String>,
}

/// An account that a row asks for, or what is wrong with the row.
struct Wanted {
    new: Create,
    generated: bool,
    hash: Result<String, Violation>,
}

impl Addition for Wanted {
    async fn add(&self, txn: &DatabaseTransaction, ctx: &Ctx) -> Result<Vec<FieldChange>> {
        let hash = self.hash.clone()?;
        let (id, changes) = add(txn, ctx, &self.new, hash).await?;
        let path = |change: FieldChange| FieldChange { path: format!("users.{}.{}", id.0, change.path), ..change };
        Ok(changes.into_iter().map(path).collect())
    }
}

/// Makes the accounts in a file of at most `limit` bytes; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid`: `FILE_REFUSED`, `LIMIT_EXCEEDED`, `REQUIRED` for a missing column. Refused rows come back in
/// [`Imported`].
pub async fn import(db: &Db, ctx: &Ctx, manner: Manner, file: &Staged, limit: u64) -> Result<Imported> {
    policy::able(ctx, Act::Administer)?;
    let records = table::records(table::read(file, limit).await?, &[&LAYOUT], MAX_ROWS)?;
    // Hashed before the transaction: it must not wait for that.
    let all = u64::try_from(records.rows.len()).ok();
    let wanted = records.rows.into_iter().map(|row| wanted(row, manner.dry_run));
    let hashed = stream::iter(wanted).buffered(HASHED_AT_ONCE).zip(stream::iter(1..));
    let rows = hashed.map(|(row, number)| {
        ctx.progress.tell(number, all);
        row
    });
    let rows: Vec<(table::Record, Wanted)> = rows.try_collect().await?;
    let Done { rows: done, violations } =
        batch::add(db, ctx, manner, format!("UserImport:{}", file.sha256), &rows).await?;
    let told = done.into_iter().zip(rows).map(|(row, (_, Wanted { new, generated, .. }))| {
        let password = (generated && row.written).then_some(new.password);
        ImportedUser { row, username: new.username, password }
    });
    Ok(Imported { rows: told.collect(), violations, notices: records.notices })
}

async fn wanted(row: table::Record, dry_run: bool) -> Result<(table::Record, Wanted)> {
    let text = |key| row.owned(key).unwrap_or_default();
    let role = text("role");
    let known =
        Role::ALL.iter().find(|known| [known.as_str(), known.zh()].iter().any(|word| fold(word) == fold(&role)));
    // Power over everything is asked for by a star, never by a cell that somebody forgot.
    let place = |key| row.owned(key).filter(|code| code != EVERYTHING);
    let grant = |role: &Role| NewGrant {
        role: *role,
        department_code: place("departmentCode"),
        jurisdiction_code: place("jurisdictionCode"),
    };
    let given = row.owned("password");
    let generated = given.is_none();
    let new = Create {
        username: text("username"),
        display_name: text("displayName"),
        password: given.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>())),
        grants: known.map(grant).into_iter().collect(),
    };
    let placed = row.text("departmentCode").or(row.text("jurisdictionCode")).is_some();
    let hash = match checked(&new, &role, placed) {
        Err(violation) => Err(violation),
        // Nothing of it is kept.
        Ok(()) if dry_run => Ok(String::new()),
        Ok(()) => Ok(hash_password(new.password.clone()).await?),
    };
    Ok((row, Wanted { new, generated, hash }))
}

/// What is wrong with an account before anything is asked of the database.
fn checked(new: &Create, role: &str, placed: bool) -> Result<(), Violation> {
    if new.grants.is_empty() {
        let (zh, en): (Vec<_>, Vec<_>) = Role::ALL.iter().map(|role| (role.zh(), role.as_str())).unzip();
        let code = if role.is_empty() { UserErrorCode::Required } else { UserErrorCode::InvalidValue };
        let (zh, en) = (format!("角色应为: {}", zh.join("、")), format!("a role is one of {}", en.join(", ")));
        return Err(Violation::new(code, "role", zh, en));
    }
    if !placed {
        let (zh, en) =
            ("请填写部门代码或区划代码; 全部范围填 *", "give a department or a jurisdiction; * for everything");
        return Err(Violation::new(UserErrorCode::Required, "departmentCode", zh, en));
    }
    check(new)
}
