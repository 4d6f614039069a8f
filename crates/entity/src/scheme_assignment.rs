//! Which scheme version a jurisdiction, and all below it where nothing nearer is assigned, scores a year under.

use sea_orm::entity::prelude::*;

use crate::id::{JurisdictionId, SchemeAssignmentId, SchemeId, Timestamp};

/// Which scheme version a jurisdiction, and all below it where nothing nearer is assigned, scores a year under.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scheme_assignment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: SchemeAssignmentId,
    /// For this jurisdiction and those below it.
    pub jurisdiction_id: JurisdictionId,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Scheme version.
    pub scheme_id: SchemeId,
    /// When assigned last.
    pub assigned_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
