//! Reporting windows: set for a jurisdiction, a year and a period, holding for all below it where nothing nearer is set.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use jixiao_entity::id::{JurisdictionId, Timestamp, WindowExtensionId, WindowId};
use jixiao_entity::stored::Word;
use jixiao_entity::{jurisdiction, jurisdiction_closure, window, window_extension};
use jixiao_rules::cycle::{Act, Period, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::window::{Window, refusal};
use sea_orm::ActiveValue::{NotSet, Set as To};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryOrder, QueryResult, QuerySelect,
};

use crate::audit::{self, FieldChange, NewEntry, change};
use crate::ctx::{Actor, Ctx, Place};
use crate::db::Db;
use crate::declaration::{Declaration, Revision, check_revision};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::finding;
use crate::jurisdiction::{above_visible, check_text, check_year, seen};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope, Territory};

/// A window with where it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportingWindow {
    /// Key.
    pub id: WindowId,
    /// Where it is set.
    pub jurisdiction: Place<JurisdictionId>,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Period.
    pub period: Period,
    /// Its days.
    pub window: Window,
    /// Grows by one with each change.
    pub revision: i32,
}

/// An extension, as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Key.
    pub id: WindowExtensionId,
    /// Due day before and after.
    pub due: (NaiveDate, NaiveDate),
    /// Closing day before and after.
    pub closes: (NaiveDate, NaiveDate),
    /// Why.
    pub reason: String,
    /// Who, by name as it was.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A window to be set.
#[derive(Clone, Debug)]
pub struct Set {
    /// Where.
    pub jurisdiction_code: String,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Period.
    pub period: Period,
    /// Its days.
    pub window: Window,
    /// Revision the caller has seen; `None` for a new window.
    pub expected_revision: Option<i32>,
}

/// More time for a window.
#[derive(Clone, Debug)]
pub struct Extend {
    /// New due day; `None` keeps it.
    pub due_on: Option<NaiveDate>,
    /// New closing day; `None` keeps it.
    pub closes_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Revision the caller has seen.
    pub expected_revision: i32,
}

/// Which windows.
#[derive(Clone, Debug, Default)]
pub struct WindowFilter {
    /// Those that hold for this jurisdiction, set there or above.
    pub jurisdiction_code: Option<String>,
    /// Of this year.
    pub fiscal_year: Option<i32>,
    /// Of this period.
    pub period: Option<Period>,
}

impl ReportingWindow {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        let (code, period) = (self.jurisdiction.code.clone(), self.period.as_str().to_owned());
        vec![i64::from(self.fiscal_year).into(), code.into(), period.into()]
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let model = window::Model::from_query_result(row, "")?;
        let place = Place {
            id: model.jurisdiction_id,
            code: row.try_get("", "jurisdiction_code")?,
            name: row.try_get("", "jurisdiction_name")?,
        };
        Ok(Self::of(&model, place))
    }

    fn of(model: &window::Model, jurisdiction: Place<JurisdictionId>) -> Self {
        let (id, fiscal_year, period) = (model.id, model.fiscal_year, model.period.0);
        Self { id, jurisdiction, fiscal_year, period, window: days(model), revision: model.revision }
    }
}

fn days(model: &window::Model) -> Window {
    Window {
        months: u32::try_from(model.months).unwrap_or(12),
        opens_on: model.opens_on,
        due_on: model.due_on,
        closes_on: model.closes_on,
        grace_days: u32::try_from(model.grace_days).unwrap_or(0),
    }
}

