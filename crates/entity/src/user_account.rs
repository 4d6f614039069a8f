//! A person who can sign in.

use sea_orm::entity::prelude::*;

use crate::id::{Timestamp, UserId};

/// A person who can sign in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: UserId,
    /// Name to sign in with, unique.
    pub username: String,
    /// Name for people.
    pub display_name: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// Since when the account is closed.
    pub disabled_at: Option<Timestamp>,
    /// The identity provider that knows this person; `None` for an account of our own.
    pub issuer: Option<String>,
    /// Who it is among all whom that provider knows; `None` for an account of our own.
    pub subject: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
