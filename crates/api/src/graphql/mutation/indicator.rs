//! Editing the indicators of a draft, and confirming how their targets are read.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use jixiao_service::declaration::{self, Confirmation, IndicatorPatch, Whole};
use jixiao_service::error::ServiceError;
use jixiao_service::id::{DeclarationId, IndicatorId, KeyTaskId};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{Accumulation, Comparator, Direction, TargetKind, TargetWhich};
use crate::graphql::mutation::actual_value::{patch, points};
use crate::graphql::mutation::declaration::{DeclarationPayload, payload};
use crate::graphql::scalar::{Date, Decimal};
use crate::graphql::types::declaration::Declaration;
use crate::graphql::types::indicator::Indicator;

/// 指标变更的结果。 — What became of an act on an indicator.
#[derive(Clone, Debug, SimpleObject)]
pub struct IndicatorPayload {
    /// 变更后的指标；出错时为空。 — The indicator after it; null on errors.
    pub indicator: Option<Indicator>,
    /// 变更后的申报；出错时为空。 — The declaration after it; null on errors.
    pub declaration: Option<Declaration>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 对识别结果的确认或更正；未给出的保留原识别，原文不变。 — How a person reads a target; what is absent keeps the reading, the text stays.
#[derive(Clone, Debug, InputObject)]
pub struct TargetConfirmInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 哪一个指标值。 — Which of its targets.
    pub which: TargetWhich,
    /// 类型。 — Kind of demand.
    pub kind: Option<TargetKind>,
    /// 计算符号。 — Comparator.
    pub comparator: MaybeUndefined<Comparator>,
    /// 数值，按原文单位。 — Number, in the printed unit.
    pub value: MaybeUndefined<Decimal>,
    /// 区间上限。 — Upper bound of a range.
    pub value_high: MaybeUndefined<Decimal>,
    /// 计量单位。 — Unit.
    pub unit: MaybeUndefined<String>,
    /// 方向。 — Which way is better.
    pub direction: Option<Direction>,
    /// 最后期限。 — Last day allowed.
    pub deadline: MaybeUndefined<Date>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

/// 草稿的新指标。 — A new indicator of a draft.
#[derive(Clone, Debug, InputObject)]
pub struct IndicatorAddInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 一级指标：原文或枚举名。 — Level 1 as printed, or the enum's name.
    pub level1_label: String,
    /// 二级指标：原文或枚举名。 — Level 2 as printed, or the enum's name.
    pub level2_label: Option<String>,
    /// 三级指标名称。 — Level-3 name.
    pub name: String,
    /// 分值，两位小数；空则按方案推算。 — Weight, two decimals; null derives it under the scheme.
    pub weight: MaybeUndefined<Decimal>,
    /// 年度指标值，原文。 — Annual target, verbatim.
    pub annual_target: Option<String>,
    /// 实施周期指标值，原文。 — Cycle target, verbatim.
    pub cycle_target: Option<String>,
    /// 累计方式。 — How its values add up over the year.
    pub accumulation: Option<Accumulation>,
    /// 衡量的重点任务。 — The key tasks it measures.
    pub key_task_ids: Option<Vec<ID>>,
    /// 综合性指标，不对应单项任务。 — Serves the work in general, no single key task.
    #[graphql(default = false)]
    pub general: bool,
    /// 位置，自1起；空则在最后。 — Position, from 1; null puts it last.
    pub position: Option<i32>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

/// 草稿中一个指标的变更；未给出的不变，空值清除。 — Changes of an indicator of a draft; what is absent stays, null empties.
#[derive(Clone, Debug, InputObject)]
pub struct IndicatorUpdateInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 一级指标：原文或枚举名。 — Level 1 as printed, or the enum's name.
    pub level1_label: Option<String>,
    /// 二级指标：原文或枚举名。 — Level 2 as printed, or the enum's name.
    pub level2_label: MaybeUndefined<String>,
    /// 三级指标名称。 — Level-3 name.
    pub name: Option<String>,
    /// 分值，两位小数；清除后按方案推算。 — Weight, two decimals; emptied, it is derived under the scheme.
    pub weight: MaybeUndefined<Decimal>,
    /// 年度指标值，原文。 — Annual target, verbatim.
    pub annual_target: MaybeUndefined<String>,
    /// 实施周期指标值，原文。 — Cycle target, verbatim.
    pub cycle_target: MaybeUndefined<String>,
    /// 累计方式。 — How its values add up over the year.
    pub accumulation: MaybeUndefined<Accumulation>,
    /// 衡量的重点任务，全部列出。 — The key tasks it measures, all of them.
    pub key_task_ids: Option<Vec<ID>>,
    /// 综合性指标，不对应单项任务。 — Serves the work in general, no single key task.
    pub general: Option<bool>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

fn indicator_payload(
    ctx: &Context<'_>,
    done: Result<(Whole, IndicatorId), ServiceError>,
) -> Result<Option<IndicatorPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok((whole, id)) => {
            let whole = Arc::new(whole);
            let indicator = Indicator::find(&whole, id);
            IndicatorPayload { indicator, declaration: Some(Declaration::from_whole(whole)), user_errors: Vec::new() }
        }
        Err(user_errors) => IndicatorPayload { indicator: None, declaration: None, user_errors },
    }))
}

