//! Publications, their snapshots and the statements of data quality they need. What was published never changes; what is
//! withheld stays so.

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
        let guards = [
            ("publication_snapshot", "UPDATE", ""),
            ("publication_snapshot", "DELETE", ""),
            ("quality_statement", "UPDATE", ""),
            ("quality_statement", "DELETE", ""),
            ("publication", "DELETE", ""),
            ("publication", "UPDATE", "OLD.status = 'WITHHELD'"),
        ];
        for (table, act, condition) in guards {
            let name = format!("{table}_no_{}", act.to_lowercase());
            let when = if condition.is_empty() { String::new() } else { format!("WHEN ({condition})") };
            let then = if postgres {
                format!("FOR EACH ROW {when} EXECUTE FUNCTION append_only()")
            } else {
                format!("{when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
            };
            db.execute_unprepared(&format!("CREATE TRIGGER {name} BEFORE {act} ON {table} {then}")).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
CREATE TABLE publication (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    kind {text} NOT NULL,
    status {text} NOT NULL,
    revision INTEGER NOT NULL,
    withheld_reason {text},
    withheld_by BIGINT REFERENCES user_account (id),
    withheld_at BIGINT,
    UNIQUE (declaration_id, kind),
    CHECK (status <> 'WITHHELD' OR withheld_reason IS NOT NULL)
);

CREATE TABLE publication_snapshot (
    publication_id BIGINT NOT NULL REFERENCES publication (id),
    number INTEGER NOT NULL CHECK (number > 0),
    version INTEGER NOT NULL CHECK (version > 0),
    body {text} NOT NULL,
    sha256 {text} NOT NULL CHECK (length(sha256) = 64),
    reason {text},
    published_by BIGINT REFERENCES user_account (id),
    published_at BIGINT NOT NULL,
    PRIMARY KEY (publication_id, number)
);

CREATE TABLE quality_statement (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    source {text} NOT NULL,
    method {text} NOT NULL,
    limits {text},
    stated_by BIGINT REFERENCES user_account (id),
    stated_at BIGINT NOT NULL
);
CREATE INDEX quality_statement_declaration ON quality_statement (declaration_id);
";
