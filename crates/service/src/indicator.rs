//! Indicators across declarations.

mod body;
mod filter;
mod trend;

pub use body::{Alone, by_ids};
pub(crate) use body::{body_row, examine, store};
pub use filter::IndicatorFilter;
pub use trend::{TrendMatch, TrendPoint, trend};

use jixiao_entity::id::{DeclarationId, IndicatorId};
use jixiao_rules::kind::vocabulary_words;
use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::achievement;
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::total;
use crate::error::{Result, ServiceError};
use crate::page::{KeyKind, KeyValue, Page, Slice, SortKey};

vocabulary_words! {
    /// What indicators are ordered by; ties by key.
    IndicatorOrder {
        Id = "ID", "编号", "key"; Rate = "RATE", "完成率", "rate"; Weight = "WEIGHT", "分值", "weight"; Deviation = "DEVIATION", "偏离程度", "distance of the rate from 1";
    }
}

impl IndicatorOrder {
    /// The sort keys of the list in this order.
    pub fn shape(self) -> impl Iterator<Item = KeyKind> + Clone {
        std::iter::repeat_n(KeyKind::Int, if self == Self::Id { 1 } else { 2 })
    }
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

/// A page of indicators of declarations in force, and the total when it is asked for.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for a filter that cannot be, with the path of what is wrong.
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
    let read = filter.read(db, ctx).await?;
    let worst = if order == IndicatorOrder::Rate { filter.worst(db, ctx, page.size).await? } else { None };
    let mut select = filter.select(db, ctx, &read, worst.as_ref());
    let total = match (count, filter.counted()) {
        (false, _) => None,
        (true, Some(filter)) => Some(achievement::totals(db, ctx, &filter, false).await?.sums.tally.indicators()),
        (true, None) => Some(total(db, &filter.select(db, ctx, &read, None)).await?),
    };
    let id = SortKey { expr: Expr::cust("achievement.indicator_id"), descending: false };
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
    let select = match &worst {
        Some(worst) => worst.page(&select, &keys, page),
        None => {
            page.apply(&mut select, &keys);
            Some(select)
        }
    };
    let rows = match select {
        Some(select) => db.read().query_all(&select).await?,
        None => Vec::new(),
    };
    let found = rows.iter().map(|row| Found::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok((page.slice(found), total))
}
