//! Carrying a closed declaration over into the next year's draft (rules 2.3).

use jixiao_entity::id::DeclarationId;
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, indicator, indicator_task, key_task};
use jixiao_rules::cycle::{self, Act};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::import::{check_year, insert, next_round};
use super::model::{Declaration, Indicator};
use super::review::wrong_state;
use super::{Change, Revision, Whole, check_revision, hold, settle};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::{policy, scheme_assignment};

/// Makes next year's draft of a closed declaration: its content and targets, the texts read anew for the new year, stated
/// weights as they are; nothing of the results, and no indicator that an adjustment dropped.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT` (there is one already, or the revision is stale), `WRONG_STATE`.
pub async fn carry_over(db: &Db, ctx: &Ctx, id: DeclarationId, expected: i32) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, id, "id").await?;
    let old = held.declaration;
    let act = Act::DeclarationCarryOver;
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = format!("Declaration:{}", id.0);
    let revision = Revision { node: &node, expected, actual: old.revision, field: "expectedRevision" };
    check_revision(&txn, revision).await?;
    cycle::next(cycle::DECLARATION, &roles, act, old.status).ok_or_else(|| wrong_state(old.status, act, "id"))?;
    let year = old.fiscal_year + 1;
    check_year(year)?;
    let round = next_round(&txn, old.department_id, year, "id").await?;
    let scheme = scheme_assignment::of(&txn, held.department.jurisdiction_id, year).await?;
    let kept = kept(old);
    let new = insert(&txn, ctx, (kept.department_id, year, round, scheme.id), &kept.form()).await?;
    let from = declaration::ActiveModel { id: Unchanged(new), carried_from: Set(Some(id)), ..Default::default() };
    from.update(&txn).await?;
    beside_the_form(&txn, &kept, new).await?;
    let node = format!("Declaration:{}", new.0);
    let change = Change { act, role: roles.first().copied(), node, reason: None, before: None };
    let declaration = settle(&txn, ctx, new, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration, department: held.department })
}

fn kept(mut old: Declaration) -> Declaration {
    old.indicators.retain(|indicator| !indicator.dropped());
    old
}

/// What the form does not carry: where each indicator comes from, links, general indicators, how values add up. Rows go by
/// their order.
async fn beside_the_form(txn: &DatabaseTransaction, old: &Declaration, new: DeclarationId) -> Result<()> {
    let tasks: Vec<_> = key_task::Entity::find()
        .select_only()
        .column(key_task::Column::Id)
        .filter(key_task::Column::DeclarationId.eq(new))
        .order_by_asc(key_task::Column::Position)
        .into_tuple()
        .all(txn)
        .await?;
    let indicators: Vec<_> = indicator::Entity::find()
        .select_only()
        .column(indicator::Column::Id)
        .filter(indicator::Column::DeclarationId.eq(new))
        .order_by_asc(indicator::Column::Position)
        .into_tuple()
        .all(txn)
        .await?;
    let task_of = |id| old.key_tasks.iter().zip(&tasks).find(|(task, _)| task.id == id).map(|(_, new)| *new);
    let mut links = Vec::new();
    for (from, id) in old.indicators.iter().zip(indicators) {
        let Indicator { accumulation, general, key_tasks, .. } = from;
        let row = indicator::ActiveModel {
            id: Unchanged(id),
            accumulation: Set(accumulation.map(Word)),
            general: Set(*general),
            carried_from: Set(Some(from.id)),
            ..Default::default()
        };
        row.update(txn).await?;
        links.extend(
            key_tasks
                .iter()
                .copied()
                .filter_map(task_of)
                .map(|task| indicator_task::ActiveModel { indicator_id: Set(id), key_task_id: Set(task) }),
        );
    }
    if !links.is_empty() {
        indicator_task::Entity::insert_many(links).exec_without_returning(txn).await?;
    }
    Ok(())
}
