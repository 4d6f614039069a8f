//! The tree of jurisdictions.

use jixiao_entity::id::JurisdictionId;
use jixiao_entity::{department, jurisdiction, jurisdiction_closure};
use jixiao_rules::cycle::Act;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use crate::audit::{self, NewEntry, change};
use crate::ctx::{Actor, Ctx, Place};
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope, Territory};

/// A jurisdiction in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Jurisdiction {
    /// Key.
    pub id: JurisdictionId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Others lie below it.
    pub has_children: bool,
}

impl Jurisdiction {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.code.clone().into()]
    }
}

/// 4 to 12 digits.
pub(crate) fn check_code(code: &str, field: &str) -> Result<(), Violation> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (4..=12).contains(&code.len()) {
        return Ok(());
    }
    Err(Violation::new(UserErrorCode::InvalidValue, field, "代码应为4至12位数字", "a code has 4 to 12 digits"))
}

/// Neither empty nor longer than `limit` characters.
pub(crate) fn check_text(text: &str, limit: usize, field: &str) -> Result<(), Violation> {
    if text.trim().is_empty() {
        return Err(Violation::new(UserErrorCode::Required, field, "不能为空", "must not be empty"));
    }
    if text.chars().count() > limit {
        let (zh, en) = (format!("不能超过{limit}个字符"), format!("at most {limit} characters"));
        return Err(Violation::new(UserErrorCode::TooLong, field, zh, en));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        let (zh, en) = ("不能含有控制字符", "must not hold control characters");
        return Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    }
    Ok(())
}

/// A year that declarations can have.
pub(crate) fn check_year(year: i32, field: &str) -> Result<(), Violation> {
    if (2000..=2200).contains(&year) {
        return Ok(());
    }
    let (zh, en) = ("年度应在2000至2200之间", "a fiscal year lies between 2000 and 2200");
    Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en))
}

/// A new jurisdiction to be made.
#[derive(Clone, Debug)]
pub struct Create {
    /// Code, 4 to 12 digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the one above; `None` makes a root.
    pub parent_code: Option<String>,
}

/// Makes a jurisdiction; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad or known code, an unknown parent.
pub async fn create(db: &Db, ctx: &Ctx, new: &Create) -> Result<JurisdictionId> {
    policy::able(ctx, Act::Administer)?;
    check_code(&new.code, "code")?;
    check_text(&new.name, 200, "name")?;
    let txn = db.begin_write().await?;
    let parent_id = match &new.parent_code {
        None => None,
        Some(code) => Some(seen(&txn, ctx, code, "parentCode").await?.id),
    };
    let territory = match parent_id {
        None => Territory::everything(),
        Some(parent) => Territory::of_jurisdiction(&txn, parent).await?,
    };
    let roles = policy::allow(ctx, Act::Administer, Some(&territory))?;
    if by_code(&txn, &new.code).await?.is_some() {
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "code", "代码已存在", "the code exists"));
    }
    let row = jurisdiction::ActiveModel {
        id: NotSet,
        code: Set(new.code.clone()),
        name: Set(new.name.clone()),
        parent_id: Set(parent_id),
    };
    let row = row.insert(&txn).await?;
    let mut above = vec![(row.id, 0)];
    if let Some(parent) = parent_id {
        let closure = jurisdiction_closure::Entity::find()
            .filter(jurisdiction_closure::Column::DescendantId.eq(parent))
            .all(&txn)
            .await?;
        above.extend(closure.iter().map(|line| (line.ancestor_id, line.depth + 1)));
    }
    let lines = above.into_iter().map(|(ancestor, depth)| jurisdiction_closure::ActiveModel {
        ancestor_id: Set(ancestor),
        descendant_id: Set(row.id),
        depth: Set(depth),
    });
    jurisdiction_closure::Entity::insert_many(lines).exec_without_returning(&txn).await?;
    let changes = [change("code", None, Some(row.code)), change("name", None, Some(row.name))];
    let changes = changes.into_iter().flatten().collect();
    audit::append(&txn, ctx, NewEntry::administer(&roles, format!("Jurisdiction:{}", row.id.0), changes)).await?;
    txn.commit().await?;
    Ok(row.id)
}

