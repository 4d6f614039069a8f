//! The findings of a pack as they are listed across declarations, those on other years and missed days included, and what
//! auditors wrote on them.

use jixiao_entity::{finding, finding_note};
use jixiao_rules::cycle::AdjustmentStatus;
use jixiao_rules::kind::{Severity, Vocabulary};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::files::Files;
use crate::declaration::Declaration;
use crate::error::Result;

/// Writes those of one declaration; without `drafts` what lies in an adjustment that is still a draft is left out.
pub(super) async fn write(
    txn: &DatabaseTransaction,
    files: &mut Files,
    declaration: &Declaration,
    drafts: bool,
) -> Result<()> {
    let id = declaration.id;
    let rows = finding::Entity::find()
        .filter(finding::Column::DeclarationId.eq(id))
        .order_by_asc(finding::Column::Id)
        .all(txn)
        .await?;
    for row in rows {
        let path: Vec<String> = serde_json::from_str(&row.path)?;
        if !drafts && in_draft(declaration, &path) {
            continue;
        }
        let severity = usize::try_from(row.gravity).ok().and_then(|at| Severity::ALL.get(at));
        let (message, compared): (Value, Value) =
            (serde_json::from_str(&row.message)?, serde_json::from_str(&row.compared)?);
        let line = json!({ "declarationId": id, "id": row.id, "rule": row.rule, "severity": severity.map(|one| one.as_str()),
            "period": row.period.map(|period| period.0), "path": path, "message": message, "compared": compared,
            "since": row.since, "foundAt": row.found_at, "fingerprint": row.fingerprint });
        files.row("listed-findings", &line)?;
    }
    let notes = finding_note::Entity::find()
        .filter(finding_note::Column::DeclarationId.eq(id))
        .order_by_asc(finding_note::Column::Id)
        .all(txn)
        .await?;
    for row in notes {
        let line = json!({ "declarationId": id, "findingId": row.finding_id, "dismisses": row.dismisses,
            "fingerprint": row.fingerprint, "note": row.note, "writtenBy": row.written_by, "writtenAt": row.written_at });
        files.row("finding-notes", &line)?;
    }
    Ok(())
}

fn in_draft(declaration: &Declaration, path: &[String]) -> bool {
    let place = path.get(1).filter(|_| path.first().is_some_and(|first| first == "adjustments"));
    let adjustment = place.and_then(|place| declaration.adjustments.get(place.parse::<usize>().ok()?));
    adjustment.is_some_and(|adjustment| adjustment.status == AdjustmentStatus::Draft)
}
