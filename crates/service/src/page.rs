//! Keyset paging: whole in both directions, with ties and nulls. Nulls sort last whichever way.

use jixiao_rules::kind::vocabulary_words;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Cond, Expr, NullOrdering, Order, SelectStatement, SimpleExpr};
use serde::{Deserialize, Serialize};

vocabulary_words! {
    /// Which way a list is ordered.
    OrderDirection { Asc = "ASC", "升序", "ascending"; Desc = "DESC", "降序", "descending"; }
}

/// Value of one sort key in a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeyValue {
    /// No value; sorts last.
    Null,
    /// An integer.
    Int(i64),
    /// A text, by code point.
    Text(String),
}

impl From<i64> for KeyValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for KeyValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<KeyValue>> From<Option<T>> for KeyValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A sort key: an expression and its direction. The last key of a list must be unique.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// What to sort by.
    pub expr: SimpleExpr,
    /// Largest first.
    pub descending: bool,
}

impl SortKey {
    /// Smallest first.
    pub fn asc(expr: impl Into<SimpleExpr>) -> Self {
        Self { expr: expr.into(), descending: false }
    }
}

/// What a sort key in a cursor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// An integer, or null.
    Int,
    /// A text, or null.
    Text,
}

/// Which page is asked for: so many after, or so many before, a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many rows at most.
    pub size: u64,
    /// Count from the end (`last`/`before`).
    pub backward: bool,
    /// Only rows after this one.
    pub after: Option<Vec<KeyValue>>,
    /// Only rows before this one.
    pub before: Option<Vec<KeyValue>>,
}

/// A page of rows in the order of the connection.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// More rows follow.
    pub has_next: bool,
    /// Rows come before.
    pub has_previous: bool,
}

impl<T> Slice<T> {
    /// The same page of what `each` makes of its rows.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Slice<U> {
        let Self { rows, has_next, has_previous } = self;
        Slice { rows: rows.into_iter().map(each).collect(), has_next, has_previous }
    }

    /// The same where that can fail.
    ///
    /// # Errors
    /// The first error of `each`.
    pub fn try_map<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Slice<U>, E> {
        let Self { rows, has_next, has_previous } = self;
        Ok(Slice { rows: rows.into_iter().map(each).collect::<Result<_, _>>()?, has_next, has_previous })
    }
}

impl Page {
    /// The first `size` rows.
    #[must_use]
    pub fn first(size: u64) -> Self {
        Self { size, backward: false, after: None, before: None }
    }

    /// Whether its places have the sort keys of a list: a cursor that was made up may have others.
    #[must_use]
    pub fn fits(&self, shape: impl Iterator<Item = KeyKind> + Clone) -> bool {
        let fits = |place: &Vec<KeyValue>| {
            place.len() == shape.clone().count()
                && place.iter().zip(shape.clone()).all(|(value, kind)| match value {
                    KeyValue::Null => true,
                    KeyValue::Int(_) => kind == KeyKind::Int,
                    KeyValue::Text(_) => kind == KeyKind::Text,
                })
        };
        self.after.iter().chain(&self.before).all(fits)
    }

    /// Restricts and orders `select` to this page and one row more, which tells whether another page follows.
    pub fn apply(&self, select: &mut SelectStatement, keys: &[SortKey]) {
        self.apply_nullable(select, keys, keys.len());
    }

    /// The same where only the first `nullable` keys can be null: an index gives the others in their order, but not with a
    /// word about where nulls go.
    pub(crate) fn apply_nullable(&self, select: &mut SelectStatement, keys: &[SortKey], nullable: usize) {
        if let Some(after) = &self.after {
            select.cond_where(beyond(keys, after, false));
        }
        if let Some(before) = &self.before {
            select.cond_where(beyond(keys, before, true));
        }
        for (at, key) in keys.iter().enumerate() {
            let order = if key.descending == self.backward { Order::Asc } else { Order::Desc };
            let nulls = if self.backward { NullOrdering::First } else { NullOrdering::Last };
            if at < nullable {
                select.order_by_expr_with_nulls(key.expr.clone(), order, nulls);
            } else {
                select.order_by_expr(key.expr.clone(), order);
            }
        }
        select.limit(self.size.saturating_add(1));
    }

    /// This page of rows that are all in memory, in ascending order of their key.
    #[must_use]
    pub fn of<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> i64) -> Slice<T> {
        let bound = |place: &Option<Vec<KeyValue>>| match place.as_deref() {
            Some([KeyValue::Int(key), ..]) => Some(*key),
            _ => None,
        };
        let (after, before) = (bound(&self.after), bound(&self.before));
        let inside = |row: &T| after.is_none_or(|at| key(row) > at) && before.is_none_or(|at| key(row) < at);
        let mut rows: Vec<T> = rows.into_iter().filter(inside).collect();
        if self.backward {
            rows.reverse();
        }
        self.slice(rows)
    }

    /// Makes the slice of what [`Page::apply`]'s statement found.
    #[must_use]
    pub fn slice<T>(&self, mut rows: Vec<T>) -> Slice<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        if self.backward {
            rows.reverse();
            Slice { rows, has_next: self.before.is_some(), has_previous: more }
        } else {
            Slice { rows, has_next: more, has_previous: self.after.is_some() }
        }
    }
}

/// Rows strictly after (or before) the place `values` in the order of `keys`.
fn beyond(keys: &[SortKey], values: &[KeyValue], before: bool) -> Cond {
    let mut any = Cond::any();
    for (depth, (key, value)) in keys.iter().zip(values).enumerate() {
        let Some(step) = step(key, value, before) else { continue };
        let mut all = Cond::all();
        for (key, value) in keys.iter().zip(values).take(depth) {
            all = all.add(equal(key, value));
        }
        any = any.add(all.add(step));
    }
    // Without any step the place is the end: nothing lies beyond it.
    if any.is_empty() { Cond::all().add(Expr::val(1).eq(0)) } else { any }
}

fn equal(key: &SortKey, value: &KeyValue) -> SimpleExpr {
    match value {
        KeyValue::Null => key.expr.clone().is_null(),
        KeyValue::Int(number) => key.expr.clone().eq(*number),
        KeyValue::Text(text) => key.expr.clone().eq(text.as_str()),
    }
}

fn step(key: &SortKey, value: &KeyValue, before: bool) -> Option<Cond> {
    let bound: SimpleExpr = match value {
        KeyValue::Null => return before.then(|| Cond::all().add(key.expr.clone().is_not_null())),
        KeyValue::Int(number) => Expr::val(*number),
        KeyValue::Text(text) => Expr::val(text.as_str()),
    };
    let greater = key.descending == before;
    let compared = if greater { key.expr.clone().gt(bound) } else { key.expr.clone().lt(bound) };
    let step = Cond::any().add(compared);
    Some(if before { step } else { step.add(key.expr.clone().is_null()) })
}
