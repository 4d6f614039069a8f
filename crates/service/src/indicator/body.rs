//! The read model of lists across declarations: beside each indicator stands what the current document of its declaration
//! says of it, written in the transaction that changes it. A page of fifty reads fifty of these, not fifty declarations.

use std::collections::{BTreeMap, HashMap};

use jixiao_entity::id::{IndicatorId, SchemeId};
use jixiao_entity::{indicator, indicator_body, scoring_scheme};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryResult};

use crate::access;
use crate::ctx::Ctx;
use crate::db::{Db, column};
use crate::declaration::{Declaration, Header, Indicator, SchemeRef, header_of, scoped};
use crate::error::Result;

/// An indicator without the rest of its declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Alone {
    /// The indicator.
    pub indicator: Indicator,
    /// Its declaration.
    pub declaration: Header,
    /// The scheme that declaration is scored under.
    pub scheme: SchemeRef,
}

/// The row of an indicator's body.
pub(crate) fn body_row(indicator: &Indicator) -> Result<indicator_body::ActiveModel> {
    Ok(indicator_body::ActiveModel { indicator_id: Set(indicator.id), body: Set(serde_json::to_string(indicator)?) })
}

/// Writes the indicators that differ from what they were before the command.
pub(crate) async fn store(txn: &DatabaseTransaction, before: Option<&Declaration>, after: &Declaration) -> Result<()> {
    let was = |id| before.and_then(|before| before.indicator(id));
    let changed = after.indicators.iter().filter(|indicator| was(indicator.id) != Some(indicator));
    let rows: Vec<_> = changed.map(body_row).collect::<Result<_>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let update =
        OnConflict::column(indicator_body::Column::IndicatorId).update_column(indicator_body::Column::Body).to_owned();
    indicator_body::Entity::insert_many(rows).on_conflict(update).exec_without_returning(txn).await?;
    Ok(())
}

/// What is stored of a declaration's indicators and differs from them, one line each.
pub(crate) async fn examine(db: &impl ConnectionTrait, declaration: &Declaration) -> Result<Vec<String>> {
    let ids = declaration.indicators.iter().map(|indicator| indicator.id);
    let rows = indicator_body::Entity::find().filter(indicator_body::Column::IndicatorId.is_in(ids)).all(db).await?;
    let stored: BTreeMap<IndicatorId, String> = rows.into_iter().map(|row| (row.indicator_id, row.body)).collect();
    let mut differences = Vec::new();
    for indicator in &declaration.indicators {
        if stored.get(&indicator.id) != Some(&serde_json::to_string(indicator)?) {
            differences.push(format!("Indicator:{} body", indicator.id.0));
        }
    }
    Ok(differences)
}

/// Indicators by key, in any order; those the caller may not see are left out.
///
/// # Errors
/// When the database or the access log fails.
pub async fn by_ids(db: &Db, ctx: &Ctx, ids: &[IndicatorId]) -> Result<HashMap<IndicatorId, Alone>> {
    let mut select = scoped(ctx);
    select
        .expr(column("indicator_body", "body"))
        .inner_join(indicator::Entity, column("indicator", "declaration_id").equals(("declaration", "id")))
        .inner_join(indicator_body::Entity, column("indicator_body", "indicator_id").equals(("indicator", "id")))
        .inner_join(scoring_scheme::Entity, column("scoring_scheme", "id").equals(("declaration", "scheme_id")))
        .and_where(column("indicator", "id").is_in(ids.iter().map(|id| id.0)));
    for name in ["id", "code", "version", "sha256"] {
        select.expr_as(column("scoring_scheme", name), Alias::new(format!("s_{name}")));
    }
    let rows = db.read().query_all(&select).await?;
    let found = rows.iter().map(|row| alone(row).map(|alone| (alone.indicator.id, alone)));
    let found: HashMap<_, _> = found.collect::<Result<_>>()?;
    access::note_headers(db, ctx, found.values().map(|alone| &alone.declaration)).await?;
    Ok(found)
}

fn alone(row: &QueryResult) -> Result<Alone> {
    let body: String = row.try_get("", "body")?;
    let version: i32 = row.try_get("s_", "version")?;
    let scheme = SchemeRef {
        id: SchemeId(row.try_get("s_", "id")?),
        code: row.try_get("s_", "code")?,
        version: u32::try_from(version).map_err(anyhow::Error::from)?,
        sha256: row.try_get("s_", "sha256")?,
    };
    Ok(Alone { indicator: serde_json::from_str(&body)?, declaration: header_of(row)?, scheme })
}
