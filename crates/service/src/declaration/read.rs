//! Reading declarations: whole from their latest document, or as rows of a list.

use std::collections::HashMap;

use jixiao_entity::id::{DeclarationId, IndicatorId, KeyTaskId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, declaration_document, declaration_result, department, indicator, key_task};
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::{DeclarationScope, DeclarationStatus, Period};
use jixiao_rules::explain::{self, Explanation};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_rules::scheme::Scheme;
use sea_orm::sea_query::{Alias, Expr, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryResult};

use super::derive::occasion_of;
use super::model::{Declaration, Indicator, SchemeRef};
use crate::access;
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::department::{self as departments, Department, below, with_department};
use crate::error::{Result, ServiceError};
use crate::jurisdiction;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::Scope;
use crate::scheme;

/// A declaration loaded whole, with its department as it is named today.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The declaration.
    pub declaration: Declaration,
    /// Whose.
    pub department: Department,
}

/// A declaration in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Key.
    pub id: DeclarationId,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// State.
    pub status: DeclarationStatus,
    /// Approved version in force.
    pub version: i32,
    /// Revision.
    pub revision: i32,
    /// Whose.
    pub department: Department,
}

impl Header {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.department.code.clone().into(), i64::from(self.fiscal_year).into(), self.id.0.into()]
    }
}

/// Which declarations.
#[derive(Clone, Debug, Default)]
pub struct DeclarationFilter {
    /// Of these years.
    pub fiscal_years: Option<Vec<i32>>,
    /// Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// In these states.
    pub statuses: Option<Vec<DeclarationStatus>>,
}

impl DeclarationFilter {
    /// Refuses a place that is unknown or not seen: what it would answer says nothing.
    ///
    /// # Errors
    /// `NOT_FOUND` at the code.
    pub(crate) async fn known(&self, db: &Db, ctx: &Ctx) -> Result<()> {
        if let Some(code) = &self.jurisdiction_code {
            jurisdiction::known(db, ctx, code, "filter.jurisdictionCode").await?;
        }
        if let Some(codes) = &self.department_codes {
            departments::known(db, ctx, codes, "filter.departmentCodes").await?;
        }
        Ok(())
    }
}

/// Adds the filter to a select over declaration and department.
pub(crate) fn filter_on(select: &mut SelectStatement, filter: &DeclarationFilter) {
    let column = |column| Expr::col((declaration::Entity, column));
    if let Some(years) = &filter.fiscal_years {
        select.and_where(column(declaration::Column::FiscalYear).is_in(years.iter().copied()));
    }
    if let Some(code) = &filter.jurisdiction_code {
        let column = Expr::col((department::Entity, department::Column::JurisdictionId));
        select.and_where(column.in_subquery(below(code)));
    }
    if let Some(codes) = &filter.department_codes {
        let column = Expr::col((department::Entity, department::Column::Code));
        select.and_where(column.is_in(codes.iter().map(String::as_str)));
    }
    if let Some(statuses) = &filter.statuses {
        select.and_where(column(declaration::Column::Status).is_in(statuses.iter().map(|status| status.as_str())));
    }
}

/// Declarations with department and jurisdiction, within the caller's scope.
pub(crate) fn scoped(ctx: &Ctx) -> SelectStatement {
    let mut select = Query::select();
    for column in ["id", "fiscal_year", "status", "version", "revision"] {
        select.expr_as(Expr::col((Alias::new("declaration"), Alias::new(column))), Alias::new(format!("h_{column}")));
    }
    select.from(declaration::Entity);
    with_department(&mut select);
    select.cond_where(Scope::of(ctx).declarations());
    select
}

fn with_document(select: &mut SelectStatement) {
    select.column((declaration_document::Entity, declaration_document::Column::Body)).inner_join(
        declaration_document::Entity,
        Expr::col(("declaration_document", "declaration_id"))
            .equals(("declaration", "id"))
            .and(Expr::col(("declaration_document", "number")).equals(("declaration", "document_number"))),
    );
}

