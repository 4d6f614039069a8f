//! Auditors' notes: a finding is dismissed, never removed; the note is an entry of the audit log (rules 2.5.4).

use jixiao_entity::finding_note;
use jixiao_entity::id::FindingId;
use jixiao_entity::{declaration, finding};
use jixiao_rules::cycle::Act;
use jixiao_rules::kind::Vocabulary;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{EntityTrait, QuerySelect};

use super::list::{Kept, by_id_in};
use crate::audit::{self, NewEntry, change};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::policy::{self, Territory};
use crate::text::clean;

/// Dismisses a finding, or takes its dismissal back.
#[derive(Clone, Debug)]
pub struct Note {
    /// `FindingDismiss` or `FindingReopen`.
    pub act: Act,
    /// Which.
    pub id: FindingId,
    /// Why.
    pub note: String,
}

/// Writes a note; gives the finding as it is then. For AUDITOR over its department.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `WRONG_STATE` (dismissed already, or not dismissed), `REQUIRED`, `TOO_LONG`,
/// `INVALID_VALUE`.
pub async fn note(db: &Db, ctx: &Ctx, cmd: &Note) -> Result<Kept> {
    let txn = db.begin_write().await?;
    let not_found = || ServiceError::not_found("id");
    let found = by_id_in(&txn, ctx, cmd.id).await?.ok_or_else(not_found)?;
    // What is compared stays as it is until the note is written: a settling command waits for the declaration.
    declaration::Entity::find_by_id(found.of.id).lock_exclusive().one(&txn).await?.ok_or_else(not_found)?;
    let row = finding::Entity::find_by_id((found.of.id, cmd.id)).one(&txn).await?.ok_or_else(not_found)?;
    let found = by_id_in(&txn, ctx, cmd.id).await?.ok_or_else(not_found)?;
    let department = &found.of.department;
    let territory = Territory::of(&txn, department.id, department.jurisdiction_id).await?;
    let roles = policy::allow(ctx, cmd.act, Some(&territory))?;
    let dismisses = cmd.act == Act::FindingDismiss;
    if found.dismissal.is_some() == dismisses {
        let zh = format!("该问题{}, 不能{}", if dismisses { "已被搁置" } else { "未被搁置" }, cmd.act.zh());
        let en = format!("it is {}dismissed: cannot {}", if dismisses { "already " } else { "not " }, cmd.act.en());
        return Err(ServiceError::invalid(UserErrorCode::WrongState, "id", zh, en));
    }
    let note = clean(&cmd.note, 2_000, "note")?;
    let written = finding_note::ActiveModel {
        id: NotSet,
        declaration_id: Set(row.declaration_id),
        finding_id: Set(row.id),
        dismisses: Set(dismisses),
        fingerprint: Set(row.fingerprint.clone()),
        note: Set(note.clone()),
        written_by: Set(ctx.user_id()),
        written_at: Set(ctx.now),
    };
    finding_note::Entity::insert(written).exec_without_returning(&txn).await?;
    let path = format!("findings.{}.{}", row.rule, found.finding.path.join("."));
    let told = |dismissed: bool| dismissed.then(|| row.fingerprint.clone());
    let entry = NewEntry {
        act: cmd.act,
        role: roles.first().copied(),
        node: format!("Declaration:{}", row.declaration_id.0),
        department: Some(department.id),
        reason: Some(note),
        changes: change(&path, told(!dismisses), told(dismisses)).into_iter().collect(),
        document_sha256: None,
    };
    audit::append(&txn, ctx, entry).await?;
    let kept = by_id_in(&txn, ctx, cmd.id).await?.ok_or_else(not_found)?;
    txn.commit().await?;
    Ok(kept)
}
