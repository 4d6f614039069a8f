//! Accounts and grants, as administrators list them.

use std::collections::HashMap;

use jixiao_entity::id::{Timestamp, UserId};
use jixiao_entity::{department, role_grant, user_account};
use jixiao_rules::cycle::{Act, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::sea_query::{Alias, Cond, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use super::{UserGrant, accounts};
use crate::ctx::{Ctx, Grant};
use crate::db::Db;
use crate::department::below;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope};

/// An account with its grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Key.
    pub id: UserId,
    /// Name to sign in with.
    pub username: String,
    /// Name for people.
    pub display_name: String,
    /// Since when it is closed.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What the user may be.
    pub grants: Vec<Grant>,
}

/// A grant with who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The grant.
    pub grant: Grant,
    /// Who.
    pub user_id: UserId,
    /// Name to sign in with.
    pub username: String,
    /// Name for people.
    pub display_name: String,
}

/// Which accounts or grants.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// With this role.
    pub role: Option<Role>,
    /// Granted for this department.
    pub department_code: Option<String>,
    /// Granted for this jurisdiction, or a jurisdiction or department below it.
    pub jurisdiction_code: Option<String>,
    /// Closed or not.
    pub disabled: Option<bool>,
}

impl Account {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.username.clone().into()]
    }
}

impl Held {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.username.clone().into(), self.grant.id.0.into()]
    }
}

fn grant(column: &'static str) -> Expr {
    Expr::col((role_grant::Entity, Alias::new(column)))
}

fn department_where(condition: Cond) -> SelectStatement {
    Query::select()
        .column((department::Entity, department::Column::Id))
        .from(department::Entity)
        .cond_where(condition)
        .to_owned()
}

/// Grants that the caller administers; `None` when it is all of them.
fn within(ctx: &Ctx) -> Option<Cond> {
    let scope = Scope::administered(ctx);
    let places = scope.jurisdictions_below()?;
    let departments = department_where(scope.departments());
    let any = Cond::any()
        .add(grant("jurisdiction_id").in_subquery(places))
        .add(grant("department_id").in_subquery(departments));
    Some(any)
}

/// Grants that the caller administers and the filter names; `None` when nothing restricts them.
fn wanted(ctx: &Ctx, filter: &UserFilter) -> Option<Cond> {
    let mut all = Cond::all();
    if let Some(within) = within(ctx) {
        all = all.add(within);
    }
    if let Some(role) = filter.role {
        all = all.add(grant("role").eq(role.as_str()));
    }
    if let Some(code) = &filter.department_code {
        let own = Cond::all().add(Expr::col((department::Entity, department::Column::Code)).eq(code.as_str()));
        all = all.add(grant("department_id").in_subquery(department_where(own)));
    }
    if let Some(code) = &filter.jurisdiction_code {
        let place = Expr::col((department::Entity, department::Column::JurisdictionId));
        let departments = department_where(Cond::all().add(place.in_subquery(below(code))));
        let any = Cond::any()
            .add(grant("jurisdiction_id").in_subquery(below(code)))
            .add(grant("department_id").in_subquery(departments));
        all = all.add(any);
    }
    (!all.is_empty()).then_some(all)
}

fn closed(disabled: bool) -> Expr {
    let at = Expr::col((user_account::Entity, user_account::Column::DisabledAt));
    if disabled { at.is_not_null() } else { at.is_null() }
}

#[derive(FromQueryResult)]
struct Row {
    id: UserId,
    username: String,
    display_name: String,
    disabled_at: Option<Timestamp>,
    created_at: Timestamp,
}

fn rows() -> SelectStatement {
    let mut select = Query::select();
    for column in ["id", "username", "display_name", "disabled_at", "created_at"] {
        select.column((user_account::Entity, Alias::new(column)));
    }
    select.from(user_account::Entity);
    select
}

