//! The audit log.

use async_graphql::{Object, SimpleObject};
use jixiao_service::audit;

use crate::graphql::kind::Role;
use crate::graphql::scalar::DateTime;

/// 审计日志的一条。 — One entry of the audit log.
#[derive(Clone, Debug)]
pub struct AuditEntry(pub audit::Entry);

/// 审计日志的一条。 — One entry of the audit log.
#[Object]
impl AuditEntry {
    /// 序号，全库连续，自1起。 — From 1, without gaps over the whole service.
    async fn sequence(&self) -> i64 {
        self.0.sequence
    }
    /// 时间。 — When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }
    /// 操作人。 — Who.
    async fn actor(&self) -> AuditActor {
        AuditActor { display_name: self.0.actor_name.clone(), role: self.0.role.map(Into::into) }
    }
    /// 操作代码。 — Code of the act.
    async fn action(&self) -> &str {
        &self.0.action
    }
    /// 理由或意见；没有时为空。 — Reason or opinion given; null without one.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// 变更内容。 — From what to what.
    async fn changes(&self) -> Vec<FieldChange> {
        let change = |change: &audit::FieldChange| FieldChange {
            path: change.path.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        };
        self.0.changes.iter().map(change).collect()
    }
    /// 本条的散列值。 — SHA-256 of this entry with the previous hash, hex.
    async fn hash(&self) -> &str {
        &self.0.hash
    }
    /// 前一条的散列值。 — Hash of the entry before, hex.
    async fn previous_hash(&self) -> &str {
        &self.0.previous_hash
    }
}

/// 操作人。 — Who acted.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditActor {
    /// 当时的显示名。 — Name as it was then.
    pub display_name: String,
    /// 以何角色；命令行操作为空。 — As what; null for the operator's command line.
    pub role: Option<Role>,
}

/// 一个字段的变更。 — One changed field.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// 路径；列表项以编号表示。 — Path; list items go by their id.
    pub path: String,
    /// 变更前；原先没有时为空。 — Value before; null when there was none.
    pub before: Option<String>,
    /// 变更后；删除后为空。 — Value after; null when there is none.
    pub after: Option<String>,
}

/// 日志核验结果。 — What a verification of the log found.
#[derive(Clone, Debug)]
pub struct AuditLogVerification(pub audit::Verification);

/// 日志核验结果。 — What a verification of the log found.
#[Object]
impl AuditLogVerification {
    /// 已核验条数。 — Entries verified.
    async fn entries(&self) -> i64 {
        self.0.entries
    }
    /// 未发现篡改、缺失或错位。 — No entry was altered, dropped, added or moved.
    async fn intact(&self) -> bool {
        self.0.intact
    }
    /// 最后一条完好记录的散列值。 — Hash of the last intact entry, hex.
    async fn head_hash(&self) -> &str {
        &self.0.head_hash
    }
    /// 第一处断裂的序号；完好时为空。 — Position of the first entry that does not fit; null when intact.
    async fn first_broken_sequence(&self) -> Option<i64> {
        self.0.first_broken_sequence
    }
    /// 核验时间。 — When.
    async fn checked_at(&self) -> DateTime {
        self.0.checked_at.into()
    }
}
