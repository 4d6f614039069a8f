//! Evidence files (佐证材料) of a report's rows. A file may come before the value it proves: it hangs on the report's row.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use jixiao_entity::id::{DeclarationId, EvidenceId, IndicatorId, Timestamp, UserId};
use jixiao_entity::{evidence, report};
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::window::Window;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::access::{self, Access, AccessAct};
use crate::ctx::{Ctx, UserRef};
use crate::db::Db;
use crate::declaration::{self, Change, Declaration, Evidence, Revision, Whole, check_revision, hold, settle};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::file::{FileType, Kept, Staged, Store, clean, identify};
use crate::policy::{self, Territory};
use crate::{jurisdiction, report as reports, user, window};

/// Files in force of one row.
const MAX_FILES: usize = 50;

/// A file to be added to a row of a report.
#[derive(Clone, Debug)]
pub struct Add<'a> {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Period,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// The file.
    pub file: &'a Staged,
    /// Types of files that are accepted.
    pub accepted: &'a [FileType],
    /// What it shows, in words.
    pub note: Option<String>,
    /// Date of the document.
    pub issued_on: Option<NaiveDate>,
    /// The value it states, verbatim.
    pub stated_value: Option<String>,
    /// Revision of the report the caller has seen.
    pub expected_revision: Option<i32>,
}

/// A file to be taken out of a report.
#[derive(Clone, Debug)]
pub struct Remove {
    /// Which.
    pub id: EvidenceId,
    /// Why.
    pub reason: Option<String>,
    /// Revision of the report the caller has seen.
    pub expected_revision: Option<i32>,
}

/// An evidence file wherever it stands, in force or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub evidence: Evidence,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Period,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
    storage_key: String,
}

/// Adds a file to a row of a report. The content is kept before the row that names it.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `FILE_REFUSED`, `ALREADY_EXISTS`, `LIMIT_EXCEEDED`, …
pub async fn add(db: &Db, store: &Store, ctx: &Ctx, cmd: &Add<'_>) -> Result<(Whole, EvidenceId)> {
    // Whoever may not add leaves nothing in the store.
    let mut found = declaration::by_ids(db, ctx, &[cmd.declaration_id]).await?;
    let whole = found.remove(&cmd.declaration_id).ok_or_else(|| ServiceError::not_found("reportId"))?;
    let territory = Territory::of(db.read(), whole.department.id, whole.department.jurisdiction_id).await?;
    let (place, year) = (whole.department.jurisdiction_id, whole.declaration.fiscal_year);
    let window = window::of(db.read(), place, year, cmd.period).await?;
    check(ctx, cmd, &whole.declaration, &territory, window.as_ref())?;
    let name = clean(&cmd.file.name).ok_or_else(|| {
        let (zh, en) = ("文件名无效", "the name of the file is not usable");
        Violation::new(UserErrorCode::InvalidValue, "file", zh, en)
    })?;
    let kind = identify(&name, cmd.file.content().await?, cmd.accepted, "file")?;
    store.keep(cmd.file).await?;

    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "reportId").await?;
    let before = &held.declaration;
    let node = reports::node(cmd.declaration_id, cmd.period);
    check_expected(&txn, &node, cmd.expected_revision, before.report_revision(cmd.period)).await?;
    let window = window::of(&txn, place, year, cmd.period).await?;
    let role = check(ctx, cmd, before, &held.territory, window.as_ref())?;
    let row = evidence::ActiveModel {
        id: NotSet,
        report_id: Set(reports::touch(&txn, ctx, before, cmd.period, window.as_ref()).await?),
        indicator_id: Set(cmd.indicator_id),
        file_name: Set(name),
        media_type: Set(kind.media_type().to_owned()),
        size: Set(i64::try_from(cmd.file.size).unwrap_or(i64::MAX)),
        sha256: Set(cmd.file.sha256.clone()),
        storage_key: Set(Store::key(&cmd.file.sha256)),
        note: Set(cmd.note.clone()),
        issued_on: Set(cmd.issued_on),
        stated_value: Set(cmd.stated_value.clone()),
        uploaded_by: Set(ctx.user_id()),
        uploaded_at: Set(ctx.now),
        removed_by: Set(None),
        removed_at: Set(None),
    };
    let id = row.insert(&txn).await?.id;
    let change = Change { act: Act::EvidenceAdd, role, node, reason: None, before: Some(before) };
    let after = settle(&txn, ctx, cmd.declaration_id, change).await?;
    txn.commit().await?;
    Ok((Whole { declaration: after, department: held.department }, id))
}

