//! The counts and sums of a declaration's result in columns, so that summaries add up one row per declaration and period
//! instead of one per indicator; and an index that holds all that the others read of an assessment.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STATUSES: [&str; 8] = [
    "EXCEEDED",
    "ACHIEVED",
    "PARTIALLY_ACHIEVED",
    "NOT_ACHIEVED",
    "IN_PROGRESS",
    "NOT_REPORTED",
    "NOT_APPLICABLE",
    "UNDETERMINED",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let of = "FROM achievement a WHERE a.declaration_id = declaration_result.declaration_id \
                  AND a.period = declaration_result.period";
        let scored = "a.score IS NOT NULL AND a.max_score IS NOT NULL";
        let counts = STATUSES.map(|status| {
            let name = format!("n_{}", status.to_lowercase());
            (name, format!("(SELECT COUNT(*) {of} AND a.status = '{status}')"))
        });
        let sums = ["score", "max_score"].map(|column| {
            (
                format!("{column}_sum"),
                format!("(SELECT CAST(COALESCE(SUM(a.{column}), 0) AS BIGINT) {of} AND {scored})"),
            )
        });
        for (name, value) in counts.iter().chain(&sums) {
            let add = format!("ALTER TABLE declaration_result ADD COLUMN {name} BIGINT NOT NULL DEFAULT 0");
            db.execute_unprepared(&add).await?;
            db.execute_unprepared(&format!("UPDATE declaration_result SET {name} = {value}")).await?;
        }
        db.execute_unprepared("DROP INDEX achievement_declaration").await?;
        let index =
            "CREATE INDEX achievement_declaration ON achievement (declaration_id, period, status, score, max_score)";
        db.execute_unprepared(index).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
