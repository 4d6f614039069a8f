//! The way of a report.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use jixiao_rules::cycle::Act;
use jixiao_service::id::DeclarationId;
use jixiao_service::report::{self, Step};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::decode_report;
use crate::graphql::types::report::Report;

/// 报告变更的结果。 — What became of an act on a report.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReportPayload {
    /// 变更后的报告；出错时为空。 — The report after it; null on errors.
    pub report: Option<Report>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

async fn step(
    ctx: &Context<'_>,
    id: &ID,
    act: Act,
    expected_revision: i32,
    reason: Option<String>,
) -> Result<Option<ReportPayload>> {
    let (declaration, period) = decode_report(id)?;
    let step = Step { act, expected_revision, reason };
    let done = report::step(ctx.db()?, ctx.op()?, DeclarationId(declaration), period, &step).await;
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(whole) => ReportPayload { report: Some(Report { whole: Arc::new(whole), period }), user_errors: Vec::new() },
        Err(user_errors) => ReportPayload { report: None, user_errors },
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// 提交报告；未填、无法判定、缺评分或缺说明的全部列出并阻止提交。 — Submits a report; everything still owed blocks it, all of it listed.
    async fn report_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。 — The report.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<ReportPayload>> {
        step(ctx, &id, Act::ReportSubmit, expected_revision, None).await
    }

    /// 主管部门上报财政。 — The department's reviewer forwards it to finance.
    async fn report_forward(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。 — The report.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<ReportPayload>> {
        step(ctx, &id, Act::ReportForward, expected_revision, None).await
    }

    /// 财政审核通过。 — Finance accepts it.
    async fn report_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。 — The report.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<ReportPayload>> {
        step(ctx, &id, Act::ReportAccept, expected_revision, None).await
    }

    /// 退回修改。 — Returns it for revision.
    async fn report_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告。 — The report.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] reason: String,
    ) -> Result<Option<ReportPayload>> {
        step(ctx, &id, Act::ReportReturn, expected_revision, Some(reason)).await
    }
}
