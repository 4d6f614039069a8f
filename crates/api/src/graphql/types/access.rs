//! The access log.

use async_graphql::{ID, Object};
use jixiao_service::access;

use crate::graphql::id::encode_node;
use crate::graphql::kind::AccessAct;
use crate::graphql::scalar::DateTime;

/// 访问日志的一条：对受限数据的一次读取。 — One entry of the access log: one read of restricted data.
#[derive(Clone, Debug)]
pub struct AccessEntry(pub access::Entry);

/// 访问日志的一条：对受限数据的一次读取。 — One entry of the access log: one read of restricted data.
#[Object]
impl AccessEntry {
    /// 时间。 — When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }
    /// 读取人当时的显示名。 — Name of the reader as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }
    /// 种类；本版本不认识时为空。 — What kind of read; null when this version does not know it.
    async fn act(&self) -> Option<AccessAct> {
        self.0.act.parse::<access::AccessAct>().ok().map(Into::into)
    }
    /// 所读对象的全局标识。 — Global id of what was read.
    async fn node_id(&self) -> ID {
        encode_node(&self.0.node)
    }
    /// 所属部门代码；跨部门时为空。 — Code of the department whose it is; null for what spans departments.
    async fn department_code(&self) -> Option<&str> {
        self.0.department_code.as_deref()
    }
    /// 请求编号。 — Id of the request.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }
    /// 其他区分信息，如历史时点或文件散列值；没有时为空。 — What else tells the read apart, such as the moment or the file's hash; null without.
    async fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }
}
