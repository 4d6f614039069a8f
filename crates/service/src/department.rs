//! Departments.

mod import;

pub use import::{Imported, import};

use jixiao_entity::id::{DepartmentId, JurisdictionId};
use jixiao_entity::{department, jurisdiction, jurisdiction_closure};
use jixiao_rules::cycle::{Act, Role};
use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QuerySelect,
};

use crate::audit::{self, FieldChange, NewEntry, change};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::jurisdiction::{check_code, check_text, seen};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope, Territory};

/// A department with its jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Department {
    /// Key.
    pub id: DepartmentId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Key of its jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// Code of its jurisdiction.
    pub jurisdiction_code: String,
    /// Name of its jurisdiction.
    pub jurisdiction_name: String,
    /// It reviews its units' forms itself; without, a submit goes to finance directly (rules 2.3).
    pub review_level: bool,
}

impl Department {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.code.clone().into()]
    }
}

/// Joins department and jurisdiction to a select over declarations, with what a [`Department`] is read from.
pub(crate) fn with_department(select: &mut SelectStatement) {
    select.inner_join(department::Entity, Expr::col(("department", "id")).equals(("declaration", "department_id")));
    with_jurisdiction(select);
}

fn with_jurisdiction(select: &mut SelectStatement) {
    select
        .column((department::Entity, department::Column::Id))
        .column((department::Entity, department::Column::Code))
        .column((department::Entity, department::Column::Name))
        .column((department::Entity, department::Column::JurisdictionId))
        .column((department::Entity, department::Column::ReviewLevel))
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)), Alias::new("jurisdiction_code"))
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Name)), Alias::new("jurisdiction_name"))
        .inner_join(jurisdiction::Entity, Expr::col(("jurisdiction", "id")).equals(("department", "jurisdiction_id")));
}

/// A new department to be made.
#[derive(Clone, Debug)]
pub struct Create {
    /// Code, 4 to 12 digits, unique over all jurisdictions.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of its jurisdiction.
    pub jurisdiction_code: String,
}

/// Makes a department; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad or known code, an unknown jurisdiction.
pub async fn create(db: &Db, ctx: &Ctx, new: &Create) -> Result<DepartmentId> {
    policy::able(ctx, Act::Administer)?;
    let txn = db.begin_write().await?;
    let (id, roles, changes) = add(&txn, ctx, new).await?;
    log(&txn, ctx, &roles, id, changes).await?;
    txn.commit().await?;
    Ok(id)
}

/// Makes a department; the caller writes the entry.
async fn add(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    new: &Create,
) -> Result<(DepartmentId, Vec<Role>, Vec<FieldChange>)> {
    check_code(&new.code, "code")?;
    check_text(&new.name, 200, "name")?;
    let jurisdiction = seen(txn, ctx, &new.jurisdiction_code, "jurisdictionCode").await?;
    let territory = Territory::of_jurisdiction(txn, jurisdiction.id).await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&territory))?;
    if department::Entity::find().filter(department::Column::Code.eq(&new.code)).one(txn).await?.is_some() {
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "code", "代码已存在", "the code exists"));
    }
    let row = department::ActiveModel {
        id: NotSet,
        code: Set(new.code.clone()),
        name: Set(new.name.clone()),
        jurisdiction_id: Set(jurisdiction.id),
        review_level: Set(true),
    };
    let row = row.insert(txn).await?;
    let changes = [
        change("code", None, Some(row.code)),
        change("name", None, Some(row.name)),
        change("jurisdictionCode", None, Some(jurisdiction.code)),
    ];
    Ok((row.id, roles, changes.into_iter().flatten().collect()))
}

async fn log(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    roles: &[Role],
    id: DepartmentId,
    changes: Vec<FieldChange>,
) -> Result<()> {
    let entry = NewEntry::administer(roles, format!("Department:{}", id.0), changes);
    audit::append(txn, ctx, NewEntry { department: Some(id), ..entry }).await
}

/// What to change of a department; what is `None` stays. Its code and its jurisdiction stay.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// Name.
    pub name: Option<String>,
    /// Whether its own reviewer stands between filer and finance (rules 2.3).
    pub review_level: Option<bool>,
}

/// Changes a department; for ADMIN of it.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, and a name that is empty, too long or has control characters.
pub async fn update(db: &Db, ctx: &Ctx, code: &str, new: &Update) -> Result<DepartmentId> {
    policy::able(ctx, Act::Administer)?;
    if let Some(name) = &new.name {
        check_text(name, 200, "name")?;
    }
    let txn = db.begin_write().await?;
    let known = by_code(&txn, ctx, code).await?.ok_or_else(|| ServiceError::not_found("code"))?;
    let territory = Territory::of(&txn, known.id, known.jurisdiction_id).await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&territory))?;
    let name = new.name.clone().unwrap_or_else(|| known.name.clone());
    let review_level = new.review_level.unwrap_or(known.review_level);
    let row = department::ActiveModel {
        id: Unchanged(known.id),
        name: Set(name.clone()),
        review_level: Set(review_level),
        ..Default::default()
    };
    row.update(&txn).await?;
    let changes = [
        change("name", Some(known.name), Some(name)),
        change("reviewLevel", Some(known.review_level.to_string()), Some(review_level.to_string())),
    ];
    log(&txn, ctx, &roles, known.id, changes.into_iter().flatten().collect()).await?;
    txn.commit().await?;
    Ok(known.id)
}

