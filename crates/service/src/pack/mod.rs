//! The audit pack: everything an auditor may see, in files that a program which is not ours can recompute offline. The format
//! and what it proves: `docs/audit-pack.md`.
//!
//! A pack is read in one snapshot of the database and written line by line; of documents one is in memory at a time. The same
//! database gives the same bytes, but for the manifest's time.

mod declarations;
mod files;
mod findings;
mod log;
mod rows;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use jixiao_entity::id::JurisdictionId;
use jixiao_entity::{audit_head, department, jurisdiction, scoring_scheme};
use jixiao_rules::cycle::Act;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use serde_json::json;
use tokio::io::AsyncReadExt;

use self::files::Files;
use crate::access::{self, Access, AccessAct};
use crate::ctx::{Actor, Ctx, User};
use crate::db::Db;
use crate::declaration::total;
use crate::department::below;
use crate::error::{Result, ServiceError};
use crate::file::Kept;
use crate::jurisdiction::{check_year, seen, visible};
use crate::policy::{self, Scope};

/// What goes into a pack, within what its reader may see.
#[derive(Clone, Debug, Default)]
pub struct Extent {
    /// With the eyes of this user instead of the caller's own; for the operator.
    pub user: Option<User>,
    /// Of this jurisdiction and all below it; `None` for all.
    pub jurisdiction_code: Option<String>,
    /// Of this fiscal year; `None` for all.
    pub fiscal_year: Option<i32>,
}

/// The end of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Position of the last entry; 0 before the first.
    pub sequence: i64,
    /// Its hash, hex.
    pub hash: String,
}

/// What a pack would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Declarations.
    pub declarations: i64,
    /// The end of the log now.
    pub head: Head,
}

/// The first file of a pack: what is in it, and what it is fixed to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    format: &'static str,
    version: u32,
    created_at: String,
    extent: serde_json::Value,
    head: Head,
    lines: BTreeMap<String, u64>,
    sums_sha256: String,
}

/// A pack that was written.
#[derive(Clone, Debug)]
pub struct Made {
    /// SHA-256 of its manifest, hex: who notes it elsewhere knows the whole pack again.
    pub fingerprint: String,
    /// The end of the log in it.
    pub head: Head,
    /// Lines of each file.
    pub lines: BTreeMap<String, u64>,
}

/// Whose eyes it is read with: auditors by their grants as such, the operator by everything.
async fn reader(db: &Db, ctx: &Ctx, extent: &Extent) -> Result<Ctx> {
    let mut reader = policy::only(ctx, Act::AuditPackExport)?;
    if let Some(user) = &extent.user {
        if ctx.actor != Actor::Operator {
            return Err(ServiceError::Forbidden);
        }
        reader.actor = Actor::User(user.clone());
        reader = policy::only(&reader, Act::AuditPackExport)?;
    }
    if let Some(year) = extent.fiscal_year {
        check_year(year, "fiscalYear")?;
    }
    if let Some(code) = &extent.jurisdiction_code {
        seen(db.read(), &reader, code, "jurisdictionCode").await?;
    }
    Ok(reader)
}

async fn head(db: &impl ConnectionTrait) -> Result<Head> {
    let head = audit_head::Entity::find_by_id(1).one(db).await?;
    let head = head.ok_or_else(|| anyhow::anyhow!("the audit chain has no head"))?;
    Ok(Head { sequence: head.sequence, hash: head.hash })
}

/// What a pack of this extent would hold; for AUDITOR.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`; `Invalid` at `jurisdictionCode` or `fiscalYear`.
pub async fn outline(db: &Db, ctx: &Ctx, extent: &Extent) -> Result<Outline> {
    let reader = reader(db, ctx, extent).await?;
    let declarations = total(db, &declarations::select(&Scope::of(&reader), extent)).await?;
    Ok(Outline { declarations, head: head(db.read()).await? })
}

