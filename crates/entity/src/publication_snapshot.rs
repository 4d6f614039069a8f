//! What was published, as it was published. Append-only.

use sea_orm::entity::prelude::*;

use crate::id::{PublicationId, Timestamp, UserId};

/// What was published, as it was published. Append-only.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_snapshot")]
pub struct Model {
    /// Publication.
    #[sea_orm(primary_key, auto_increment = false)]
    pub publication_id: PublicationId,
    /// From 1, one more with each correction.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Approved version of the declaration.
    pub version: i32,
    /// JSON text: exactly what everybody may see.
    pub body: String,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// Why it was corrected; `None` for the first.
    pub reason: Option<String>,
    /// Who.
    pub published_by: Option<UserId>,
    /// When.
    pub published_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
