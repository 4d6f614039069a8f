//! Reading findings: a page across declarations, one by its key, all of one declaration.

use std::collections::HashMap;

use chrono::NaiveDate;
use jixiao_entity::id::{DeclarationId, FindingId, Timestamp, UserId};
use jixiao_entity::{finding, finding_note, user_account};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Severity, Vocabulary};
use jixiao_rules::message::Finding;
use sea_orm::sea_query::{Alias, Cond, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryResult};

use super::{SUMS, gravity};
use crate::access;
use crate::ctx::{Actor, Ctx, UserRef};
use crate::db::Db;
use crate::declaration::{DeclarationFilter, Header, filter_on, header_of, scoped, total};
use crate::error::{Result, ServiceError};
use crate::page::{KeyValue, Page, Slice, SortKey};

/// A finding as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Key.
    pub id: FindingId,
    /// The finding; its path leads from the declaration.
    pub finding: Finding,
    /// When it was found as it is.
    pub found_at: Timestamp,
    /// An auditor's dismissal that holds; `None` without one, or when what was compared has changed since.
    pub dismissal: Option<Dismissal>,
    /// The declaration it lies in.
    pub of: Header,
}

/// That an auditor dismissed a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dismissal {
    /// Why.
    pub note: String,
    /// Who.
    pub by: UserRef,
    /// When.
    pub at: Timestamp,
}

/// Which findings. What is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// Of which declarations.
    pub declarations: DeclarationFilter,
    /// Of these declarations.
    pub declaration_ids: Option<Vec<DeclarationId>>,
    /// Of these rules; A18 stands for D2-D4, M1, E1 and E3.
    pub rules: Option<Vec<String>>,
    /// Of these severities.
    pub severities: Option<Vec<Severity>>,
    /// In reports of this period.
    pub period: Option<Period>,
    /// Only dismissed ones, or only those that are not.
    pub dismissed: Option<bool>,
}

impl Kept {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        let gravity = i64::from(gravity(self.finding.severity));
        vec![gravity.into(), self.of.id.0.into(), self.finding.rule.clone().into(), self.id.0.into()]
    }
}

fn column(column: finding::Column) -> Expr {
    Expr::col((finding::Entity, column))
}

/// The findings that hold today within the caller's scope, each with the last note on it.
fn select(ctx: &Ctx) -> SelectStatement {
    use finding::Column as C;
    let note = |name: &'static str| Expr::col((Alias::new("note"), Alias::new(name)));
    let mut select = scoped(ctx);
    for column in C::iter() {
        select.expr_as(Expr::col((finding::Entity, column)), Alias::new(format!("f_{}", column.as_str())));
    }
    for name in ["dismisses", "fingerprint", "note", "written_by", "written_at"] {
        select.expr_as(note(name), Alias::new(format!("n_{name}")));
    }
    let last = Query::select()
        .expr(Expr::col((Alias::new("later"), finding_note::Column::Id)).max())
        .from_as(finding_note::Entity, Alias::new("later"))
        .and_where(Expr::col(("later", "declaration_id")).equals(("finding", "declaration_id")))
        .and_where(Expr::col(("later", "finding_id")).equals(("finding", "id")))
        .to_owned();
    select
        .expr_as(Expr::col((user_account::Entity, user_account::Column::DisplayName)), Alias::new("n_by"))
        .inner_join(finding::Entity, column(C::DeclarationId).equals(("declaration", "id")))
        .join_as(JoinType::LeftJoin, finding_note::Entity, Alias::new("note"), note("id").in_subquery(last))
        .left_join(user_account::Entity, Expr::col(("user_account", "id")).equals(("note", "written_by")))
        .cond_where(Cond::any().add(column(C::Since).is_null()).add(column(C::Since).lte(ctx.today())));
    select
}

/// The last note dismisses, and was written on what is compared now.
fn dismissed() -> Cond {
    Cond::all()
        .add(Expr::col(("note", "dismisses")).eq(true))
        .add(Expr::col(("note", "fingerprint")).equals(("finding", "fingerprint")))
}