/// Sets a window, or corrects one; for ADMIN of the jurisdiction. Once it has opened its days only move by extension.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `INVALID_VALUE`, `CONFLICT` (it exists, or changed since), `WRONG_STATE`.
pub async fn set(db: &Db, ctx: &Ctx, new: &Set) -> Result<ReportingWindow> {
    policy::able(ctx, Act::Administer)?;
    let txn = db.begin_write().await?;
    let place = seen(&txn, ctx, &new.jurisdiction_code, "jurisdictionCode").await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&Territory::of_jurisdiction(&txn, place.id).await?))?;
    let mut violations: Vec<Violation> = check_year(new.fiscal_year, "fiscalYear").err().into_iter().collect();
    violations.extend(faults(&new.window, new.period));
    if !violations.is_empty() {
        return Err(ServiceError::Invalid(violations));
    }
    // Two that set the same window at once wait for each other here.
    jurisdiction::Entity::find_by_id(place.id).lock_exclusive().one(&txn).await?;
    let known = window::Entity::find()
        .filter(window::Column::JurisdictionId.eq(place.id))
        .filter(window::Column::FiscalYear.eq(new.fiscal_year))
        .filter(window::Column::Period.eq(Word(new.period)))
        .one(&txn)
        .await?;
    let node = format!("ReportingWindow:{}", known.as_ref().map_or(0, |known| known.id.0));
    let (expected, actual) = (new.expected_revision.unwrap_or(0), known.as_ref().map_or(0, |known| known.revision));
    check_revision(&txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    if let Some(known) = known.as_ref().filter(|known| known.opens_on <= ctx.today()) {
        check_opened(&days(known), &new.window)?;
    }
    let before = known.as_ref().map(days);
    let row = window::ActiveModel {
        id: known.map_or(NotSet, |known| sea_orm::ActiveValue::Unchanged(known.id)),
        jurisdiction_id: To(place.id),
        fiscal_year: To(new.fiscal_year),
        period: To(Word(new.period)),
        months: To(i32::try_from(new.window.months).unwrap_or(12)),
        opens_on: To(new.window.opens_on),
        due_on: To(new.window.due_on),
        closes_on: To(new.window.closes_on),
        grace_days: To(i32::try_from(new.window.grace_days).unwrap_or(0)),
        revision: To(actual + 1),
    };
    let row = if before.is_some() { row.update(&txn).await? } else { row.insert(&txn).await? };
    let set = ReportingWindow::of(&row, place);
    log(&txn, ctx, &roles, &set, before, None).await?;
    finding::window_moved(&txn, ctx, &set).await?;
    txn.commit().await?;
    Ok(set)
}

fn faults(window: &Window, period: Period) -> impl Iterator<Item = Violation> {
    let code = UserErrorCode::InvalidValue;
    window.faults(period).into_iter().map(move |(field, message)| Violation::new(code, field, message.zh, message.en))
}

