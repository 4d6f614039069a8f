//! When reports of a jurisdiction, and of all below it where nothing nearer is set, are recorded.

use sea_orm::entity::prelude::*;

use crate::id::{JurisdictionId, WindowId};
use crate::stored::Word;
use jixiao_rules::cycle::Period;

/// When reports of a jurisdiction, and of all below it where nothing nearer is set, are recorded.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_window")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: WindowId,
    /// For this jurisdiction and those below it.
    pub jurisdiction_id: JurisdictionId,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Period.
    pub period: Word<Period>,
    /// Months from January that the data cover.
    pub months: i32,
    /// First day.
    pub opens_on: Date,
    /// Last day on time, extensions included.
    pub due_on: Date,
    /// Last day but for the grace, extensions included.
    pub closes_on: Date,
    /// Days of grace.
    pub grace_days: i32,
    /// Grows by one with each change.
    pub revision: i32,
}

impl ActiveModelBehavior for ActiveModel {}