/// Renames a jurisdiction; for ADMIN of it.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, and a name that is empty, too long or has control characters.
pub async fn rename(db: &Db, ctx: &Ctx, code: &str, name: &str) -> Result<JurisdictionId> {
    policy::able(ctx, Act::Administer)?;
    check_text(name, 200, "name")?;
    let txn = db.begin_write().await?;
    let known = seen(&txn, ctx, code, "code").await?;
    let territory = Territory::of_jurisdiction(&txn, known.id).await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&territory))?;
    let row = jurisdiction::Entity::find_by_id(known.id).lock_exclusive().one(&txn).await?;
    let mut row: jurisdiction::ActiveModel = row.ok_or_else(|| ServiceError::not_found("code"))?.into();
    row.name = Set(name.to_owned());
    row.update(&txn).await?;
    let changes = change("name", Some(known.name), Some(name.to_owned())).into_iter().collect();
    audit::append(&txn, ctx, NewEntry::administer(&roles, format!("Jurisdiction:{}", known.id.0), changes)).await?;
    txn.commit().await?;
    Ok(known.id)
}

/// The jurisdiction with this code, seen by the caller or not.
pub(crate) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<jurisdiction::Model>> {
    Ok(jurisdiction::Entity::find().filter(jurisdiction::Column::Code.eq(code)).one(db).await?)
}

/// The jurisdiction with this code, if the caller may see it.
///
/// # Errors
/// `NOT_FOUND` at `field` when there is none.
pub(crate) async fn seen(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    code: &str,
    field: &str,
) -> Result<Place<JurisdictionId>> {
    find(db, ctx, code).await?.ok_or_else(|| ServiceError::not_found(field))
}

/// The jurisdiction with this code; `None` when there is none or the caller may not see it.
pub(crate) async fn find(db: &impl ConnectionTrait, ctx: &Ctx, code: &str) -> Result<Option<Place<JurisdictionId>>> {
    let mut select = select(visible(&Scope::of(ctx)));
    select.and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)).eq(code));
    let Some(row) = db.query_one(&select).await? else { return Ok(None) };
    let Jurisdiction { id, code, name, .. } = Jurisdiction::from_query_result(&row, "")?;
    Ok(Some(Place { id, code, name }))
}

/// A code that a filter may name: of a jurisdiction the caller may see, or of one above those.
///
/// # Errors
/// `NOT_FOUND` at `field` for any other.
pub(crate) async fn known(db: &Db, ctx: &Ctx, code: &str, field: &str) -> Result<()> {
    let mut select = select(above_visible(&Scope::of(ctx)));
    select.and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)).eq(code));
    let row = db.read().query_one(&select).await?;
    row.map(|_| ()).ok_or_else(|| ServiceError::not_found(field))
}

/// Code and name of every jurisdiction; for the operator.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db) -> Result<Vec<(String, String)>> {
    let columns = [jurisdiction::Column::Code, jurisdiction::Column::Name];
    Ok(jurisdiction::Entity::find().select_only().columns(columns).into_tuple().all(db.read()).await?)
}

/// Keys of the jurisdictions the caller may see, as a sub-select; `None` when it is all of them.
pub(crate) fn visible(scope: &Scope) -> Option<SelectStatement> {
    let (jurisdictions, departments) = scope.roots()?;
    let mut below = Query::select();
    below
        .column(jurisdiction_closure::Column::DescendantId)
        .from(jurisdiction_closure::Entity)
        .and_where(Expr::col(jurisdiction_closure::Column::AncestorId).is_in(jurisdictions.iter().map(|id| id.0)));
    let own = Query::select()
        .column(department::Column::JurisdictionId)
        .from(department::Entity)
        .and_where(Expr::col(department::Column::Id).is_in(departments.iter().map(|id| id.0)))
        .to_owned();
    below.union(sea_orm::sea_query::UnionType::Distinct, own);
    Some(below)
}

/// Keys of the jurisdictions the caller may see and of all above them, as a sub-select; `None` when it is all.
pub(crate) fn above_visible(scope: &Scope) -> Option<SelectStatement> {
    let above = Query::select()
        .column(jurisdiction_closure::Column::AncestorId)
        .from(jurisdiction_closure::Entity)
        .and_where(Expr::col(jurisdiction_closure::Column::DescendantId).in_subquery(visible(scope)?))
        .to_owned();
    Some(above)
}

