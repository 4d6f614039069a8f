//! One command in the audit log. Append-only, hash-chained.

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::Role;

/// One command in the audit log. Append-only, hash-chained.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the operator's command line.
    pub actor_id: Option<UserId>,
    /// Name as it was then.
    pub actor_name: String,
    /// As what.
    pub role: Option<Word<Role>>,
    /// Act.
    pub action: String,
    /// What it was done to, such as Declaration:7.
    pub node: String,
    /// Whose it is; `None` for administration.
    pub department_id: Option<DepartmentId>,
    /// Reason or opinion given.
    pub reason: Option<String>,
    /// JSON list of path, before, after.
    pub changes: String,
    /// Document after the act.
    pub document_sha256: Option<String>,
    /// Request.
    pub request_id: String,
    /// Hash of the entry before, hex.
    pub previous_hash: String,
    /// SHA-256 of this entry with the previous hash, hex.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
