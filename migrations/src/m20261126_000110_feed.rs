//! PostgreSQL tells everybody who listens that the audit log has grown; what it says is read from the log. SQLite has nobody to
//! tell outside of the process that writes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Postgres {
            for statement in [FUNCTION, TRIGGER] {
                db.execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Sent at the commit, and once however many entries it has.
const FUNCTION: &str = r"
CREATE FUNCTION audit_entry_told() RETURNS TRIGGER LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('jixiao_audit', ''); RETURN NULL; END $$";

const TRIGGER: &str = r"
CREATE TRIGGER audit_entry_told AFTER INSERT ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_told()";
