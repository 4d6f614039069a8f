//! Auditors' notes on findings.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_rules::cycle::Act;
use jixiao_service::finding::{self, Note};
use jixiao_service::id::FindingId;

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::types::finding::Finding;

/// 搁置一个问题。 — Dismisses a finding.
#[derive(Clone, Debug, InputObject)]
pub struct FindingDismissInput {
    /// 问题。 — The finding.
    pub id: ID,
    /// 理由，至多2000个字符。 — Why, at most 2,000 characters.
    pub note: String,
}

/// 恢复一个被搁置的问题。 — Takes the dismissal of a finding back.
#[derive(Clone, Debug, InputObject)]
pub struct FindingReopenInput {
    /// 问题。 — The finding.
    pub id: ID,
    /// 理由，至多2000个字符。 — Why, at most 2,000 characters.
    pub note: String,
}

/// 审计说明的结果。 — What became of a note on a finding.
#[derive(Clone, Debug, SimpleObject)]
pub struct FindingPayload {
    /// 问题的现状；出错时为空。 — The finding as it is then; null on errors.
    pub finding: Option<Finding>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

async fn note(ctx: &Context<'_>, act: Act, id: &ID, note: String) -> Result<Option<FindingPayload>> {
    let id = FindingId(decode(NodeKind::Finding, id)?);
    let done = finding::note(ctx.db()?, ctx.op()?, &Note { act, id, note }).await;
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(kept) => FindingPayload { finding: Some(Finding::alone(kept)), user_errors: Vec::new() },
        Err(user_errors) => FindingPayload { finding: None, user_errors },
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct FindingMutation;

#[Object]
impl FindingMutation {
    /// 审计人员搁置一个问题并说明理由：问题仍在列，说明记入审计日志；所比较的数值变化后搁置失效。 — An auditor dismisses a finding with a note: it stays listed, the note goes into the audit log, and no longer holds once what was compared changes.
    async fn finding_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "搁置的问题与理由。 — Which, and why.")] input: FindingDismissInput,
    ) -> Result<Option<FindingPayload>> {
        note(ctx, Act::FindingDismiss, &input.id, input.note).await
    }

    /// 审计人员恢复一个被搁置的问题。 — An auditor takes a dismissal back.
    async fn finding_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "恢复的问题与理由。 — Which, and why.")] input: FindingReopenInput,
    ) -> Result<Option<FindingPayload>> {
        note(ctx, Act::FindingReopen, &input.id, input.note).await
    }
}
