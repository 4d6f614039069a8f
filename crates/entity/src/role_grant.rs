//! A role held by a user for a department, or for a jurisdiction and all below it; for everything when both are null.

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, GrantId, JurisdictionId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::Role;

/// A role held by a user for a department, or for a jurisdiction and all below it; for everything when both are null.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: GrantId,
    /// Who.
    pub user_id: UserId,
    /// What.
    pub role: Word<Role>,
    /// For this department.
    pub department_id: Option<DepartmentId>,
    /// For this jurisdiction and all below it.
    pub jurisdiction_id: Option<JurisdictionId>,
    /// Since when.
    pub granted_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
