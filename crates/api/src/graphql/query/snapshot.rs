//! The past.

use async_graphql::{Context, ID, Object};
use jixiao_service::declaration;
use jixiao_service::id::DeclarationId;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::snapshot::DeclarationSnapshot;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct SnapshotQuery;

#[Object]
impl SnapshotQuery {
    /// 某一时点所知的申报；其前尚无、不存在或无权查看时为空。此读取记入访问日志。 — The declaration as it was known at a moment; null before it existed, when it does not exist or may not be seen. The read is noted in the access log.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn declaration_as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "时点。 — The moment.")] at: DateTime,
    ) -> Result<Option<DeclarationSnapshot>> {
        let id = DeclarationId(decode(NodeKind::Declaration, &id)?);
        Ok(declaration::as_of(ctx.db()?, ctx.op()?, id, at.0).await?.map(Into::into))
    }
}
