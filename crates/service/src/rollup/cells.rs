//! The cells that a declaration counts in.

use std::collections::BTreeMap;

use jixiao_rules::cycle::Period;
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::summary::{Declared, Sums};

use super::store::{Values, values_of};
use crate::declaration::{Declaration, execution_input};

/// What tells the cells of one jurisdiction apart, in the order of the table's key. Empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) period: String,
    pub(super) fiscal_year: i32,
    pub(super) level1: String,
    pub(super) level2: String,
    pub(super) status: String,
    pub(super) grade: String,
}

/// Counts and sums by cell.
pub(super) type Cells = BTreeMap<Key, Values>;

/// The columns of a key, in order.
pub(super) const KEY: [&str; 6] = ["period", "fiscal_year", "level1", "level2", "status", "grade"];

fn word<V: Vocabulary>(word: Option<V>) -> String {
    word.map_or("", Vocabulary::as_str).to_owned()
}

/// What a declaration adds as a whole, in one period.
fn declared(declaration: &Declaration, period: Period) -> Declared {
    let money = execution_input(declaration, period);
    Declared::one(&declaration.filing(period), money.annual_budget, money.executed)
}

/// Everything a declaration and its indicators add in one period, whether it is in force or not.
pub(crate) fn of_result(declaration: &Declaration, period: Period) -> Sums {
    let mut sums = Sums { declared: declared(declaration, period), ..Sums::default() };
    let achievements = declaration.indicators.iter().filter_map(|indicator| indicator.achievements.get(&period));
    achievements.for_each(|achievement| sums.add(achievement));
    sums
}

/// The cells of a declaration; none while it is not in force.
pub(super) fn of(declaration: &Declaration) -> Cells {
    let mut cells: BTreeMap<Key, Sums> = BTreeMap::new();
    if !declaration.status.in_force() {
        return Cells::new();
    }
    for (period, result) in &declaration.results {
        let whole = Key {
            period: period.as_str().to_owned(),
            fiscal_year: declaration.fiscal_year,
            level1: String::new(),
            level2: String::new(),
            status: String::new(),
            grade: word(result.grade),
        };
        for indicator in &declaration.indicators {
            if let Some(achievement) = indicator.achievements.get(period) {
                let key = Key {
                    level1: word(indicator.level1),
                    level2: word(indicator.level2),
                    status: word(Some(achievement.status)),
                    ..whole.clone()
                };
                cells.entry(key).or_default().add(achievement);
            }
        }
        cells.entry(whole).or_default().declared = declared(declaration, *period);
    }
    cells.into_iter().map(|(key, sums)| (key, values_of(&sums))).collect()
}

/// Adds `values` to a cell.
pub(super) fn add(cells: &mut Cells, key: Key, values: &Values, times: i64) {
    let cell = cells.entry(key).or_insert([0; super::COLUMNS.len()]);
    for (cell, value) in cell.iter_mut().zip(values) {
        *cell += times * value;
    }
}

/// What differs between two states of a declaration; cells that do not are left out.
pub(super) fn difference(before: Option<&Declaration>, after: &Declaration) -> Cells {
    let mut cells = of(after);
    for (key, values) in before.map(of).unwrap_or_default() {
        add(&mut cells, key, &values, -1);
    }
    cells.retain(|_, values| values.iter().any(|value| *value != 0));
    cells
}
