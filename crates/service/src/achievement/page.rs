//! The pages that are read along an index, and when: where the caller sees much of what there is, the first rows of the
//! index are soon enough the caller's; where it is little, it is sooner gathered and sorted.

use jixiao_entity::{department, department_result, rollup_cell};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::Vocabulary as _;
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait};

use super::Dimension;
use super::place::{Places, topmost};
use super::source::Question;
use crate::db::{Db, column};
use crate::error::Result;
use crate::page::Page;
use crate::rollup::COLUMNS;

/// How a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Along the index, passing over what the caller does not see.
    Along,
    /// What the caller sees is gathered, then sorted.
    Gathered,
}

/// The shorter way to a page of `size` rows within `places`. Of `all` declarations `seen` are the caller's: along the index
/// a page takes `size × all ÷ seen` rows, gathered it takes `seen`; neither is more than the root of `size × all`.
pub(crate) async fn way(db: &Db, places: &Places, years: Option<&[i32]>, period: Period, size: u64) -> Result<Way> {
    if places.everything {
        return Ok(Way::Along);
    }
    let count = |of: &[jixiao_entity::id::JurisdictionId]| {
        let mut select = Query::select();
        select
            .expr_as(Expr::cust("CAST(COALESCE(SUM(declarations), 0) AS BIGINT)"), Alias::new("count"))
            .from(rollup_cell::Entity)
            .and_where(column("rollup_cell", "jurisdiction_id").is_in(of.iter().map(|one| one.0)))
            .and_where(column("rollup_cell", "period").eq(period.as_str()))
            .and_where(column("rollup_cell", "level1").eq(""))
            .and_where(column("rollup_cell", "level2").eq(""))
            .and_where(column("rollup_cell", "status").eq(""));
        if let Some(years) = years {
            select.and_where(column("rollup_cell", "fiscal_year").is_in(years.iter().copied()));
        }
        select
    };
    let mut counts = [0_i64; 2];
    for (found, of) in counts.iter_mut().zip([&places.jurisdictions, &topmost(db).await?]) {
        let row = db.read().query_one(&count(of)).await?.ok_or_else(|| anyhow::anyhow!("a sum has no row"))?;
        *found = row.try_get("", "count")?;
    }
    let [seen, all] = counts.map(i128::from);
    Ok(if seen * seen >= i128::from(size) * all { Way::Along } else { Way::Gathered })
}

/// The rows of `department_result` where each is a group by itself; `None` where they must be added up, or another source
/// is needed.
pub(super) async fn departments(db: &Db, question: &Question<'_>, page: &Page) -> Result<Option<SelectStatement>> {
    let Question { filter, dimensions, places, .. } = question;
    let several = filter.fiscal_years.as_ref().is_some_and(|years| years.len() > 1);
    let single = !several || question.by(Dimension::FiscalYear);
    let kept = [Dimension::Department, Dimension::FiscalYear, Dimension::Period];
    let told = question.by(Dimension::Department)
        && dimensions.iter().all(|dimension| kept.contains(dimension))
        && !question.of_indicators()
        && filter.grades.is_none();
    if !single || !told || places.is_empty() {
        return Ok(None);
    }
    let period = question.period();
    let way = if filter.department_codes.is_some() {
        Way::Gathered
    } else {
        let years = filter.fiscal_years.as_deref();
        way(db, places, years, period.unwrap_or(Period::YearEnd), page.size).await?
    };
    let mut select = Query::select();
    // SQLite joins in this order; PostgreSQL in the one it knows to be shorter.
    match way {
        Way::Along => select.from(department_result::Entity).cross_join(department::Entity),
        Way::Gathered => select.from(department::Entity).cross_join(department_result::Entity),
    };
    select
        .and_where(column("department", "id").equals(("department_result", "department_id")))
        .and_where(question.years())
        .and_where(column("department_result", "declarations").ne(0))
        .cond_where(places.condition());
    if let Some(period) = period {
        select.and_where(column("department_result", "period").eq(period.as_str()));
    }
    if let Some(codes) = &filter.department_codes {
        select.and_where(column("department", "code").is_in(codes.iter().map(String::as_str)));
    }
    for (position, dimension) in dimensions.iter().enumerate() {
        let key = match dimension {
            Dimension::FiscalYear => column("department_result", "fiscal_year").cast_as("TEXT"),
            Dimension::Period => column("department_result", "period"),
            _ => column("department_result", "department_code"),
        };
        select.expr_as(key, Alias::new(format!("key_{position}")));
        if *dimension == Dimension::Department {
            select.expr_as(column("department", "name"), Alias::new(format!("label_{position}")));
        }
    }
    for name in COLUMNS.iter().chain(&["achievement_rate"]) {
        select.expr_as(column("department_result", name), Alias::new(*name));
    }
    Ok(Some(select))
}
