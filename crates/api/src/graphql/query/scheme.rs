//! Scoring schemes and where they are assigned.

use async_graphql::{Context, Object};
use jixiao_service::{scheme, scheme_assignment};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::types::scheme::{SchemeAssignment, ScoringScheme};

/// Fields of this noun on the root.
#[derive(Default)]
pub struct SchemeQuery;

#[Object]
impl SchemeQuery {
    /// 评分方案的各版本，按代码与版本排序。 — The versions of the scoring schemes, by code and version.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn scoring_schemes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "方案代码。 — Code of the scheme.")] code: Option<String>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ScoringScheme>> {
        let tag = "scoringSchemes";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = scheme::list(ctx.db()?, ctx.op()?, code.as_deref(), &page).await?;
        Ok(Connection::new(tag, rows, scheme::SchemeVersion::cursor, ScoringScheme))
    }

    /// 评分方案的指定，按年度与区划代码排序；没有指定时用默认方案的最新版本。 — Where schemes are assigned, by year and jurisdiction code; elsewhere the latest version of the default scheme holds.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn scheme_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指定所在的区划代码。 — Code of the jurisdiction it is assigned to.")]
        jurisdiction_code: Option<String>,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: Option<i32>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SchemeAssignment>> {
        let tag = "schemeAssignments";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let code = jurisdiction_code.as_deref();
        let rows = scheme_assignment::list(ctx.db()?, ctx.op()?, code, fiscal_year, &page).await?;
        Ok(Connection::new(tag, rows, scheme_assignment::Assignment::cursor, SchemeAssignment))
    }
}
