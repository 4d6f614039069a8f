//! Audit packs.

use async_graphql::{Context, Object};
use jixiao_service::pack::{self, Extent};

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::types::pack::AuditPack;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct PackQuery;

#[Object]
impl PackQuery {
    /// 审计包：审计人员可见的全部数据，供离线独立复算；仅限审计人员。下载时生成，并记入访问日志。 — An audit pack: everything an auditor may see, to be recomputed offline; AUDITOR only, others FORBIDDEN. It is made when it is downloaded, which the access log notes.
    async fn audit_pack(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "只含此区划及其下级。 — Only of this jurisdiction and all below it.")]
        jurisdiction_code: Option<String>,
        #[graphql(desc = "只含此年度。 — Only of this fiscal year.")] fiscal_year: Option<i32>,
    ) -> Result<Option<AuditPack>> {
        let extent = Extent { user: None, jurisdiction_code, fiscal_year };
        let outline = pack::outline(ctx.db()?, ctx.op()?, &extent).await?;
        Ok(Some(AuditPack { extent, outline }))
    }
}
