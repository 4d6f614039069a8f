//! What the checks find in a declaration as it stands: computed in the writing transaction, searched across declarations.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, FindingId, Timestamp};
use crate::stored::Word;
use jixiao_rules::cycle::Period;

/// What the checks find in a declaration as it stands: computed in the writing transaction, searched across declarations.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// Declaration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub declaration_id: DeclarationId,
    /// Derived from declaration, rule and path: the same as long as the finding stays.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingId,
    /// 0 ERROR, 1 WARNING, 2 NOTICE: sorts by gravity.
    pub gravity: i32,
    /// Id of the check.
    pub rule: String,
    /// Period of the report it lies in.
    pub period: Option<Word<Period>>,
    /// Where it lies: path from the declaration, as JSON.
    pub path: String,
    /// For people, as JSON.
    pub message: String,
    /// What was compared, as JSON.
    pub compared: String,
    /// SHA-256 of severity, rule, message and what was compared, hex.
    pub fingerprint: String,
    /// First day on which it holds; `None`: from the moment it was found.
    pub since: Option<NaiveDate>,
    /// When found as it is.
    pub found_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
