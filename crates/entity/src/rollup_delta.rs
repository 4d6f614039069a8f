//! What a write changed in the counts and sums of a jurisdiction, until it is folded into its cells and those above it.

use sea_orm::entity::prelude::*;

use crate::id::JurisdictionId;

summed! {
    /// What a write changed in the counts and sums of a jurisdiction, until it is folded into its cells and those above it.
    "rollup_delta" {
    /// Key.
    #[sea_orm(primary_key)]
    id: i64,
    /// The department's jurisdiction.
    jurisdiction_id: JurisdictionId,
    /// Period.
    period: String,
    /// Fiscal year.
    fiscal_year: i32,
    /// 一级指标; empty where it is not known, and in the declaration's own row.
    level1: String,
    /// 二级指标; empty where there is none, and in the declaration's own row.
    level2: String,
    /// Status; empty in the row that counts declarations.
    status: String,
    /// Grade of the declaration; empty while it has none.
    grade: String,
    }
}
