//! Adjustments: opening, editing, and their way.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use jixiao_rules::cycle::Act;
use jixiao_rules::kind::TargetWhich;
use jixiao_service::adjustment::{self, AdjustmentPatch, NewAmount, NewTarget, Step};
use jixiao_service::declaration::{Confirmation, Whole};
use jixiao_service::error::{ServiceError, Violation};
use jixiao_service::id::{AdjustmentId, DeclarationId, IndicatorId, KeyTaskId};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{AdjustmentKind, BudgetLine, Comparator, Direction, TargetKind};
use crate::graphql::mutation::actual_value::{money, patch, points};
use crate::graphql::scalar::{Date, Decimal, MoneyUnit};
use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::declaration::Declaration;

/// 调整变更的结果。 — What became of an act on an adjustment.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdjustmentPayload {
    /// 变更后的调整；出错时为空。 — The adjustment after it; null on errors.
    pub adjustment: Option<Adjustment>,
    /// 变更后的申报；出错时为空。 — The declaration after it; null on errors.
    pub declaration: Option<Declaration>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 一项金额的调整；预算项目与重点任务给出其一。调整前的金额由系统取自申报。 — An amount after: of a budget line or of a key task, one of both. What it was before is taken from the declaration.
#[derive(Clone, Debug, InputObject)]
pub struct AdjustmentItemInput {
    /// 预算项目。 — The budget line.
    pub budget_line: Option<BudgetLine>,
    /// 重点任务。 — The key task.
    pub key_task_id: Option<ID>,
    /// 调整后金额；空值使其空白。 — Amount after; null makes it blank.
    pub after: Option<Decimal>,
    /// 金额单位。 — Unit of the amount.
    #[graphql(default)]
    pub unit: MoneyUnit,
}

/// 对调整后指标值识别结果的确认或更正；未给出的保留原识别。 — How a person reads the adjusted target; what is absent keeps the reading.
#[derive(Clone, Debug, InputObject)]
pub struct TargetReadingInput {
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
}

/// 一个指标的调整；调整前的值由系统取自申报。 — The annual target of an indicator after; what it was before is taken from the declaration.
#[derive(Clone, Debug, InputObject)]
pub struct AdjustmentTargetInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 调整后的年度指标值，原文；未给出则不变，空值取消该指标。 — Annual target after, verbatim; absent it stays, null drops the indicator.
    pub annual_target: MaybeUndefined<String>,
    /// 确认识别结果；空则不确认。 — Confirms how it is read; null does not.
    pub reading: Option<TargetReadingInput>,
    /// 调整后的分值，两位小数；空则不变。 — Weight after, two decimals; null leaves it.
    pub weight: Option<Decimal>,
}

/// 对已批复申报提出的调整。 — An adjustment to be opened.
#[derive(Clone, Debug, InputObject)]
pub struct AdjustmentOpenInput {
    /// 已批复的申报。 — The approved declaration.
    pub declaration_id: ID,
    /// 调整类别。 — Kind.
    pub kind: AdjustmentKind,
    /// 调整理由。 — Why.
    pub reason: Option<String>,
    /// 调整依据。 — Legal basis.
    pub legal_basis: Option<String>,
    /// 资金来源。 — Source of funds.
    pub fund_source: Option<String>,
    /// 调整事项。 — Items.
    pub items: Option<Vec<AdjustmentItemInput>>,
    /// 绩效指标值。 — Targets.
    pub targets: Option<Vec<AdjustmentTargetInput>>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

/// 调整草稿的变更；未给出的不变，空值清除，列表整体替换。 — Changes of an adjustment: what is absent stays, null empties, lists are replaced whole.
#[derive(Clone, Debug, InputObject)]
pub struct AdjustmentUpdateInput {
    /// 调整。 — The adjustment.
    pub adjustment_id: ID,
    /// 调整类别。 — Kind.
    pub kind: Option<AdjustmentKind>,
    /// 调整理由。 — Why.
    pub reason: MaybeUndefined<String>,
    /// 调整依据。 — Legal basis.
    pub legal_basis: MaybeUndefined<String>,
    /// 资金来源。 — Source of funds.
    pub fund_source: MaybeUndefined<String>,
    /// 调整事项，全部列出。 — Items, all of them.
    pub items: Option<Vec<AdjustmentItemInput>>,
    /// 绩效指标值，全部列出。 — Targets, all of them.
    pub targets: Option<Vec<AdjustmentTargetInput>>,
    /// 已看到的调整修订号。 — Revision of the adjustment the caller has seen.
    pub expected_revision: i32,
}

/// What the lists of an input say, and what is wrong with their numbers.
#[derive(Default)]
struct Lists {
    items: Option<Vec<NewAmount>>,
    targets: Option<Vec<NewTarget>>,
    violations: Vec<Violation>,
}

impl Lists {
    fn read(items: Option<Vec<AdjustmentItemInput>>, targets: Option<Vec<AdjustmentTargetInput>>) -> Result<Self> {
        let mut lists = Self::default();
        if let Some(items) = items {
            let items = items.into_iter().enumerate().map(|(index, item)| lists.item(index, item));
            lists.items = Some(items.collect::<Result<_>>()?);
        }
        if let Some(targets) = targets {
            let targets = targets.into_iter().enumerate().map(|(index, target)| lists.target(index, target));
            lists.targets = Some(targets.collect::<Result<_>>()?);
        }
        Ok(lists)
    }

