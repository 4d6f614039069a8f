//! An auditor's note on a finding, dismissing it or taking that back. Append-only; the last one counts.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, FindingId, FindingNoteId, Timestamp, UserId};

/// An auditor's note on a finding, dismissing it or taking that back. Append-only; the last one counts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_note")]
pub struct Model {
    /// Key; grows.
    #[sea_orm(primary_key)]
    pub id: FindingNoteId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Finding, which may be gone.
    pub finding_id: FindingId,
    /// Dismisses; false takes a dismissal back.
    pub dismisses: bool,
    /// Fingerprint of the finding it was written on: a dismissal holds for what was compared then.
    pub fingerprint: String,
    /// The note.
    pub note: String,
    /// By whom.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