/// Writes a pack into a folder, which is made when it is not there and must be empty. Noted in the access log first.
///
/// # Errors
/// As [`outline`]; when the access log, the database or the disk fails.
pub async fn write(db: &Db, ctx: &Ctx, extent: &Extent, directory: &Path) -> Result<Made> {
    let reader = reader(db, ctx, extent).await?;
    access::note(db, ctx, vec![noted(extent)]).await?;
    let scope = Scope::of(&reader);
    let mut files = Files::begin(directory)?;
    // Counted before there is a snapshot, which holds a connection until the end.
    let all = u64::try_from(total(db, &declarations::select(&scope, extent)).await?).ok();
    let progress = |done| ctx.progress.tell(done, all);
    // The head is the first that is read: from there on the snapshot stands.
    let txn = db.begin_snapshot().await?;
    let head = head(&txn).await?;
    let places = jurisdictions(&txn, &mut files, &scope, extent).await?;
    departments(&txn, &mut files, &scope, extent, &places).await?;
    schemes(&txn, &mut files).await?;
    let drafts = reader.actor == Actor::Operator;
    let (declarations, hidden) = declarations::write(&txn, &mut files, &scope, extent, drafts, progress).await?;
    let everything = scope.roots().is_none() && extent.jurisdiction_code.is_none() && extent.fiscal_year.is_none();
    log::write(&txn, &mut files, head.sequence, &log::Shown { everything, declarations, hidden }).await?;
    txn.rollback().await?;
    let written = files.finish()?;
    let manifest = Manifest {
        format: "jixiao-audit-pack",
        version: 1,
        created_at: ctx.now.date_time().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        extent: json!({
            "user": reader.user().map(|user| &user.username),
            "jurisdictionCode": extent.jurisdiction_code,
            "fiscalYear": extent.fiscal_year,
        }),
        head: head.clone(),
        lines: written.lines.clone(),
        sums_sha256: written.sums_sha256,
    };
    let fingerprint = files::write_manifest(directory, &manifest)?;
    Ok(Made { fingerprint, head, lines: written.lines })
}

fn noted(extent: &Extent) -> Access {
    let words = [
        extent.user.as_ref().map(|user| format!("user {}", user.username)),
        extent.jurisdiction_code.as_ref().map(|code| format!("jurisdiction {code}")),
        extent.fiscal_year.map(|year| format!("year {year}")),
    ];
    let detail = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let detail = (!detail.is_empty()).then_some(detail);
    Access { act: AccessAct::AuditPack, node: "AuditPack".to_owned(), department: None, detail }
}

/// Packs a written folder into a ZIP file.
async fn zip(directory: &Path, out: std::fs::File) -> Result<std::fs::File> {
    let directory = directory.to_path_buf();
    let packed = tokio::task::spawn_blocking(move || files::zip(&directory, out)).await;
    Ok(packed.map_err(anyhow::Error::from)??)
}

/// Writes a pack as a ZIP file that is not there yet, by way of a folder beside it: what was only begun is not taken for a
/// pack.
///
/// # Errors
/// As [`write`].
pub async fn write_zip(db: &Db, ctx: &Ctx, extent: &Extent, out: &Path) -> Result<Made> {
    let beside = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory = tempfile::tempdir_in(beside).map_err(anyhow::Error::from)?;
    let folder = directory.path().join("pack");
    let made = write(db, ctx, extent, &folder).await?;
    let whole = tempfile::NamedTempFile::new_in(beside).map_err(anyhow::Error::from)?;
    zip(&folder, whole.reopen().map_err(anyhow::Error::from)?).await?.sync_all().map_err(anyhow::Error::from)?;
    whole.persist_noclobber(out).map_err(anyhow::Error::from)?;
    Ok(made)
}

