//! What an indicator is searched by: its name and targets in the form of `jixiao_rules::search`. The database derives the
//! index over it by itself.

use sea_orm::entity::prelude::*;

use crate::id::IndicatorId;

/// What an indicator is searched by.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_text")]
pub struct Model {
    /// Indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: IndicatorId,
    /// Name, annual target and cycle target, folded, a new line after each.
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
