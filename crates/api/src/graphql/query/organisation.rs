//! Who asks, where, and within which limits.

use async_graphql::{Context, Object};
use jixiao_service::{department, jurisdiction};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::types::department::{Department, Jurisdiction};
use crate::graphql::types::limits::ServiceLimits;
use crate::graphql::types::viewer::User;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct OrganisationQuery;

#[Object]
impl OrganisationQuery {
    /// 已登录用户；未登录时为空。 — The signed-in user; null when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.op()?.user().cloned().map(User))
    }

    /// 某区划的下级，按代码排序；不给上级时为可见的最上层。 — The children of a jurisdiction, by code; without a parent the topmost that the viewer may see.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn jurisdictions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "上级区划代码。 — Code of the one above.")] parent_code: Option<String>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Jurisdiction>> {
        let tag = "jurisdictions";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = jurisdiction::list(ctx.db()?, ctx.op()?, parent_code.as_deref(), &page).await?;
        Ok(Connection::new(tag, rows, jurisdiction::Jurisdiction::cursor, Jurisdiction))
    }

    /// 可见的部门，按代码排序；可限于某区划及其下级。 — The departments the viewer may see, by code; of one jurisdiction with all below it, or all.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn departments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "区划代码，含其下级。 — Code of a jurisdiction, with all below it.")]
        jurisdiction_code: Option<String>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Department>> {
        let tag = "departments";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = department::list(ctx.db()?, ctx.op()?, jurisdiction_code.as_deref(), &page).await?;
        Ok(Connection::new(tag, rows, department::Department::cursor, Department))
    }

    /// 服务限制。 — What clients may ask for before they are refused.
    async fn service_limits(&self, ctx: &Context<'_>) -> Result<ServiceLimits> {
        Ok(ServiceLimits(ctx.limits()?.clone()))
    }
}
