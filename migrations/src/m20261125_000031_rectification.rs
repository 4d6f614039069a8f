//! Rectifications: what finance asks a report's filer to put right.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        for statement in crate::spell(TABLES, postgres).split(";\n").map(str::trim).filter(|sql| !sql.is_empty()) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
CREATE TABLE rectification (
    id {id},
    report_id BIGINT NOT NULL REFERENCES report (id),
    indicator_id BIGINT REFERENCES indicator (id),
    status {text} NOT NULL,
    request {text} NOT NULL,
    due_on DATE NOT NULL,
    requested_by BIGINT REFERENCES user_account (id),
    requested_at BIGINT NOT NULL,
    response {text},
    responded_by BIGINT REFERENCES user_account (id),
    responded_at BIGINT,
    conclusion {text},
    concluded_by BIGINT REFERENCES user_account (id),
    concluded_at BIGINT,
    reopened INTEGER NOT NULL CHECK (reopened >= 0)
);
CREATE INDEX rectification_report ON rectification (report_id);
";
