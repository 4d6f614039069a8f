//! Indicators across declarations.

use jixiao_entity::id::{DeclarationId, IndicatorId};
use jixiao_entity::{achievement, declaration, department, indicator};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Level1, Level2, Status, Vocabulary, vocabulary_words};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::{DeclarationFilter, filter_on, total};
use crate::error::{Result, ServiceError};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::Scope;

vocabulary_words! {
    /// What indicators are ordered by; ties by key.
    IndicatorOrder {
        Id = "ID", "编号", "key"; Rate = "RATE", "完成率", "rate"; Weight = "WEIGHT", "分值", "weight"; Deviation = "DEVIATION", "偏离程度", "distance of the rate from 1";
    }
}

/// Which indicators. Lists that are `None` do not restrict.
#[derive(Clone, Debug, Default)]
pub struct IndicatorFilter {
    /// Of which declarations.
    pub declarations: DeclarationFilter,
    /// Of these level 1.
    pub level1: Option<Vec<Level1>>,
    /// Of these level 2.
    pub level2: Option<Vec<Level2>>,
    /// The period that statuses and rates are taken from; YEAR_END when not given.
    pub period: Option<Period>,
    /// With these statuses.
    pub statuses: Option<Vec<Status>>,
}

/// Where an indicator is found; the rest comes from its declaration.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Found {
    /// Key.
    pub id: IndicatorId,
    /// Its declaration.
    pub declaration_id: DeclarationId,
    order_key: Option<i64>,
}

impl Found {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self, order: IndicatorOrder) -> Vec<KeyValue> {
        match order {
            IndicatorOrder::Id => vec![self.id.0.into()],
            _ => vec![self.order_key.into(), self.id.0.into()],
        }
    }
}

fn select(ctx: &Ctx, filter: &IndicatorFilter) -> SelectStatement {
    let column = |table: &str, name: &str| Expr::col((Alias::new(table), Alias::new(name)));
    let period = filter.period.unwrap_or(Period::YearEnd);
    let mut select = Query::select();
    select
        .column((indicator::Entity, indicator::Column::Id))
        .column((indicator::Entity, indicator::Column::DeclarationId))
        .from(indicator::Entity)
        .inner_join(achievement::Entity, column("achievement", "indicator_id").equals(("indicator", "id")))
        .inner_join(declaration::Entity, column("declaration", "id").equals(("indicator", "declaration_id")))
        .inner_join(department::Entity, column("department", "id").equals(("declaration", "department_id")))
        .cond_where(Scope::of(ctx).declarations())
        .and_where(column("achievement", "period").eq(period.as_str()));
    if filter.declarations.statuses.is_none() {
        let in_force = [DeclarationStatus::Approved, DeclarationStatus::Closed].map(Vocabulary::as_str);
        select.and_where(column("declaration", "status").is_in(in_force));
    }
    filter_on(&mut select, &filter.declarations);
    if let Some(levels) = &filter.level1 {
        select.and_where(column("indicator", "level1").is_in(levels.iter().map(|level| level.as_str())));
    }
    if let Some(levels) = &filter.level2 {
        select.and_where(column("indicator", "level2").is_in(levels.iter().map(|level| level.as_str())));
    }
    if let Some(statuses) = &filter.statuses {
        select.and_where(column("achievement", "status").is_in(statuses.iter().map(|status| status.as_str())));
    }
    select
}

/// A page of indicators of declarations in force, and the total when it is asked for.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    filter: &IndicatorFilter,
    (order, descending): (IndicatorOrder, bool),
    page: &Page,
    count: bool,
) -> Result<(Slice<Found>, Option<i64>)> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let mut select = select(ctx, filter);
    let total = if count { Some(total(db, &select).await?) } else { None };
    let id = SortKey { expr: Expr::col((indicator::Entity, indicator::Column::Id)), descending: false };
    let measure = match order {
        IndicatorOrder::Id => None,
        IndicatorOrder::Rate => Some(Expr::cust("achievement.rate")),
        IndicatorOrder::Weight => Some(Expr::cust("indicator.weight")),
        IndicatorOrder::Deviation => Some(Expr::cust("ABS(achievement.rate - 1000000)")),
    };
    let key = measure.clone().unwrap_or_else(|| Expr::cust("CAST(NULL AS BIGINT)"));
    select.expr_as(key, Alias::new("order_key"));
    let keys: Vec<SortKey> = match measure {
        None => vec![SortKey { descending, ..id }],
        Some(expr) => vec![SortKey { expr, descending }, id],
    };
    page.apply(&mut select, &keys);
    let rows = db.read().query_all(&select).await?;
    let found = rows.iter().map(|row| Found::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok((page.slice(found), total))
}
