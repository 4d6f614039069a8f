//! Which scheme version a jurisdiction scores a year under: set for it, holding for all below where nothing nearer is set.
//! A declaration takes its scheme when it is made and keeps it, whatever is assigned later.

use jixiao_entity::id::{JurisdictionId, SchemeAssignmentId, SchemeId};
use jixiao_entity::{jurisdiction, jurisdiction_closure, scheme_assignment, scoring_scheme};
use jixiao_rules::cycle::Act;
use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryResult, QuerySelect,
};

use crate::audit::{self, NewEntry, change};
use crate::ctx::{Actor, Ctx, Place};
use crate::db::Db;
use crate::error::{Result, ServiceError};
use crate::jurisdiction::{above_visible, check_year, seen};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope, Territory};
use crate::scheme::{self, Stored};

/// A scheme version assigned to a jurisdiction and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Key.
    pub id: SchemeAssignmentId,
    /// For this jurisdiction and all below it.
    pub jurisdiction: Place<JurisdictionId>,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Code of the scheme.
    pub code: String,
    /// Its version.
    pub version: i32,
}

/// An assignment to be made.
#[derive(Clone, Debug)]
pub struct Assign {
    /// For this jurisdiction and all below it.
    pub jurisdiction_code: String,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Code of the scheme.
    pub scheme_code: String,
    /// Its version.
    pub scheme_version: i32,
}

impl Assignment {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![i64::from(self.fiscal_year).into(), self.jurisdiction.code.clone().into()]
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let jurisdiction = Place {
            id: row.try_get("", "jurisdiction_id")?,
            code: row.try_get("", "jurisdiction_code")?,
            name: row.try_get("", "jurisdiction_name")?,
        };
        Ok(Self {
            id: row.try_get("", "id")?,
            jurisdiction,
            fiscal_year: row.try_get("", "fiscal_year")?,
            code: row.try_get("", "code")?,
            version: row.try_get("", "version")?,
        })
    }
}

/// Assigns a scheme version, in place of what was assigned there before; for ADMIN of the jurisdiction.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND` (jurisdiction or scheme), `INVALID_VALUE`.
pub async fn assign(db: &Db, ctx: &Ctx, new: &Assign) -> Result<Assignment> {
    policy::able(ctx, Act::Administer)?;
    let txn = db.begin_write().await?;
    let place = seen(&txn, ctx, &new.jurisdiction_code, "jurisdictionCode").await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&Territory::of_jurisdiction(&txn, place.id).await?))?;
    check_year(new.fiscal_year, "fiscalYear")?;
    let scheme = scoring_scheme::Entity::find()
        .filter(scoring_scheme::Column::Code.eq(&new.scheme_code))
        .filter(scoring_scheme::Column::Version.eq(new.scheme_version))
        .one(&txn)
        .await?;
    let scheme = scheme.ok_or_else(|| ServiceError::not_found("schemeCode"))?;
    // Two that assign the same at once wait for each other here.
    jurisdiction::Entity::find_by_id(place.id).lock_exclusive().one(&txn).await?;
    let known = scheme_assignment::Entity::find()
        .filter(scheme_assignment::Column::JurisdictionId.eq(place.id))
        .filter(scheme_assignment::Column::FiscalYear.eq(new.fiscal_year))
        .one(&txn)
        .await?;
    let before = match &known {
        None => None,
        Some(known) => Some(scheme::by_id(&txn, known.scheme_id).await?.scheme),
    };
    let row = scheme_assignment::ActiveModel {
        id: known.as_ref().map_or(NotSet, |known| Unchanged(known.id)),
        jurisdiction_id: Set(place.id),
        fiscal_year: Set(new.fiscal_year),
        scheme_id: Set(scheme.id),
        assigned_at: Set(ctx.now),
    };
    let row = if known.is_some() { row.update(&txn).await? } else { row.insert(&txn).await? };
    let before = before.map(|scheme| format!("{} {}", scheme.code, scheme.version));
    let path = format!("{} {}", place.code, new.fiscal_year);
    let changes = change(&path, before, Some(format!("{} {}", scheme.code, scheme.version)));
    let node = format!("SchemeAssignment:{}", row.id.0);
    audit::append(&txn, ctx, NewEntry::administer(&roles, node, changes.into_iter().collect())).await?;
    txn.commit().await?;
    let (code, version) = (scheme.code, scheme.version);
    Ok(Assignment { id: row.id, jurisdiction: place, fiscal_year: new.fiscal_year, code, version })
}

