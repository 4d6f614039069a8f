//! The audit chain in a pack: entries in its extent whole, all others by the hash of their contents alone, so that every
//! hash up to the head can be recomputed.

use std::collections::HashSet;

use jixiao_entity::audit_entry;
use jixiao_entity::id::{DeclarationId, DepartmentId, Timestamp, UserId};
use jixiao_rules::cycle::Role;
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::files::Files;
use crate::audit::{self, FieldChange};
use crate::error::Result;

/// Which entries are shown.
pub(super) struct Shown {
    /// Everything: a pack of the whole service.
    pub(super) everything: bool,
    /// Those of these declarations,
    pub(super) declarations: HashSet<DeclarationId>,
    /// but not of these nodes, which are drafts that the reader may not see.
    pub(super) hidden: HashSet<String>,
}

impl Shown {
    fn holds(&self, node: &str) -> bool {
        let mut parts = node.split(':');
        match (parts.next(), parts.next().and_then(|id| id.parse().ok())) {
            (Some("Declaration" | "Report" | "Adjustment" | "Publication"), Some(id)) => {
                self.declarations.contains(&DeclarationId(id)) && !self.hidden.contains(node)
            }
            // By which rules is scored, everybody may see.
            (Some(kind), _) => self.everything || kind == "ScoringScheme",
            (None, _) => false,
        }
    }
}

/// An entry with everything that is hashed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    sequence: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    actor_name: String,
    role: Option<Role>,
    action: String,
    node: String,
    department_id: Option<DepartmentId>,
    reason: Option<String>,
    changes: Vec<FieldChange>,
    document_sha256: Option<String>,
    request_id: String,
    previous_hash: String,
    hash: String,
}

/// An entry that is not shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Left {
    sequence: i64,
    /// `None` for an entry of an older version, whose hash does not go by it.
    contents_sha256: Option<String>,
    previous_hash: String,
    hash: String,
}

/// Writes every entry up to `head`, in order.
pub(super) async fn write(txn: &DatabaseTransaction, files: &mut Files, head: i64, shown: &Shown) -> Result<()> {
    let mut last = 0;
    while last < head {
        let rows = audit::after(txn, last).await?.filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| anyhow::anyhow!("the audit log cannot be read after {last}"))?;
        for row in rows {
            last = row.sequence;
            if shown.holds(&row.node) {
                files.row("audit-entries", &whole(row)?)?;
            } else {
                let contents_sha256 = audit::by_contents(&row)?.then(|| audit::contents_of(&row)).transpose()?;
                let (previous_hash, hash) = (row.previous_hash, row.hash);
                files.row("audit-entries", &Left { sequence: last, contents_sha256, previous_hash, hash })?;
            }
        }
    }
    Ok(())
}

fn whole(row: audit_entry::Model) -> Result<Whole> {
    Ok(Whole {
        sequence: row.sequence,
        at: row.at,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        role: row.role.map(|role| role.0),
        action: row.action,
        node: row.node,
        department_id: row.department_id,
        reason: row.reason,
        changes: serde_json::from_str(&row.changes)?,
        document_sha256: row.document_sha256,
        request_id: row.request_id,
        previous_hash: row.previous_hash,
        hash: row.hash,
    })
}
