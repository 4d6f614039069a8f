//! One version of a scoring scheme; never changed.

use sea_orm::entity::prelude::*;

use crate::id::{SchemeId, Timestamp};

/// One version of a scoring scheme; never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scoring_scheme")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: SchemeId,
    /// Code, such as CN-2020.
    pub code: String,
    /// Version, from 1.
    pub version: i32,
    /// The TOML document.
    pub document: String,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// When stored.
    pub created_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
