//! The same indicator followed over the years of its department.

use std::collections::BTreeMap;

use jixiao_entity::id::{DeclarationId, DepartmentId, IndicatorId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, department, indicator};
use jixiao_rules::cycle::{DeclarationScope, DeclarationStatus};
use jixiao_rules::kind::{Level1, Level2, Vocabulary, vocabulary_words};
use jixiao_rules::search::folded;
use sea_orm::sea_query::{Cond, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use crate::ctx::{Actor, Ctx};
use crate::db::{Db, column};
use crate::error::{Result, ServiceError};
use crate::page::KeyValue;
use crate::policy::Scope;

vocabulary_words! {
    /// By what an indicator of another year is taken for the same.
    TrendMatch {
        Itself = "ITSELF", "所查询的指标", "it is the indicator that was asked for";
        CarriedOver = "CARRIED_OVER", "结转关联", "one was carried over from the other, whatever their names";
        ExactName = "EXACT_NAME", "名称完全相同", "their names are the same";
        FoldedName = "FOLDED_NAME", "名称仅写法不同", "their names differ only in width, case, white space, look-alike glyphs or traditional characters";
    }
}

/// An indicator in one year of its trend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// Fiscal year.
    pub fiscal_year: i32,
    /// The indicator of that year.
    pub indicator_id: IndicatorId,
    /// Its declaration.
    pub declaration_id: DeclarationId,
    /// By what it is taken for the same.
    pub by: TrendMatch,
    /// Name in the neighbouring year that it was matched against; `None` for the indicator itself.
    pub matched_name: Option<String>,
    /// How many of that year match equally well; the first in order is shown.
    pub candidates: usize,
}

impl TrendPoint {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![i64::from(self.fiscal_year).into()]
    }
}

/// An indicator with what it is matched by.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: IndicatorId,
    declaration_id: DeclarationId,
    department_id: DepartmentId,
    scope: Word<DeclarationScope>,
    fiscal_year: i32,
    round: i32,
    name: String,
    level1: Option<Word<Level1>>,
    level2: Option<Word<Level2>>,
    carried_from: Option<IndicatorId>,
}

/// Indicators of the declarations that the caller may see, in the order of their forms.
fn select(ctx: &Ctx) -> SelectStatement {
    let mut select = Query::select();
    for name in ["id", "declaration_id", "name", "level1", "level2", "carried_from"] {
        select.expr(column("indicator", name));
    }
    for name in ["department_id", "scope", "fiscal_year", "round"] {
        select.expr(column("declaration", name));
    }
    select
        .from(indicator::Entity)
        .inner_join(declaration::Entity, column("declaration", "id").equals(("indicator", "declaration_id")))
        .inner_join(department::Entity, column("department", "id").equals(("declaration", "department_id")))
        .cond_where(Scope::of(ctx).declarations())
        .order_by(("declaration", "fiscal_year"), Order::Asc)
        .order_by(("declaration", "round"), Order::Asc)
        .order_by(("indicator", "position"), Order::Asc);
    select
}

async fn rows(db: &Db, select: &SelectStatement) -> Result<Vec<Row>> {
    let rows = db.read().query_all(select).await?;
    Ok(rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?)
}

/// An indicator through the years of its department in which its declaration is in force, oldest first; `None` when it may
/// not be seen. From the year asked for it is followed year by year both ways, each year against the nearest one that was
/// found: by carry-over, else by the same name, else by the name however it is spelled; among several by the same place in
/// the tree, then by order. A year without any is left out.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn trend(db: &Db, ctx: &Ctx, id: IndicatorId) -> Result<Option<Vec<TrendPoint>>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let mut asked = select(ctx);
    asked.and_where(column("indicator", "id").eq(id.0));
    let Some(own) = rows(db, &asked).await?.into_iter().next() else { return Ok(None) };
    let in_force = DeclarationStatus::IN_FORCE.map(Vocabulary::as_str);
    let mut others = select(ctx);
    others
        .and_where(column("declaration", "department_id").eq(own.department_id.0))
        .and_where(column("declaration", "scope").eq(own.scope.0.as_str()))
        .and_where(column("declaration", "fiscal_year").ne(own.fiscal_year))
        .cond_where(Cond::all().add(column("declaration", "status").is_in(in_force)));
    let mut years: BTreeMap<i32, Vec<Row>> = BTreeMap::new();
    for row in rows(db, &others).await? {
        let year = years.entry(row.fiscal_year).or_default();
        // A later round stands for its year.
        if year.first().is_some_and(|first| first.round < row.round) {
            year.clear();
        }
        year.push(row);
    }
    let mut points = follow(&own, years.range(..own.fiscal_year).rev().map(|(_, rows)| rows.as_slice()));
    points.reverse();
    points.push(point(&own, TrendMatch::Itself, None, 1));
    points.extend(follow(&own, years.range(own.fiscal_year..).map(|(_, rows)| rows.as_slice())));
    Ok(Some(points))
}

/// Follows an indicator through years that go away from its own.
fn follow<'a>(own: &'a Row, years: impl Iterator<Item = &'a [Row]>) -> Vec<TrendPoint> {
    let (mut nearest, mut points) = (own, Vec::new());
    for year in years {
        if let Some((by, found)) = matches(nearest, year)
            && let Some(first) = found.first()
        {
            points.push(point(first, by, Some(nearest.name.clone()), found.len()));
            nearest = first;
        }
    }
    points
}

fn point(row: &Row, by: TrendMatch, matched_name: Option<String>, candidates: usize) -> TrendPoint {
    TrendPoint {
        fiscal_year: row.fiscal_year,
        indicator_id: row.id,
        declaration_id: row.declaration_id,
        by,
        matched_name,
        candidates,
    }
}

/// The indicators of a year that match best.
fn matches<'a>(of: &Row, year: &'a [Row]) -> Option<(TrendMatch, Vec<&'a Row>)> {
    let name = folded(&of.name);
    let same = |by: TrendMatch, row: &Row| match by {
        TrendMatch::Itself => row.id == of.id,
        TrendMatch::CarriedOver => row.carried_from == Some(of.id) || of.carried_from == Some(row.id),
        TrendMatch::ExactName => row.name == of.name,
        TrendMatch::FoldedName => folded(&row.name) == name,
    };
    let ways = [TrendMatch::CarriedOver, TrendMatch::ExactName, TrendMatch::FoldedName];
    let (by, mut found) = ways.into_iter().find_map(|by| {
        let found: Vec<&Row> = year.iter().filter(|row| same(by, row)).collect();
        (!found.is_empty()).then_some((by, found))
    })?;
    let place = |row: &Row| (row.level1, row.level2);
    if found.iter().any(|row| place(row) == place(of)) {
        found.retain(|row| place(row) == place(of));
    }
    Some((by, found))
}
