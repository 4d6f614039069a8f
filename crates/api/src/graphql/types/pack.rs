//! Audit packs.

use async_graphql::Object;
use jixiao_service::pack::{Extent, Outline};

/// 审计包。 — An audit pack.
#[derive(Clone, Debug)]
pub struct AuditPack {
    /// What goes into it.
    pub extent: Extent,
    /// What it would hold now.
    pub outline: Outline,
}

/// 审计包。 — An audit pack.
#[Object]
impl AuditPack {
    /// 下载路径（ZIP），须带访问令牌。 — Path to download it from as ZIP, with the access token.
    async fn download_path(&self) -> String {
        let Extent { jurisdiction_code, fiscal_year, .. } = &self.extent;
        let asked = [
            jurisdiction_code.as_ref().map(|code| format!("jurisdictionCode={code}")),
            fiscal_year.map(|year| format!("fiscalYear={year}")),
        ];
        let asked = asked.into_iter().flatten().collect::<Vec<_>>().join("&");
        if asked.is_empty() { "/audit-pack".to_owned() } else { format!("/audit-pack?{asked}") }
    }
    /// 将包含的申报数。 — Declarations it would hold.
    async fn declaration_count(&self) -> i64 {
        self.outline.declarations
    }
    /// 审计日志目前最后一条的序号。 — Position of the last entry of the audit log now.
    async fn head_sequence(&self) -> i64 {
        self.outline.head.sequence
    }
    /// 该条的散列值，十六进制。 — Its hash, hex.
    async fn head_hash(&self) -> &str {
        &self.outline.head.hash
    }
}
