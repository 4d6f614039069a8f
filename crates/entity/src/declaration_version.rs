//! An approved version of a declaration; which document holds it.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, Timestamp, UserId};

/// An approved version of a declaration; which document holds it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration_version")]
pub struct Model {
    /// Declaration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub declaration_id: DeclarationId,
    /// Version, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Document as approved.
    pub document_number: i32,
    /// 批复文号.
    pub approval_number: String,
    /// Day of the 批复.
    pub approved_on: Date,
    /// Who.
    pub approved_by: Option<UserId>,
    /// When recorded.
    pub approved_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