/// The scheme of a new declaration: the nearest assignment upwards for its year, else the default.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of(db: &impl ConnectionTrait, place: JurisdictionId, year: i32) -> Result<Stored> {
    let closure = |column| Expr::col((jurisdiction_closure::Entity, column));
    let nearest = Query::select()
        .column((scheme_assignment::Entity, scheme_assignment::Column::SchemeId))
        .from(scheme_assignment::Entity)
        .inner_join(
            jurisdiction_closure::Entity,
            closure(jurisdiction_closure::Column::AncestorId)
                .equals((scheme_assignment::Entity, scheme_assignment::Column::JurisdictionId)),
        )
        .and_where(closure(jurisdiction_closure::Column::DescendantId).eq(place.0))
        .and_where(Expr::col((scheme_assignment::Entity, scheme_assignment::Column::FiscalYear)).eq(year))
        .order_by((jurisdiction_closure::Entity, jurisdiction_closure::Column::Depth), sea_orm::sea_query::Order::Asc)
        .limit(1)
        .to_owned();
    match db.query_one(&nearest).await? {
        Some(row) => scheme::by_id(db, row.try_get::<SchemeId>("", "scheme_id")?).await,
        None => scheme::default(db).await,
    }
}

fn select() -> SelectStatement {
    let own = |column| (scheme_assignment::Entity, column);
    Query::select()
        .column(own(scheme_assignment::Column::Id))
        .column(own(scheme_assignment::Column::JurisdictionId))
        .column(own(scheme_assignment::Column::FiscalYear))
        .column((scoring_scheme::Entity, scoring_scheme::Column::Code))
        .column((scoring_scheme::Entity, scoring_scheme::Column::Version))
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)), Alias::new("jurisdiction_code"))
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Name)), Alias::new("jurisdiction_name"))
        .from(scheme_assignment::Entity)
        .inner_join(
            jurisdiction::Entity,
            Expr::col((jurisdiction::Entity, jurisdiction::Column::Id))
                .equals(own(scheme_assignment::Column::JurisdictionId)),
        )
        .inner_join(
            scoring_scheme::Entity,
            Expr::col((scoring_scheme::Entity, scoring_scheme::Column::Id))
                .equals(own(scheme_assignment::Column::SchemeId)),
        )
        .to_owned()
}

/// The assignments that concern what the caller may see, by year and jurisdiction code.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    jurisdiction_code: Option<&str>,
    fiscal_year: Option<i32>,
    page: &Page,
) -> Result<Slice<Assignment>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let own = |column| Expr::col((scheme_assignment::Entity, column));
    let code = Expr::col((jurisdiction::Entity, jurisdiction::Column::Code));
    let mut select = select();
    if let Some(above) = above_visible(&Scope::of(ctx)) {
        select.and_where(own(scheme_assignment::Column::JurisdictionId).in_subquery(above));
    }
    if let Some(wanted) = jurisdiction_code {
        select.and_where(code.clone().eq(wanted));
    }
    if let Some(year) = fiscal_year {
        select.and_where(own(scheme_assignment::Column::FiscalYear).eq(year));
    }
    page.apply(&mut select, &[SortKey::asc(own(scheme_assignment::Column::FiscalYear)), SortKey::asc(code)]);
    let rows = db.read().query_all(&select).await?;
    Ok(page.slice(rows.iter().map(Assignment::read).collect::<Result<Vec<_>>>()?))
}