/// Takes a file out of a report. Its row and its content stay.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `TOO_LONG`.
pub async fn remove(db: &Db, ctx: &Ctx, cmd: &Remove) -> Result<(Whole, Period)> {
    let not_found = || ServiceError::not_found("id");
    let txn = db.begin_write().await?;
    let found = find(&txn, cmd.id).await?.filter(|found| found.removed_at.is_none()).ok_or_else(not_found)?;
    let (declaration, period) = (found.declaration_id, found.period);
    let held = hold(&txn, ctx, declaration, "id").await?;
    let before = &held.declaration;
    // Between the two statements somebody else may have removed it.
    before
        .indicator(found.indicator_id)
        .filter(|row| row.evidence_in(period).iter().any(|file| file.id == cmd.id))
        .ok_or_else(not_found)?;
    let node = reports::node(declaration, period);
    let roles = policy::allow(ctx, Act::EvidenceRemove, Some(&held.territory))?;
    check_expected(&txn, &node, cmd.expected_revision, before.report_revision(period)).await?;
    let window = window::of(&txn, held.department.jurisdiction_id, before.fiscal_year, period).await?;
    check_state(ctx, before, period, window.as_ref(), Act::EvidenceRemove, &roles)?;
    check_text(cmd.reason.as_deref(), 2_000, "reason")?;
    let row = evidence::ActiveModel {
        id: Set(cmd.id),
        removed_by: Set(ctx.user_id()),
        removed_at: Set(Some(ctx.now)),
        ..Default::default()
    };
    row.update(&txn).await?;
    reports::touch(&txn, ctx, before, period, window.as_ref()).await?;
    let (role, reason) = (roles.first().copied(), cmd.reason.clone());
    let change = Change { act: Act::EvidenceRemove, role, node, reason, before: Some(before) };
    let after = settle(&txn, ctx, declaration, change).await?;
    txn.commit().await?;
    Ok((Whole { declaration: after, department: held.department }, period))
}

async fn check_expected(
    txn: &sea_orm::DatabaseTransaction,
    node: &str,
    expected: Option<i32>,
    actual: i32,
) -> Result<()> {
    let Some(expected) = expected else { return Ok(()) };
    check_revision(txn, Revision { node, expected, actual, field: "expectedRevision" }).await
}

/// Everything that can be said against adding, but for the file itself; gives the role it is done as.
fn check(
    ctx: &Ctx,
    cmd: &Add<'_>,
    before: &Declaration,
    territory: &Territory,
    window: Option<&Window>,
) -> Result<Option<Role>> {
    let roles = policy::allow(ctx, Act::EvidenceAdd, Some(territory))?;
    check_state(ctx, before, cmd.period, window, Act::EvidenceAdd, &roles)?;
    let indicator = before.indicator(cmd.indicator_id).ok_or_else(|| ServiceError::not_found("indicatorId"))?;
    check_text(cmd.note.as_deref(), 2_000, "note")?;
    check_text(cmd.stated_value.as_deref(), 500, "statedValue")?;
    let there = indicator.evidence_in(cmd.period);
    if there.iter().any(|file| file.sha256 == cmd.file.sha256) {
        let (zh, en) = ("该指标已有内容相同的文件", "the indicator has a file with the same content");
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "file", zh, en));
    }
    if there.len() >= MAX_FILES {
        let (zh, en) =
            (format!("每个指标最多{MAX_FILES}个文件"), format!("at most {MAX_FILES} files for an indicator"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "file", zh, en));
    }
    Ok(roles.first().copied())
}

/// The states, and the window, in which values may be recorded.
fn check_state(
    ctx: &Ctx,
    before: &Declaration,
    period: Period,
    window: Option<&Window>,
    act: Act,
    roles: &[Role],
) -> Result<()> {
    let field = if act == Act::EvidenceAdd { "reportId" } else { "id" };
    let status = before.report_status(period);
    let open = before.has(period, window) && before.status == DeclarationStatus::Approved;
    if open && cycle::next(cycle::REPORT, roles, act, status).is_some() {
        return window::check(ctx, before, period, window, field);
    }
    let zh = format!("申报状态为“{}”、报告状态为“{}”, 不能{}", before.status.zh(), status.zh(), act.zh());
    let en = format!("the declaration is {}, the report {status}: cannot {}", before.status, act.en());
    Err(ServiceError::invalid(UserErrorCode::WrongState, field, zh, en))
}