/// Departments with their jurisdictions, unfiltered.
pub(crate) fn select() -> SelectStatement {
    let mut select = Query::select();
    select.from(department::Entity);
    with_jurisdiction(&mut select);
    select
}

/// Keys of a jurisdiction and of all below it, as a sub-select.
pub(crate) fn below(jurisdiction_code: &str) -> SelectStatement {
    Query::select()
        .column((jurisdiction_closure::Entity, jurisdiction_closure::Column::DescendantId))
        .from(jurisdiction_closure::Entity)
        .inner_join(
            jurisdiction::Entity,
            Expr::col((jurisdiction::Entity, jurisdiction::Column::Id))
                .equals((jurisdiction_closure::Entity, jurisdiction_closure::Column::AncestorId)),
        )
        .and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)).eq(jurisdiction_code))
        .to_owned()
}

/// The departments the caller may see, by code; of one jurisdiction with all below it, or of all.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, jurisdiction_code: Option<&str>, page: &Page) -> Result<Slice<Department>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let mut select = select();
    select.cond_where(Scope::of(ctx).departments());
    if let Some(code) = jurisdiction_code {
        let column = Expr::col((department::Entity, department::Column::JurisdictionId));
        select.and_where(column.in_subquery(below(code)));
    }
    page.apply(&mut select, &[SortKey::asc(Expr::col((department::Entity, department::Column::Code)))]);
    let rows = db.read().query_all(&select).await?;
    let rows = rows.iter().map(|row| Department::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok(page.slice(rows))
}

/// The department with this code, if the caller may see it.
///
/// # Errors
/// When the database fails.
pub async fn by_code(db: &impl ConnectionTrait, ctx: &Ctx, code: &str) -> Result<Option<Department>> {
    let mut select = select();
    select
        .cond_where(Scope::of(ctx).departments())
        .and_where(Expr::col((department::Entity, department::Column::Code)).eq(code));
    let row = db.query_one(&select).await?;
    Ok(row.map(|row| Department::from_query_result(&row, "")).transpose()?)
}

/// Whether the caller may see every department that a filter names.
///
/// # Errors
/// `NOT_FOUND` at the first code in `field` that is of none.
pub(crate) async fn known(db: &Db, ctx: &Ctx, codes: &[String], field: &str) -> Result<()> {
    let mut select = select();
    select
        .cond_where(Scope::of(ctx).departments())
        .and_where(Expr::col((department::Entity, department::Column::Code)).is_in(codes.iter().map(String::as_str)));
    let rows = db.read().query_all(&select).await?;
    let found = rows.iter().map(|row| row.try_get("", "code")).collect::<Result<Vec<String>, _>>()?;
    match codes.iter().position(|code| !found.contains(code)) {
        Some(place) => Err(ServiceError::not_found(&format!("{field}.{place}"))),
        None => Ok(()),
    }
}

/// The key of a department that the caller may see.
///
/// # Errors
/// `Unauthenticated`; `NOT_FOUND` at `field`; or when the database fails.
pub async fn watched(db: &Db, ctx: &Ctx, code: &str, field: &str) -> Result<DepartmentId> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let found = by_code(db.read(), ctx, code).await?;
    Ok(found.ok_or_else(|| ServiceError::not_found(field))?.id)
}

/// Codes of all departments of a jurisdiction itself, whoever may see them.
pub(crate) async fn codes_of(db: &Db, jurisdiction: JurisdictionId) -> Result<Vec<String>> {
    let rows = department::Entity::find()
        .select_only()
        .column(department::Column::Code)
        .filter(department::Column::JurisdictionId.eq(jurisdiction))
        .into_tuple();
    Ok(rows.all(db.read()).await?)
}

/// The department with this key, if the caller may see it.
pub(crate) async fn by_id(db: &impl ConnectionTrait, ctx: &Ctx, id: DepartmentId) -> Result<Option<Department>> {
    let mut select = select();
    select
        .cond_where(Scope::of(ctx).departments())
        .and_where(Expr::col((department::Entity, department::Column::Id)).eq(id.0));
    let row = db.query_one(&select).await?;
    Ok(row.map(|row| Department::from_query_result(&row, "")).transpose()?)
}

/// Departments by key, in any order; those the caller may not see are left out.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(db: &Db, ctx: &Ctx, ids: &[DepartmentId]) -> Result<Vec<Department>> {
    let mut select = select();
    select
        .cond_where(Scope::of(ctx).departments())
        .and_where(Expr::col((department::Entity, department::Column::Id)).is_in(ids.iter().map(|id| id.0)));
    let rows = db.read().query_all(&select).await?;
    Ok(rows.iter().map(|row| Department::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?)
}

/// Code and name of every department; for the operator.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db) -> Result<Vec<(String, String)>> {
    let columns = [department::Column::Code, department::Column::Name];
    let rows = department::Entity::find().select_only().columns(columns).into_tuple();
    Ok(rows.all(db.read()).await?)
}
