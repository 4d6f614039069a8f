//! Asking for rectifications, answering and judging them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_rules::cycle::Act;
use jixiao_service::id::{DeclarationId, IndicatorId, RectificationId};
use jixiao_service::rectification::{self, Request, Step};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode, decode_report};
use crate::graphql::scalar::Date;
use crate::graphql::types::rectification::Rectification;

/// 财政的整改要求。 — What finance asks to be put right.
#[derive(Clone, Debug, InputObject)]
pub struct RectificationRequestInput {
    /// 报告。 — The report.
    pub report_id: ID,
    /// 已看到的报告修订号。 — Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// 所涉指标；针对整个报告时为空。 — The indicator it concerns; null for the whole report.
    pub indicator_id: Option<ID>,
    /// 整改要求和建议。 — What is asked.
    pub request: String,
    /// 答复期限，含当日，不早于今天。 — Last day for the response, from today on.
    pub due_on: Date,
}

/// 整改变更的结果。 — What became of an act on a rectification.
#[derive(Clone, Debug, SimpleObject)]
pub struct RectificationPayload {
    /// 变更后的整改；出错时为空。 — The rectification after it; null on errors.
    pub rectification: Option<Rectification>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

async fn step(ctx: &Context<'_>, id: &ID, step: Step) -> Result<Option<RectificationPayload>> {
    let id = RectificationId(decode(NodeKind::Rectification, id)?);
    let done = rectification::step(ctx.db()?, ctx.op()?, id, &step).await;
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok((whole, period)) => RectificationPayload {
            rectification: Rectification::find(&Arc::new(whole), period, id),
            user_errors: Vec::new(),
        },
        Err(user_errors) => RectificationPayload { rectification: None, user_errors },
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct RectificationMutation;

#[Object]
impl RectificationMutation {
    /// 财政对审核中或已通过的报告提出整改要求。 — Finance asks for something to be put right, on a report under its review or accepted.
    async fn rectification_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改要求。 — What is asked.")] input: RectificationRequestInput,
    ) -> Result<Option<RectificationPayload>> {
        let (declaration, period) = decode_report(&input.report_id)?;
        let indicator_id = input.indicator_id.map(|id| decode(NodeKind::Indicator, &id)).transpose()?.map(IndicatorId);
        let command = Request {
            declaration_id: DeclarationId(declaration),
            period,
            expected_revision: input.expected_revision,
            indicator_id,
            text: input.request,
            due_on: input.due_on.0,
        };
        let done = rectification::request(ctx.db()?, ctx.op()?, &command).await;
        Ok(Some(match outcome(done, ctx.lang()?)? {
            Ok(whole) => {
                let whole = Arc::new(whole);
                let reports = &whole.declaration.reports;
                let made = reports.get(&period).and_then(|report| report.rectifications.last()).cloned();
                let rectification = made.map(|made| Rectification { whole: Arc::clone(&whole), period, made });
                RectificationPayload { rectification, user_errors: Vec::new() }
            }
            Err(user_errors) => RectificationPayload { rectification: None, user_errors },
        }))
    }

    /// 填报人答复整改要求。 — The filer responds.
    async fn rectification_respond(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。 — The rectification.")] id: ID,
        #[graphql(desc = "已看到的报告修订号。 — Revision of the report the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "整改结果。 — The response.")] response: String,
    ) -> Result<Option<RectificationPayload>> {
        step(ctx, &id, Step { act: Act::RectificationRespond, expected_revision, text: response, due_on: None }).await
    }

    /// 财政核实整改结果。 — Finance verifies the response.
    async fn rectification_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。 — The rectification.")] id: ID,
        #[graphql(desc = "已看到的报告修订号。 — Revision of the report the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "整改结论。 — The verdict.")] conclusion: String,
    ) -> Result<Option<RectificationPayload>> {
        step(ctx, &id, Step { act: Act::RectificationVerify, expected_revision, text: conclusion, due_on: None }).await
    }

    /// 财政要求重新整改，可另定期限。 — Finance asks again, with another due day if it gives one.
    async fn rectification_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "整改。 — The rectification.")] id: ID,
        #[graphql(desc = "已看到的报告修订号。 — Revision of the report the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] conclusion: String,
        #[graphql(desc = "新的答复期限；为空时不变。 — Another last day for the response; unchanged when null.")]
        due_on: Option<Date>,
    ) -> Result<Option<RectificationPayload>> {
        let due_on = due_on.map(|day| day.0);
        step(ctx, &id, Step { act: Act::RectificationReopen, expected_revision, text: conclusion, due_on }).await
    }
}
