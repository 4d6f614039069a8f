//! A key used with a command, so that sending it again does nothing again.

use sea_orm::entity::prelude::*;

use crate::id::{Timestamp, UserId};

/// A key used with a command, so that sending it again does nothing again.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the input, hex.
    pub fingerprint: String,
    /// What was answered, JSON text.
    pub outcome: String,
    /// When.
    pub at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
