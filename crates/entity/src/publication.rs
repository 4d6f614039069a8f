//! What of a declaration is open to everybody, and how far that is: one row per declaration and kind.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, PublicationId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::{PublicationKind, PublicationStatus};

/// What of a declaration is open to everybody, and how far that is: one row per declaration and kind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: PublicationId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Targets or results.
    pub kind: Word<PublicationKind>,
    /// State.
    pub status: Word<PublicationStatus>,
    /// Grows with each change.
    pub revision: i32,
    /// Why it is withheld.
    pub withheld_reason: Option<String>,
    /// Who withheld it.
    pub withheld_by: Option<UserId>,
    /// When.
    pub withheld_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
