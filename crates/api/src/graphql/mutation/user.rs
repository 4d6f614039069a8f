//! Accounts, grants and passwords.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_service::error::ServiceError;
use jixiao_service::id::{GrantId, UserId};
use jixiao_service::user::{self, Account, NewGrant};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::Role;
use crate::graphql::types::user::UserAccount;

/// 新的账号。 — An account to be made.
#[derive(Clone, Debug, InputObject)]
pub struct UserCreateInput {
    /// 登录名，唯一，至多60个字符。 — Name to sign in with, unique, at most 60 characters.
    pub username: String,
    /// 显示名，至多60个字符。 — Name for people, at most 60 characters.
    pub display_name: String,
    /// 密码，12至200个字符。 — Password, 12 to 200 characters.
    pub password: String,
    /// 授予的角色。 — The roles granted.
    #[graphql(default)]
    pub grants: Vec<GrantInput>,
}

/// 授予的角色；部门与区划至多给出一个，都不给表示全部。 — A role; for a department or a jurisdiction, for everything without either.
#[derive(Clone, Debug, InputObject)]
pub struct GrantInput {
    /// 角色。 — The role.
    pub role: Role,
    /// 部门代码。 — Code of the department.
    pub department_code: Option<String>,
    /// 区划代码，含其下级。 — Code of the jurisdiction, with all below it.
    pub jurisdiction_code: Option<String>,
}

/// 更改账号。 — A change of an account.
#[derive(Clone, Debug, InputObject)]
pub struct UserUpdateInput {
    /// 用户。 — The user.
    pub user_id: ID,
    /// 新显示名。 — The new name for people.
    pub display_name: String,
}

/// 授予角色。 — A role for a user.
#[derive(Clone, Debug, InputObject)]
pub struct GrantAddInput {
    /// 用户。 — The user.
    pub user_id: ID,
    /// 角色。 — The role.
    pub role: Role,
    /// 部门代码。 — Code of the department.
    pub department_code: Option<String>,
    /// 区划代码，含其下级。 — Code of the jurisdiction, with all below it.
    pub jurisdiction_code: Option<String>,
}

/// 账号变更的结果。 — What became of an act on an account.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserPayload {
    /// 变更后的账号；出错时为空。 — The account after it; null on errors.
    pub user: Option<UserAccount>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 修改本人密码的结果。 — What became of a change of the own password.
#[derive(Clone, Debug, SimpleObject)]
pub struct PasswordChangePayload {
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

fn payload(ctx: &Context<'_>, done: Result<Account, ServiceError>) -> Result<Option<UserPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(account) => UserPayload { user: Some(UserAccount(account)), user_errors: Vec::new() },
        Err(user_errors) => UserPayload { user: None, user_errors },
    }))
}

fn user_id(id: &ID) -> Result<UserId> {
    Ok(UserId(decode(NodeKind::User, id)?))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct UserMutation;

#[Object]
impl UserMutation {
    /// 新建账号。 — Makes an account; for ADMIN, with roles in the administrator's own territory.
    #[graphql(complexity = "500 + child_complexity")]
    async fn user_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "账号。 — The account.")] input: UserCreateInput,
    ) -> Result<Option<UserPayload>> {
        let grant = |grant: GrantInput| NewGrant {
            role: grant.role.into(),
            department_code: grant.department_code,
            jurisdiction_code: grant.jurisdiction_code,
        };
        let new = user::Create {
            username: input.username,
            display_name: input.display_name,
            password: input.password,
            grants: input.grants.into_iter().map(grant).collect(),
        };
        let (db, op) = (ctx.db()?, ctx.op()?);
        let done = match user::create(db, op, &new).await {
            Ok(id) => user::account(db, op, id).await,
            Err(error) => Err(error),
        };
        payload(ctx, done)
    }

    /// 更改显示名。 — Changes the name for people; for ADMIN.
    async fn user_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "更改。 — The change.")] input: UserUpdateInput,
    ) -> Result<Option<UserPayload>> {
        let id = user_id(&input.user_id)?;
        payload(ctx, user::rename(ctx.db()?, ctx.op()?, id, &input.display_name).await)
    }

    /// 停用账号，其全部会话立即结束。 — Closes an account and ends all its sessions; for ADMIN, not the own account.
    async fn user_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。 — The user.")] id: ID,
    ) -> Result<Option<UserPayload>> {
        payload(ctx, user::set_disabled(ctx.db()?, ctx.op()?, user_id(&id)?, true).await)
    }

    /// 重新启用账号。 — Opens a closed account again; for ADMIN.
    async fn user_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。 — The user.")] id: ID,
    ) -> Result<Option<UserPayload>> {
        payload(ctx, user::set_disabled(ctx.db()?, ctx.op()?, user_id(&id)?, false).await)
    }

    /// 重设他人密码，其全部会话结束。 — Sets another's password and ends all sessions of the account; for ADMIN.
    #[graphql(complexity = "500 + child_complexity")]
    async fn user_password_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户。 — The user.")] id: ID,
        #[graphql(desc = "新密码，12至200个字符。 — The new password, 12 to 200 characters.")] password: String,
    ) -> Result<Option<UserPayload>> {
        payload(ctx, user::set_password(ctx.db()?, ctx.op()?, user_id(&id)?, &password).await)
    }

    /// 修改本人密码，本人全部会话结束，须重新登录。 — Changes the own password and ends all own sessions: sign in again.
    #[graphql(complexity = "500 + child_complexity")]
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "当前密码。 — The current password.")] current_password: String,
        #[graphql(desc = "新密码，12至200个字符。 — The new password, 12 to 200 characters.")] new_password: String,
    ) -> Result<Option<PasswordChangePayload>> {
        let done = user::change_password(ctx.db()?, ctx.op()?, &current_password, &new_password).await;
        let user_errors = outcome(done, ctx.lang()?)?.err().unwrap_or_default();
        Ok(Some(PasswordChangePayload { user_errors }))
    }

    /// 授予角色。 — Grants a role; for ADMIN of the place, not to the own account.
    async fn grant_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "角色。 — The role.")] input: GrantAddInput,
    ) -> Result<Option<UserPayload>> {
        let id = user_id(&input.user_id)?;
        let (department_code, jurisdiction_code) = (input.department_code, input.jurisdiction_code);
        let grant = NewGrant { role: input.role.into(), department_code, jurisdiction_code };
        payload(ctx, user::add_grant(ctx.db()?, ctx.op()?, id, &grant).await)
    }

    /// 收回角色。 — Takes a role away; for ADMIN of the place, not from the own account.
    async fn grant_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "授予的角色（UserGrant.id）。 — The grant (UserGrant.id).")] id: ID,
    ) -> Result<Option<UserPayload>> {
        let id = GrantId(decode(NodeKind::UserGrant, &id)?);
        payload(ctx, user::remove_grant(ctx.db()?, ctx.op()?, id).await)
    }
}
