//! A refresh token; one use, and a second use ends its family.

use sea_orm::entity::prelude::*;

use crate::id::{RefreshTokenId, Timestamp, UserId};

/// A refresh token; one use, and a second use ends its family.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: RefreshTokenId,
    /// All tokens that came from one sign-in.
    pub family: String,
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the token, hex, unique.
    pub token_hash: String,
    /// When made.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
    /// When its family was ended.
    pub revoked_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
