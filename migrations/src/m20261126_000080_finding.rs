//! What the checks find, in rows that are searched across declarations, and the auditors' notes on them; the
//! size of the sample that a value rests on.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        for sql in crate::spell(TABLES, postgres).split(";\n").map(str::trim).filter(|sql| !sql.is_empty()) {
            db.execute_unprepared(sql).await?;
        }
        for act in ["UPDATE", "DELETE"] {
            let name = format!("finding_note_no_{}", act.to_lowercase());
            let then = if postgres {
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            } else {
                "BEGIN SELECT RAISE(ABORT, 'finding_note is append-only'); END"
            };
            db.execute_unprepared(&format!("CREATE TRIGGER {name} BEFORE {act} ON finding_note {then}")).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
CREATE TABLE finding (
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    id BIGINT NOT NULL,
    gravity INTEGER NOT NULL CHECK (gravity BETWEEN 0 AND 2),
    rule {text} NOT NULL,
    period {text},
    path {text} NOT NULL,
    message {text} NOT NULL,
    compared {text} NOT NULL,
    fingerprint {text} NOT NULL CHECK (length(fingerprint) = 64),
    since DATE,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (declaration_id, id)
);
CREATE INDEX finding_order ON finding (gravity, declaration_id, rule, id);
CREATE INDEX finding_rule ON finding (rule, period, gravity, declaration_id, id);
CREATE INDEX finding_id ON finding (id);

CREATE TABLE finding_note (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    finding_id BIGINT NOT NULL,
    dismisses {bool} NOT NULL,
    fingerprint {text} NOT NULL CHECK (length(fingerprint) = 64),
    note {text} NOT NULL,
    written_by BIGINT REFERENCES user_account (id),
    written_at BIGINT NOT NULL
);
CREATE INDEX finding_note_finding ON finding_note (declaration_id, finding_id, id);

ALTER TABLE actual_value ADD COLUMN sample_size BIGINT CHECK (sample_size > 0);
";
