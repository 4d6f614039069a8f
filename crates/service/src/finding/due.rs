//! Reports that were not submitted, and the day from which that is a finding: one after the window in force says.

use jixiao_entity::{declaration, department, finding, jurisdiction_closure, window};
use jixiao_rules::check::audit::{default_due, not_filed};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::message::Finding;
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, JoinType, QueryFilter};

use super::store::template;
use crate::ctx::Ctx;
use crate::declaration::Declaration;
use crate::error::Result;
use crate::window::ReportingWindow;

/// The periods whose reports every declaration in force owes and has never submitted.
pub(super) fn owed(declaration: &Declaration) -> impl Iterator<Item = Period> {
    let in_force = declaration.status.in_force();
    let open = |period: &Period| {
        in_force && declaration.reports.get(period).is_none_or(|report| report.submitted_at.is_none())
    };
    Period::ALWAYS.into_iter().filter(open).collect::<Vec<_>>().into_iter()
}

/// A22 of a declaration, by the windows in force.
pub(super) async fn found(db: &impl ConnectionTrait, declaration: &Declaration) -> Result<Vec<Finding>> {
    let owed: Vec<Period> = owed(declaration).collect();
    if owed.is_empty() {
        return Ok(Vec::new());
    }
    let department = department::Entity::find_by_id(declaration.department_id).one(db).await?;
    let department = department.ok_or_else(|| anyhow::anyhow!("a declaration without department"))?;
    let at = (department.jurisdiction_id, declaration.fiscal_year);
    let windows = crate::window::in_force(db, &[at]).await?.remove(&at).unwrap_or_default();
    let of = |period: Period| match windows.get(&period) {
        Some(window) => Some(not_filed(period, window.window.due_on, true)),
        None => default_due(declaration.fiscal_year, period).map(|due| not_filed(period, due, false)),
    };
    Ok(owed.into_iter().filter_map(of).collect())
}

/// Moves the day from which the reports of a window's period are missed, for all that it holds for. Called once the end of
/// the audit chain is locked, in one statement whatever their number.
pub(crate) async fn window_moved(txn: &DatabaseTransaction, ctx: &Ctx, window: &ReportingWindow) -> Result<()> {
    use finding::Column as C;
    if !Period::ALWAYS.contains(&window.period) {
        return Ok(());
    }
    let made = template(ctx, &not_filed(window.period, window.window.due_on, true))?;
    finding::Entity::update_many()
        .col_expr(C::Message, Expr::val(made.message))
        .col_expr(C::Compared, Expr::val(made.compared))
        .col_expr(C::Fingerprint, Expr::val(made.fingerprint))
        .col_expr(C::Since, Expr::val(made.since))
        .col_expr(C::FoundAt, Expr::val(ctx.now.0))
        .filter(C::Rule.eq(made.rule))
        .filter(C::Period.eq(window.period.as_str()))
        .filter(Expr::col(C::DeclarationId).in_subquery(holding(window)))
        .exec(txn)
        .await?;
    Ok(())
}

/// The declarations of the window's year that it holds for: at its place or below, and no window nearer.
fn holding(window: &ReportingWindow) -> SelectStatement {
    let (path, near, nearer) = (Alias::new("path"), Alias::new("near"), Alias::new("nearer"));
    let col = |table: &Alias, name: &'static str| Expr::col((table.clone(), Alias::new(name)));
    let between = Query::select()
        .expr(Expr::val(1))
        .from_as(window::Entity, nearer.clone())
        .join_as(
            JoinType::InnerJoin,
            jurisdiction_closure::Entity,
            near.clone(),
            col(&near, "ancestor_id").equals((nearer.clone(), Alias::new("jurisdiction_id"))),
        )
        .and_where(col(&near, "descendant_id").equals((path.clone(), Alias::new("descendant_id"))))
        .and_where(col(&near, "depth").lt(col(&path, "depth")))
        .and_where(col(&nearer, "fiscal_year").eq(window.fiscal_year))
        .and_where(col(&nearer, "period").eq(window.period.as_str()))
        .to_owned();
    Query::select()
        .column((declaration::Entity, declaration::Column::Id))
        .from(declaration::Entity)
        .inner_join(department::Entity, Expr::col(("department", "id")).equals(("declaration", "department_id")))
        .join_as(
            JoinType::InnerJoin,
            jurisdiction_closure::Entity,
            path.clone(),
            col(&path, "descendant_id").equals(("department", "jurisdiction_id")),
        )
        .and_where(col(&path, "ancestor_id").eq(window.jurisdiction.id.0))
        .and_where(Expr::col(("declaration", "fiscal_year")).eq(window.fiscal_year))
        .cond_where(Expr::exists(between).not())
        .to_owned()
}
