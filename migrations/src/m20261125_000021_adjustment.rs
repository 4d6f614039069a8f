//! Adjustments of approved declarations, and the opening target beside the current one.

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
CREATE TABLE adjustment (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    kind {text} NOT NULL,
    status {text} NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    reason {text},
    legal_basis {text},
    fund_source {text},
    items {text} NOT NULL,
    targets {text} NOT NULL,
    number INTEGER CHECK (number >= 1),
    edited_by BIGINT REFERENCES user_account (id),
    submitted_by BIGINT REFERENCES user_account (id),
    submitted_at BIGINT,
    forwarded_by BIGINT REFERENCES user_account (id),
    accepted_by BIGINT REFERENCES user_account (id),
    review_opinion {text},
    approval_number {text},
    approved_on DATE,
    created_at BIGINT NOT NULL,
    UNIQUE (declaration_id, number)
);
CREATE UNIQUE INDEX adjustment_open
    ON adjustment (declaration_id) WHERE status NOT IN ('APPROVED', 'REJECTED', 'WITHDRAWN');
CREATE INDEX adjustment_declaration ON adjustment (declaration_id);

ALTER TABLE declaration ADD COLUMN adjustment_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator ADD COLUMN original_target {text};
";
