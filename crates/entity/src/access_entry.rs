//! One read of restricted data. Append-only, outside the audit chain.

use sea_orm::entity::prelude::*;

use crate::id::{AccessEntryId, DepartmentId, Timestamp, UserId};

/// One read of restricted data. Append-only, outside the audit chain.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_entry")]
pub struct Model {
    /// Key; grows.
    #[sea_orm(primary_key)]
    pub id: AccessEntryId,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the operator's command line.
    pub actor_id: Option<UserId>,
    /// Name as it was then.
    pub actor_name: String,
    /// What kind of read.
    pub act: String,
    /// What was read, such as Evidence:7.
    pub node: String,
    /// Whose it is; `None` for what spans departments.
    pub department_id: Option<DepartmentId>,
    /// Request.
    pub request_id: String,
    /// What else tells the read apart, such as the moment of an `asOf`.
    pub detail: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
