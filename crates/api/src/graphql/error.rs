//! What goes wrong, as clients see it: `userErrors` in payloads, and top-level errors with a code. [`ApiError`] is not
//! `Display`, on purpose: async-graphql turns everything that is into an error text, so a bare `?` on a database error
//! would print SQL to the client. Here it does not compile.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, SimpleObject, Value};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::message::Message;
use jixiao_service::ctx::{Ctx, Lang};
use jixiao_service::error::{ServiceError, Violation};

use crate::graphql::kind::UserErrorCode;

/// The codes of top-level errors, in `extensions.code`.
pub mod code {
    /// Nobody is signed in, or the token is bad.
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    /// Seen, but not allowed.
    pub const FORBIDDEN: &str = "FORBIDDEN";
    /// Not an id of this service, or of another kind.
    pub const INVALID_ID: &str = "INVALID_ID";
    /// Not a cursor of this connection and order.
    pub const INVALID_CURSOR: &str = "INVALID_CURSOR";
    /// More than a limit allows; `extensions.limit`, `maximum` and, where known, `requested` tell which.
    pub const LIMIT_EXCEEDED: &str = "LIMIT_EXCEEDED";
    /// More calls than a minute allows; `extensions.retryAfterSeconds` tells when to come back.
    pub const RATE_LIMITED: &str = "RATE_LIMITED";
    /// No document has this id; `PersistedQueryNotFound` to those who leave documents here: send the text along.
    pub const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
    /// Only documents of a manifest are executed here, and this is none.
    pub const DOCUMENT_NOT_TRUSTED: &str = "DOCUMENT_NOT_TRUSTED";
    /// Of a download: there is none, or it may not be seen.
    pub const NOT_FOUND: &str = "NOT_FOUND";
    /// Of a subscription: events were not taken in time, and some are lost. Subscribe and query anew.
    pub const SLOW_CONSUMER: &str = "SLOW_CONSUMER";
    /// Our fault; the request id finds it in the log.
    pub const INTERNAL: &str = "INTERNAL";
    /// The request is not a GraphQL request.
    pub const BAD_REQUEST: &str = "BAD_REQUEST";
    /// An argument or variable does not have the form its type asks for.
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// The document cannot be parsed.
    pub const GRAPHQL_PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    /// The document does not fit the schema.
    pub const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";

    /// All of them; `docs/errors.md` says more about each.
    pub const ALL: [&str; 15] = [
        UNAUTHENTICATED,
        FORBIDDEN,
        INVALID_ID,
        INVALID_CURSOR,
        LIMIT_EXCEEDED,
        RATE_LIMITED,
        PERSISTED_QUERY_NOT_FOUND,
        DOCUMENT_NOT_TRUSTED,
        NOT_FOUND,
        SLOW_CONSUMER,
        INTERNAL,
        BAD_REQUEST,
        BAD_USER_INPUT,
        GRAPHQL_PARSE_FAILED,
        GRAPHQL_VALIDATION_FAILED,
    ];
}

/// A limit, and what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverLimit {
    /// Name as in `serviceLimits`.
    pub limit: &'static str,
    /// The most that is allowed.
    pub maximum: u64,
    /// What was asked for, where it was counted to the end.
    pub requested: Option<u64>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum ApiError {
    /// Nobody is signed in, or the token is bad.
    Unauthenticated,
    /// Seen, but not allowed.
    Forbidden,
    /// Not an id of this service, or of another kind.
    InvalidId,
    /// Not a cursor of this connection and order.
    InvalidCursor,
    /// More than a limit allows.
    Limit(OverLimit),
    /// More calls than a minute allows.
    RateLimited {
        /// Name as in `serviceLimits`.
        limit: &'static str,
        /// The most in a minute.
        maximum: u32,
        /// Seconds until the next is let through.
        retry_after: u64,
    },
    /// No document has this id.
    UnknownDocument,
    /// Only documents of a manifest are executed here.
    UntrustedDocument,
    /// Not a GraphQL request.
    BadRequest(Message),
    /// An argument or variable that does not fit.
    BadUserInput(Message),
    /// An argument that a person can mend; `extensions.reason` tells its code and `extensions.field` its path.
    Invalid(Violation),
    /// Not a GraphQL document; the place where reading it stopped.
    Syntax(Option<Pos>),
    /// A document that can be parsed but not executed.
    InvalidDocument(Message),
    /// Of a download: there is none, or it may not be seen.
    NotFound,
    /// A subscriber who did not take its events in time.
    SlowConsumer,
    /// Our fault. The cause is for the log.
    Internal(Arc<ServiceError>),
}

