//! Editing a draft: the form's head and budget, its key tasks, its indicators, and how targets are read. Finance records
//! edits agreed with the department by the same commands while it reviews (rules 2.3).

mod head;
mod indicator;
mod key_task;
mod target;

pub use head::{Create, DeclarationPatch, create, update};
pub use indicator::{IndicatorPatch, add_indicator, move_indicator, remove_indicator, update_indicator};
pub use key_task::{KeyTaskPatch, add_key_task, move_key_task, remove_key_task, update_key_task};
pub use target::{Confirmation, confirm_target};

pub(crate) use head::check_amount;
pub(crate) use target::confirmed;

use std::collections::BTreeSet;

use jixiao_entity::id::{DeclarationId, IndicatorId, KeyTaskId};
use jixiao_entity::{declaration, indicator_task};
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter};

use super::model::{Indicator, KeyTask};
use super::review::wrong_state;
use super::{Change, Held, Revision, Whole, check_revision, hold, settle};
use crate::ctx::Ctx;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;

/// Most indicators that editing makes of a declaration.
const MAX_INDICATORS: usize = 500;
/// Most key tasks that editing makes of a declaration.
const MAX_KEY_TASKS: usize = 200;

/// A declaration held for an act of editing.
struct Editing {
    id: DeclarationId,
    held: Held,
    act: Act,
    role: Option<Role>,
}

impl Editing {
    fn indicator(&self, id: IndicatorId) -> Result<&Indicator> {
        self.held.declaration.indicator(id).ok_or_else(|| ServiceError::not_found("indicatorId"))
    }

    fn key_task(&self, id: KeyTaskId) -> Result<&KeyTask> {
        self.held.declaration.key_task(id).ok_or_else(|| ServiceError::not_found("keyTaskId"))
    }
}

/// Holds a declaration that the caller may edit now; `field` of the input names it.
async fn begin(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    act: Act,
    (id, field): (DeclarationId, &str),
    revision: i32,
) -> Result<Editing> {
    let held = hold(txn, ctx, id, field).await?;
    let status = held.declaration.status;
    let finance = policy::roles(ctx, Some(&held.territory)).contains(&Role::FinanceReviewer);
    let act = if finance && status == DeclarationStatus::FinanceReview { Act::DeclarationAgreedEdit } else { act };
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = format!("Declaration:{}", id.0);
    let actual = held.declaration.revision;
    check_revision(txn, Revision { node: &node, expected: revision, actual, field: "expectedRevision" }).await?;
    cycle::next(cycle::DECLARATION, &roles, act, status).ok_or_else(|| wrong_state(status, act, field))?;
    Ok(Editing { id, held, act, role: roles.first().copied() })
}

/// Counts the revision, remembers whose hand it was, settles and commits.
async fn finish(txn: DatabaseTransaction, ctx: &Ctx, editing: Editing) -> Result<Whole> {
    let Editing { id, held, act, role } = editing;
    // Who agreed to an edit for finance is no filer, but may not accept the declaration either.
    let hand = match act {
        Act::DeclarationAgreedEdit => declaration::Column::AgreedBy,
        _ => declaration::Column::EditedBy,
    };
    declaration::Entity::update_many()
        .col_expr(declaration::Column::Revision, Expr::val(held.declaration.revision + 1))
        .col_expr(hand, Expr::val(ctx.user_id()))
        .filter(declaration::Column::Id.eq(id))
        .exec(&txn)
        .await?;
    let node = format!("Declaration:{}", id.0);
    let change = Change { act, role, node, reason: None, before: Some(&held.declaration) };
    let after = settle(&txn, ctx, id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

/// Adds `by` to the positions from `from` to `to` in a list of a declaration, which are 1, 2, 3 and so on.
async fn shift<E: EntityTrait>(
    txn: &DatabaseTransaction,
    (of, position): (E::Column, E::Column),
    declaration: DeclarationId,
    (from, to): (i32, i32),
    by: i32,
) -> Result<()> {
    if from <= to {
        E::update_many()
            .col_expr(position, Expr::col(position).add(by))
            .filter(of.eq(declaration))
            .filter(position.between(from, to))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Makes room for an item that goes from one position to another.
async fn make_way<E: EntityTrait>(
    txn: &DatabaseTransaction,
    columns: (E::Column, E::Column),
    declaration: DeclarationId,
    (from, to): (i32, i32),
) -> Result<()> {
    if from < to {
        shift::<E>(txn, columns, declaration, (from + 1, to), -1).await
    } else {
        shift::<E>(txn, columns, declaration, (to, from - 1), 1).await
    }
}

/// The place of a new item among `count`; the end when none is given.
fn place(position: Option<i32>, count: usize, limit: usize, field: &str) -> Result<i32> {
    if count >= limit {
        let (zh, en) = (format!("最多{limit}项"), format!("at most {limit} of them"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, field, zh, en));
    }
    let end = end_of(count) + 1;
    let position = position.unwrap_or(end);
    within(position, end)?;
    Ok(position)
}

fn end_of(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX - 1)
}

fn within(position: i32, end: i32) -> Result<()> {
    if (1..=end).contains(&position) {
        return Ok(());
    }
    let (zh, en) = (format!("位置应在1至{end}之间"), format!("a position lies between 1 and {end}"));
    Err(ServiceError::invalid(UserErrorCode::InvalidValue, "position", zh, en))
}

/// Writes the links of one indicator or one task.
async fn insert_links(
    txn: &DatabaseTransaction,
    links: impl IntoIterator<Item = (IndicatorId, KeyTaskId)>,
) -> Result<()> {
    let links: BTreeSet<(IndicatorId, KeyTaskId)> = links.into_iter().collect();
    let rows: Vec<_> = links
        .into_iter()
        .map(|(indicator, task)| indicator_task::ActiveModel { indicator_id: Set(indicator), key_task_id: Set(task) })
        .collect();
    if !rows.is_empty() {
        indicator_task::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Refuses links to what is not of this declaration, each with its place in the list.
fn linked<T>(ids: &[T], field: &str, known: impl Fn(&T) -> bool) -> Result<()> {
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known(id));
    let violations: Vec<Violation> =
        unknown.map(|(index, _)| Violation::not_found(&format!("{field}.{index}"))).collect();
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}
