//! One extension of a reporting window; never changed.

use sea_orm::entity::prelude::*;

use crate::id::{Timestamp, WindowExtensionId, WindowId};

/// One extension of a reporting window; never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_window_extension")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: WindowExtensionId,
    /// Window.
    pub window_id: WindowId,
    /// Due day before.
    pub due_before: Date,
    /// Due day after.
    pub due_after: Date,
    /// Closing day before.
    pub closes_before: Date,
    /// Closing day after.
    pub closes_after: Date,
    /// Why.
    pub reason: String,
    /// Who, by name as it was.
    pub extended_by: String,
    /// When.
    pub extended_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