    fn item(&mut self, index: usize, item: AdjustmentItemInput) -> Result<NewAmount> {
        let key_task = item.key_task_id.map(|id| decode(NodeKind::KeyTask, &id)).transpose()?.map(KeyTaskId);
        let after = money(Some(item.after).into(), item.unit, &format!("items.{index}.after"));
        let after = after.unwrap_or_else(|violation| {
            self.violations.push(violation);
            None
        });
        Ok(NewAmount { line: item.budget_line.map(Into::into), key_task, after: after.flatten() })
    }

    fn target(&mut self, index: usize, target: AdjustmentTargetInput) -> Result<NewTarget> {
        let indicator_id = IndicatorId(decode(NodeKind::Indicator, &target.indicator_id)?);
        let weight = points(Some(target.weight).into(), &format!("targets.{index}.weight"));
        let weight = weight.unwrap_or_else(|violation| {
            self.violations.push(violation);
            None
        });
        let reading = target.reading.map(TargetReadingInput::said);
        Ok(NewTarget { indicator_id, annual_target: patch(target.annual_target), reading, weight: weight.flatten() })
    }
}

impl TargetReadingInput {
    fn said(self) -> Confirmation {
        Confirmation {
            which: TargetWhich::Annual,
            kind: self.kind.map(Into::into),
            comparator: patch(self.comparator).map(|given| given.map(Into::into)),
            value: patch(self.value).map(|given| given.map(|number| number.0)),
            value_high: patch(self.value_high).map(|given| given.map(|number| number.0)),
            unit: patch(self.unit),
            direction: self.direction.map(Into::into),
            deadline: patch(self.deadline).map(|given| given.map(|day| day.0)),
            expected_revision: 0,
        }
    }
}

fn payload(ctx: &Context<'_>, done: Result<(Whole, AdjustmentId), ServiceError>) -> Result<Option<AdjustmentPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok((whole, id)) => {
            let whole = Arc::new(whole);
            let adjustment = Adjustment::find(&whole, id, ctx.op()?);
            AdjustmentPayload { adjustment, declaration: Some(Declaration::from_whole(whole)), user_errors: Vec::new() }
        }
        Err(user_errors) => AdjustmentPayload { adjustment: None, declaration: None, user_errors },
    }))
}

async fn step(ctx: &Context<'_>, id: &ID, step: Step) -> Result<Option<AdjustmentPayload>> {
    let id = AdjustmentId(decode(NodeKind::Adjustment, id)?);
    let done = adjustment::step(ctx.db()?, ctx.op()?, id, &step).await;
    payload(ctx, done.map(|whole| (whole, id)))
}