/// What people plan by is not taken from them: the days of a window that has opened stay.
fn check_opened(known: &Window, new: &Window) -> Result<()> {
    let moved = [
        ("opensOn", known.opens_on != new.opens_on),
        ("dueOn", known.due_on != new.due_on),
        ("closesOn", known.closes_on != new.closes_on),
        ("graceDays", known.grace_days != new.grace_days),
    ];
    let (zh, en) = ("填报期已开放, 日期只能延长并说明理由", "the window has opened: its days only move by extension");
    let refuse = |(field, _): &(&str, bool)| Violation::new(UserErrorCode::WrongState, field, zh, en);
    let violations: Vec<_> = moved.iter().filter(|(_, moved)| *moved).map(refuse).collect();
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// Gives a window more time; for ADMIN of the jurisdiction. What it was before is kept.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `REASON_REQUIRED`, `TOO_LONG`, `INVALID_VALUE` (less time than before).
pub async fn extend(db: &Db, ctx: &Ctx, id: WindowId, more: &Extend) -> Result<ReportingWindow> {
    policy::able(ctx, Act::Administer)?;
    let txn = db.begin_write().await?;
    let known = window::Entity::find_by_id(id).lock_exclusive().one(&txn).await?;
    let known = known.ok_or_else(|| ServiceError::not_found("windowId"))?;
    let found = by_id(&txn, ctx, id).await?.ok_or_else(|| ServiceError::not_found("windowId"))?;
    let territory = Territory::of_jurisdiction(&txn, known.jurisdiction_id).await?;
    let roles = policy::allow(ctx, Act::Administer, Some(&territory))?;
    let (node, actual) = (format!("ReportingWindow:{}", id.0), known.revision);
    let expected = more.expected_revision;
    check_revision(&txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    let before = found.window;
    let due_on = more.due_on.unwrap_or(before.due_on);
    let closes_on = more.closes_on.unwrap_or(before.closes_on);
    check_extension(&before, &Window { due_on, closes_on, ..before }, found.period, &more.reason)?;
    let extension = window_extension::ActiveModel {
        id: NotSet,
        window_id: To(id),
        due_before: To(before.due_on),
        due_after: To(due_on),
        closes_before: To(before.closes_on),
        closes_after: To(closes_on),
        reason: To(more.reason.clone()),
        extended_by: To(ctx.actor_name().to_owned()),
        extended_at: To(ctx.now),
    };
    window_extension::Entity::insert(extension).exec_without_returning(&txn).await?;
    let mut row = window::ActiveModel::from(known);
    row.due_on = To(due_on);
    row.closes_on = To(closes_on);
    row.revision = To(actual + 1);
    let row = row.update(&txn).await?;
    let extended = ReportingWindow::of(&row, found.jurisdiction);
    log(&txn, ctx, &roles, &extended, Some(before), Some(more.reason.clone())).await?;
    finding::window_moved(&txn, ctx, &extended).await?;
    txn.commit().await?;
    Ok(extended)
}

fn check_extension(before: &Window, after: &Window, period: Period, reason: &str) -> Result<()> {
    let mut violations = Vec::new();
    if reason.trim().is_empty() {
        let (zh, en) = ("延长填报期需要说明理由", "an extension needs a reason");
        violations.push(Violation::new(UserErrorCode::ReasonRequired, "reason", zh, en));
    } else {
        violations.extend(check_text(reason, 2_000, "reason").err());
    }
    let mut refuse = |field, zh, en| violations.push(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    if after.due_on < before.due_on {
        refuse("dueOn", "只能延后", "an extension moves it later only");
    }
    if after.closes_on < before.closes_on {
        refuse("closesOn", "只能延后", "an extension moves it later only");
    }
    if after == before {
        refuse("closesOn", "没有延长任何日期", "nothing is extended");
    }
    if violations.is_empty() {
        violations.extend(faults(after, period));
    }
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// How one field of a window is told.
type TextOf = fn(&Window) -> String;

async fn log(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    roles: &[Role],
    now: &ReportingWindow,
    before: Option<Window>,
    reason: Option<String>,
) -> Result<()> {
    let text = |of: TextOf| (before.as_ref().map(of), Some(of(&now.window)));
    let days: [(&str, TextOf); 5] = [
        ("months", |window| window.months.to_string()),
        ("opensOn", |window| window.opens_on.to_string()),
        ("dueOn", |window| window.due_on.to_string()),
        ("closesOn", |window| window.closes_on.to_string()),
        ("graceDays", |window| window.grace_days.to_string()),
    ];
    let place = format!("{} {} {}", now.jurisdiction.code, now.fiscal_year, now.period);
    let mut changes: Vec<FieldChange> = Vec::new();
    if before.is_none() {
        changes.extend(change("window", None, Some(place)));
    }
    changes.extend(days.iter().filter_map(|(path, of)| {
        let (before, after) = text(*of);
        change(path, before, after)
    }));
    let node = format!("ReportingWindow:{}", now.id.0);
    audit::append(txn, ctx, NewEntry::administer(roles, node, changes).because(reason)).await
}

/// Refuses to record or submit while the report of a period is locked.
pub(crate) fn check(
    ctx: &Ctx,
    declaration: &Declaration,
    period: Period,
    window: Option<&Window>,
    field: &str,
) -> Result<()> {
    let today = ctx.today();
    let Some((window, lock)) = window.zip(declaration.filing(period).lock(window, today)) else { return Ok(()) };
    let message = refusal(window, lock, today);
    Err(ServiceError::invalid(UserErrorCode::WindowClosed, field, message.zh, message.en))
}

/// Windows with where they are set.
fn select() -> SelectStatement {
    let mut select = Query::select();
    for column in [
        "id",
        "jurisdiction_id",
        "fiscal_year",
        "period",
        "months",
        "opens_on",
        "due_on",
        "closes_on",
        "grace_days",
        "revision",
    ] {
        select.column((window::Entity, Alias::new(column)));
    }
    select
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code)), Alias::new("jurisdiction_code"))
        .expr_as(Expr::col((jurisdiction::Entity, jurisdiction::Column::Name)), Alias::new("jurisdiction_name"))
        .from(window::Entity)
        .inner_join(
            jurisdiction::Entity,
            Expr::col((jurisdiction::Entity, jurisdiction::Column::Id))
                .equals((window::Entity, window::Column::JurisdictionId)),
        );
    select
}

/// Those set where the caller may see, or above: what holds for the places one sees is no secret.
fn within(select: &mut SelectStatement, ctx: &Ctx) {
    if let Some(above) = above_visible(&Scope::of(ctx)) {
        select.and_where(Expr::col((window::Entity, window::Column::JurisdictionId)).in_subquery(above));
    }
}

/// A window by key, if the caller may see it.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &impl ConnectionTrait, ctx: &Ctx, id: WindowId) -> Result<Option<ReportingWindow>> {
    let mut select = select();
    within(&mut select, ctx);
    select.and_where(Expr::col((window::Entity, window::Column::Id)).eq(id.0));
    db.query_one(&select).await?.as_ref().map(ReportingWindow::read).transpose()
}

/// The windows that the caller may see, by year, jurisdiction code and period.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, filter: &WindowFilter, page: &Page) -> Result<Slice<ReportingWindow>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let column = |column| Expr::col((window::Entity, column));
    let mut select = select();
    within(&mut select, ctx);
    if let Some(code) = &filter.jurisdiction_code {
        select.cond_where(Expr::exists(holding(code)));
    }
    if let Some(year) = filter.fiscal_year {
        select.and_where(column(window::Column::FiscalYear).eq(year));
    }
    if let Some(period) = filter.period {
        select.and_where(column(window::Column::Period).eq(period.as_str()));
    }
    let keys = [
        SortKey::asc(column(window::Column::FiscalYear)),
        SortKey::asc(Expr::col((jurisdiction::Entity, jurisdiction::Column::Code))),
        SortKey::asc(column(window::Column::Period)),
    ];
    page.apply(&mut select, &keys);
    let rows = db.read().query_all(&select).await?;
    Ok(page.slice(rows.iter().map(ReportingWindow::read).collect::<Result<Vec<_>>>()?))
}

