//! Indicators of a draft.

use jixiao_entity::id::{DeclarationId, IndicatorId, KeyTaskId};
use jixiao_entity::stored::Word;
use jixiao_entity::{achievement, indicator, indicator_body, indicator_task, indicator_text, target};
use jixiao_rules::cycle::Act;
use jixiao_rules::kind::{Accumulation, TargetWhich, WeightOrigin};
use jixiao_rules::level::{level1_of, level2_of};
use jixiao_rules::target::read_target;
use jixiao_rules::value::Points;
use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::{Editing, MAX_INDICATORS, begin, end_of, finish, insert_links, linked, make_way, place, shift, within};
use crate::actual_value::Patch;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::import::target_row;
use crate::declaration::{Whole, context, locate_in};
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::text::Checked;

const COLUMNS: (indicator::Column, indicator::Column) = (indicator::Column::DeclarationId, indicator::Column::Position);
/// Most points of a weight.
const MAX_WEIGHT: Points = Points(10_000);

/// What to change of an indicator, or what a new one is. The outer `None` leaves a field as it is; the inner `None`
/// empties it.
#[derive(Clone, Debug, Default)]
pub struct IndicatorPatch {
    /// Revision of the declaration the caller has seen.
    pub expected_revision: i32,
    /// 一级指标 as printed, or the enum's name; needed for a new one.
    pub level1_label: Option<String>,
    /// 二级指标 as printed, or the enum's name.
    pub level2_label: Patch<String>,
    /// 三级指标; needed for a new one.
    pub name: Option<String>,
    /// Stated weight; emptied, it is derived again.
    pub weight: Patch<Points>,
    /// 年度指标值, verbatim; read anew.
    pub annual_target: Patch<String>,
    /// 实施周期指标值, verbatim; read anew.
    pub cycle_target: Patch<String>,
    /// How its values add up over the year.
    pub accumulation: Patch<Accumulation>,
    /// The key tasks it measures, all of them.
    pub key_tasks: Option<Vec<KeyTaskId>>,
    /// Serves the work in general, no single key task.
    pub general: Option<bool>,
}

/// What stands around the targets of an indicator.
struct Around {
    level1: String,
    level2: Option<String>,
    name: String,
}

/// The patch checked: its row, what will stand around the targets, and the targets' texts.
struct Checkout {
    row: indicator::ActiveModel,
    around: Around,
    annual: Patch<String>,
    cycle: Patch<String>,
}

fn check(patch: &IndicatorPatch, old: Around, mut checked: Checked) -> Result<Checkout> {
    let (mut row, mut around) = (indicator::ActiveModel { ..Default::default() }, old);
    if let Some(label) = &patch.level1_label {
        around.level1 = checked.text(label, 100, "level1Label");
        row.level1 = Set(level1_of(&around.level1).map(Word));
        row.level1_label = Set(around.level1.clone());
    }
    if let Some(label) = checked.patch(&patch.level2_label, 100, "level2Label") {
        row.level2 = Set(label.as_deref().and_then(level2_of).map(Word));
        row.level2_label = Set(label.clone());
        around.level2 = label;
    }
    if let Some(name) = &patch.name {
        around.name = checked.text(name, 500, "name");
        row.name = Set(around.name.clone());
    }
    if let Some(weight) = patch.weight {
        if weight.is_some_and(|weight| weight.0 < 0 || weight > MAX_WEIGHT) {
            checked.fail(
                UserErrorCode::InvalidValue,
                "weight",
                "分值应在0至100之间",
                "a weight lies between 0 and 100",
            );
        }
        row.weight = Set(weight.map(|points| points.0));
        row.weight_origin = Set(weight.map(|_| Word(WeightOrigin::Stated)));
    }
    if let Some(accumulation) = patch.accumulation {
        row.accumulation = Set(accumulation.map(Word));
    }
    let annual = checked.patch(&patch.annual_target, 2_000, "annualTarget");
    let cycle = checked.patch(&patch.cycle_target, 2_000, "cycleTarget");
    if patch.general == Some(true) && patch.key_tasks.as_ref().is_some_and(|tasks| !tasks.is_empty()) {
        let (zh, en) = ("综合性指标不关联单项任务", "a general indicator is linked to no single task");
        checked.fail(UserErrorCode::InvalidValue, "general", zh, en);
    }
    match (patch.general, &patch.key_tasks) {
        (Some(general), _) => row.general = Set(general),
        (None, Some(tasks)) if !tasks.is_empty() => row.general = Set(false),
        _ => {}
    }
    checked.done()?;
    Ok(Checkout { row, around, annual, cycle })
}

/// Adds an indicator to a draft, at `position` from 1 or at the end.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`, `TOO_LONG`, `LIMIT_EXCEEDED`.
pub async fn add_indicator(
    db: &Db,
    ctx: &Ctx,
    declaration: DeclarationId,
    new: &IndicatorPatch,
    position: Option<i32>,
) -> Result<(Whole, IndicatorId)> {
    let txn = db.begin_write().await?;
    let held = (declaration, "declarationId");
    let editing = begin(&txn, ctx, Act::DeclarationEdit, held, new.expected_revision).await?;
    let mut checked = Checked::default();
    for (missing, field) in [(new.level1_label.is_none(), "level1Label"), (new.name.is_none(), "name")] {
        if missing {
            checked.fail(UserErrorCode::Required, field, "必填", "needed");
        }
    }
    let nothing = Around { level1: String::new(), level2: None, name: String::new() };
    let Checkout { row, around, annual, cycle } = check(new, nothing, checked)?;
    let count = editing.held.declaration.indicators.len();
    let position = place(position, count, MAX_INDICATORS, "declarationId")?;
    shift::<indicator::Entity>(&txn, COLUMNS, declaration, (position, end_of(count)), 1).await?;
    let general = Set(new.general.unwrap_or(false));
    let id = NotSet;
    let row = indicator::ActiveModel { id, declaration_id: Set(declaration), position: Set(position), general, ..row };
    let id = row.insert(&txn).await?.id;
    let year = editing.held.declaration.fiscal_year;
    for (which, text) in [(TargetWhich::Annual, annual), (TargetWhich::Cycle, cycle)] {
        if let Some(text) = text.flatten() {
            write_target(&txn, id, which, &text, &around, year).await?;
        }
    }
    link(&txn, &editing, id, new).await?;
    Ok((finish(txn, ctx, editing).await?, id))
}

