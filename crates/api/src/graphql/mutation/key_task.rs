//! Editing the key tasks of a draft.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use jixiao_service::declaration::{self, KeyTaskPatch, Whole};
use jixiao_service::error::ServiceError;
use jixiao_service::id::{DeclarationId, IndicatorId, KeyTaskId};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::mutation::actual_value::{money, patch};
use crate::graphql::mutation::declaration::{DeclarationPayload, payload};
use crate::graphql::scalar::{Decimal, MoneyUnit};
use crate::graphql::types::declaration::{Declaration, KeyTask};

/// 任务变更的结果。 — What became of an act on a key task.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyTaskPayload {
    /// 变更后的任务；出错时为空。 — The task after it; null on errors.
    pub key_task: Option<KeyTask>,
    /// 变更后的申报；出错时为空。 — The declaration after it; null on errors.
    pub declaration: Option<Declaration>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 草稿的新任务。 — A new key task of a draft.
#[derive(Clone, Debug, InputObject)]
pub struct KeyTaskAddInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 名称。 — Name.
    pub name: String,
    /// 主要实施内容。 — What is done.
    pub description: Option<String>,
    /// 拟投入的资金。 — Planned funding.
    pub planned_funding: MaybeUndefined<Decimal>,
    /// 期望达到的目标。 — Expected result.
    pub expected_result: Option<String>,
    /// 衡量此任务的指标。 — The indicators that measure it.
    pub indicator_ids: Option<Vec<ID>>,
    /// 金额单位。 — Unit of the amount.
    #[graphql(default)]
    pub unit: MoneyUnit,
    /// 位置，自1起；空则在最后。 — Position, from 1; null puts it last.
    pub position: Option<i32>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

/// 草稿中一项任务的变更；未给出的不变，空值清除。 — Changes of a key task of a draft; what is absent stays, null empties.
#[derive(Clone, Debug, InputObject)]
pub struct KeyTaskUpdateInput {
    /// 任务。 — The task.
    pub key_task_id: ID,
    /// 名称。 — Name.
    pub name: Option<String>,
    /// 主要实施内容。 — What is done.
    pub description: MaybeUndefined<String>,
    /// 拟投入的资金。 — Planned funding.
    pub planned_funding: MaybeUndefined<Decimal>,
    /// 期望达到的目标。 — Expected result.
    pub expected_result: MaybeUndefined<String>,
    /// 衡量此任务的指标，全部列出。 — The indicators that measure it, all of them.
    pub indicator_ids: Option<Vec<ID>>,
    /// 金额单位。 — Unit of the amount.
    #[graphql(default)]
    pub unit: MoneyUnit,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

fn key_task_payload(
    ctx: &Context<'_>,
    done: Result<(Whole, KeyTaskId), ServiceError>,
) -> Result<Option<KeyTaskPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok((whole, id)) => {
            let whole = Arc::new(whole);
            let key_task = KeyTask::find(&whole, id);
            KeyTaskPayload { key_task, declaration: Some(Declaration::from_whole(whole)), user_errors: Vec::new() }
        }
        Err(user_errors) => KeyTaskPayload { key_task: None, declaration: None, user_errors },
    }))
}

fn indicators(ids: Option<Vec<ID>>) -> Result<Option<Vec<IndicatorId>>> {
    ids.map(|ids| ids.iter().map(|id| Ok(IndicatorId(decode(NodeKind::Indicator, id)?))).collect()).transpose()
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct KeyTaskMutation;

#[Object]
impl KeyTaskMutation {
    /// 在草稿中新增任务。 — Adds a key task to a draft.
    async fn key_task_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。 — The task.")] input: KeyTaskAddInput,
    ) -> Result<Option<KeyTaskPayload>> {
        let declaration = DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?);
        let indicators = indicators(input.indicator_ids)?;
        let planned_funding = match money(input.planned_funding, input.unit, "plannedFunding") {
            Ok(amount) => amount,
            Err(violation) => return key_task_payload(ctx, Err(violation.into())),
        };
        let new = KeyTaskPatch {
            expected_revision: input.expected_revision,
            name: Some(input.name),
            description: input.description.map(Some),
            planned_funding,
            expected_result: input.expected_result.map(Some),
            indicators,
        };
        let done = declaration::add_key_task(ctx.db()?, ctx.op()?, declaration, &new, input.position).await;
        key_task_payload(ctx, done)
    }

    /// 变更草稿中的一项任务。 — Changes a key task of a draft.
    async fn key_task_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "变更。 — The changes.")] input: KeyTaskUpdateInput,
    ) -> Result<Option<KeyTaskPayload>> {
        let id = KeyTaskId(decode(NodeKind::KeyTask, &input.key_task_id)?);
        let indicators = indicators(input.indicator_ids)?;
        let planned_funding = match money(input.planned_funding, input.unit, "plannedFunding") {
            Ok(amount) => amount,
            Err(violation) => return key_task_payload(ctx, Err(violation.into())),
        };
        let patch = KeyTaskPatch {
            expected_revision: input.expected_revision,
            name: input.name,
            description: patch(input.description),
            planned_funding,
            expected_result: patch(input.expected_result),
            indicators,
        };
        let done = declaration::update_key_task(ctx.db()?, ctx.op()?, id, &patch).await;
        key_task_payload(ctx, done.map(|whole| (whole, id)))
    }

    /// 移动任务到指定位置。 — Moves a key task to another position.
    async fn key_task_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。 — The task.")] id: ID,
        #[graphql(desc = "已看到的申报修订号。 — Revision of the declaration the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "新位置，自1起。 — New position, from 1.")] position: i32,
    ) -> Result<Option<KeyTaskPayload>> {
        let id = KeyTaskId(decode(NodeKind::KeyTask, &id)?);
        let done = declaration::move_key_task(ctx.db()?, ctx.op()?, id, expected_revision, position).await;
        key_task_payload(ctx, done.map(|whole| (whole, id)))
    }

    /// 从草稿中删除任务；与其关联的指标保留。 — Removes a key task from a draft; the indicators linked to it stay.
    async fn key_task_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。 — The task.")] id: ID,
        #[graphql(desc = "已看到的申报修订号。 — Revision of the declaration the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<DeclarationPayload>> {
        let id = KeyTaskId(decode(NodeKind::KeyTask, &id)?);
        payload(ctx, declaration::remove_key_task(ctx.db()?, ctx.op()?, id, expected_revision).await)
    }
}
