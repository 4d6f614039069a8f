//! Reporting windows with their extensions, and which scheme a jurisdiction scores a year under.

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
        for act in ["UPDATE", "DELETE"] {
            let name = format!("reporting_window_extension_no_{}", act.to_lowercase());
            let what = if postgres {
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            } else {
                "BEGIN SELECT RAISE(ABORT, 'reporting_window_extension is append-only'); END"
            };
            let sql = format!("CREATE TRIGGER {name} BEFORE {act} ON reporting_window_extension {what}");
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
CREATE TABLE reporting_window (
    id {id},
    jurisdiction_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    fiscal_year INTEGER NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
    period {text} NOT NULL,
    months INTEGER NOT NULL CHECK (months BETWEEN 1 AND 12),
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    grace_days INTEGER NOT NULL CHECK (grace_days >= 0),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    UNIQUE (jurisdiction_id, fiscal_year, period),
    CHECK (opens_on <= due_on AND due_on <= closes_on)
);
CREATE INDEX reporting_window_year ON reporting_window (fiscal_year, period);

CREATE TABLE reporting_window_extension (
    id {id},
    window_id BIGINT NOT NULL REFERENCES reporting_window (id),
    due_before DATE NOT NULL,
    due_after DATE NOT NULL,
    closes_before DATE NOT NULL,
    closes_after DATE NOT NULL,
    reason {text} NOT NULL,
    extended_by {text} NOT NULL,
    extended_at BIGINT NOT NULL,
    CHECK (due_before <= due_after AND closes_before <= closes_after)
);
CREATE INDEX reporting_window_extension_window ON reporting_window_extension (window_id);

CREATE TABLE scheme_assignment (
    id {id},
    jurisdiction_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    fiscal_year INTEGER NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
    scheme_id BIGINT NOT NULL REFERENCES scoring_scheme (id),
    assigned_at BIGINT NOT NULL,
    UNIQUE (jurisdiction_id, fiscal_year)
);

ALTER TABLE report ADD COLUMN months INTEGER CHECK (months BETWEEN 1 AND 12);
ALTER TABLE report ADD COLUMN late_days INTEGER CHECK (late_days >= 0);
";