fn restrict(select: &mut SelectStatement, filter: &FindingFilter) {
    use finding::Column as C;
    filter_on(select, &filter.declarations);
    if let Some(ids) = &filter.declaration_ids {
        select.and_where(column(C::DeclarationId).is_in(ids.iter().map(|id| id.0)));
    }
    if let Some(rules) = &filter.rules {
        let sums = rules.iter().any(|rule| rule == "A18").then_some(SUMS);
        let rules = rules.iter().map(String::as_str).chain(sums.into_iter().flatten());
        select.and_where(column(C::Rule).is_in(rules));
    }
    if let Some(severities) = &filter.severities {
        select.and_where(column(C::Gravity).is_in(severities.iter().map(|severity| gravity(*severity))));
    }
    if let Some(period) = filter.period {
        select.and_where(column(C::Period).eq(period.as_str()));
    }
    match filter.dismissed {
        Some(true) => {
            select.cond_where(dismissed());
        }
        Some(false) => {
            // A note that is not there makes the condition unknown, not false.
            let none = Expr::col(("note", "id")).is_null();
            select.cond_where(Cond::any().add(none).add(dismissed().not()));
        }
        None => {}
    }
}

fn kept_of(row: &QueryResult) -> Result<Kept> {
    let model = finding::Model::from_query_result(row, "f_")?;
    let dismisses: Option<bool> = row.try_get("n_", "dismisses")?;
    let fingerprint: Option<String> = row.try_get("n_", "fingerprint")?;
    let holds = dismisses == Some(true) && fingerprint.as_ref() == Some(&model.fingerprint);
    let dismissal = holds.then(|| -> Result<Dismissal> {
        let (id, name): (Option<UserId>, Option<String>) = (row.try_get("n_", "written_by")?, row.try_get("n_", "by")?);
        let by = UserRef { id, display_name: name.unwrap_or_default() };
        Ok(Dismissal { note: row.try_get("n_", "note")?, by, at: row.try_get("n_", "written_at")? })
    });
    Ok(Kept {
        id: model.id,
        found_at: model.found_at,
        dismissal: dismissal.transpose()?,
        of: header_of(row)?,
        finding: finding_of(model)?,
    })
}

fn finding_of(row: finding::Model) -> Result<Finding> {
    let severity = usize::try_from(row.gravity).ok().and_then(|at| Severity::ALL.get(at));
    let severity = *severity.ok_or_else(|| anyhow::anyhow!("no severity {}", row.gravity))?;
    let (path, message) = (serde_json::from_str(&row.path)?, serde_json::from_str(&row.message)?);
    let since: Option<NaiveDate> = row.since;
    Ok(Finding {
        compared: serde_json::from_str(&row.compared)?,
        since,
        ..Finding::new(&row.rule, severity, path, message)
    })
}

/// A page of findings, the gravest first, then by declaration and rule; and the total when it is asked for.
///
/// # Errors
/// `Unauthenticated`; `NOT_FOUND` for a place that is unknown or not seen; or when the database or the access log fails.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    filter: &FindingFilter,
    page: &Page,
    count: bool,
) -> Result<(Slice<Kept>, Option<i64>)> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    use finding::Column as C;
    filter.declarations.known(db, ctx).await?;
    let mut select = select(ctx);
    restrict(&mut select, filter);
    let total = if count { Some(total(db, &select).await?) } else { None };
    let keys = [C::Gravity, C::DeclarationId, C::Rule, C::Id].map(|key| SortKey::asc(column(key)));
    page.apply(&mut select, &keys);
    let rows = db.read().query_all(&select).await?;
    let slice = page.slice(rows.iter().map(kept_of).collect::<Result<Vec<_>>>()?);
    // What is found in another's draft tells of it as well.
    access::note_headers(db, ctx, slice.rows.iter().map(|kept| &kept.of)).await?;
    Ok((slice, total))
}

/// A finding by its key, if the caller may see it and it holds today.
///
/// # Errors
/// When the database or the access log fails.
pub async fn by_id(db: &Db, ctx: &Ctx, id: FindingId) -> Result<Option<Kept>> {
    let found = by_id_in(db.read(), ctx, id).await?;
    access::note_headers(db, ctx, found.iter().map(|kept| &kept.of)).await?;
    Ok(found)
}

/// As [`by_id`], inside a transaction and without a note in the access log.
pub(super) async fn by_id_in(db: &impl ConnectionTrait, ctx: &Ctx, id: FindingId) -> Result<Option<Kept>> {
    let mut select = select(ctx);
    select.and_where(column(finding::Column::Id).eq(id.0)).limit(1);
    db.query_one(&select).await?.as_ref().map(kept_of).transpose()
}

/// The findings of one declaration that hold today, by key; none when it may not be seen.
///
/// # Errors
/// When the database fails.
pub async fn of_declaration(db: &Db, ctx: &Ctx, id: DeclarationId) -> Result<HashMap<FindingId, Kept>> {
    let mut select = select(ctx);
    select.and_where(column(finding::Column::DeclarationId).eq(id.0));
    let rows = db.read().query_all(&select).await?;
    rows.iter().map(|row| kept_of(row).map(|kept| (kept.id, kept))).collect()
}
