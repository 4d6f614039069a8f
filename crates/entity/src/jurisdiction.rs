//! A fiscal jurisdiction (财政区划), a node of the tree by parent.

use sea_orm::entity::prelude::*;

use crate::id::JurisdictionId;

/// A fiscal jurisdiction (财政区划), a node of the tree by parent.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jurisdiction")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: JurisdictionId,
    /// Code, 4 to 12 digits, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// The jurisdiction above; `None` at a root.
    pub parent_id: Option<JurisdictionId>,
}

impl ActiveModelBehavior for ActiveModel {}
