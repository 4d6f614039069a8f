//! The audit log.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use jixiao_service::ctx::Ctx;
use jixiao_service::db::Db;
use jixiao_service::id::{AdjustmentId, DeclarationId, PublicationId, WindowId};
use jixiao_service::{access, adjustment, audit, declaration, publication, window};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::id::{NodeKey, NodeKind, decode_any};
use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::audit::{AuditEntry, AuditLogVerification};

/// How the log names an object with a trail, if the caller may see it. That the history of another's draft is read is noted.
///
/// # Errors
/// `INVALID_ID` for what has no trail; or when the database or the access log fails.
pub(crate) async fn seen_node(db: &Db, op: &Ctx, id: &ID) -> Result<Option<String>> {
    let declaration = async |key, node: String| {
        let id = DeclarationId(key);
        let Some(header) = declaration::header_by_ids(db, op, &[id]).await?.remove(&id) else { return Ok(None) };
        access::note_draft(db, op, &header).await?;
        Ok::<_, ApiError>(Some(node))
    };
    match decode_any(id)? {
        NodeKey::Row(NodeKind::Declaration, key) => declaration(key, format!("Declaration:{key}")).await,
        NodeKey::Report(key, period) => declaration(key, format!("Report:{key}:{period}")).await,
        NodeKey::Row(NodeKind::Adjustment, key) => {
            let id = AdjustmentId(key);
            let Some(declaration) = adjustment::locate(db, id).await? else { return Ok(None) };
            let whole = declaration::by_ids(db, op, &[declaration]).await?.remove(&declaration);
            let found = whole.and_then(|whole| Adjustment::find(&Arc::new(whole), id, op));
            Ok(found.map(|_| adjustment::node_of(declaration, id)))
        }
        NodeKey::Row(NodeKind::Publication, key) => {
            let found = publication::locate(db, PublicationId(key)).await?;
            let Some((id, kind)) = found else { return Ok(None) };
            declaration(id.0, publication::node_of(id, kind)).await
        }
        NodeKey::Row(NodeKind::ReportingWindow, key) => {
            let found = window::by_id(db.read(), op, WindowId(key)).await?;
            Ok(found.map(|_| format!("ReportingWindow:{key}")))
        }
        NodeKey::Row(..) => Err(ApiError::InvalidId),
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// 某申报（含其报告、调整与公开）、报告、调整、公开或填报窗口的变更记录，由旧到新；不存在或无权查看时为空。 — Who changed what of a declaration (its reports, adjustments and publications included), report, adjustment, publication or reporting window, oldest first; null when it does not exist or may not be seen.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn audit_trail(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "申报、报告、调整、公开或填报窗口。 — A declaration, a report, an adjustment, a publication or a reporting window."
        )]
        node_id: ID,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<AuditEntry>>> {
        if ctx.op()?.user().is_none() {
            return Err(ApiError::Unauthenticated);
        }
        let Some(node) = seen_node(ctx.db()?, ctx.op()?, &node_id).await? else { return Ok(None) };
        let tag = format!("auditTrail {node}");
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, &tag)?;
        let entries = audit::trail(ctx.db()?, ctx.op()?, &node, &page).await?;
        Ok(Some(Connection::new(&tag, entries, audit::Entry::cursor, AuditEntry)))
    }

    /// 核验审计日志；仅限审计人员与管理员。 — Verifies what came since the last check; AUDITOR and ADMIN only, others FORBIDDEN.
    async fn audit_log_verification(&self, ctx: &Context<'_>) -> Result<Option<AuditLogVerification>> {
        Ok(Some(AuditLogVerification(audit::verification(ctx.db()?, ctx.op()?).await?)))
    }
}
