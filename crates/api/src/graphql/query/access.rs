//! The access log.

use async_graphql::{Context, ID, InputObject, Object};
use jixiao_service::access;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKey, decode_any};
use crate::graphql::kind::AccessAct;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::access::AccessEntry;

/// 访问日志的筛选条件；为空的条件不限制。 — Which entries of the access log; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AccessFilter {
    /// 种类。 — Of these kinds.
    pub acts: Option<Vec<AccessAct>>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// 所读对象。 — Of this object.
    pub node_id: Option<ID>,
    /// 自此时起。 — From this moment on.
    pub since: Option<DateTime>,
    /// 此时之前。 — Before this moment.
    pub until: Option<DateTime>,
}

impl AccessFilter {
    /// As the service has it.
    ///
    /// # Errors
    /// `INVALID_ID`.
    pub(crate) fn service(self) -> Result<access::AccessFilter> {
        let node = |id: ID| -> Result<String> {
            Ok(match decode_any(&id)? {
                NodeKey::Row(kind, key) => format!("{}:{key}", kind.as_str()),
                NodeKey::Report(key, period) => format!("Report:{key}:{period}"),
            })
        };
        Ok(access::AccessFilter {
            acts: self.acts.map(|acts| acts.into_iter().map(Into::into).collect()),
            department_codes: self.department_codes,
            node: self.node_id.map(node).transpose()?,
            since: self.since.map(|moment| moment.0),
            until: self.until.map(|moment| moment.0),
        })
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct AccessQuery;

#[Object]
impl AccessQuery {
    /// 访问日志，由新到旧；仅限审计人员与管理员，限其授权范围。 — The access log, newest first; AUDITOR and ADMIN only, within what those grants cover.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn access_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which entries.")] filter: Option<AccessFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<AccessEntry>>> {
        let tag = "accessLog";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let filter = filter.unwrap_or_default().service()?;
        let entries = access::list(ctx.db()?, ctx.op()?, &filter, &page).await?;
        Ok(Some(Connection::new(tag, entries, access::Entry::cursor, AccessEntry)))
    }
}