fn key_tasks(ids: Option<Vec<ID>>) -> Result<Option<Vec<KeyTaskId>>> {
    ids.map(|ids| ids.iter().map(|id| Ok(KeyTaskId(decode(NodeKind::KeyTask, id)?))).collect()).transpose()
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct IndicatorMutation;

#[Object]
impl IndicatorMutation {
    /// 在草稿中新增指标；指标值随即识别。 — Adds an indicator to a draft; its targets are read at once.
    async fn indicator_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指标。 — The indicator.")] input: IndicatorAddInput,
    ) -> Result<Option<IndicatorPayload>> {
        let declaration = DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?);
        let key_tasks = key_tasks(input.key_task_ids)?;
        let weight = match points(input.weight, "weight") {
            Ok(weight) => weight,
            Err(violation) => return indicator_payload(ctx, Err(violation.into())),
        };
        let new = IndicatorPatch {
            expected_revision: input.expected_revision,
            level1_label: Some(input.level1_label),
            level2_label: input.level2_label.map(Some),
            name: Some(input.name),
            weight,
            annual_target: input.annual_target.map(Some),
            cycle_target: input.cycle_target.map(Some),
            accumulation: input.accumulation.map(|word| Some(word.into())),
            key_tasks,
            general: Some(input.general),
        };
        let done = declaration::add_indicator(ctx.db()?, ctx.op()?, declaration, &new, input.position).await;
        indicator_payload(ctx, done)
    }

    /// 变更草稿中的一个指标；指标值重新识别。 — Changes an indicator of a draft; its targets are read anew.
    async fn indicator_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "变更。 — The changes.")] input: IndicatorUpdateInput,
    ) -> Result<Option<IndicatorPayload>> {
        let id = IndicatorId(decode(NodeKind::Indicator, &input.indicator_id)?);
        let key_tasks = key_tasks(input.key_task_ids)?;
        let weight = match points(input.weight, "weight") {
            Ok(weight) => weight,
            Err(violation) => return indicator_payload(ctx, Err(violation.into())),
        };
        let patch = IndicatorPatch {
            expected_revision: input.expected_revision,
            level1_label: input.level1_label,
            level2_label: patch(input.level2_label),
            name: input.name,
            weight,
            annual_target: patch(input.annual_target),
            cycle_target: patch(input.cycle_target),
            accumulation: patch(input.accumulation).map(|given| given.map(Into::into)),
            key_tasks,
            general: input.general,
        };
        let done = declaration::update_indicator(ctx.db()?, ctx.op()?, id, &patch).await;
        indicator_payload(ctx, done.map(|whole| (whole, id)))
    }

    /// 移动指标到指定位置。 — Moves an indicator to another position in the list of all of them.
    async fn indicator_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指标。 — The indicator.")] id: ID,
        #[graphql(desc = "已看到的申报修订号。 — Revision of the declaration the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "新位置，自1起。 — New position, from 1.")] position: i32,
    ) -> Result<Option<IndicatorPayload>> {
        let id = IndicatorId(decode(NodeKind::Indicator, &id)?);
        let done = declaration::move_indicator(ctx.db()?, ctx.op()?, id, expected_revision, position).await;
        indicator_payload(ctx, done.map(|whole| (whole, id)))
    }

    /// 从草稿中删除指标。 — Removes an indicator from a draft.
    async fn indicator_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指标。 — The indicator.")] id: ID,
        #[graphql(desc = "已看到的申报修订号。 — Revision of the declaration the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<DeclarationPayload>> {
        let id = IndicatorId(decode(NodeKind::Indicator, &id)?);
        payload(ctx, declaration::remove_indicator(ctx.db()?, ctx.op()?, id, expected_revision).await)
    }

    /// 确认指标值的识别结果，可更正；原文不变。 — Confirms how a target is read, corrected where said; the text stays.
    async fn target_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "确认内容。 — How it is read.")] input: TargetConfirmInput,
    ) -> Result<Option<IndicatorPayload>> {
        let id = IndicatorId(decode(NodeKind::Indicator, &input.indicator_id)?);
        let said = Confirmation {
            which: input.which.into(),
            kind: input.kind.map(Into::into),
            comparator: patch(input.comparator).map(|given| given.map(Into::into)),
            value: patch(input.value).map(|given| given.map(|number| number.0)),
            value_high: patch(input.value_high).map(|given| given.map(|number| number.0)),
            unit: patch(input.unit),
            direction: input.direction.map(Into::into),
            deadline: patch(input.deadline).map(|given| given.map(|day| day.0)),
            expected_revision: input.expected_revision,
        };
        let done = declaration::confirm_target(ctx.db()?, ctx.op()?, id, &said).await;
        indicator_payload(ctx, done.map(|whole| (whole, id)))
    }
}