/// A pack as a ZIP file, made in `staging` and gone with its last reader.
///
/// # Errors
/// As [`write`].
pub async fn download(db: &Db, ctx: &Ctx, extent: &Extent, staging: &Path) -> Result<(Made, Kept)> {
    let directory = tempfile::tempdir_in(staging).map_err(anyhow::Error::from)?;
    let made = write(db, ctx, extent, directory.path()).await?;
    let out = tempfile::tempfile_in(staging).map_err(anyhow::Error::from)?;
    let mut file = zip(directory.path(), out).await?;
    let size = file.metadata().map_err(anyhow::Error::from)?.len();
    std::io::Seek::rewind(&mut file).map_err(anyhow::Error::from)?;
    let bytes = stream::try_unfold(tokio::fs::File::from_std(file), async |mut file: tokio::fs::File| {
        let mut chunk = BytesMut::with_capacity(1 << 16);
        let read = file.read_buf(&mut chunk).await?;
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(chunk), file)))
    });
    Ok((made, Kept { size, bytes: bytes.boxed() }))
}

/// The jurisdictions in order of their codes, each with the nearest above it that is in the pack; gives their codes.
async fn jurisdictions(
    txn: &DatabaseTransaction,
    files: &mut Files,
    scope: &Scope,
    extent: &Extent,
) -> Result<HashMap<JurisdictionId, String>> {
    let column = || Expr::col((jurisdiction::Entity, jurisdiction::Column::Id));
    let mut within = Condition::all();
    if let Some(keys) = visible(scope) {
        within = within.add(column().in_subquery(keys));
    }
    if let Some(code) = &extent.jurisdiction_code {
        within = within.add(column().in_subquery(below(code)));
    }
    let shown = jurisdiction::Entity::find().filter(within).order_by_asc(jurisdiction::Column::Code).all(txn).await?;
    let parents: HashMap<JurisdictionId, Option<JurisdictionId>> = jurisdiction::Entity::find()
        .select_only()
        .columns([jurisdiction::Column::Id, jurisdiction::Column::ParentId])
        .into_tuple::<(JurisdictionId, Option<JurisdictionId>)>()
        .all(txn)
        .await?
        .into_iter()
        .collect();
    let codes: HashMap<JurisdictionId, String> = shown.iter().map(|row| (row.id, row.code.clone())).collect();
    for row in &shown {
        let above = std::iter::successors(row.parent_id, |id| parents.get(id).copied().flatten());
        let parent_code = above.into_iter().find_map(|id| codes.get(&id));
        files.row("jurisdictions", &json!({ "code": row.code, "name": row.name, "parentCode": parent_code }))?;
    }
    Ok(codes)
}

/// Rows in one statement.
const PAGE: u64 = 1_000;

async fn departments(
    txn: &DatabaseTransaction,
    files: &mut Files,
    scope: &Scope,
    extent: &Extent,
    places: &HashMap<JurisdictionId, String>,
) -> Result<()> {
    let mut within = scope.departments();
    if let Some(code) = &extent.jurisdiction_code {
        within = Condition::all()
            .add(within)
            .add(Expr::col((department::Entity, department::Column::JurisdictionId)).in_subquery(below(code)));
    }
    let mut last = String::new();
    loop {
        let page = department::Entity::find()
            .filter(within.clone())
            .filter(department::Column::Code.gt(last.as_str()))
            .order_by_asc(department::Column::Code)
            .limit(PAGE)
            .all(txn)
            .await?;
        let Some(end) = page.last() else { return Ok(()) };
        last.clone_from(&end.code);
        for row in &page {
            let code = places.get(&row.jurisdiction_id);
            let row = json!({ "id": row.id, "code": row.code, "name": row.name, "jurisdictionCode": code,
                "reviewLevel": row.review_level });
            files.row("departments", &row)?;
        }
    }
}

/// Every stored scheme: by which rules is scored, everybody may see.
async fn schemes(txn: &DatabaseTransaction, files: &mut Files) -> Result<()> {
    use scoring_scheme::Column as C;
    let rows = scoring_scheme::Entity::find().order_by_asc(C::Code).order_by_asc(C::Version).all(txn).await?;
    for row in rows {
        // A key, not the code: that is whatever its author chose.
        let file = format!("schemes/{}.toml", row.id.0);
        files.whole(file.clone(), row.document.as_bytes())?;
        let row = json!({ "id": row.id, "code": row.code, "version": row.version, "sha256": row.sha256,
            "createdAt": row.created_at, "file": file });
        files.row("schemes", &row)?;
    }
    Ok(())
}
