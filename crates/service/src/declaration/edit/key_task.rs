//! Key tasks of a draft.

use jixiao_entity::id::{DeclarationId, IndicatorId, KeyTaskId};
use jixiao_entity::{indicator, indicator_task, key_task};
use jixiao_rules::cycle::Act;
use jixiao_rules::value::Money;
use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::head::check_amount;
use super::{Editing, MAX_KEY_TASKS, begin, end_of, finish, insert_links, linked, make_way, place, shift, within};
use crate::actual_value::Patch;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{Whole, key_task_in};
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::text::Checked;

const COLUMNS: (key_task::Column, key_task::Column) = (key_task::Column::DeclarationId, key_task::Column::Position);

/// What to change of a key task, or what a new one is: only what is named.
#[derive(Clone, Debug, Default)]
pub struct KeyTaskPatch {
    /// Revision of the declaration the caller has seen.
    pub expected_revision: i32,
    /// 名称; needed for a new one.
    pub name: Option<String>,
    /// 主要实施内容.
    pub description: Patch<String>,
    /// 拟投入的资金.
    pub planned_funding: Patch<Money>,
    /// 期望达到的目标.
    pub expected_result: Patch<String>,
    /// The indicators that measure it, all of them.
    pub indicators: Option<Vec<IndicatorId>>,
}

fn row_of(patch: &KeyTaskPatch, mut checked: Checked) -> Result<key_task::ActiveModel> {
    let mut row = key_task::ActiveModel { ..Default::default() };
    if let Some(name) = &patch.name {
        row.name = Set(checked.text(name, 500, "name"));
    }
    if let Some(text) = checked.patch(&patch.description, 20_000, "description") {
        row.description = Set(text);
    }
    if let Some(text) = checked.patch(&patch.expected_result, 20_000, "expectedResult") {
        row.expected_result = Set(text);
    }
    if let Some(amount) = patch.planned_funding {
        checked.check(check_amount(amount, "plannedFunding"));
        row.planned_funding = Set(amount.map(|amount| amount.0));
    }
    checked.done()?;
    Ok(row)
}

/// Adds a key task to a draft, at `position` from 1 or at the end.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`, `TOO_LONG`, `LIMIT_EXCEEDED`.
pub async fn add_key_task(
    db: &Db,
    ctx: &Ctx,
    declaration: DeclarationId,
    new: &KeyTaskPatch,
    position: Option<i32>,
) -> Result<(Whole, KeyTaskId)> {
    let txn = db.begin_write().await?;
    let held = (declaration, "declarationId");
    let editing = begin(&txn, ctx, Act::DeclarationEdit, held, new.expected_revision).await?;
    let mut checked = Checked::default();
    if new.name.is_none() {
        checked.fail(UserErrorCode::Required, "name", "必填", "needed");
    }
    let row = row_of(new, checked)?;
    let count = editing.held.declaration.key_tasks.len();
    let position = place(position, count, MAX_KEY_TASKS, "declarationId")?;
    shift::<key_task::Entity>(&txn, COLUMNS, declaration, (position, end_of(count)), 1).await?;
    let row = key_task::ActiveModel { id: NotSet, declaration_id: Set(declaration), position: Set(position), ..row };
    let id = row.insert(&txn).await?.id;
    link(&txn, &editing, id, new.indicators.as_deref()).await?;
    Ok((finish(txn, ctx, editing).await?, id))
}

/// Begins an edit of one; `field` is where the request named it.
async fn edit(txn: &DatabaseTransaction, ctx: &Ctx, (id, field): (KeyTaskId, &str), revision: i32) -> Result<Editing> {
    let declaration = key_task_in(txn, id).await?.ok_or_else(|| ServiceError::not_found(field))?;
    begin(txn, ctx, Act::DeclarationEdit, (declaration, field), revision).await
}

/// Changes a key task of a draft.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`, `TOO_LONG`.
pub async fn update_key_task(db: &Db, ctx: &Ctx, id: KeyTaskId, patch: &KeyTaskPatch) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "keyTaskId"), patch.expected_revision).await?;
    editing.key_task(id)?;
    let row = row_of(patch, Checked::default())?;
    if row.is_changed() {
        key_task::ActiveModel { id: Unchanged(id), ..row }.update(&txn).await?;
    }
    link(&txn, &editing, id, patch.indicators.as_deref()).await?;
    finish(txn, ctx, editing).await
}

/// The links of a task to its indicators; an indicator of a task is not general any more.
async fn link(
    txn: &DatabaseTransaction,
    editing: &Editing,
    id: KeyTaskId,
    indicators: Option<&[IndicatorId]>,
) -> Result<()> {
    let Some(indicators) = indicators else { return Ok(()) };
    linked(indicators, "indicatorIds", |id| editing.held.declaration.indicator(*id).is_some())?;
    indicator_task::Entity::delete_many().filter(indicator_task::Column::KeyTaskId.eq(id)).exec(txn).await?;
    insert_links(txn, indicators.iter().map(|indicator| (*indicator, id))).await?;
    indicator::Entity::update_many()
        .col_expr(indicator::Column::General, Expr::val(false))
        .filter(indicator::Column::Id.is_in(indicators.iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Moves a key task to another position, from 1.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `INVALID_VALUE`.
pub async fn move_key_task(db: &Db, ctx: &Ctx, id: KeyTaskId, revision: i32, position: i32) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "id"), revision).await?;
    let tasks = &editing.held.declaration.key_tasks;
    within(position, end_of(tasks.len()))?;
    let from = end_of(tasks.iter().take_while(|task| task.id != id).count()) + 1;
    make_way::<key_task::Entity>(&txn, COLUMNS, editing.id, (from, position)).await?;
    key_task::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() }.update(&txn).await?;
    finish(txn, ctx, editing).await
}

/// Removes a key task from a draft; indicators linked to it stay.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`.
pub async fn remove_key_task(db: &Db, ctx: &Ctx, id: KeyTaskId, revision: i32) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "id"), revision).await?;
    let tasks = &editing.held.declaration.key_tasks;
    let from = end_of(tasks.iter().take_while(|task| task.id != id).count()) + 1;
    indicator_task::Entity::delete_many().filter(indicator_task::Column::KeyTaskId.eq(id)).exec(&txn).await?;
    key_task::Entity::delete_by_id(id).exec(&txn).await?;
    shift::<key_task::Entity>(&txn, COLUMNS, editing.id, (from + 1, end_of(tasks.len())), -1).await?;
    finish(txn, ctx, editing).await
}