/// The accounts with a grant that the caller administers, by name.
///
/// # Errors
/// `Unauthenticated`, `Forbidden` for all but ADMIN, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, filter: &UserFilter, page: &Page) -> Result<Slice<Account>> {
    policy::able(ctx, Act::Administer)?;
    let mut select = rows();
    if let Some(wanted) = wanted(ctx, filter) {
        let held = Query::select()
            .column((role_grant::Entity, role_grant::Column::UserId))
            .from(role_grant::Entity)
            .cond_where(wanted)
            .to_owned();
        select.and_where(Expr::col((user_account::Entity, user_account::Column::Id)).in_subquery(held));
    }
    if let Some(disabled) = filter.disabled {
        select.and_where(closed(disabled));
    }
    let key = Expr::col((user_account::Entity, user_account::Column::Username));
    page.apply(&mut select, &[SortKey::asc(key)]);
    Ok(page.slice(with_grants(db.read(), &select, within(ctx)).await?))
}

/// Accounts as selected, with those of their grants that the caller may see, in one statement more.
async fn with_grants(
    db: &impl ConnectionTrait,
    select: &SelectStatement,
    within: Option<Cond>,
) -> Result<Vec<Account>> {
    let rows = db.query_all(select).await?;
    let rows = rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let mut held = accounts();
    held.and_where(Expr::col(("user_account", "id")).is_in(rows.iter().map(|row| row.id.0)));
    if let Some(within) = within {
        held.cond_where(within);
    }
    let mut grants: HashMap<UserId, Vec<Grant>> = HashMap::new();
    for row in db.query_all(&held).await? {
        let row = UserGrant::from_query_result(&row, "")?;
        let id = row.id;
        grants.entry(id).or_default().extend(row.grant());
    }
    let account = |row: Row| Account {
        grants: grants.remove(&row.id).unwrap_or_default(),
        id: row.id,
        username: row.username,
        display_name: row.display_name,
        disabled_at: row.disabled_at,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(account).collect())
}

/// An account by key; for ADMIN, who has just made it.
///
/// # Errors
/// `Unauthenticated`, `Forbidden` for all but ADMIN, or when the database fails.
pub async fn account(db: &Db, ctx: &Ctx, id: UserId) -> Result<Account> {
    policy::able(ctx, Act::Administer)?;
    one(db.read(), id).await
}

/// An account as it stands.
pub(super) async fn one(db: &impl ConnectionTrait, id: UserId) -> Result<Account> {
    let mut select = rows();
    select.and_where(Expr::col((user_account::Entity, user_account::Column::Id)).eq(id.0));
    let found = with_grants(db, &select, None).await?.into_iter().next();
    Ok(found.ok_or_else(|| anyhow::anyhow!("user {} is gone", id.0))?)
}

/// The grants that the caller administers, by name of their holder.
///
/// # Errors
/// `Unauthenticated`, `Forbidden` for all but ADMIN, or when the database fails.
pub async fn grants(db: &Db, ctx: &Ctx, filter: &UserFilter, page: &Page) -> Result<Slice<Held>> {
    policy::able(ctx, Act::Administer)?;
    let mut select = accounts();
    select.clear_order_by().and_where(grant("id").is_not_null());
    if let Some(wanted) = wanted(ctx, filter) {
        select.cond_where(wanted);
    }
    if let Some(disabled) = filter.disabled {
        select.and_where(closed(disabled));
    }
    let username = Expr::col((user_account::Entity, user_account::Column::Username));
    page.apply(&mut select, &[SortKey::asc(username), SortKey::asc(grant("id"))]);
    let mut held = Vec::new();
    for row in db.read().query_all(&select).await? {
        let row = UserGrant::from_query_result(&row, "")?;
        let (user_id, username, display_name) = (row.id, row.username.clone(), row.display_name.clone());
        held.extend(row.grant().map(|grant| Held { grant, user_id, username, display_name }));
    }
    Ok(page.slice(held))
}
