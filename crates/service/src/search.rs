//! Finding indicators by a part of their name or targets. Beside each indicator stands its folded text, written in the
//! transaction that changes it; the database itself keeps an index over the pairs of neighbouring characters of that text
//! (PostgreSQL: GIN on an expression, SQLite: FTS5 by triggers). The index narrows, the text decides.

use std::collections::{BTreeMap, BTreeSet};

use jixiao_entity::id::IndicatorId;
use jixiao_entity::indicator_text;
use jixiao_rules::search::folded;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, Expr, OnConflict, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait, QueryFilter};

use crate::db::{Db, column};
use crate::declaration::{Declaration, Indicator};
use crate::error::{Result, UserErrorCode, Violation};

/// Fewest characters to search for: the index holds pairs.
const LEAST: usize = 2;
/// Most characters to search for.
const MOST: usize = 100;

/// What people wrote that an indicator is searched by.
fn told(indicator: &Indicator) -> [Option<&str>; 3] {
    let targets = [&indicator.annual_target, &indicator.cycle_target];
    let [annual, cycle] = targets.map(|target| target.as_ref().map(|state| state.reading.text.as_str()));
    [Some(&indicator.name), annual, cycle]
}

/// What an indicator is searched by: a new line after each part, so that nothing is found across two of them.
fn text_of(indicator: &Indicator) -> String {
    let [name, annual, cycle] = told(indicator).map(|text| folded(text.unwrap_or_default()));
    format!("{name}\n{annual}\n{cycle}\n")
}

/// The row of an indicator's text.
pub(crate) fn text_row(indicator: &Indicator) -> indicator_text::ActiveModel {
    indicator_text::ActiveModel { indicator_id: Set(indicator.id), text: Set(text_of(indicator)) }
}

/// Writes the texts that differ from what they were before the command.
pub(crate) async fn store(txn: &DatabaseTransaction, before: Option<&Declaration>, after: &Declaration) -> Result<()> {
    let was = |id| before.and_then(|before| before.indicator(id)).map(told);
    let changed = after.indicators.iter().filter(|indicator| was(indicator.id) != Some(told(indicator)));
    let rows: Vec<_> = changed.map(text_row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let update =
        OnConflict::column(indicator_text::Column::IndicatorId).update_column(indicator_text::Column::Text).to_owned();
    indicator_text::Entity::insert_many(rows).on_conflict(update).exec_without_returning(txn).await?;
    Ok(())
}

/// A part of a name or target, fit to be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part(String);

impl Part {
    /// # Errors
    /// `INVALID_VALUE` at `field` for fewer than two characters besides white space, `TOO_LONG` for more than a hundred.
    pub(crate) fn new(text: &str, field: &str) -> Result<Self, Violation> {
        if text.chars().nth(MOST).is_some() {
            let (zh, en) = (format!("检索文字不能超过{MOST}个字符"), format!("search for at most {MOST} characters"));
            return Err(Violation::new(UserErrorCode::TooLong, field, zh, en));
        }
        let folded = folded(text);
        if folded.chars().nth(LEAST - 1).is_none() {
            let zh = format!("检索文字至少{LEAST}个字符(空白不计)");
            let en = format!("search for at least {LEAST} characters, white space not counted");
            return Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
        }
        Ok(Self(folded))
    }

    /// Restricts a select over the indicator table to those that have this part somewhere.
    pub(crate) fn restrict(&self, select: &mut SelectStatement, backend: DbBackend) {
        let text = column("indicator_text", "text").like(format!("%{}%", self.0));
        select
            .inner_join(indicator_text::Entity, column("indicator_text", "indicator_id").equals(("indicator", "id")))
            .and_where(text);
        if backend == DbBackend::Sqlite {
            // Joined, not asked by a sub-select: then SQLite begins with what was found.
            let on = column("indicator_search", "rowid").equals(("indicator", "id"));
            select
                .inner_join(Alias::new("indicator_search"), on)
                .and_where(Expr::cust_with_values("indicator_search MATCH ?", [self.all_pairs()]));
        } else {
            let pairs = Expr::cust_with_values("pairs(indicator_text.text) @> pairs($1)", [self.0.as_str()]);
            select.and_where(pairs);
        }
    }

    /// Every pair of neighbours, as FTS5 asks for all of them.
    fn all_pairs(&self) -> String {
        let pairs: BTreeSet<String> =
            self.0.chars().zip(self.0.chars().skip(1)).map(|(one, next)| format!("\"{one}{next}\"")).collect();
        pairs.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// What is stored of a declaration's texts and differs from its indicators, one line each.
pub(crate) async fn examine(db: &impl ConnectionTrait, declaration: &Declaration) -> Result<Vec<String>> {
    let ids = declaration.indicators.iter().map(|indicator| indicator.id);
    let rows = indicator_text::Entity::find().filter(indicator_text::Column::IndicatorId.is_in(ids)).all(db).await?;
    let stored: BTreeMap<IndicatorId, String> = rows.into_iter().map(|row| (row.indicator_id, row.text)).collect();
    let wanted = declaration.indicators.iter().map(|indicator| (indicator.id, text_of(indicator)));
    let differing = wanted.filter(|(id, text)| stored.get(id) != Some(text));
    Ok(differing.map(|(id, _)| format!("Indicator:{} search text", id.0)).collect())
}

/// Whether the index is what the texts make it. PostgreSQL vouches for an index itself; SQLite's is a table by triggers and
/// is compared entry by entry, which holds up writers for as long as it takes.
pub(crate) async fn examine_index(db: &Db) -> Result<Vec<String>> {
    if db.backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let check = "INSERT INTO indicator_search (indicator_search, rank) VALUES ('integrity-check', 1)";
    match db.read().execute_unprepared(check).await {
        Ok(_) => Ok(Vec::new()),
        // That is how FTS5 says it, whatever the difference.
        Err(error) if error.to_string().contains("malformed") => {
            Ok(vec!["the index of the search differs from the texts".to_owned()])
        }
        Err(error) => Err(error.into()),
    }
}
