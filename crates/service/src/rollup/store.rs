//! Writing what a declaration changed: appended for its jurisdiction, added to its department.

use std::collections::BTreeMap;

use jixiao_entity::department;
use jixiao_entity::id::{DepartmentId, JurisdictionId};
use jixiao_entity::{department_result, rollup_delta};
use jixiao_rules::rollup::Tally;
use jixiao_rules::summary::{Declared, Sums, Wide};
use sea_orm::sea_query::{Alias, Expr, IntoIden, OnConflict, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::cells::{self, Cells, KEY, Key};
use crate::declaration::Declaration;
use crate::error::Result;

/// Columns of the counts and sums, the same in every roll-up; the first eight in the order of `Status`.
pub(crate) const COLUMNS: [&str; 23] = [
    "n_exceeded",
    "n_achieved",
    "n_partially_achieved",
    "n_not_achieved",
    "n_in_progress",
    "n_not_reported",
    "n_not_applicable",
    "n_undetermined",
    "score_sum",
    "max_score_sum",
    "rate_count",
    "rate_high",
    "rate_low",
    "declarations",
    "execution_count",
    "budget_high",
    "budget_low",
    "executed_high",
    "executed_low",
    "filed_on_time",
    "filed_late",
    "filed_undated",
    "not_filed",
];

/// One number for each of [`COLUMNS`].
pub(crate) type Values = [i64; COLUMNS.len()];

/// Sums as they are stored.
pub(crate) fn values_of(sums: &Sums) -> Values {
    let Sums { tally: Tally { counts, score_sum, max_score_sum }, rate_count, rates, declared } = sums;
    let [a, b, c, d, e, f, g, h] = *counts;
    let Declared { declarations, execution_count, budget, executed, .. } = declared;
    [
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        *score_sum,
        *max_score_sum,
        *rate_count,
        rates.high,
        rates.low,
        *declarations,
        *execution_count,
        budget.high,
        budget.low,
        executed.high,
        executed.low,
        declared.filed_on_time,
        declared.filed_late,
        declared.filed_undated,
        declared.not_filed,
    ]
}

/// Sums from what is stored.
pub(crate) fn sums_of(values: &Values) -> Sums {
    let [a, b, c, d, e, f, g, h, score_sum, max_score_sum, rate_count, rate_high, rate_low, rest @ ..] = *values;
    let [declarations, execution_count, budget_high, budget_low, executed_high, executed_low, filed @ ..] = rest;
    let [filed_on_time, filed_late, filed_undated, not_filed] = filed;
    Sums {
        tally: Tally { counts: [a, b, c, d, e, f, g, h], score_sum, max_score_sum },
        rate_count,
        rates: Wide { high: rate_high, low: rate_low },
        declared: Declared {
            declarations,
            execution_count,
            budget: Wide { high: budget_high, low: budget_low },
            executed: Wide { high: executed_high, low: executed_low },
            filed_on_time,
            filed_late,
            filed_undated,
            not_filed,
        },
    }
}

/// Rows in one statement: 31 values each, and SQLite takes 32,766.
const ROWS: usize = 1_000;

/// Keeps the roll-ups up to date with declarations as they were and as they are now. Part of the write that changed them.
pub(crate) async fn record<'a>(
    txn: &DatabaseTransaction,
    changed: impl IntoIterator<Item = (Option<&'a Declaration>, &'a Declaration)>,
) -> Result<()> {
    let mut by_department: BTreeMap<DepartmentId, Cells> = BTreeMap::new();
    for (before, after) in changed {
        let cells = by_department.entry(after.department_id).or_default();
        for (key, values) in cells::difference(before, after) {
            cells::add(cells, key, &values, 1);
        }
    }
    by_department.retain(|_, cells| !cells.is_empty());
    if by_department.is_empty() {
        return Ok(());
    }
    let departments =
        department::Entity::find().filter(department::Column::Id.is_in(by_department.keys().copied())).all(txn).await?;
    let mut appended: BTreeMap<(JurisdictionId, Key), Values> = BTreeMap::new();
    let mut added = Vec::new();
    for department in &departments {
        let cells = by_department.remove(&department.id).unwrap_or_default();
        added.extend(of_department(department, &cells));
        for (key, values) in cells {
            add_to(&mut appended, (department.jurisdiction_id, key), &values);
        }
    }
    // Appended first: `rebuild` locks this table, and must not wait for a department that waits for it.
    append(txn, appended).await?;
    add_to_departments(txn, added).await
}

