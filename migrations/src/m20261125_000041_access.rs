//! The access log: who read what is not everybody's. Outside the audit chain, append-only like it.

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
CREATE TABLE access_entry (
    id {id},
    at BIGINT NOT NULL,
    actor_id BIGINT REFERENCES user_account (id),
    actor_name {text} NOT NULL,
    act {text} NOT NULL,
    node {text} NOT NULL,
    department_id BIGINT REFERENCES department (id),
    request_id {text} NOT NULL,
    detail {text}
);
CREATE INDEX access_entry_department ON access_entry (department_id, id);
CREATE INDEX access_entry_node ON access_entry (node, id);
";

const GUARDS_SQLITE: &str = r"
CREATE TRIGGER access_entry_no_update BEFORE UPDATE ON access_entry
BEGIN SELECT RAISE(ABORT, 'access_entry is append-only'); END

CREATE TRIGGER access_entry_no_delete BEFORE DELETE ON access_entry
BEGIN SELECT RAISE(ABORT, 'access_entry is append-only'); END";

const GUARDS_POSTGRES: &str = r"
CREATE TRIGGER access_entry_no_update BEFORE UPDATE ON access_entry FOR EACH ROW EXECUTE FUNCTION append_only()

CREATE TRIGGER access_entry_no_delete BEFORE DELETE ON access_entry FOR EACH ROW EXECUTE FUNCTION append_only()";
