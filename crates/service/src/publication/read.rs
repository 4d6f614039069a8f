//! What everybody may read, signed in or not. The only reads that do not start from a scope: they start from what is
//! published, and of what is withheld the text does not leave the database.

use std::collections::HashMap;

use jixiao_entity::id::{PublicationId, Timestamp};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, publication, publication_snapshot};
use jixiao_rules::cycle::{DeclarationScope, PublicationKind, PublicationStatus};
use jixiao_rules::kind::Vocabulary;
use sea_orm::sea_query::{Alias, Expr, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult,
};

use super::Content;
use crate::db::Db;
use crate::declaration::{DeclarationFilter, filter_on};
use crate::department::{Department, with_department};
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice, SortKey};

/// A publication as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public {
    /// Key.
    pub id: PublicationId,
    /// Targets or results.
    pub kind: PublicationKind,
    /// State; never pending.
    pub status: PublicationStatus,
    /// Whose, as it is named today.
    pub department: Department,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Why and since when it is withheld.
    pub withheld: Option<(String, Timestamp)>,
    /// What was published, oldest first; empty when it is withheld.
    pub snapshots: Vec<PublicSnapshot>,
    declaration: i64,
}

/// What was published, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSnapshot {
    /// From 1.
    pub number: i32,
    /// Approved version of the declaration.
    pub version: i32,
    /// The text that was hashed.
    pub body: String,
    /// SHA-256 of the text, hex.
    pub sha256: String,
    /// Why it was corrected; `None` for the first.
    pub reason: Option<String>,
    /// When.
    pub published_at: Timestamp,
}

impl PublicSnapshot {
    /// Its text, read.
    ///
    /// # Errors
    /// When it is not of this service's making.
    pub fn content(&self) -> Result<Content> {
        Ok(serde_json::from_str(&self.body)?)
    }
}

impl Public {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        let (code, year) = (self.department.code.clone(), i64::from(self.fiscal_year));
        vec![code.into(), year.into(), self.declaration.into(), self.kind.as_str().to_owned().into()]
    }
}

/// Which publications. What is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct PublicationFilter {
    /// Of these years.
    pub fiscal_years: Option<Vec<i32>>,
    /// Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// Of these kinds.
    pub kinds: Option<Vec<PublicationKind>>,
}

fn column(column: publication::Column) -> Expr {
    Expr::col((publication::Entity, column))
}

/// All that was ever published or withheld.
fn open() -> SelectStatement {
    let mut select = Query::select();
    for column in ["id", "declaration_id", "kind", "status", "withheld_reason", "withheld_at"] {
        select.expr_as(Expr::col((Alias::new("publication"), Alias::new(column))), Alias::new(format!("p_{column}")));
    }
    select
        .expr_as(Expr::col((declaration::Entity, declaration::Column::FiscalYear)), Alias::new("p_fiscal_year"))
        .from(publication::Entity)
        .inner_join(declaration::Entity, Expr::col(("declaration", "id")).equals(("publication", "declaration_id")));
    with_department(&mut select);
    select.and_where(column(publication::Column::Status).ne(PublicationStatus::Pending.as_str()));
    select
}

fn public_of(row: &QueryResult) -> Result<Public> {
    let reason: Option<String> = row.try_get("p_", "withheld_reason")?;
    let at: Option<Timestamp> = row.try_get("p_", "withheld_at")?;
    Ok(Public {
        id: row.try_get("p_", "id")?,
        kind: row.try_get::<Word<PublicationKind>>("p_", "kind")?.0,
        status: row.try_get::<Word<PublicationStatus>>("p_", "status")?.0,
        department: Department::from_query_result(row, "")?,
        fiscal_year: row.try_get("p_", "fiscal_year")?,
        withheld: reason.zip(at),
        snapshots: Vec::new(),
        declaration: row.try_get("p_", "declaration_id")?,
    })
}

/// The rows with their snapshots, all of them at once.
async fn filled(db: &Db, select: &SelectStatement) -> Result<Vec<Public>> {
    let rows = db.read().query_all(select).await?;
    let mut found = rows.iter().map(public_of).collect::<Result<Vec<_>>>()?;
    let shown = found.iter().filter(|found| found.status != PublicationStatus::Withheld);
    let rows = publication_snapshot::Entity::find()
        .filter(publication_snapshot::Column::PublicationId.is_in(shown.map(|found| found.id)))
        .order_by_asc(publication_snapshot::Column::Number)
        .all(db.read())
        .await?;
    let mut snapshots: HashMap<PublicationId, Vec<PublicSnapshot>> = HashMap::new();
    for row in rows {
        snapshots.entry(row.publication_id).or_default().push(PublicSnapshot {
            number: row.number,
            version: row.version,
            body: row.body,
            sha256: row.sha256,
            reason: row.reason,
            published_at: row.published_at,
        });
    }
    for found in &mut found {
        found.snapshots = snapshots.remove(&found.id).unwrap_or_default();
    }
    Ok(found)
}

/// A page of publications by department code, then year, then kind.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, filter: &PublicationFilter, page: &Page) -> Result<Slice<Public>> {
    let mut select = open();
    let declarations = DeclarationFilter {
        fiscal_years: filter.fiscal_years.clone(),
        jurisdiction_code: filter.jurisdiction_code.clone(),
        department_codes: filter.department_codes.clone(),
        statuses: None,
    };
    filter_on(&mut select, &declarations);
    if let Some(kinds) = &filter.kinds {
        select.and_where(column(publication::Column::Kind).is_in(kinds.iter().map(|kind| kind.as_str())));
    }
    let keys = [
        SortKey::asc(Expr::col(("department", "code"))),
        SortKey::asc(Expr::col(("declaration", "fiscal_year"))),
        SortKey::asc(Expr::col(("declaration", "id"))),
        SortKey::asc(Expr::col(("publication", "kind"))),
    ];
    page.apply(&mut select, &keys);
    Ok(page.slice(filled(db, &select).await?))
}

/// What of a department's whole-department declaration of a year (the latest round) is published.
///
/// # Errors
/// When the database fails.
pub async fn by_department(db: &Db, code: &str, fiscal_year: i32, kind: PublicationKind) -> Result<Option<Public>> {
    let mut select = open();
    select
        .and_where(Expr::col(("department", "code")).eq(code))
        .and_where(Expr::col(("declaration", "fiscal_year")).eq(fiscal_year))
        .and_where(Expr::col(("declaration", "scope")).eq(DeclarationScope::WholeDepartment.as_str()))
        .and_where(column(publication::Column::Kind).eq(kind.as_str()))
        .order_by((declaration::Entity, declaration::Column::Round), Order::Desc)
        .limit(1);
    Ok(filled(db, &select).await?.pop())
}

/// A publication by key.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &Db, id: PublicationId) -> Result<Option<Public>> {
    let mut select = open();
    select.and_where(column(publication::Column::Id).eq(id.0));
    Ok(filled(db, &select).await?.pop())
}
