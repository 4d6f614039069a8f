//! Counting everything again from the rows that were added up: what `doctor` compares the roll-ups with, and what mends
//! them. One statement each, so that it sees one moment, whoever writes or folds meanwhile.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

use super::cells::KEY;
use super::store::COLUMNS;
use crate::db::Db;
use crate::error::Result;

/// How many of [`COLUMNS`] an indicator adds to; a declaration as a whole adds to the others.
const OF_INDICATOR: usize = 13;
/// Most differences told of each table.
const MOST: usize = 100;

fn list(each: impl Fn(usize, &str) -> String) -> String {
    let parts: Vec<String> = COLUMNS.iter().enumerate().map(|(at, name)| each(at, name)).collect();
    parts.join(", ")
}

fn sum(what: &str) -> String {
    format!("CAST(SUM({what}) AS BIGINT)")
}

fn of_results(name: &str) -> String {
    if name == "declarations" { "COUNT(*)".to_owned() } else { sum(&format!("r.{name}")) }
}

fn of_achievements(name: &str) -> String {
    let scored = "a.score IS NOT NULL AND a.max_score IS NOT NULL";
    match name {
        "score_sum" => sum(&format!("CASE WHEN {scored} THEN a.score ELSE 0 END")),
        "max_score_sum" => sum(&format!("CASE WHEN {scored} THEN a.max_score ELSE 0 END")),
        "rate_count" => "COUNT(a.rate)".to_owned(),
        "rate_high" => sum("COALESCE(a.rate / 1000000000, 0)"),
        "rate_low" => sum("COALESCE(a.rate % 1000000000, 0)"),
        name => match name.strip_prefix("n_") {
            Some(status) => sum(&format!("CASE WHEN a.status = '{}' THEN 1 ELSE 0 END", status.to_uppercase())),
            None => "0".to_owned(),
        },
    }
}

const IN_FORCE: &str = "declaration d JOIN department p ON p.id = d.department_id AND d.status IN ('APPROVED', 'CLOSED') \
                        JOIN declaration_result r ON r.declaration_id = d.id";

/// The cells of every jurisdiction.
fn cells() -> String {
    let achievements = list(|_, name| format!("{} AS {name}", of_achievements(name)));
    let results = list(|at, name| if at < OF_INDICATOR { "0".to_owned() } else { of_results(name) });
    let keys = KEY.map(|name| format!("x.{name}")).join(", ");
    let sums = list(|_, name| format!("{} AS {name}", sum(&format!("x.{name}"))));
    // Added up where the departments are first, then for all above: few rows reach the tree.
    format!(
        "SELECT c.ancestor_id AS jurisdiction_id, {keys}, {sums} FROM (\
         SELECT p.jurisdiction_id AS place, a.period, d.fiscal_year, COALESCE(i.level1, '') AS level1, \
             COALESCE(i.level2, '') AS level2, a.status, COALESCE(r.grade, '') AS grade, {achievements} \
         FROM {IN_FORCE} JOIN achievement a ON a.declaration_id = d.id AND a.period = r.period \
         JOIN indicator i ON i.id = a.indicator_id \
         GROUP BY p.jurisdiction_id, a.period, d.fiscal_year, i.level1, i.level2, a.status, r.grade \
         UNION ALL \
         SELECT p.jurisdiction_id, r.period, d.fiscal_year, '', '', '', COALESCE(r.grade, ''), {results} FROM {IN_FORCE} \
         GROUP BY p.jurisdiction_id, r.period, d.fiscal_year, r.grade) x \
         JOIN jurisdiction_closure c ON c.descendant_id = x.place GROUP BY c.ancestor_id, {keys}"
    )
}

/// The rows of every department.
fn departments() -> String {
    let results = list(|_, name| format!("{} AS {name}", of_results(name)));
    format!(
        "SELECT p.id AS department_id, y.fiscal_year, r.period, {results} FROM {IN_FORCE} \
         JOIN (SELECT DISTINCT fiscal_year FROM declaration UNION ALL SELECT 0) y ON y.fiscal_year IN (d.fiscal_year, 0) \
         GROUP BY p.id, y.fiscal_year, r.period"
    )
}