fn plain(act: Act, expected_revision: i32, reason: Option<String>) -> Step {
    Step { act, expected_revision, reason, approval: None }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct AdjustmentMutation;

#[Object]
impl AdjustmentMutation {
    /// 对已批复的申报提出调整（草稿）；同时只能有一项未办结。年度结束或年终自评开始后不能提出。 — Opens an adjustment of an approved declaration, as a draft; one at a time, not after the year or once the self-evaluation was begun.
    async fn adjustment_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] input: AdjustmentOpenInput,
    ) -> Result<Option<AdjustmentPayload>> {
        let id = DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?);
        let lists = Lists::read(input.items, input.targets)?;
        if !lists.violations.is_empty() {
            return payload(ctx, Err(ServiceError::Invalid(lists.violations)));
        }
        let new = AdjustmentPatch {
            expected_revision: input.expected_revision,
            kind: Some(input.kind.into()),
            reason: input.reason.map(Some),
            legal_basis: input.legal_basis.map(Some),
            fund_source: input.fund_source.map(Some),
            items: lists.items,
            targets: lists.targets,
        };
        payload(ctx, adjustment::open(ctx.db()?, ctx.op()?, id, &new).await)
    }

    /// 变更调整草稿。 — Changes an adjustment that is a draft or returned.
    async fn adjustment_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "变更。 — The changes.")] input: AdjustmentUpdateInput,
    ) -> Result<Option<AdjustmentPayload>> {
        let id = AdjustmentId(decode(NodeKind::Adjustment, &input.adjustment_id)?);
        let lists = Lists::read(input.items, input.targets)?;
        if !lists.violations.is_empty() {
            return payload(ctx, Err(ServiceError::Invalid(lists.violations)));
        }
        let change = AdjustmentPatch {
            expected_revision: input.expected_revision,
            kind: input.kind.map(Into::into),
            reason: patch(input.reason),
            legal_basis: patch(input.legal_basis),
            fund_source: patch(input.fund_source),
            items: lists.items,
            targets: lists.targets,
        };
        let done = adjustment::update(ctx.db()?, ctx.op()?, id, &change).await;
        payload(ctx, done.map(|whole| (whole, id)))
    }

    /// 提交调整；缺项与调整后申报的错误级检查全部列出并阻止提交。 — Submits it; what is missing and the checks of severity ERROR on the declaration as it would be block it, all of them listed.
    async fn adjustment_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<AdjustmentPayload>> {
        step(ctx, &id, plain(Act::AdjustmentSubmit, expected_revision, None)).await
    }

    /// 主管部门上报财政。 — The department's reviewer forwards it to finance.
    async fn adjustment_forward(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "意见。 — Opinion.")] opinion: Option<String>,
    ) -> Result<Option<AdjustmentPayload>> {
        step(ctx, &id, plain(Act::AdjustmentForward, expected_revision, opinion)).await
    }

    /// 退回修改。 — Returns it for revision.
    async fn adjustment_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] reason: String,
    ) -> Result<Option<AdjustmentPayload>> {
        step(ctx, &id, plain(Act::AdjustmentReturn, expected_revision, Some(reason))).await
    }

    /// 财政否决。 — Finance rejects it.
    async fn adjustment_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] reason: String,
    ) -> Result<Option<AdjustmentPayload>> {
        step(ctx, &id, plain(Act::AdjustmentReject, expected_revision, Some(reason))).await
    }

    /// 财政批复；申报随之变更并形成新版本，各项计算重新进行。 — Finance approves it: the declaration changes, a new version comes into force, everything computed is computed anew.
    async fn adjustment_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "批复文号。 — Number of the approval.")] approval_number: String,
        #[graphql(desc = "批复日期。 — Day of the approval.")] approved_on: Date,
        #[graphql(desc = "意见。 — Opinion.")] opinion: Option<String>,
    ) -> Result<Option<AdjustmentPayload>> {
        let approval = Some((approval_number, approved_on.0));
        step(ctx, &id, Step { approval, ..plain(Act::AdjustmentApprove, expected_revision, opinion) }).await
    }

    /// 撤回调整。 — The filer withdraws it.
    async fn adjustment_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "调整。 — The adjustment.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<AdjustmentPayload>> {
        step(ctx, &id, plain(Act::AdjustmentWithdraw, expected_revision, None)).await
    }
}
