//! Counts and sums of a jurisdiction with all below it, as far as they are folded.

use sea_orm::entity::prelude::*;

use crate::id::JurisdictionId;

summed! {
    /// Counts and sums of a jurisdiction with all below it, as far as they are folded.
    "rollup_cell" {
    /// The jurisdiction.
    #[sea_orm(primary_key, auto_increment = false)]
    jurisdiction_id: JurisdictionId,
    /// Period.
    #[sea_orm(primary_key, auto_increment = false)]
    period: String,
    /// Fiscal year.
    #[sea_orm(primary_key, auto_increment = false)]
    fiscal_year: i32,
    /// 一级指标; empty where it is not known, and in the declaration's own row.
    #[sea_orm(primary_key, auto_increment = false)]
    level1: String,
    /// 二级指标; empty where there is none, and in the declaration's own row.
    #[sea_orm(primary_key, auto_increment = false)]
    level2: String,
    /// Status; empty in the row that counts declarations.
    #[sea_orm(primary_key, auto_increment = false)]
    status: String,
    /// Grade of the declaration; empty while it has none.
    #[sea_orm(primary_key, auto_increment = false)]
    grade: String,
    }
}