/// The only `Result` that resolvers use.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    /// Our fault, with the cause for the log.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(Arc::new(ServiceError::Internal(cause.into())))
    }

    /// The code of `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => code::UNAUTHENTICATED,
            Self::Forbidden => code::FORBIDDEN,
            Self::InvalidId => code::INVALID_ID,
            Self::InvalidCursor => code::INVALID_CURSOR,
            Self::Limit(_) => code::LIMIT_EXCEEDED,
            Self::BadRequest(_) => code::BAD_REQUEST,
            Self::BadUserInput(_) | Self::Invalid(_) => code::BAD_USER_INPUT,
            Self::Syntax(_) => code::GRAPHQL_PARSE_FAILED,
            Self::InvalidDocument(_) => code::GRAPHQL_VALIDATION_FAILED,
            Self::RateLimited { .. } => code::RATE_LIMITED,
            Self::UnknownDocument => code::PERSISTED_QUERY_NOT_FOUND,
            Self::UntrustedDocument => code::DOCUMENT_NOT_TRUSTED,
            Self::NotFound => code::NOT_FOUND,
            Self::SlowConsumer => code::SLOW_CONSUMER,
            Self::Internal(_) => code::INTERNAL,
        }
    }

    /// The limit that was hit, by its name in `serviceLimits`.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Limit(OverLimit { limit, .. }) | Self::RateLimited { limit, .. } => Some(limit),
            _ => None,
        }
    }

    /// The sentence for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unauthenticated => {
                Message::new("请先登录，或登录已失效", "sign in first; the token is missing, bad or expired")
            }
            Self::Forbidden => Message::new("无权进行此操作", "you are not allowed to do this"),
            Self::InvalidId => Message::new("标识无效", "not a valid id here"),
            Self::InvalidCursor => Message::new("游标无效", "not a valid cursor of this list and order"),
            Self::Limit(over) => over.message(),
            Self::RateLimited { maximum, retry_after, .. } => Message::new(
                format!("调用过于频繁：每分钟最多 {maximum} 次，请在 {retry_after} 秒后再试"),
                format!("too many calls: at most {maximum} in a minute, come back in {retry_after} seconds"),
            ),
            Self::BadRequest(message) | Self::BadUserInput(message) | Self::InvalidDocument(message) => message.clone(),
            Self::Invalid(violation) => violation.message.clone(),
            Self::Syntax(None) => Message::new("查询文档语法错误", "syntax error in the document"),
            Self::Syntax(Some(Pos { line, column })) => Message::new(
                format!("查询文档第 {line} 行第 {column} 列语法错误"),
                format!("syntax error at line {line}, column {column} of the document"),
            ),
            // What clients look for, letter by letter, before they send the text along.
            Self::UnknownDocument => Message::new("PersistedQueryNotFound", "PersistedQueryNotFound"),
            Self::UntrustedDocument => {
                Message::new("此处只执行清单中的查询文档", "only documents of a manifest are executed here")
            }
            Self::NotFound => Message::new("不存在或无权查看", "not found"),
            Self::SlowConsumer => Message::new(
                "未及时接收变更，部分变更已遗漏，请重新订阅并查询",
                "events were not taken in time and some are lost: subscribe and query anew",
            ),
            Self::Internal(_) => Message::new(
                "系统内部错误，请将请求编号提供给管理员",
                "internal error; give the request id to the operator",
            ),
        }
    }

    fn extensions(&self) -> ErrorExtensionValues {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code());
        if let Self::Limit(over) = self {
            extensions.set("limit", over.limit);
            extensions.set("maximum", over.maximum);
            if let Some(requested) = over.requested {
                extensions.set("requested", requested);
            }
        }
        if let Self::RateLimited { limit, maximum, retry_after } = self {
            extensions.set("limit", *limit);
            extensions.set("maximum", *maximum);
            extensions.set("retryAfterSeconds", *retry_after);
        }
        if let Self::Invalid(violation) = self {
            extensions.set("reason", violation.code.as_str());
            extensions.set("field", violation.field.clone());
        }
        extensions
    }

    /// As an error that belongs to no field. [`finish`] gives it its language and request id.
    #[must_use]
    pub fn into_server_error(self) -> ServerError {
        let mut error = ServerError::new(self.message().zh, None);
        if let Self::Syntax(Some(place)) = &self {
            error.locations.push(*place);
        }
        error.extensions = Some(self.extensions());
        error.source = Some(Arc::new(self));
        error
    }
}

