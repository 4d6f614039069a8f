//! Accounts and grants; for ADMIN.

use async_graphql::{Context, InputObject, Object};
use jixiao_service::user;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::Role;
use crate::graphql::types::user::{UserAccount, UserGrant};

/// 账号与角色的筛选条件；为空的条件不限制。 — Which accounts or grants; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilter {
    /// 角色。 — With this role.
    pub role: Option<Role>,
    /// 部门代码：针对该部门授予的角色。 — Granted for this department.
    pub department_code: Option<String>,
    /// 区划代码：针对该区划、其下级或其部门授予的角色。 — Granted for this jurisdiction, or a jurisdiction or department below it.
    pub jurisdiction_code: Option<String>,
    /// 是否停用。 — Closed accounts, or open ones.
    pub disabled: Option<bool>,
}

impl From<UserFilter> for user::UserFilter {
    fn from(filter: UserFilter) -> Self {
        Self {
            role: filter.role.map(Into::into),
            department_code: filter.department_code,
            jurisdiction_code: filter.jurisdiction_code,
            disabled: filter.disabled,
        }
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// 所管理范围内的账号，按登录名排序；仅限系统管理员。 — The accounts that the viewer administers, by username; ADMIN only, others FORBIDDEN.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which accounts.")] filter: Option<UserFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<UserAccount>> {
        let tag = "users";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = user::list(ctx.db()?, ctx.op()?, &filter.unwrap_or_default().into(), &page).await?;
        Ok(Connection::new(tag, rows, user::Account::cursor, UserAccount))
    }

    /// 所管理范围内授予的角色，按持有人登录名排序；仅限系统管理员。 — The grants that the viewer administers, by username of the holder; ADMIN only, others FORBIDDEN.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which grants.")] filter: Option<UserFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<UserGrant>> {
        let tag = "grants";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = user::grants(ctx.db()?, ctx.op()?, &filter.unwrap_or_default().into(), &page).await?;
        Ok(Connection::new(tag, rows, user::Held::cursor, UserGrant::from))
    }
}
