//! A first-level budget entity (预算部门).

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, JurisdictionId};

/// A first-level budget entity (预算部门).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "department")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: DepartmentId,
    /// Code, 4 to 12 digits, unique over all jurisdictions.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it belongs.
    pub jurisdiction_id: JurisdictionId,
    /// It reviews its units' forms itself; without, a submit goes to finance directly (rules 2.3).
    pub review_level: bool,
}

impl ActiveModelBehavior for ActiveModel {}
