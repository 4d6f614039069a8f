//! A declaration beside those of the same department's other years.

use std::sync::Arc;

use jixiao_entity::id::{DeclarationId, DepartmentId, SchemeId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, declaration_document, department};
use jixiao_rules::assess::Flag;
use jixiao_rules::check::audit::{Year, YearRow, compare};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::message::Finding;
use jixiao_rules::scheme::Scheme;
use sea_orm::sea_query::{Cond, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::declaration::Declaration;
use crate::error::Result;
use crate::scheme;

/// Most years that any scheme looks back over (`audit.unchanged_years`), this one not counted.
const MOST_YEARS: i32 = 9;

/// The declarations of the department's other years that matter to one.
#[derive(Default)]
pub(super) struct Others {
    /// In force, of the years before and after.
    in_force: Vec<Declaration>,
    /// Of later years, whatever their state, that look back on it, each with its scheme.
    later: Vec<(Declaration, Arc<Scheme>)>,
}

impl Others {
    /// Those whose findings follow from it.
    pub(super) fn looking_back(&self) -> impl Iterator<Item = (&Declaration, &Scheme)> {
        self.later.iter().map(|(declaration, scheme)| (declaration, scheme.as_ref()))
    }
}

/// How many years a scheme looks back.
fn reach(scheme: &Scheme) -> i32 {
    i32::try_from(scheme.audit.unchanged_years).map_or(MOST_YEARS, |years| (years - 1).clamp(1, MOST_YEARS))
}

/// What other years see of a declaration.
fn year(declaration: &Declaration) -> Year<'_> {
    let filed = declaration.report_status(Period::YearEnd).submitted();
    let result = declaration.results.get(&Period::YearEnd).filter(|_| filed);
    let reviewed = result.and_then(|result| result.reviewed).and_then(|reviewed| reviewed.grade);
    let rows = declaration.indicators.iter().map(|indicator| {
        let value = indicator.values.get(&Period::YearEnd).filter(|_| filed);
        let flags = indicator.achievements.get(&Period::YearEnd).map(|made| made.flags.as_slice());
        YearRow {
            name: &indicator.name,
            level2: indicator.level2,
            target: indicator.annual_target.as_ref().map(|target| &target.reading),
            actual: value.and_then(|value| value.reading.as_ref()).and_then(|reading| reading.base_value),
            over_achieved: filed && flags.is_some_and(|flags| flags.contains(&Flag::OverAchieved)),
        }
    });
    Year {
        fiscal_year: declaration.fiscal_year,
        rows: rows.collect(),
        grade: reviewed.or(result.and_then(|result| result.grade)),
        budget: declaration.declared_budget(),
    }
}

/// Whether other years would see another declaration.
pub(super) fn differ(before: &Declaration, after: &Declaration) -> bool {
    before.status.in_force() != after.status.in_force() || year(before) != year(after)
}

/// Waits for whoever else changes the department's years. Keys that point to the department stay free to be checked.
pub(super) async fn hold(txn: &DatabaseTransaction, id: DepartmentId) -> Result<()> {
    department::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(txn).await?;
    Ok(())
}

/// The other years that matter, in at most two statements, and one for each further scheme.
pub(super) async fn others(db: &impl ConnectionTrait, own: &Declaration, scheme: &Scheme) -> Result<Others> {
    use declaration::Column as C;
    let heads = declaration::Entity::find()
        .select_only()
        .columns([C::Id, C::FiscalYear, C::Status, C::DocumentNumber, C::SchemeId])
        .filter(C::DepartmentId.eq(own.department_id))
        .filter(C::Scope.eq(Word(own.scope)))
        .filter(C::FiscalYear.between(own.fiscal_year - MOST_YEARS, own.fiscal_year + MOST_YEARS))
        .filter(C::FiscalYear.ne(own.fiscal_year))
        .order_by_desc(C::FiscalYear)
        .order_by_asc(C::Id)
        .into_tuple::<(DeclarationId, i32, Word<DeclarationStatus>, i32, SchemeId)>()
        .all(db)
        .await?;
    let mut schemes: Vec<(SchemeId, Arc<Scheme>)> = Vec::new();
    let mut later = Vec::new();
    for (id, year, _, _, scheme_id) in heads.iter().filter(|head| head.1 > own.fiscal_year) {
        if !schemes.iter().any(|(known, _)| known == scheme_id) {
            schemes.push((*scheme_id, scheme::by_id(db, *scheme_id).await?.scheme));
        }
        let its = schemes.iter().find(|(known, _)| known == scheme_id).map(|(_, scheme)| Arc::clone(scheme));
        if let Some(its) = its.filter(|its| year - reach(its) <= own.fiscal_year) {
            later.push((*id, *year, its));
        }
    }
    // As far back as it looks itself, and as those look that look back on it.
    let first = later.iter().map(|(_, year, its)| year - reach(its)).min().unwrap_or(i32::MAX);
    let first = first.min(own.fiscal_year - reach(scheme));
    let last = later.iter().map(|(_, year, _)| *year).max().unwrap_or(own.fiscal_year);
    let mut any = Cond::any();
    let mut wanted = Vec::new();
    for (id, year, status, number, _) in &heads {
        let kept = status.0.in_force() && (first..=last).contains(year);
        if kept || later.iter().any(|(later, ..)| later == id) {
            use declaration_document::Column as D;
            any = any.add(Cond::all().add(D::DeclarationId.eq(*id)).add(D::Number.eq(*number)));
            wanted.push((*id, kept));
        }
    }
    if wanted.is_empty() {
        return Ok(Others::default());
    }
    let mut found = Others::default();
    for document in declaration_document::Entity::find().filter(any).all(db).await? {
        let declaration: Declaration = serde_json::from_str(&document.body)?;
        if let Some((_, _, its)) = later.iter().find(|(id, ..)| *id == declaration.id) {
            found.later.push((declaration.clone(), Arc::clone(its)));
        }
        if wanted.contains(&(declaration.id, true)) {
            found.in_force.push(declaration);
        }
    }
    found.in_force.sort_by_key(|declaration| (-declaration.fiscal_year, declaration.id));
    found.later.sort_by_key(|(declaration, _)| declaration.id);
    Ok(found)
}

/// A10, A11 and A30 of a declaration.
pub(super) fn found(own: &Declaration, others: &Others, scheme: &Scheme) -> Vec<Finding> {
    let before: Vec<Year<'_>> =
        others.in_force.iter().filter(|other| other.fiscal_year < own.fiscal_year).map(year).collect();
    compare(&year(own), &before, scheme)
}

/// The same of a later declaration, with `changed` as it is now.
pub(super) fn found_among(next: &Declaration, changed: &Declaration, others: &Others, scheme: &Scheme) -> Vec<Finding> {
    let mut before: Vec<&Declaration> =
        others.in_force.iter().filter(|other| other.fiscal_year < next.fiscal_year).collect();
    if changed.status.in_force() {
        before.push(changed);
    }
    before.sort_by_key(|declaration| -declaration.fiscal_year);
    let before: Vec<Year<'_>> = before.into_iter().map(year).collect();
    compare(&year(next), &before, scheme)
}
