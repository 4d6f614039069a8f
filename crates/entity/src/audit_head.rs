//! The end of the audit chain (one row), and how far it was verified.

use sea_orm::entity::prelude::*;

/// The end of the audit chain (one row), and how far it was verified.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Last sequence.
    pub sequence: i64,
    /// Last hash.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
