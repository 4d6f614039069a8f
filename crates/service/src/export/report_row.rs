//! What hangs on reports, read across declarations: where it hangs, and the statement that finds it.

use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, indicator, report};
use jixiao_rules::cycle::Period;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic as _, Iterable as _, QueryResult};

use super::cell::{Cell, Column, column, whose};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{DeclarationFilter, filter_on};
use crate::department::{Department, with_department};
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::Scope;

/// Where something hangs.
pub(super) struct Place {
    department: Department,
    fiscal_year: i32,
    period: Period,
    indicator: Option<String>,
    id: i64,
}

impl Place {
    /// Place of the row in its listing.
    pub(super) fn cursor(&self) -> Vec<KeyValue> {
        vec![self.department.code.clone().into(), i64::from(self.fiscal_year).into(), self.id.into()]
    }

    pub(super) fn of(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            department: Department::from_query_result(row, "")?,
            fiscal_year: row.try_get("", "place_year")?,
            period: row.try_get::<Word<Period>>("", "place_period")?.0,
            indicator: row.try_get("", "place_indicator")?,
            id: row.try_get("row_", "id")?,
        })
    }
}

/// The columns that say where a row hangs.
pub(super) fn columns<R>(place: impl Fn(&R) -> &Place + Copy + Send + Sync + 'static) -> Vec<Column<R>> {
    let mut columns = whose(move |row: &R| &place(row).department);
    columns.push(column("年度", "Fiscal year", move |row: &R, _| place(row).fiscal_year.into()));
    columns.push(column("期间", "Period", move |row: &R, lang| Cell::word(place(row).period, lang)));
    columns.push(column("三级指标", "Indicator", move |row: &R, _| place(row).indicator.as_ref().into()));
    columns
}

/// A page of the rows of a table that name their report and perhaps an indicator, by department code and fiscal year.
pub(super) async fn page<E: EntityTrait>(
    (db, ctx): (&Db, &Ctx),
    table: E,
    filter: &DeclarationFilter,
    page: &Page,
) -> Result<Slice<(Place, E::Model)>> {
    let own = |name: &str| Expr::col((Alias::new(table.table_name()), Alias::new(name)));
    let year = Expr::col((declaration::Entity, declaration::Column::FiscalYear));
    let mut select = Query::select();
    for column in E::Column::iter() {
        select.expr_as(Expr::col((table, column)), Alias::new(format!("row_{}", column.as_str())));
    }
    select
        .expr_as(year.clone(), Alias::new("place_year"))
        .expr_as(Expr::col((report::Entity, report::Column::Period)), Alias::new("place_period"))
        .expr_as(Expr::col((indicator::Entity, indicator::Column::Name)), Alias::new("place_indicator"))
        .from(table)
        .inner_join(report::Entity, own("report_id").equals((report::Entity, report::Column::Id)))
        .inner_join(declaration::Entity, Expr::col(("declaration", "id")).equals(("report", "declaration_id")))
        .left_join(indicator::Entity, own("indicator_id").equals((indicator::Entity, indicator::Column::Id)));
    with_department(&mut select);
    select.cond_where(Scope::of(ctx).declarations());
    filter_on(&mut select, filter);
    let keys = [SortKey::asc(Expr::col(("department", "code"))), SortKey::asc(year), SortKey::asc(own("id"))];
    page.apply(&mut select, &keys);
    let rows = db.read().query_all(&select).await?;
    let row = |row: &QueryResult| Ok((Place::of(row)?, E::Model::from_query_result(row, "row_")?));
    Ok(page.slice(rows.iter().map(row).collect::<Result<_>>()?))
}
