//! The limits in force, for clients to read before they are refused.

use async_graphql::Object;

use crate::config::Limits;
use crate::graphql::kind::FileType;

/// 服务限制：超出时返回 LIMIT_EXCEEDED。 — What clients may ask for before they are refused with LIMIT_EXCEEDED.
#[derive(Clone, Debug)]
pub struct ServiceLimits(pub Limits);

/// 服务限制：超出时返回 LIMIT_EXCEEDED。 — What clients may ask for before they are refused with LIMIT_EXCEEDED.
#[Object]
impl ServiceLimits {
    /// 嵌套层数。 — Levels of nested fields.
    async fn max_depth(&self) -> u64 {
        self.0.max_depth
    }
    /// 一次操作的代价；列表按页大小乘以其字段计；每个应答的 extensions.cost 给出其代价。 — Price of an operation; a list costs its page size times its fields. extensions.cost of every answer tells its own.
    async fn max_cost(&self) -> u64 {
        self.0.max_cost
    }
    /// 一页的行数。 — Rows in one page.
    async fn max_page_size(&self) -> u64 {
        self.0.max_page_size
    }
    /// 未给 first 与 last 时的行数。 — Rows in a page when neither first nor last is given.
    async fn default_page_size(&self) -> u64 {
        self.0.default_page_size
    }
    /// 别名数，片段展开后计。 — Aliased fields in one operation, fragments expanded.
    async fn max_aliases(&self) -> u64 {
        self.0.max_aliases
    }
    /// 指令数。 — Directives in one document.
    async fn max_directives(&self) -> u64 {
        self.0.max_directives
    }
    /// 根字段数。 — Root fields of one operation.
    async fn max_root_fields(&self) -> u64 {
        self.0.max_root_fields
    }
    /// 请求体字节数。 — Bytes of a request body.
    async fn max_body_bytes(&self) -> u64 {
        self.0.max_body_bytes
    }
    /// 查询文档字节数。 — Bytes of a GraphQL document.
    async fn max_document_bytes(&self) -> u64 {
        self.0.max_document_bytes
    }
    /// 查询文档的记号数。 — Tokens of a GraphQL document.
    async fn max_tokens(&self) -> u64 {
        self.0.max_tokens
    }
    /// 括号嵌套层数。 — Brackets open at once in a document or its variables.
    async fn max_nesting(&self) -> u64 {
        self.0.max_nesting
    }
    /// 一批的操作数。 — Operations in one batch.
    async fn max_batch(&self) -> u64 {
        self.0.max_batch
    }
    /// 一次请求的毫秒数。 — Milliseconds for one request.
    async fn timeout_milliseconds(&self) -> u64 {
        self.0.timeout_milliseconds
    }
    /// 一份申报表的字节数。 — Bytes of one form to import.
    async fn max_import_bytes(&self) -> u64 {
        self.0.max_import_bytes
    }
    /// 一个上传文件的字节数。 — Bytes of one uploaded file.
    async fn max_file_bytes(&self) -> u64 {
        self.0.max_file_bytes
    }
    /// 一次请求全部上传文件的字节数。 — Bytes of all files of one request.
    async fn max_upload_bytes(&self) -> u64 {
        self.0.max_upload_bytes
    }
    /// 一次请求的上传文件数。 — Files in one request.
    async fn max_files(&self) -> u64 {
        self.0.max_files
    }
    /// 带文件的一次请求的毫秒数。 — Milliseconds for one request with files.
    async fn upload_timeout_milliseconds(&self) -> u64 {
        self.0.upload_timeout_milliseconds
    }
    /// 生成一个审计包的毫秒数，含排队。 — Milliseconds for making an audit pack, waiting for others' included.
    async fn audit_pack_timeout_milliseconds(&self) -> u64 {
        self.0.audit_pack_timeout_milliseconds
    }
    /// 同时打开的 WebSocket 与其他连续应答的数目。 — WebSockets and other streams of answers open at once, of all callers.
    async fn max_streams(&self) -> u64 {
        self.0.max_streams
    }
    /// 一个 WebSocket 上同时进行的操作数。 — Operations under way at once on one WebSocket.
    async fn max_socket_operations(&self) -> u64 {
        self.0.max_socket_operations
    }
    /// 订阅者未及时接收时保留的变更数，超出即以 SLOW_CONSUMER 结束。 — Changes kept for a slow subscriber; with more it is ended with SLOW_CONSUMER.
    async fn max_waiting_events(&self) -> u64 {
        self.0.max_waiting_events
    }
    /// WebSocket 打开后须在多少毫秒内发送 connection_init。 — Milliseconds within which a WebSocket must send connection_init.
    async fn connection_init_milliseconds(&self) -> u64 {
        self.0.connection_init_milliseconds
    }
    /// 同一调用者同时进行的操作数。 — Operations of one caller under way at once.
    async fn max_concurrent_operations(&self) -> u64 {
        self.0.max_concurrent_operations
    }
    /// 同一调用者每分钟可开始的操作数，超出即 RATE_LIMITED；一分钟的数目可以一次用完。 — Operations one caller may begin in a minute, else RATE_LIMITED; a minute's worth may come at once.
    async fn operations_per_minute(&self) -> u32 {
        self.0.operations_per_minute
    }
    /// 同一地址、同一账号每分钟可尝试登录的次数，超出即 RATE_LIMITED。 — Attempts to sign in within a minute from one address and for one account, else RATE_LIMITED.
    async fn sign_ins_per_minute(&self) -> u32 {
        self.0.sign_ins_per_minute
    }
    /// 每次查询架构（__schema、__type）另加的代价。 — Price of asking for the schema itself (__schema, __type), each time, beside its fields.
    async fn introspection_cost(&self) -> u64 {
        self.0.introspection_cost
    }
    /// 可接受的佐证材料类型，按内容判断。 — Types of evidence files that are accepted, by their content.
    async fn evidence_types(&self) -> Vec<FileType> {
        self.0.evidence_types.iter().copied().map(Into::into).collect()
    }
}
