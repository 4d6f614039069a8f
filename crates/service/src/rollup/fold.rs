//! Folding: what writers appended moves into the cells of its jurisdiction and of all above it.

use std::collections::BTreeMap;

use jixiao_entity::id::JurisdictionId;
use jixiao_entity::{jurisdiction_closure, rollup_cell, rollup_delta};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryResult, Statement,
};

use super::cells::Key;
use super::store::{self, COLUMNS, PLACE_AND_KEY, Values};
use crate::db::Db;
use crate::error::Result;

/// Rows folded in one transaction, so that on SQLite no writer waits long.
const BATCH: u64 = 2_000;
/// Cells in one statement: 30 values each, and SQLite takes 32,766.
const ROWS: usize = 1_000;

/// Cells by jurisdiction, in the order in which every node writes them, so that none waits for another in a circle.
type Placed = BTreeMap<(JurisdictionId, Key), Values>;

/// Folds some of what is pending; gives how many rows, 0 when nothing is left. No sum that anybody reads changes by it. Any
/// number of nodes may do it at once: each takes rows that no other has taken.
///
/// # Errors
/// When the database fails; nothing is folded then.
pub async fn fold(db: &Db) -> Result<u64> {
    // Whether there is anything costs no write lock.
    if rollup_delta::Entity::find().one(db.read()).await?.is_none() {
        return Ok(0);
    }
    let txn = db.begin_write().await?;
    let taken = take(&txn).await?;
    let count = u64::try_from(taken.len()).unwrap_or(u64::MAX);
    let mut pending = Placed::new();
    for row in &taken {
        let (place, key, values) = read(row)?;
        store::add_to(&mut pending, (place, key), &values);
    }
    let above = above(&txn, &pending).await?;
    let mut cells = Placed::new();
    for ((place, key), values) in &pending {
        for ancestor in above.get(place).into_iter().flatten() {
            store::add_to(&mut cells, (*ancestor, key.clone()), values);
        }
    }
    cells.retain(|_, values| values.iter().any(|value| *value != 0));
    let rows: Vec<_> = cells.into_iter().map(|((place, key), values)| store::row(place, key, &values)).collect();
    for some in rows.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(rollup_cell::Entity).columns(store::columns(&PLACE_AND_KEY));
        for row in some {
            insert.values(row.iter().cloned()).map_err(anyhow::Error::from)?;
        }
        insert.on_conflict(store::growing("rollup_cell", &PLACE_AND_KEY));
        txn.execute(&insert).await?;
    }
    txn.commit().await?;
    Ok(count)
}

/// Folds until nothing is pending; gives how many rows.
///
/// # Errors
/// As [`fold`].
pub async fn fold_all(db: &Db) -> Result<u64> {
    let mut folded = 0;
    loop {
        match fold(db).await? {
            0 => return Ok(folded),
            some => folded += some,
        }
    }
}

/// Takes rows away that nobody else is taking. What is being written is not seen yet and waits for the next time.
async fn take(txn: &DatabaseTransaction) -> Result<Vec<QueryResult>> {
    let backend = txn.get_database_backend();
    let skip = if backend == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "DELETE FROM rollup_delta WHERE id IN (SELECT id FROM rollup_delta ORDER BY id LIMIT {BATCH}{skip}) RETURNING *"
    );
    Ok(txn.query_all_raw(Statement::from_string(backend, sql)).await?)
}

fn read(row: &QueryResult) -> Result<(JurisdictionId, Key, Values)> {
    let key = Key {
        period: row.try_get("", "period")?,
        fiscal_year: row.try_get("", "fiscal_year")?,
        level1: row.try_get("", "level1")?,
        level2: row.try_get("", "level2")?,
        status: row.try_get("", "status")?,
        grade: row.try_get("", "grade")?,
    };
    Ok((row.try_get("", "jurisdiction_id")?, key, values(row)?))
}

/// The counts and sums of a row.
pub(crate) fn values(row: &QueryResult) -> Result<Values> {
    let mut values = [0; COLUMNS.len()];
    for (value, name) in values.iter_mut().zip(COLUMNS) {
        *value = row.try_get::<Option<i64>>("", name)?.unwrap_or(0);
    }
    Ok(values)
}

/// Each jurisdiction of some cells with itself and all above it.
async fn above(txn: &DatabaseTransaction, cells: &Placed) -> Result<BTreeMap<JurisdictionId, Vec<JurisdictionId>>> {
    let mut places: Vec<JurisdictionId> = cells.keys().map(|(place, _)| *place).collect();
    places.dedup();
    let lines = jurisdiction_closure::Entity::find()
        .filter(jurisdiction_closure::Column::DescendantId.is_in(places))
        .all(txn)
        .await?;
    let mut above: BTreeMap<JurisdictionId, Vec<JurisdictionId>> = BTreeMap::new();
    for line in lines {
        above.entry(line.descendant_id).or_default().push(line.ancestor_id);
    }
    Ok(above)
}
