//! Indicators in the order of their rates, read along an index: one range of it for each year and status.

use std::collections::BTreeSet;

use jixiao_entity::{achievement, declaration, department, indicator, rollup_cell, rollup_delta};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Status, Vocabulary};
use sea_orm::sea_query::{Alias, Asterisk, Expr, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, ExprTrait};

use super::page::{Way, way};
use super::place::{Places, topmost};
use crate::db::{Db, column};
use crate::error::Result;
use crate::page::{Page, SortKey};

/// The ranges of a page, and how they are read.
pub(crate) struct Worst {
    way: Way,
    ranges: Vec<(i32, Status)>,
}

impl Worst {
    /// The ranges of what a filter asks for.
    pub(crate) async fn of(
        db: &Db,
        places: &Places,
        (years, statuses): (Option<&[i32]>, Option<&[Status]>),
        period: Period,
        size: u64,
    ) -> Result<Self> {
        let kept = kept_years(db, period).await?;
        let years = kept.into_iter().filter(|year| years.is_none_or(|years| years.contains(year)));
        let of = |status: &&Status| statuses.is_none_or(|statuses| statuses.contains(status));
        let ranges: Vec<(i32, Status)> =
            years.flat_map(|year| Status::ALL.iter().filter(of).map(move |status| (year, *status))).collect();
        let years: Vec<i32> = ranges.iter().map(|(year, _)| *year).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self { way: way(db, places, Some(&years), period, size).await?, ranges })
    }

    /// Indicators with their assessments, declarations and departments, joined in the order of the shorter way: SQLite
    /// keeps to it, PostgreSQL finds its own.
    pub(crate) fn from(&self, select: &mut SelectStatement) {
        match self.way {
            Way::Along => select
                .from(achievement::Entity)
                .cross_join(indicator::Entity)
                .cross_join(declaration::Entity)
                .cross_join(department::Entity),
            Way::Gathered => select
                .from(department::Entity)
                .cross_join(declaration::Entity)
                .cross_join(achievement::Entity)
                .cross_join(indicator::Entity),
        };
        select
            .and_where(column("indicator", "id").equals(("achievement", "indicator_id")))
            .and_where(column("declaration", "id").equals(("achievement", "declaration_id")))
            .and_where(column("department", "id").equals(("declaration", "department_id")));
    }

    /// A page of `select`, which starts from [`Self::from`] and names what it is ordered by `order_key`: that of each range,
    /// then the first of all.
    pub(crate) fn page(&self, select: &SelectStatement, keys: &[SortKey], page: &Page) -> Option<SelectStatement> {
        let mut ranges = self.ranges.iter().map(|(year, status)| {
            let mut range = select.clone();
            range
                .and_where(column("achievement", "in_force_year").eq(*year))
                .and_where(column("achievement", "status").eq(status.as_str()));
            page.apply_nullable(&mut range, keys, 1);
            // SQLite takes an order within a union only inside of a sub-select.
            Query::select().expr(Expr::col(Asterisk)).from_subquery(range, Alias::new("of_range")).to_owned()
        });
        let mut all = ranges.next()?;
        all.unions(ranges.map(|range| (UnionType::All, range)));
        let mut select = Query::select();
        select.expr(Expr::col(Asterisk)).from_subquery(all, Alias::new("of_ranges"));
        let descending = keys.first().is_some_and(|key| key.descending);
        let keys = [
            SortKey { expr: Expr::col(Alias::new("order_key")), descending },
            SortKey::asc(Expr::col(Alias::new("id"))),
        ];
        Page { after: None, before: None, ..page.clone() }.apply(&mut select, &keys);
        Some(select)
    }
}

/// The years that anything in force has.
async fn kept_years(db: &Db, period: Period) -> Result<Vec<i32>> {
    let mut select = Query::select();
    select
        .column((rollup_cell::Entity, rollup_cell::Column::FiscalYear))
        .from(rollup_cell::Entity)
        .and_where(column("rollup_cell", "jurisdiction_id").is_in(topmost(db).await?.iter().map(|one| one.0)))
        .and_where(column("rollup_cell", "period").eq(period.as_str()))
        .and_where(column("rollup_cell", "status").eq(""));
    let pending = Query::select()
        .column((rollup_delta::Entity, rollup_delta::Column::FiscalYear))
        .from(rollup_delta::Entity)
        .to_owned();
    select.union(UnionType::Distinct, pending);
    let rows = db.read().query_all(&select).await?;
    Ok(rows.iter().map(|row| row.try_get("", "fiscal_year")).collect::<Result<_, _>>()?)
}
