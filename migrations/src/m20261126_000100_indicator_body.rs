//! An indicator by itself, as it stands in the document of its declaration: what a list across declarations reads, so that
//! fifty rows cost fifty indicators and not fifty declarations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        // A key of this spelling is SQLite's own row number.
        let table = crate::spell(TABLE, postgres).replace("{key}", if postgres { "BIGINT" } else { "INTEGER" });
        db.execute_unprepared(&table).await?;
        db.execute_unprepared(&FILL.replace("{each}", if postgres { POSTGRES } else { SQLITE })).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLE: &str = r"
CREATE TABLE indicator_body (
    indicator_id {key} PRIMARY KEY NOT NULL REFERENCES indicator (id),
    body {text} NOT NULL
)";

/// The indicators of the documents in force, each as it is written there.
const FILL: &str = r"
INSERT INTO indicator_body (indicator_id, body)
SELECT {each}
WHERE declaration_document.number = declaration.document_number";

/// `json`, not `jsonb`: it keeps the text.
const POSTGRES: &str = r"CAST(one ->> 'id' AS BIGINT), CAST(one AS TEXT)
FROM declaration JOIN declaration_document ON declaration_document.declaration_id = declaration.id
CROSS JOIN LATERAL json_array_elements(CAST(declaration_document.body AS JSON) -> 'indicators') AS one";

const SQLITE: &str = r"json_extract(one.value, '$.id'), one.value
FROM declaration JOIN declaration_document ON declaration_document.declaration_id = declaration.id
CROSS JOIN json_each(declaration_document.body, '$.indicators') AS one";