fn whole_of(row: &QueryResult) -> Result<Whole> {
    let body: String = row.try_get("", "body")?;
    Ok(Whole { declaration: serde_json::from_str(&body)?, department: Department::from_query_result(row, "")? })
}

/// The header in a row of [`scoped`].
pub(crate) fn header_of(row: &QueryResult) -> Result<Header> {
    Ok(Header {
        id: row.try_get("h_", "id")?,
        fiscal_year: row.try_get("h_", "fiscal_year")?,
        status: row.try_get::<Word<DeclarationStatus>>("h_", "status")?.0,
        version: row.try_get("h_", "version")?,
        revision: row.try_get("h_", "revision")?,
        department: Department::from_query_result(row, "")?,
    })
}

/// The whole-department declaration of a department and year (the latest round), if the caller may see it.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn by_department(db: &Db, ctx: &Ctx, department_code: &str, fiscal_year: i32) -> Result<Option<Whole>> {
    signed_in(ctx)?;
    let column = |column| Expr::col((declaration::Entity, column));
    let mut select = scoped(ctx);
    with_document(&mut select);
    select
        .and_where(Expr::col(("department", "code")).eq(department_code))
        .and_where(column(declaration::Column::FiscalYear).eq(fiscal_year))
        .and_where(column(declaration::Column::Scope).eq(DeclarationScope::WholeDepartment.as_str()))
        .order_by((declaration::Entity, declaration::Column::Round), Order::Desc)
        .limit(1);
    let found = db.read().query_one(&select).await?.as_ref().map(whole_of).transpose()?;
    access::note_drafts(db, ctx, access::drafts(found.iter())).await?;
    Ok(found)
}

/// Declarations loaded whole, in any order; those the caller may not see are left out.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(db: &Db, ctx: &Ctx, ids: &[DeclarationId]) -> Result<HashMap<DeclarationId, Whole>> {
    let mut select = scoped(ctx);
    with_document(&mut select);
    select.and_where(Expr::col(("declaration", "id")).is_in(ids.iter().map(|id| id.0)));
    let rows = db.read().query_all(&select).await?;
    let found: HashMap<_, _> =
        rows.iter().map(|row| whole_of(row).map(|whole| (whole.declaration.id, whole))).collect::<Result<_>>()?;
    access::note_drafts(db, ctx, access::drafts(found.values())).await?;
    Ok(found)
}

/// Headers by key; those the caller may not see are left out.
///
/// # Errors
/// When the database fails.
pub async fn header_by_ids(db: &Db, ctx: &Ctx, ids: &[DeclarationId]) -> Result<HashMap<DeclarationId, Header>> {
    let mut select = scoped(ctx);
    select.and_where(Expr::col(("declaration", "id")).is_in(ids.iter().map(|id| id.0)));
    let rows = db.read().query_all(&select).await?;
    rows.iter().map(|row| header_of(row).map(|header| (header.id, header))).collect()
}

/// The approved declarations within `within`, by department code, then year; at most so many.
pub(crate) async fn approved(
    db: &Db,
    ctx: &Ctx,
    within: &Scope,
    fiscal_year: Option<i32>,
    limit: u64,
) -> Result<Vec<Header>> {
    let filter = DeclarationFilter {
        fiscal_years: fiscal_year.map(|year| vec![year]),
        statuses: Some(vec![DeclarationStatus::Approved]),
        ..DeclarationFilter::default()
    };
    let mut select = scoped(ctx);
    filter_on(&mut select, &filter);
    select
        .cond_where(within.departments())
        .order_by(("department", "code"), Order::Asc)
        .order_by(("declaration", "fiscal_year"), Order::Asc)
        .order_by(("declaration", "id"), Order::Asc)
        .limit(limit);
    db.read().query_all(&select).await?.iter().map(header_of).collect()
}