/// What is left when the roll-ups are taken from the recount, one line each; empty when they are equal. Reads only.
pub(crate) async fn differences(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let keys = KEY.join(", ");
    let negative = list(|_, name| format!("-{name}"));
    let kept = format!(
        "SELECT jurisdiction_id, {keys}, {negative} FROM rollup_cell UNION ALL \
         SELECT c.ancestor_id, {keys}, {negative} FROM rollup_delta \
         JOIN jurisdiction_closure c ON c.descendant_id = rollup_delta.jurisdiction_id"
    );
    let keys = [["jurisdiction_id"].as_slice(), &KEY].concat();
    let mut found = left(db, &keys, &cells(), &kept, "rollup_cell").await?;
    let keys = ["department_id", "fiscal_year", "period"];
    let kept = format!("SELECT department_id, fiscal_year, period, {negative} FROM department_result");
    found.extend(left(db, &keys, &departments(), &kept, "department_result").await?);
    let rate = format!(
        "SELECT department_id, fiscal_year, period FROM department_result JOIN department p ON p.id = department_id \
         WHERE COALESCE(achievement_rate, -1) <> COALESCE({RATE}, -1) OR department_code <> p.code LIMIT {MOST}"
    );
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), rate)).await?;
    found.extend(rows.iter().map(|row| line(row, "department_result order", &keys)).collect::<Result<Vec<_>>>()?);
    Ok(found)
}

const RATE: &str = "(n_exceeded + n_achieved) * 1000000 \
                    / NULLIF(n_exceeded + n_achieved + n_partially_achieved + n_not_achieved, 0)";

async fn left(db: &impl ConnectionTrait, keys: &[&str], counted: &str, kept: &str, table: &str) -> Result<Vec<String>> {
    let differs: Vec<String> = COLUMNS.iter().map(|name| format!("SUM(y.{name}) <> 0")).collect();
    let [keyed, differs] = [keys.join(", "), differs.join(" OR ")];
    let sql = format!(
        "SELECT {keyed} FROM ({counted} UNION ALL {kept}) y GROUP BY {keyed} HAVING {differs} ORDER BY {keyed} LIMIT {MOST}"
    );
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| line(row, table, keys)).collect()
}

fn line(row: &QueryResult, table: &str, keys: &[&str]) -> Result<String> {
    let mut told = table.to_owned();
    for key in keys {
        let value = match row.try_get::<String>("", key) {
            Ok(text) => text,
            Err(_) if *key == "fiscal_year" => row.try_get::<i32>("", key)?.to_string(),
            Err(_) => row.try_get::<i64>("", key)?.to_string(),
        };
        told.push_str(&format!(" {key}={value}"));
    }
    Ok(told)
}

/// Makes the roll-ups anew from what they add up. Writers wait meanwhile.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn rebuild(db: &Db) -> Result<()> {
    let names = list(|_, name| name.to_owned());
    let txn = db.begin_write().await?;
    if db.backend() == DbBackend::Postgres {
        // Who has appended is through first; who has not, waits, and appends what is not in the recount.
        txn.execute_unprepared("LOCK TABLE rollup_delta IN EXCLUSIVE MODE").await?;
    }
    for table in ["rollup_delta", "rollup_cell", "department_result"] {
        txn.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    let keys = KEY.join(", ");
    let cells = format!("INSERT INTO rollup_cell (jurisdiction_id, {keys}, {names}) {}", cells());
    txn.execute_unprepared(&cells).await?;
    let departments = format!(
        "INSERT INTO department_result (department_id, fiscal_year, period, {names}, department_code, achievement_rate) \
         SELECT z.*, p.code, {RATE} FROM ({}) z JOIN department p ON p.id = z.department_id",
        departments()
    );
    txn.execute_unprepared(&departments).await?;
    txn.commit().await?;
    Ok(())
}