/// Begins an edit of one; `field` is where the request named it.
async fn edit(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    (id, field): (IndicatorId, &str),
    revision: i32,
) -> Result<Editing> {
    let declaration = locate_in(txn, id).await?.ok_or_else(|| ServiceError::not_found(field))?;
    begin(txn, ctx, Act::DeclarationEdit, (declaration, field), revision).await
}

/// Changes an indicator of a draft.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`, `TOO_LONG`.
pub async fn update_indicator(db: &Db, ctx: &Ctx, id: IndicatorId, patch: &IndicatorPatch) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "indicatorId"), patch.expected_revision).await?;
    let old = editing.indicator(id)?;
    let around =
        || Around { level1: old.level1_label.clone(), level2: old.level2_label.clone(), name: old.name.clone() };
    let Checkout { row, around: now, annual, cycle } = check(patch, around(), Checked::default())?;
    if row.is_changed() {
        indicator::ActiveModel { id: Unchanged(id), ..row }.update(&txn).await?;
    }
    let year = editing.held.declaration.fiscal_year;
    for (which, text) in [(TargetWhich::Annual, annual), (TargetWhich::Cycle, cycle)] {
        let kept = old.target(which).map(|target| target.reading.text.as_str());
        let text = match &text {
            Some(text) => text.as_deref(),
            // A new name or level can change how the same text is read; a reading that stays keeps its confirmation.
            None if kept.is_some_and(|text| reads(text, &around(), year) != reads(text, &now, year)) => kept,
            None => continue,
        };
        target::Entity::delete_many()
            .filter(target::Column::IndicatorId.eq(id))
            .filter(target::Column::Which.eq(Word(which)))
            .exec(&txn)
            .await?;
        if let Some(text) = text {
            write_target(&txn, id, which, text, &now, year).await?;
        }
    }
    link(&txn, &editing, id, patch).await?;
    finish(txn, ctx, editing).await
}

fn reads(text: &str, around: &Around, year: i32) -> jixiao_rules::target::Target {
    read_target(text, &context(&around.level1, around.level2.as_deref(), &around.name, year))
}

async fn write_target(
    txn: &DatabaseTransaction,
    id: IndicatorId,
    which: TargetWhich,
    text: &str,
    around: &Around,
    year: i32,
) -> Result<()> {
    target_row(id, which, &reads(text, around, year))?.insert(txn).await?;
    Ok(())
}

/// The links of an indicator to its tasks; a general indicator has none.
async fn link(txn: &DatabaseTransaction, editing: &Editing, id: IndicatorId, patch: &IndicatorPatch) -> Result<()> {
    let tasks = match (&patch.key_tasks, patch.general) {
        (Some(tasks), _) => tasks.as_slice(),
        (None, Some(true)) => &[],
        (None, _) => return Ok(()),
    };
    linked(tasks, "keyTaskIds", |task| editing.held.declaration.key_task(*task).is_some())?;
    indicator_task::Entity::delete_many().filter(indicator_task::Column::IndicatorId.eq(id)).exec(txn).await?;
    insert_links(txn, tasks.iter().map(|task| (id, *task))).await
}

/// Moves an indicator to another position, from 1, in the list of all of them.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `INVALID_VALUE`.
pub async fn move_indicator(db: &Db, ctx: &Ctx, id: IndicatorId, revision: i32, position: i32) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "id"), revision).await?;
    let indicators = &editing.held.declaration.indicators;
    within(position, end_of(indicators.len()))?;
    let from = end_of(indicators.iter().take_while(|indicator| indicator.id != id).count()) + 1;
    make_way::<indicator::Entity>(&txn, COLUMNS, editing.id, (from, position)).await?;
    indicator::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() }.update(&txn).await?;
    finish(txn, ctx, editing).await
}

/// Removes an indicator from a draft.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`.
pub async fn remove_indicator(db: &Db, ctx: &Ctx, id: IndicatorId, revision: i32) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = edit(&txn, ctx, (id, "id"), revision).await?;
    let indicators = &editing.held.declaration.indicators;
    let from = end_of(indicators.iter().take_while(|indicator| indicator.id != id).count()) + 1;
    indicator_task::Entity::delete_many().filter(indicator_task::Column::IndicatorId.eq(id)).exec(&txn).await?;
    target::Entity::delete_many().filter(target::Column::IndicatorId.eq(id)).exec(&txn).await?;
    achievement::Entity::delete_many().filter(achievement::Column::IndicatorId.eq(id)).exec(&txn).await?;
    indicator_text::Entity::delete_by_id(id).exec(&txn).await?;
    indicator_body::Entity::delete_by_id(id).exec(&txn).await?;
    indicator::Entity::delete_by_id(id).exec(&txn).await?;
    shift::<indicator::Entity>(&txn, COLUMNS, editing.id, (from + 1, end_of(indicators.len())), -1).await?;
    finish(txn, ctx, editing).await
}
