//! Setting and extending reporting windows.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_rules::window::Window;
use jixiao_service::error::ServiceError;
use jixiao_service::id::WindowId;
use jixiao_service::window::{self, Extend, Set};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::scalar::Date;
use crate::graphql::types::window::ReportingWindow;

/// 设定填报窗口。 — A reporting window to be set.
#[derive(Clone, Debug, InputObject)]
pub struct ReportingWindowSetInput {
    /// 区划代码；适用于其全部下级，除非下级另有设定。 — Code of the jurisdiction; it holds for all below unless a nearer one is set.
    pub jurisdiction_code: String,
    /// 预算年度。 — Fiscal year.
    pub fiscal_year: i32,
    /// 期间；Q1、Q3仅在设定窗口后存在。 — Period; Q1 and Q3 exist only where a window is set.
    pub period: ReportingPeriod,
    /// 数据截止月份，1至12；年终为12。 — Months from January that the data cover, 1 to 12; 12 at year-end.
    pub months: i32,
    /// 开放日期。 — First day on which may be recorded.
    pub opens_on: Date,
    /// 应报日期，不早于开放日期。 — Last day on time, not before it opens.
    pub due_on: Date,
    /// 关闭日期，不早于应报日期。 — Last day on which may be recorded, not before it is due.
    pub closes_on: Date,
    /// 关闭后的宽限日数，0至366。 — Calendar days of grace after that, 0 to 366.
    #[graphql(default)]
    pub grace_days: i32,
    /// 修改已有窗口时须给出其修订号；新设时不给。 — Revision of the window that is corrected; absent for a new one.
    pub expected_revision: Option<i32>,
}

/// 延长填报窗口。 — More time for a reporting window.
#[derive(Clone, Debug, InputObject)]
pub struct ReportingWindowExtendInput {
    /// 窗口。 — The window.
    pub window_id: ID,
    /// 新的应报日期；不给则不变。 — New due day; absent keeps it.
    pub due_on: Option<Date>,
    /// 新的关闭日期；不给则不变。 — New closing day; absent keeps it.
    pub closes_on: Option<Date>,
    /// 理由。 — Reason, at most 2,000 characters.
    pub reason: String,
    /// 已看到的修订号。 — Revision the caller has seen.
    pub expected_revision: i32,
}

/// 窗口变更的结果。 — What became of an act on a window.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReportingWindowPayload {
    /// 变更后的窗口；出错时为空。 — The window after it; null on errors.
    pub window: Option<ReportingWindow>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

fn payload(
    ctx: &Context<'_>,
    done: Result<window::ReportingWindow, ServiceError>,
) -> Result<Option<ReportingWindowPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(window) => ReportingWindowPayload { window: Some(ReportingWindow(window)), user_errors: Vec::new() },
        Err(user_errors) => ReportingWindowPayload { window: None, user_errors },
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct WindowMutation;

#[Object]
impl WindowMutation {
    /// 设定填报窗口；开放之后日期只能延长。 — Sets a reporting window, or corrects one that has not opened; for ADMIN of the jurisdiction. Once it has opened, days move by extension only.
    async fn reporting_window_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "窗口。 — The window.")] input: ReportingWindowSetInput,
    ) -> Result<Option<ReportingWindowPayload>> {
        let set = Set {
            jurisdiction_code: input.jurisdiction_code,
            fiscal_year: input.fiscal_year,
            period: input.period.into(),
            window: Window {
                // What is negative is refused with what is too large.
                months: u32::try_from(input.months).unwrap_or(u32::MAX),
                opens_on: input.opens_on.0,
                due_on: input.due_on.0,
                closes_on: input.closes_on.0,
                grace_days: u32::try_from(input.grace_days).unwrap_or(u32::MAX),
            },
            expected_revision: input.expected_revision,
        };
        payload(ctx, window::set(ctx.db()?, ctx.op()?, &set).await)
    }

    /// 延长填报窗口，须说明理由；原日期保留。 — Gives a reporting window more time, with a reason; what it was before is kept.
    async fn reporting_window_extend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "延期。 — The extension.")] input: ReportingWindowExtendInput,
    ) -> Result<Option<ReportingWindowPayload>> {
        let id = WindowId(decode(NodeKind::ReportingWindow, &input.window_id)?);
        let more = Extend {
            due_on: input.due_on.map(|day| day.0),
            closes_on: input.closes_on.map(|day| day.0),
            reason: input.reason,
            expected_revision: input.expected_revision,
        };
        payload(ctx, window::extend(ctx.db()?, ctx.op()?, id, &more).await)
    }
}
