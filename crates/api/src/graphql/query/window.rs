//! Reporting windows, and what they make owed.

use async_graphql::{Context, Object};
use jixiao_service::outstanding;
use jixiao_service::window::{self, WindowFilter};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::reader::Siblings;
use crate::graphql::types::outstanding::OutstandingReport;
use crate::graphql::types::window::ReportingWindow;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct WindowQuery;

#[Object]
impl WindowQuery {
    /// 填报窗口，按年度、区划代码、期间排序。 — Reporting windows by year, jurisdiction code and period, as far as they concern what the viewer may see.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn reporting_windows(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "仅适用于此区划的窗口（本级或最近的上级所设）。 — Only those that hold for this jurisdiction: set there, or nearest above."
        )]
        jurisdiction_code: Option<String>,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: Option<i32>,
        #[graphql(desc = "期间。 — Period.")] period: Option<ReportingPeriod>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ReportingWindow>> {
        let tag = "reportingWindows";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let filter = WindowFilter { jurisdiction_code, fiscal_year, period: period.map(Into::into) };
        let rows = window::list(ctx.db()?, ctx.op()?, &filter, &page).await?;
        Ok(Connection::new(tag, rows, window::ReportingWindow::cursor, ReportingWindow))
    }

    /// 已登录填报人尚欠的报告：已批复申报中已开放而未提交或被退回的；全部提交后为空。 — What the signed-in filer still owes: reports of approved declarations that are open and not submitted, or came back; empty exactly when everything required is submitted.
    #[graphql(complexity = "500 + 20 * child_complexity")]
    async fn my_outstanding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "仅此预算年度。 — Of this fiscal year only.")] fiscal_year: Option<i32>,
    ) -> Result<Vec<OutstandingReport>> {
        let owed = outstanding::mine(ctx.db()?, ctx.op()?, fiscal_year).await?;
        let headers: Vec<_> = owed.iter().map(|one| one.declaration.clone()).collect();
        let siblings = Siblings::of(&headers);
        let one = |owed| OutstandingReport { owed, siblings: siblings.clone() };
        Ok(owed.into_iter().map(one).collect())
    }
}
