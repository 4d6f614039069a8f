//! Counts and sums of a department's declarations in force, of one year and of all, kept in the writing transaction.

use sea_orm::entity::prelude::*;

use crate::id::DepartmentId;

summed! {
    /// Counts and sums of a department's declarations in force, of one year and of all, kept in the writing transaction.
    "department_result" {
    /// The department.
    #[sea_orm(primary_key, auto_increment = false)]
    department_id: DepartmentId,
    /// Fiscal year; 0 for all of them.
    #[sea_orm(primary_key, auto_increment = false)]
    fiscal_year: i32,
    /// Period.
    #[sea_orm(primary_key, auto_increment = false)]
    period: String,
    /// Its code, which never changes: groups are ordered by it.
    department_code: String,
    /// Satisfied ÷ comparable, millionths, cut; `None` when nothing is comparable.
    achievement_rate: Option<i64>,
    }
}
