//! Searching indicators by a part of their name or targets, and where a carried-over indicator comes from.
//!
//! The service writes one folded text per indicator; the index over its pairs of neighbouring characters is the
//! database's own affair: PostgreSQL keeps a GIN index on an expression, SQLite an FTS5 table over a view, kept by triggers.

use jixiao_rules::search::folded;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Indicators filled in by one statement.
const ROWS: u64 = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        // A key of this spelling is SQLite's own row number.
        let tables = crate::spell(TABLES, postgres).replace("{key}", if postgres { "BIGINT" } else { "INTEGER" });
        for statement in tables.split(";\n").map(str::trim).filter(|sql| !sql.is_empty()) {
            db.execute_unprepared(statement).await?;
        }
        fill(db).await?;
        let index = if postgres { POSTGRES } else { SQLITE };
        for statement in index.split("\n\n") {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The texts of the indicators there are.
async fn fill(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let column = |table: &'static str, name: &'static str| Expr::col((Alias::new(table), Alias::new(name)));
    let mut last = 0_i64;
    loop {
        let mut select = Query::select();
        select.expr(column("indicator", "id")).expr(column("indicator", "name")).from("indicator");
        for which in ["annual", "cycle"] {
            let on = column(which, "indicator_id")
                .equals(("indicator", "id"))
                .and(column(which, "which").eq(which.to_uppercase()));
            select.expr_as(column(which, "text"), which).join_as(JoinType::LeftJoin, "target", which, on);
        }
        select.and_where(column("indicator", "id").gt(last)).order_by(("indicator", "id"), Order::Asc).limit(ROWS);
        let rows = db.query_all(&select).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut insert = Query::insert();
        insert.into_table("indicator_text").columns(["indicator_id", "text"]);
        for row in &rows {
            last = row.try_get("", "id")?;
            let name: String = row.try_get("", "name")?;
            let targets: [Option<String>; 2] = [row.try_get("", "annual")?, row.try_get("", "cycle")?];
            let [annual, cycle] = targets.map(|text| folded(text.as_deref().unwrap_or_default()));
            insert.values_panic([last.into(), format!("{}\n{annual}\n{cycle}\n", folded(&name)).into()]);
        }
        db.execute(&insert).await?;
    }
}

const TABLES: &str = r"
ALTER TABLE indicator ADD COLUMN carried_from BIGINT REFERENCES indicator (id);
CREATE INDEX indicator_carried_from ON indicator (carried_from) WHERE carried_from IS NOT NULL;

CREATE TABLE indicator_text (
    indicator_id {key} PRIMARY KEY NOT NULL REFERENCES indicator (id),
    text {text} NOT NULL
);
";

/// The pairs are computed from the text wherever they are needed; only the index keeps them.
const POSTGRES: &str = r"
CREATE FUNCTION pairs(whole TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT ARRAY(SELECT substr(whole, place, 2) FROM generate_series(1, length(whole) - 1) AS place) $$

CREATE INDEX indicator_text_pairs ON indicator_text USING gin (pairs(text))";

/// The tokenizer takes white space for a border; whatever is not ASCII is a token's letter, and a folded text has no
/// ASCII but its new lines.
const SQLITE: &str = r"
CREATE VIEW indicator_pair AS SELECT indicator_id, (
    WITH RECURSIVE place (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM place WHERE at < length(text) - 1)
    SELECT group_concat(substr(text, at, 2), ' ') FROM place
) AS pairs FROM indicator_text

CREATE VIRTUAL TABLE indicator_search USING fts5 (
    pairs, content = 'indicator_pair', content_rowid = 'indicator_id', tokenize = 'ascii', detail = none, columnsize = 0
)

INSERT INTO indicator_search (indicator_search) VALUES ('rebuild')

CREATE TRIGGER indicator_text_added AFTER INSERT ON indicator_text BEGIN
    INSERT INTO indicator_search (rowid, pairs)
        SELECT indicator_id, pairs FROM indicator_pair WHERE indicator_id = new.indicator_id;
END

CREATE TRIGGER indicator_text_changes BEFORE UPDATE ON indicator_text BEGIN
    INSERT INTO indicator_search (indicator_search, rowid, pairs)
        SELECT 'delete', indicator_id, pairs FROM indicator_pair WHERE indicator_id = old.indicator_id;
END

CREATE TRIGGER indicator_text_changed AFTER UPDATE ON indicator_text BEGIN
    INSERT INTO indicator_search (rowid, pairs)
        SELECT indicator_id, pairs FROM indicator_pair WHERE indicator_id = new.indicator_id;
END

CREATE TRIGGER indicator_text_removed BEFORE DELETE ON indicator_text BEGIN
    INSERT INTO indicator_search (indicator_search, rowid, pairs)
        SELECT 'delete', indicator_id, pairs FROM indicator_pair WHERE indicator_id = old.indicator_id;
END";