fn check_text(text: Option<&str>, limit: usize, field: &str) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    jurisdiction::check_text(text, limit, field)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        let (zh, en) = ("不能含有控制字符", "must not hold control characters");
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, field, zh, en));
    }
    Ok(())
}

/// The evidence in force of reports, per indicator and period, oldest first.
pub(crate) async fn of_reports(
    db: &impl ConnectionTrait,
    reports: &[report::Model],
) -> Result<HashMap<IndicatorId, BTreeMap<Period, Vec<Evidence>>>> {
    let mut found: HashMap<IndicatorId, BTreeMap<Period, Vec<Evidence>>> = HashMap::new();
    if reports.is_empty() {
        return Ok(found);
    }
    let rows = evidence::Entity::find()
        .filter(evidence::Column::ReportId.is_in(reports.iter().map(|report| report.id)))
        .filter(evidence::Column::RemovedAt.is_null())
        .order_by_asc(evidence::Column::Id)
        .all(db)
        .await?;
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.uploaded_by).collect();
    let names = user::names(db, &people).await?;
    for row in rows {
        let Some(report) = reports.iter().find(|report| report.id == row.report_id) else { continue };
        let name = row.uploaded_by.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        found.entry(row.indicator_id).or_default().entry(report.period.0).or_default().push(evidence_of(row, name));
    }
    Ok(found)
}

/// A file as its row has it.
pub(crate) fn evidence_of(row: evidence::Model, uploaded_by: String) -> Evidence {
    Evidence {
        id: row.id,
        file_name: row.file_name,
        media_type: row.media_type,
        size: row.size,
        sha256: row.sha256,
        note: row.note,
        issued_on: row.issued_on,
        stated_value: row.stated_value,
        uploaded_at: row.uploaded_at,
        uploaded_by: UserRef { id: row.uploaded_by, display_name: uploaded_by },
    }
}

async fn find(db: &impl ConnectionTrait, id: EvidenceId) -> Result<Option<Found>> {
    let Some(row) = evidence::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let report = report::Entity::find_by_id(row.report_id).one(db).await?;
    let report = report.ok_or_else(|| anyhow::anyhow!("evidence {} has no report", id.0))?;
    let people: Vec<UserId> = row.uploaded_by.into_iter().collect();
    let name = user::names(db, &people).await?.into_values().next().unwrap_or_default();
    Ok(Some(Found {
        declaration_id: report.declaration_id,
        period: report.period.0,
        indicator_id: row.indicator_id,
        removed_at: row.removed_at,
        storage_key: row.storage_key.clone(),
        evidence: evidence_of(row, name),
    }))
}

/// An evidence file, in force or removed, for whoever may read its declaration.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &Db, ctx: &Ctx, id: EvidenceId) -> Result<Option<Found>> {
    Ok(seen(db, ctx, id).await?.map(|(found, _)| found))
}

async fn seen(db: &Db, ctx: &Ctx, id: EvidenceId) -> Result<Option<(Found, declaration::Header)>> {
    let Some(found) = find(db.read(), id).await? else { return Ok(None) };
    let header = declaration::header_by_ids(db, ctx, &[found.declaration_id]).await?.remove(&found.declaration_id);
    Ok(header.map(|header| (found, header)))
}

/// The content of an evidence file, for whoever may read its declaration. Noted in the access log first.
///
/// # Errors
/// When the database, the access log or the store fails.
pub async fn download(db: &Db, store: &Store, ctx: &Ctx, id: EvidenceId) -> Result<Option<(Found, Kept)>> {
    let Some((found, header)) = seen(db, ctx, id).await? else { return Ok(None) };
    let read = Access {
        act: AccessAct::EvidenceDownload,
        node: format!("Evidence:{}", id.0),
        department: Some(header.department.id),
        detail: Some(found.evidence.sha256.clone()),
    };
    access::note(db, ctx, vec![read]).await?;
    let kept = store.read(&found.storage_key).await?;
    let kept = kept.ok_or_else(|| anyhow::anyhow!("evidence {} is not in the store", id.0))?;
    Ok(Some((found, kept)))
}
