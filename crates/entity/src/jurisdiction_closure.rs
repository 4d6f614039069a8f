//! Every jurisdiction below (and at) every other: what makes "and all below it" one indexed look-up.

use sea_orm::entity::prelude::*;

use crate::id::JurisdictionId;

/// Every jurisdiction below (and at) every other: what makes "and all below it" one indexed look-up.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jurisdiction_closure")]
pub struct Model {
    /// The upper one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_id: JurisdictionId,
    /// The lower one, or the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub descendant_id: JurisdictionId,
    /// Steps between them, 0 for the same.
    pub depth: i32,
}

impl ActiveModelBehavior for ActiveModel {}
