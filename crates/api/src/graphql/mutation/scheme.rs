//! Storing and assigning scoring schemes.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use jixiao_service::{scheme, scheme_assignment};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::types::scheme::{SchemeAssignment, ScoringScheme};

/// 指定评分方案。 — A scheme version to be assigned.
#[derive(Clone, Debug, InputObject)]
pub struct SchemeAssignInput {
    /// 区划代码；适用于其全部下级，除非下级另有指定。 — Code of the jurisdiction; it holds for all below unless a nearer one is assigned.
    pub jurisdiction_code: String,
    /// 预算年度。 — Fiscal year.
    pub fiscal_year: i32,
    /// 方案代码。 — Code of the scheme.
    pub scheme_code: String,
    /// 方案版本。 — Version of the scheme.
    pub scheme_version: i32,
}

/// 存入方案的结果。 — What became of a scheme document.
#[derive(Clone, Debug, SimpleObject)]
pub struct ScoringSchemePayload {
    /// 存入的方案版本；出错时为空。 — The stored version; null on errors.
    pub scheme: Option<ScoringScheme>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 指定方案的结果。 — What became of an assignment.
#[derive(Clone, Debug, SimpleObject)]
pub struct SchemeAssignmentPayload {
    /// 指定后的情况；出错时为空。 — The assignment; null on errors.
    pub assignment: Option<SchemeAssignment>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct SchemeMutation;

#[Object]
impl SchemeMutation {
    /// 存入评分方案的新版本，存入后不可更改；文档有误时说明行号与原因。 — Stores a scheme document as a new version that never changes; a fault is told with its line and reason. For ADMIN over everything.
    async fn scheme_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "TOML 文档，至多65536字节。 — The TOML document, at most 65,536 bytes.")] document: String,
    ) -> Result<Option<ScoringSchemePayload>> {
        let done = scheme::create(ctx.db()?, ctx.op()?, &document).await;
        Ok(Some(match outcome(done, ctx.lang()?)? {
            Ok(scheme) => ScoringSchemePayload { scheme: Some(ScoringScheme(scheme)), user_errors: Vec::new() },
            Err(user_errors) => ScoringSchemePayload { scheme: None, user_errors },
        }))
    }

    /// 为某区划某年度指定评分方案；已有的申报不变。 — Assigns a scheme version to a jurisdiction and year; declarations that exist keep theirs. For ADMIN of the jurisdiction.
    async fn scheme_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指定。 — The assignment.")] input: SchemeAssignInput,
    ) -> Result<Option<SchemeAssignmentPayload>> {
        let new = scheme_assignment::Assign {
            jurisdiction_code: input.jurisdiction_code,
            fiscal_year: input.fiscal_year,
            scheme_code: input.scheme_code,
            scheme_version: input.scheme_version,
        };
        let done = scheme_assignment::assign(ctx.db()?, ctx.op()?, &new).await;
        Ok(Some(match outcome(done, ctx.lang()?)? {
            Ok(made) => SchemeAssignmentPayload { assignment: Some(SchemeAssignment(made)), user_errors: Vec::new() },
            Err(user_errors) => SchemeAssignmentPayload { assignment: None, user_errors },
        }))
    }
}
