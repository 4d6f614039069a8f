//! An indicator by itself, as it stands in the current document of its declaration: what lists across declarations read.

use sea_orm::entity::prelude::*;

use crate::id::IndicatorId;

/// An indicator as JSON.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_body")]
pub struct Model {
    /// Indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: IndicatorId,
    /// The very text that the document has for it.
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
