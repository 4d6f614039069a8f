//! Evidence files of actual values: a row is kept as it was made; only its removal is added, once.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let guards = if postgres { GUARDS_POSTGRES } else { GUARDS_SQLITE };
        for sql in crate::spell(TABLES, postgres).split(";\n").chain(guards.split("\n\n")) {
            if !sql.trim().is_empty() {
                db.execute_unprepared(sql.trim()).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
CREATE TABLE evidence (
    id {id},
    report_id BIGINT NOT NULL REFERENCES report (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    file_name {text} NOT NULL,
    media_type {text} NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    sha256 {text} NOT NULL CHECK (length(sha256) = 64),
    storage_key {text} NOT NULL,
    note {text},
    issued_on DATE,
    stated_value {text},
    uploaded_by BIGINT REFERENCES user_account (id),
    uploaded_at BIGINT NOT NULL,
    removed_by BIGINT REFERENCES user_account (id),
    removed_at BIGINT
);
CREATE INDEX evidence_report ON evidence (report_id, indicator_id);
CREATE INDEX evidence_sha256 ON evidence (sha256);
";

const GUARDS_SQLITE: &str = r"
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END

CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
BEGIN SELECT RAISE(ABORT, 'evidence is only ever removed, once'); END

CREATE TRIGGER evidence_stays BEFORE UPDATE OF id, report_id, indicator_id, file_name, media_type, size, sha256,
    storage_key, note, issued_on, stated_value, uploaded_by, uploaded_at ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence stays as it was made'); END";

const GUARDS_POSTGRES: &str = r"
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
FOR EACH ROW EXECUTE FUNCTION append_only()

CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL) EXECUTE FUNCTION append_only()

CREATE TRIGGER evidence_stays BEFORE UPDATE OF id, report_id, indicator_id, file_name, media_type, size, sha256,
    storage_key, note, issued_on, stated_value, uploaded_by, uploaded_at ON evidence
FOR EACH ROW EXECUTE FUNCTION append_only()";
