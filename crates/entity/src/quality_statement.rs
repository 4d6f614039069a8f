//! Where the data of an indicator come from and how far they can be trusted. Append-only: the last counts.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, IndicatorId, QualityStatementId, Timestamp, UserId};

/// Where the data of an indicator come from and how far they can be trusted. Append-only: the last counts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quality_statement")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: QualityStatementId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// Source of the data.
    pub source: String,
    /// How they were gathered and computed.
    pub method: String,
    /// Known limits; `None` when none is known.
    pub limits: Option<String>,
    /// Who states it.
    pub stated_by: Option<UserId>,
    /// When.
    pub stated_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
