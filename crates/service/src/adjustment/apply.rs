//! What an adjustment makes of its declaration.

use jixiao_entity::stored::Word;
use jixiao_entity::{budget_line, indicator, key_task, target};
use jixiao_rules::kind::{TargetWhich, WeightOrigin};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::model::Adjustment;
use crate::declaration::{Declaration, target_row};
use crate::error::Result;

/// The declaration as it would be; computed numbers as they were.
pub(super) fn applied(declaration: &Declaration, adjustment: &Adjustment) -> Declaration {
    let mut after = declaration.clone();
    for item in &adjustment.items {
        if let Some(line) = item.line {
            match item.after {
                Some(amount) => after.budget.insert(line, amount),
                None => after.budget.remove(&line),
            };
        }
        if let Some(task) = after.key_tasks.iter_mut().find(|task| item.key_task == Some(task.id)) {
            task.planned_funding = item.after;
        }
    }
    for change in &adjustment.targets {
        let found = after.indicators.iter_mut().find(|indicator| indicator.id == change.indicator_id);
        let Some(indicator) = found else { continue };
        if indicator.annual_target != change.after {
            // The opening value is kept once and for all.
            if indicator.original_target.is_none() {
                indicator.original_target.clone_from(&indicator.annual_target);
            }
            indicator.annual_target.clone_from(&change.after);
        }
        if let Some(weight) = change.weight_after {
            indicator.weight = Some(weight);
        }
    }
    if adjustment.targets.iter().any(|change| change.weight_after.is_some()) {
        // From here on the approval states every weight, so that they are checked together.
        for indicator in &mut after.indicators {
            indicator.weight_origin = indicator.weight.map(|_| WeightOrigin::Stated);
            indicator.weight_scheme = None;
        }
    }
    after
}

/// Writes what differs into the declaration's tables.
pub(super) async fn write(txn: &DatabaseTransaction, before: &Declaration, after: &Declaration) -> Result<()> {
    let id = before.id;
    for line in before.budget.keys().chain(after.budget.keys()) {
        let (old, new) = (before.budget.get(line), after.budget.get(line));
        if old == new {
            continue;
        }
        budget_line::Entity::delete_many()
            .filter(budget_line::Column::DeclarationId.eq(id))
            .filter(budget_line::Column::Line.eq(Word(*line)))
            .exec(txn)
            .await?;
        if let Some(amount) = new {
            let row =
                budget_line::ActiveModel { declaration_id: Set(id), line: Set(Word(*line)), amount: Set(amount.0) };
            budget_line::Entity::insert(row).exec_without_returning(txn).await?;
        }
    }
    for (old, new) in before.key_tasks.iter().zip(&after.key_tasks) {
        if old != new {
            let planned_funding = Set(new.planned_funding.map(|amount| amount.0));
            let row = key_task::ActiveModel { id: Unchanged(new.id), planned_funding, ..Default::default() };
            row.update(txn).await?;
        }
    }
    for (old, new) in before.indicators.iter().zip(&after.indicators) {
        if old == new {
            continue;
        }
        let original = new.original_target.as_ref().map(serde_json::to_string).transpose()?;
        let row = indicator::ActiveModel {
            id: Unchanged(new.id),
            weight: Set(new.weight.map(|points| points.0)),
            weight_origin: Set(new.weight_origin.map(Word)),
            weight_scheme_id: Set(new.weight_scheme),
            original_target: Set(original),
            ..Default::default()
        };
        row.update(txn).await?;
        if old.annual_target == new.annual_target {
            continue;
        }
        target::Entity::delete_many()
            .filter(target::Column::IndicatorId.eq(new.id))
            .filter(target::Column::Which.eq(Word(TargetWhich::Annual)))
            .exec(txn)
            .await?;
        if let Some(state) = &new.annual_target {
            let mut row = target_row(new.id, TargetWhich::Annual, &state.reading)?;
            row.confirmed_by = Set(state.confirmed_by);
            row.confirmed_at = Set(state.confirmed_at);
            row.insert(txn).await?;
        }
    }
    Ok(())
}