/// True of a window that holds for the jurisdiction of this code: set there or above, and nothing nearer.
fn holding(code: &str) -> SelectStatement {
    let (path, near, nearer, place) =
        (Alias::new("path"), Alias::new("near"), Alias::new("nearer"), Alias::new("place"));
    let col = |table: &Alias, name: &str| Expr::col((table.clone(), Alias::new(name)));
    let own = |name: &'static str| (window::Entity, Alias::new(name));
    let between = Query::select()
        .expr(Expr::val(1))
        .from_as(window::Entity, nearer.clone())
        .join_as(
            sea_orm::sea_query::JoinType::InnerJoin,
            jurisdiction_closure::Entity,
            near.clone(),
            col(&near, "ancestor_id").equals((nearer.clone(), Alias::new("jurisdiction_id"))),
        )
        .and_where(col(&near, "descendant_id").equals((path.clone(), Alias::new("descendant_id"))))
        .and_where(col(&near, "depth").lt(col(&path, "depth")))
        .and_where(col(&nearer, "fiscal_year").equals(own("fiscal_year")))
        .and_where(col(&nearer, "period").equals(own("period")))
        .to_owned();
    Query::select()
        .expr(Expr::val(1))
        .from_as(jurisdiction_closure::Entity, path.clone())
        .join_as(
            sea_orm::sea_query::JoinType::InnerJoin,
            jurisdiction::Entity,
            place.clone(),
            col(&place, "id").equals((path.clone(), Alias::new("descendant_id"))),
        )
        .and_where(col(&place, "code").eq(code))
        .and_where(col(&path, "ancestor_id").equals(own("jurisdiction_id")))
        .cond_where(Expr::exists(between).not())
        .to_owned()
}

/// A jurisdiction and a year.
pub type PlaceYear = (JurisdictionId, i32);

/// The windows that hold in these jurisdictions and years: of each period the nearest upwards.
///
/// # Errors
/// When the database fails.
pub async fn in_force(
    db: &impl ConnectionTrait,
    keys: &[PlaceYear],
) -> Result<HashMap<PlaceYear, BTreeMap<Period, ReportingWindow>>> {
    let closure = |column| Expr::col((jurisdiction_closure::Entity, column));
    let mut select = select();
    select
        .column((jurisdiction_closure::Entity, jurisdiction_closure::Column::DescendantId))
        .inner_join(
            jurisdiction_closure::Entity,
            closure(jurisdiction_closure::Column::AncestorId).equals((window::Entity, window::Column::JurisdictionId)),
        )
        .and_where(closure(jurisdiction_closure::Column::DescendantId).is_in(keys.iter().map(|(place, _)| place.0)))
        .and_where(Expr::col((window::Entity, window::Column::FiscalYear)).is_in(keys.iter().map(|(_, year)| *year)))
        // The nearest comes last and stays.
        .order_by((jurisdiction_closure::Entity, jurisdiction_closure::Column::Depth), sea_orm::sea_query::Order::Desc);
    let mut found: HashMap<PlaceYear, BTreeMap<Period, ReportingWindow>> = HashMap::new();
    for row in db.query_all(&select).await? {
        let window = ReportingWindow::read(&row)?;
        let place: JurisdictionId = row.try_get("", "descendant_id")?;
        found.entry((place, window.fiscal_year)).or_default().insert(window.period, window);
    }
    Ok(found)
}

/// The window that holds for one report; `None` where none is set.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    place: JurisdictionId,
    year: i32,
    period: Period,
) -> Result<Option<Window>> {
    let mut found = in_force(db, &[(place, year)]).await?;
    Ok(found.remove(&(place, year)).and_then(|mut periods| periods.remove(&period)).map(|found| found.window))
}

/// The extensions of windows, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn extensions(db: &Db, ids: &[WindowId]) -> Result<HashMap<WindowId, Vec<Extension>>> {
    let rows = window_extension::Entity::find()
        .filter(window_extension::Column::WindowId.is_in(ids.iter().copied()))
        .order_by_asc(window_extension::Column::Id)
        .all(db.read())
        .await?;
    let mut found: HashMap<WindowId, Vec<Extension>> = HashMap::new();
    for row in rows {
        found.entry(row.window_id).or_default().push(Extension {
            id: row.id,
            due: (row.due_before, row.due_after),
            closes: (row.closes_before, row.closes_after),
            reason: row.reason,
            by: row.extended_by,
            at: row.extended_at,
        });
    }
    Ok(found)
}
