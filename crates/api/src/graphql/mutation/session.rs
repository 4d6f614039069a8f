//! Signing in and out.

use async_graphql::{Context, Object, SimpleObject};
use jixiao_service::error::ServiceError;
use jixiao_service::user::{self, Session};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result, UserError, outcome};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::viewer::User;

/// 登录结果。 — A token pair, or why there is none.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct SignInPayload {
    /// 访问令牌，放入 Authorization: Bearer；失败时为空。 — Access token for Authorization: Bearer; null on failure.
    pub access_token: Option<String>,
    /// 访问令牌的失效时间；失败时为空。 — When the access token ends; null on failure.
    pub expires_at: Option<DateTime>,
    /// 刷新令牌，只能使用一次；失败时为空。 — Refresh token, for one use; null on failure.
    pub refresh_token: Option<String>,
    /// 已登录用户；失败时为空。 — Who signed in; null on failure.
    pub viewer: Option<User>,
    /// 可由用户更正的错误。 — What the user can mend.
    pub user_errors: Vec<UserError>,
}

/// 退出结果。 — What became of a sign-out.
#[derive(Clone, Debug, SimpleObject)]
pub struct SignOutPayload {
    /// 可由用户更正的错误。 — What the user can mend.
    pub user_errors: Vec<UserError>,
}

fn pair(ctx: &Context<'_>, session: Result<Session, ServiceError>) -> Result<Option<SignInPayload>> {
    let session = match outcome(session, ctx.lang()?)? {
        Ok(session) => session,
        Err(user_errors) => return Ok(Some(SignInPayload { user_errors, ..SignInPayload::default() })),
    };
    let access = ctx.tokens()?.issue(session.user.id.0, ctx.op()?.now).map_err(ApiError::internal)?;
    Ok(Some(SignInPayload {
        access_token: Some(access.token.expose().to_owned()),
        expires_at: Some(access.expires_at.into()),
        refresh_token: Some(session.refresh_token),
        viewer: Some(User(session.user)),
        user_errors: Vec::new(),
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// 登录。 — Answers with a token pair; a wrong name and a wrong password are one and the same user error. More attempts than serviceLimits.signInsPerMinute: RATE_LIMITED.
    #[graphql(complexity = "500 + child_complexity")]
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "登录名。 — Name.")] username: String,
        #[graphql(desc = "密码。 — Password.")] password: String,
    ) -> Result<Option<SignInPayload>> {
        ctx.may_sign_in(&username)?;
        let days = ctx.refresh_days()?;
        pair(ctx, user::sign_in(ctx.db()?, ctx.op()?, &username, &password, days).await)
    }

    /// 以刷新令牌换取新的令牌；重复使用会使同源令牌全部失效。 — Exchanges a refresh token; a second use of the same one ends the whole family.
    async fn token_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "刷新令牌。 — The refresh token.")] refresh_token: String,
    ) -> Result<Option<SignInPayload>> {
        let days = ctx.refresh_days()?;
        pair(ctx, user::refresh(ctx.db()?, ctx.op()?, &refresh_token, days).await)
    }

    /// 退出登录，使同源刷新令牌全部失效。 — Ends the family of a refresh token.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "刷新令牌。 — The refresh token.")] refresh_token: String,
    ) -> Result<Option<SignOutPayload>> {
        user::sign_out(ctx.db()?, ctx.op()?, &refresh_token).await?;
        Ok(Some(SignOutPayload { user_errors: Vec::new() }))
    }
}
