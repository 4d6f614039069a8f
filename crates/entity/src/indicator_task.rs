//! A link: the indicator measures the key task (rules 3.2, D11).

use sea_orm::entity::prelude::*;

use crate::id::{IndicatorId, KeyTaskId};

/// A link: the indicator measures the key task (rules 3.2, D11).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_task")]
pub struct Model {
    /// Indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: IndicatorId,
    /// Key task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_task_id: KeyTaskId,
}

impl ActiveModelBehavior for ActiveModel {}
