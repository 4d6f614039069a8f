//! Editing: links between indicators and key tasks, agreed edits, carry-over, departments without a review level.

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
ALTER TABLE declaration ADD COLUMN agreed_by BIGINT REFERENCES user_account (id);
ALTER TABLE declaration ADD COLUMN carried_from BIGINT REFERENCES declaration (id);
ALTER TABLE department ADD COLUMN review_level {bool} NOT NULL DEFAULT TRUE;
ALTER TABLE indicator ADD COLUMN general {bool} NOT NULL DEFAULT FALSE;

CREATE TABLE indicator_task (
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    key_task_id BIGINT NOT NULL REFERENCES key_task (id),
    PRIMARY KEY (indicator_id, key_task_id)
);
CREATE INDEX indicator_task_task ON indicator_task (key_task_id);
";