/// A page of declarations by department code, then year; and the total when it is asked for.
///
/// # Errors
/// `Unauthenticated`; `NOT_FOUND` for a place that is unknown or not seen; or when the database fails.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    filter: &DeclarationFilter,
    page: &Page,
    count: bool,
) -> Result<(Slice<Header>, Option<i64>)> {
    signed_in(ctx)?;
    filter.known(db, ctx).await?;
    let mut select = scoped(ctx);
    filter_on(&mut select, filter);
    let total = if count { Some(total(db, &select).await?) } else { None };
    let keys = [
        SortKey::asc(Expr::col(("department", "code"))),
        SortKey::asc(Expr::col(("declaration", "fiscal_year"))),
        SortKey::asc(Expr::col(("declaration", "id"))),
    ];
    page.apply(&mut select, &keys);
    let rows = db.read().query_all(&select).await?;
    let headers = rows.iter().map(header_of).collect::<Result<Vec<_>>>()?;
    Ok((page.slice(headers), total))
}

/// Rows that a select would give.
pub(crate) async fn total(db: &Db, select: &SelectStatement) -> Result<i64> {
    let count = Query::select()
        .expr_as(Expr::col(sea_orm::sea_query::Asterisk).count(), Alias::new("total"))
        .from_subquery(select.clone(), Alias::new("counted"))
        .to_owned();
    let row = db.read().query_one(&count).await?.ok_or_else(|| anyhow::anyhow!("a count has no row"))?;
    Ok(row.try_get("", "total")?)
}

/// Results of declarations in all periods. The keys come from declarations the caller has seen.
///
/// # Errors
/// When the database fails.
pub async fn results(db: &Db, ids: &[DeclarationId]) -> Result<HashMap<(DeclarationId, Period), DeclarationResult>> {
    let rows = declaration_result::Entity::find()
        .filter(declaration_result::Column::DeclarationId.is_in(ids.iter().copied()))
        .all(db.read())
        .await?;
    rows.iter().map(|row| Ok(((row.declaration_id, row.period.0), serde_json::from_str(&row.detail)?))).collect()
}

/// The declaration an indicator belongs to; `None` when there is no such indicator.
///
/// # Errors
/// When the database fails.
pub(crate) async fn locate_in(db: &impl ConnectionTrait, id: IndicatorId) -> Result<Option<DeclarationId>> {
    Ok(indicator::Entity::find_by_id(id).one(db).await?.map(|row| row.declaration_id))
}

/// As [`locate_in`], outside any transaction.
///
/// # Errors
/// When the database fails.
pub async fn locate_indicator(db: &Db, id: IndicatorId) -> Result<Option<DeclarationId>> {
    locate_in(db.read(), id).await
}

/// The declaration a key task belongs to; `None` when there is no such task.
///
/// # Errors
/// When the database fails.
pub async fn locate_key_task(db: &Db, id: KeyTaskId) -> Result<Option<DeclarationId>> {
    key_task_in(db.read(), id).await
}

/// As [`locate_key_task`], inside a transaction.
pub(crate) async fn key_task_in(db: &impl ConnectionTrait, id: KeyTaskId) -> Result<Option<DeclarationId>> {
    Ok(key_task::Entity::find_by_id(id).one(db).await?.map(|row| row.declaration_id))
}

/// How the achievement of an indicator was made, in a period whose data cover so many months: the same path that made it,
/// with its steps.
///
/// # Errors
/// When the scheme cannot be read.
pub async fn explain(
    db: &Db,
    scheme: &SchemeRef,
    indicator: &Indicator,
    at: (Period, u32),
    made: &Achievement,
) -> Result<Explanation> {
    let scheme = scheme::of(db, scheme).await?;
    Ok(explained(indicator, at, made, &scheme))
}

/// As [`explain`], by a scheme that is at hand, stored or not.
#[must_use]
pub fn explained(
    indicator: &Indicator,
    (period, months): (Period, u32),
    made: &Achievement,
    scheme: &Scheme,
) -> Explanation {
    let weight = made.max_score.or(indicator.weight);
    let input = super::input(indicator, period, weight, occasion_of(period, months));
    explain::explain(&input, scheme)
}

pub(super) fn signed_in(ctx: &Ctx) -> Result<()> {
    if ctx.actor == Actor::Anonymous { Err(ServiceError::Unauthenticated) } else { Ok(()) }
}