impl OverLimit {
    fn message(&self) -> Message {
        let Self { limit, maximum, requested } = self;
        match requested {
            Some(requested) => Message::new(
                format!("超出限制 {limit}：最多 {maximum}，请求为 {requested}"),
                format!("over the limit {limit}: at most {maximum}, asked for {requested}"),
            ),
            None => Message::new(
                format!("超出限制 {limit}：最多 {maximum}"),
                format!("over the limit {limit}: at most {maximum}"),
            ),
        }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        Self { message: error.message().zh, extensions: Some(error.extensions()), source: Some(Arc::new(error)) }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::from(Arc::new(error))
    }
}

impl From<Arc<ServiceError>> for ApiError {
    fn from(error: Arc<ServiceError>) -> Self {
        match &*error {
            ServiceError::Unauthenticated => Self::Unauthenticated,
            ServiceError::Forbidden => Self::Forbidden,
            // Where a result has no `userErrors`, what is wrong with the input is still said.
            ServiceError::Invalid(violations) => match violations.first() {
                Some(violation) => Self::Invalid(violation.clone()),
                None => Self::Internal(error),
            },
            ServiceError::Internal(_) => Self::Internal(error),
        }
    }
}

/// 可由用户更正的问题。 — Something the user can mend.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// 错误代码。 — Code, for programs.
    pub code: UserErrorCode,
    /// 说明，语言按 Accept-Language。 — For people, in the language of Accept-Language.
    pub message: String,
    /// 输入中的位置，含列表下标；针对整个输入时为空。 — Path into the input, list indexes included; empty for the whole input.
    pub field: Vec<String>,
}

impl UserError {
    /// In the language of the request.
    #[must_use]
    pub fn new(violation: &Violation, lang: Lang) -> Self {
        Self {
            code: violation.code.into(),
            message: lang.of(&violation.message).to_owned(),
            field: violation.field.clone(),
        }
    }
}