/// What departments count for in a summary: jurisdictions with all below them, and one for its own departments only.
pub(crate) async fn buckets(
    db: &Db,
    ctx: &Ctx,
    code: Option<&str>,
) -> Result<(Vec<JurisdictionId>, Option<JurisdictionId>)> {
    let mut select = Query::select();
    select.column((jurisdiction::Entity, jurisdiction::Column::Id)).from(jurisdiction::Entity);
    let own = match code {
        None => {
            let seen = visible(&Scope::of(ctx));
            match seen {
                None => select.and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::ParentId)).is_null()),
                Some(seen) => {
                    let id = || Expr::col((jurisdiction::Entity, jurisdiction::Column::Id));
                    // With one above it among the seen, however far, it would count twice.
                    let under = Query::select()
                        .column(jurisdiction_closure::Column::DescendantId)
                        .from(jurisdiction_closure::Entity)
                        .and_where(Expr::col(jurisdiction_closure::Column::Depth).gt(0))
                        .and_where(Expr::col(jurisdiction_closure::Column::AncestorId).in_subquery(seen.clone()))
                        .to_owned();
                    select.and_where(id().in_subquery(seen)).and_where(id().not_in_subquery(under))
                }
            };
            None
        }
        Some(code) => {
            let Some(node) = by_code(db.read(), code).await? else { return Ok((Vec::new(), None)) };
            select.and_where(Expr::col(jurisdiction::Column::ParentId).eq(node.id.0));
            Some(node.id)
        }
    };
    let rows = db.read().query_all(&select).await?;
    let whole = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<_>, _>>()?;
    Ok((whole, own))
}

/// Jurisdictions within what the caller may see.
fn select(seen: Option<SelectStatement>) -> SelectStatement {
    let child = Alias::new("child");
    let children = Query::select()
        .expr(Expr::val(1))
        .from_as(jurisdiction::Entity, child.clone())
        .and_where(
            Expr::col((child, jurisdiction::Column::ParentId)).equals((jurisdiction::Entity, jurisdiction::Column::Id)),
        )
        .to_owned();
    let mut select = Query::select();
    select
        .column((jurisdiction::Entity, jurisdiction::Column::Id))
        .column((jurisdiction::Entity, jurisdiction::Column::Code))
        .column((jurisdiction::Entity, jurisdiction::Column::Name))
        .expr_as(Expr::exists(children), Alias::new("has_children"))
        .from(jurisdiction::Entity);
    if let Some(seen) = seen {
        select.and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::Id)).in_subquery(seen));
    }
    select
}

/// The jurisdiction with this key, if the caller may see it.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &Db, ctx: &Ctx, id: JurisdictionId) -> Result<Option<Jurisdiction>> {
    let mut select = select(visible(&Scope::of(ctx)));
    select.and_where(Expr::col((jurisdiction::Entity, jurisdiction::Column::Id)).eq(id.0));
    let row = db.read().query_one(&select).await?;
    Ok(row.map(|row| Jurisdiction::from_query_result(&row, "")).transpose()?)
}

/// The children of a jurisdiction, by code; without a parent the topmost that the caller may see.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, parent_code: Option<&str>, page: &Page) -> Result<Slice<Jurisdiction>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let seen = visible(&Scope::of(ctx));
    let parent = |column| Expr::col((jurisdiction::Entity, column));
    let mut select = select(seen.clone());
    match (parent_code, seen) {
        (Some(code), _) => {
            let above = Query::select()
                .column(jurisdiction::Column::Id)
                .from(jurisdiction::Entity)
                .and_where(Expr::col(jurisdiction::Column::Code).eq(code))
                .to_owned();
            select.and_where(parent(jurisdiction::Column::ParentId).in_subquery(above));
        }
        (None, None) => {
            select.and_where(parent(jurisdiction::Column::ParentId).is_null());
        }
        (None, Some(seen)) => {
            let top = parent(jurisdiction::Column::ParentId);
            select.and_where(top.clone().is_null().or(top.not_in_subquery(seen)));
        }
    }
    page.apply(&mut select, &[SortKey::asc(parent(jurisdiction::Column::Code))]);
    let rows = db.read().query_all(&select).await?;
    let rows = rows.iter().map(|row| Jurisdiction::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok(page.slice(rows))
}
