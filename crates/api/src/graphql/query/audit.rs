//! The audit log.

use async_graphql::{Context, ID, Object};
use jixiao_service::id::{AdjustmentId, DeclarationId, PublicationId, WindowId};
use jixiao_service::{access, adjustment, audit, publication, window};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::id::{NodeKey, NodeKind, decode_any};
use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::audit::{AuditEntry, AuditLogVerification};
use crate::graphql::types::declaration::{load_header, load_whole};

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
        let seen = async |key| {
            let Some(header) = load_header(ctx, DeclarationId(key)).await? else { return Ok::<_, ApiError>(false) };
            access::note_draft(ctx.db()?, ctx.op()?, &header).await?;
            Ok(true)
        };
        let (seen, node) = match decode_any(&node_id)? {
            NodeKey::Row(NodeKind::Declaration, key) => (seen(key).await?, format!("Declaration:{key}")),
            NodeKey::Report(key, period) => (seen(key).await?, format!("Report:{key}:{period}")),
            NodeKey::Row(NodeKind::Adjustment, key) => {
                let id = AdjustmentId(key);
                let Some(declaration) = adjustment::locate(ctx.db()?, id).await? else { return Ok(None) };
                let whole = load_whole(ctx, declaration).await?;
                let op = ctx.op()?;
                let found = whole.and_then(|whole| Adjustment::find(&whole, id, op));
                (found.is_some(), adjustment::node_of(declaration, id))
            }
            NodeKey::Row(NodeKind::Publication, key) => {
                let found = publication::locate(ctx.db()?, PublicationId(key)).await?;
                let Some((declaration, kind)) = found else { return Ok(None) };
                (seen(declaration.0).await?, publication::node_of(declaration, kind))
            }
            NodeKey::Row(NodeKind::ReportingWindow, key) => {
                let found = window::by_id(ctx.db()?.read(), ctx.op()?, WindowId(key)).await?;
                (found.is_some(), format!("ReportingWindow:{key}"))
            }
            NodeKey::Row(..) => return Err(ApiError::InvalidId),
        };
        if !seen {
            return Ok(None);
        }
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