/// Splits what a command answered: what the user can mend goes into the payload, the rest is a top-level error.
///
/// # Errors
/// Everything but `Invalid`.
pub fn outcome<T>(result: Result<T, ServiceError>, lang: Lang) -> Result<Result<T, Vec<UserError>>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(ServiceError::Invalid(violations)) => {
            Ok(Err(violations.iter().map(|violation| UserError::new(violation, lang)).collect()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a response fit to leave: every error in the caller's language with code and request id; causes of internal errors
/// logged once, texts of the library that tell of our insides replaced.
pub fn finish(response: &mut Response, ctx: &Ctx) {
    let mut logged: Vec<Arc<ServiceError>> = Vec::new();
    for error in &mut response.errors {
        let api = match error.source::<ApiError>() {
            Some(api) => Some(api.clone()),
            None => translate(error),
        };
        if let Some(api) = api {
            if let ApiError::Internal(cause) = &api
                && !logged.iter().any(|known| Arc::ptr_eq(known, cause))
            {
                let path = path(error);
                tracing::error!(request_id = ctx.request_id, path, cause = ?cause, "internal error");
                logged.push(Arc::clone(cause));
            }
            error.message = ctx.lang.of(&api.message()).to_owned();
            error.extensions = Some(api.extensions());
        }
        error.source = None;
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            let executed = !error.path.is_empty();
            extensions.set("code", if executed { code::BAD_USER_INPUT } else { code::GRAPHQL_VALIDATION_FAILED });
        }
        extensions.set("requestId", ctx.request_id.as_str());
    }
    response.extensions.insert("requestId".to_owned(), Value::from(ctx.request_id.as_str()));
}

/// An error the library made itself, where its text will not do.
fn translate(error: &ServerError) -> Option<ApiError> {
    let text = error.message.as_str();
    // "Data `crate::Type` does not exist." and other texts that name Rust types are our mistakes, not the caller's.
    if text.contains("::") && !error.path.is_empty() {
        return Some(ApiError::internal(anyhow::anyhow!("{text}")));
    }
    None
}

fn path(error: &ServerError) -> String {
    let parts = error.path.iter().map(|segment| match segment {
        async_graphql::PathSegment::Field(name) => name.clone(),
        async_graphql::PathSegment::Index(index) => index.to_string(),
    });
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use jixiao_service::ctx::Actor;
    use jixiao_service::error::UserErrorCode as Code;
    use jixiao_service::id::Timestamp;

    use super::*;

    fn ctx(lang: Lang) -> Ctx {
        Ctx::new(Actor::Anonymous, Timestamp(0), "r-1", lang)
    }

    fn finished(error: ServerError, lang: Lang) -> serde_json::Value {
        let mut response = Response::from_errors(vec![error]);
        finish(&mut response, &ctx(lang));
        serde_json::to_value(&response).expect("serializes")
    }

    #[test]
    fn errors_speak_the_callers_language() {
        let over = ApiError::Limit(OverLimit { limit: "maxDepth", maximum: 3, requested: Some(4) });
        let zh = finished(over.clone().into_server_error(), Lang::Zh);
        assert_eq!(zh["errors"][0]["message"], "超出限制 maxDepth：最多 3，请求为 4");
        let en = finished(over.into_server_error(), Lang::En);
        assert_eq!(en["errors"][0]["message"], "over the limit maxDepth: at most 3, asked for 4");
        let extensions = &en["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "LIMIT_EXCEEDED");
        assert_eq!((&extensions["limit"], &extensions["maximum"]), (&"maxDepth".into(), &3.into()));
        assert_eq!(extensions["requestId"], "r-1");
        assert_eq!(en["extensions"]["requestId"], "r-1");
    }

    #[test]
    fn an_internal_cause_is_not_told() {
        let error = ApiError::from(ServiceError::Internal(anyhow::anyhow!("no such table: user_account")));
        let answer = finished(error.into_server_error(), Lang::En).to_string();
        assert!(answer.contains("INTERNAL") && !answer.contains("user_account"), "{answer}");
    }

    #[test]
    fn texts_with_rust_types_are_replaced() {
        let mut error = ServerError::new("Data `jixiao_service::db::Db` does not exist.", None);
        error.path = vec![async_graphql::PathSegment::Field("viewer".to_owned())];
        let answer = finished(error, Lang::En).to_string();
        assert!(answer.contains("INTERNAL") && !answer.contains("::"), "{answer}");
    }

    #[test]
    fn what_the_user_can_mend_goes_into_the_payload() {
        let invalid = ServiceError::invalid(Code::Required, "input.entries.3.text", "必填", "needed");
        let errors = outcome::<()>(Err(invalid), Lang::En).expect("no top-level error").expect_err("user errors");
        assert_eq!(errors[0].field, ["input", "entries", "3", "text"]);
        assert_eq!(errors[0].message, "needed");
        assert!(matches!(outcome::<()>(Err(ServiceError::Forbidden), Lang::En), Err(ApiError::Forbidden)));
        assert!(matches!(outcome(Ok(1), Lang::En), Ok(Ok(1))));
    }
}