/// Adds to one of many sums.
pub(super) fn add_to<K: Ord>(sums: &mut BTreeMap<K, Values>, key: K, values: &Values) {
    let sum = sums.entry(key).or_insert([0; COLUMNS.len()]);
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

/// The cells of a department by year and period: this year, and 0 for all.
fn of_department(department: &department::Model, cells: &Cells) -> Vec<Vec<SimpleExpr>> {
    let mut rows: BTreeMap<(i32, String), Values> = BTreeMap::new();
    for (key, values) in cells {
        for year in [0, key.fiscal_year] {
            add_to(&mut rows, (year, key.period.clone()), values);
        }
    }
    rows.into_iter()
        .map(|((year, period), values)| {
            let rate = sums_of(&values).tally.achievement_rate().map(|rate| rate.0);
            let keys: [SimpleExpr; 5] =
                [department.id.0.into(), year.into(), period.into(), department.code.clone().into(), rate.into()];
            keys.into_iter().chain(values.map(SimpleExpr::from)).collect()
        })
        .collect()
}

pub(super) fn columns(keys: &[&'static str]) -> Vec<Alias> {
    keys.iter().chain(&COLUMNS).map(|name| Alias::new(*name)).collect()
}

/// Where a row is there already, its sums grow by those of the new one.
pub(super) fn growing(table: &str, keys: &[&'static str]) -> OnConflict {
    let mut conflict = OnConflict::columns(keys.iter().map(|name| Alias::new(*name)));
    conflict.values(COLUMNS.map(|name| (Alias::new(name).into_iden(), grown(table, name))));
    conflict
}

fn grown(table: &str, name: &str) -> SimpleExpr {
    Expr::cust(format!("{table}.{name} + excluded.{name}"))
}

async fn append(txn: &DatabaseTransaction, appended: BTreeMap<(JurisdictionId, Key), Values>) -> Result<()> {
    let rows: Vec<Vec<SimpleExpr>> =
        appended.into_iter().map(|((place, key), values)| row(place, key, &values)).collect();
    for some in rows.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(rollup_delta::Entity).columns(columns(&PLACE_AND_KEY));
        for row in some {
            insert.values(row.iter().cloned()).map_err(anyhow::Error::from)?;
        }
        txn.execute(&insert).await?;
    }
    Ok(())
}

/// Columns that tell the cells of all jurisdictions apart.
pub(super) const PLACE_AND_KEY: [&str; 7] = ["jurisdiction_id", KEY[0], KEY[1], KEY[2], KEY[3], KEY[4], KEY[5]];

/// A row of cells or of what is pending, in the order of [`PLACE_AND_KEY`] and [`COLUMNS`].
pub(super) fn row(place: JurisdictionId, key: Key, values: &Values) -> Vec<SimpleExpr> {
    let Key { period, fiscal_year, level1, level2, status, grade } = key;
    let keys: [SimpleExpr; 7] =
        [place.0.into(), period.into(), fiscal_year.into(), level1.into(), level2.into(), status.into(), grade.into()];
    keys.into_iter().chain(values.map(SimpleExpr::from)).collect()
}

async fn add_to_departments(txn: &DatabaseTransaction, rows: Vec<Vec<SimpleExpr>>) -> Result<()> {
    let table = "department_result";
    let count = |names: &[&str]| {
        let grown: Vec<String> = names.iter().map(|name| format!("{table}.{name} + excluded.{name}")).collect();
        grown.join(" + ")
    };
    let [satisfied, comparable] = [count(&COLUMNS[..2]), count(&COLUMNS[..4])];
    let rate = Expr::cust(format!("({satisfied}) * 1000000 / NULLIF({comparable}, 0)"));
    for some in rows.chunks(ROWS) {
        let mut insert = Query::insert();
        let keys = ["department_id", "fiscal_year", "period"];
        let named = [keys[0], keys[1], keys[2], "department_code", "achievement_rate"];
        insert.into_table(department_result::Entity).columns(columns(&named));
        for row in some {
            insert.values(row.iter().cloned()).map_err(anyhow::Error::from)?;
        }
        insert.on_conflict(growing(table, &keys).value(Alias::new("achievement_rate"), rate.clone()).to_owned());
        txn.execute(&insert).await?;
    }
    Ok(())
}
