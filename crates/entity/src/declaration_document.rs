//! The declaration assembled whole as it stood after one command: the read model (latest) and the history (all). Append-only.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, Timestamp};

/// The declaration assembled whole as it stood after one command: the read model (latest) and the history (all). Append-only.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration_document")]
pub struct Model {
    /// Declaration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub declaration_id: DeclarationId,
    /// From 1, one per command.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// When.
    pub at: Timestamp,
    /// JSON text.
    pub body: String,
    /// SHA-256 of the body, hex.
    pub sha256: String,
}

impl ActiveModelBehavior for ActiveModel {}
