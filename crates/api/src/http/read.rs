//! From an HTTP request to GraphQL operations not yet parsed.

use std::time::Duration;

use async_graphql::Variables;
use axum::body::{Body, BodyDataStream};
use axum::extract::Query;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode, Uri};
use futures_util::StreamExt;
use jixiao_rules::message::Message;
use serde::Deserialize;
use serde_json::Value;

use super::Refusal;
use crate::callers::Address;
use crate::config::Limits;
use crate::documents::Named;
use crate::graphql::error::{ApiError, OverLimit};
use crate::graphql::upload::Uploads;
use crate::guard;

/// What one request asks for.
pub(super) struct Asked {
    pub(super) operations: Vec<Unparsed>,
    /// The answer is a list.
    pub(super) batch: bool,
}

/// An operation as it came.
pub(super) struct Unparsed {
    pub(super) document: Named,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    pub(super) uploads: Uploads,
    /// Where it comes from; the transport says so once it is read.
    pub(super) from: Address,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// A message for a request that is no GraphQL request.
pub(super) fn bad(zh: &str, en: &str) -> ApiError {
    ApiError::BadRequest(Message::new(zh, en))
}

pub(super) fn refuse(zh: &str, en: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, bad(zh, en))
}

/// Brackets around the variables: the batch, the request, the variables themselves.
const AROUND: u64 = 3;

pub(super) fn from_uri(uri: &Uri, limits: &Limits) -> Result<Asked, Refusal> {
    let Query(parameters) = Query::<Parameters>::try_from_uri(uri)
        .map_err(|_| refuse("查询参数无效", "the query parameters cannot be read"))?;
    let json = |text: Option<String>| match text.filter(|text| !text.is_empty()) {
        None => Ok(Value::Null),
        Some(text) => parse(text.as_bytes(), limits),
    };
    let request = serde_json::json!({
        "query": parameters.query,
        "documentId": parameters.document_id,
        "operationName": parameters.operation_name,
        "variables": json(parameters.variables)?,
        "extensions": json(parameters.extensions)?,
    });
    Ok(Asked { operations: vec![operation(request)?], batch: false })
}

/// The JSON of a body, not yet read.
pub(super) async fn body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    if !is_json(headers) {
        let error = bad("请求体须为 application/json（UTF-8）", "the body must be application/json in UTF-8");
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    bytes(headers, body, limits.max_body_bytes).await
}

/// One request, or a batch of them.
pub(super) fn from_json(request: Value, limits: &Limits) -> Result<Asked, Refusal> {
    match request {
        Value::Array(requests) => {
            let asked = u64::try_from(requests.len()).unwrap_or(u64::MAX);
            if asked > limits.max_batch {
                let over = OverLimit { limit: "maxBatch", maximum: limits.max_batch, requested: Some(asked) };
                return Err(Refusal::new(StatusCode::BAD_REQUEST, ApiError::Limit(over)));
            }
            if requests.is_empty() {
                return Err(refuse("批量请求不能为空", "a batch must not be empty"));
            }
            let operations = requests.into_iter().map(operation).collect::<Result<_, _>>()?;
            Ok(Asked { operations, batch: true })
        }
        request => Ok(Asked { operations: vec![operation(request)?], batch: false }),
    }
}

/// JSON and nothing else: a form or plain text is what a foreign page can make a browser send.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().is_some_and(|media| media == "application/json")
        && parts.all(|part| {
            part.strip_prefix("charset=").is_none_or(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"))
        })
}

/// Bytes of a body over the limit that are read and dropped, and for how long.
const DRAINED_BYTES: u64 = 64 << 20;
const DRAINED_FOR: Duration = Duration::from_secs(4);

/// Takes in the rest of a body that is refused: most clients read the answer only after they have sent everything, and
/// would see a broken connection instead. One that waits for leave (`Expect`) sends nothing.
async fn drain(headers: &HeaderMap, mut stream: BodyDataStream) {
    if headers.contains_key(EXPECT) {
        return;
    }
    let all = async {
        let mut left = DRAINED_BYTES;
        while let Some(Ok(chunk)) = stream.next().await {
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            let Some(rest) = left.checked_sub(length) else { break };
            left = rest;
        }
    };
    // Whether all of it came is of no interest.
    let _ = tokio::time::timeout(DRAINED_FOR, all).await;
}

/// Keeps no more than the limit, whatever the length claimed.
async fn bytes(headers: &HeaderMap, body: Body, maximum: u64) -> Result<Vec<u8>, Refusal> {
    let too_large = |requested| {
        let over = OverLimit { limit: "maxBodyBytes", maximum, requested };
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ApiError::Limit(over))
    };
    let claimed = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let mut stream = body.into_data_stream();
    if claimed.is_some_and(|claimed| claimed > maximum) {
        drain(headers, stream).await;
        return Err(too_large(claimed));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| refuse("请求体不完整", "the body ended early"))?;
        bytes.extend_from_slice(&chunk);
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > maximum {
            drain(headers, stream).await;
            return Err(too_large(None));
        }
    }
    Ok(bytes)
}

pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Refusal> {
    let maximum = limits.max_nesting;
    let nesting = guard::json_nesting(bytes).saturating_sub(AROUND);
    if nesting > maximum {
        let over = OverLimit { limit: "maxNesting", maximum, requested: Some(nesting) };
        return Err(Refusal::new(StatusCode::BAD_REQUEST, ApiError::Limit(over)));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        refuse(
            &format!("请求不是有效的 JSON（第 {line} 行第 {column} 列）"),
            &format!("not valid JSON at line {line}, column {column}"),
        )
    })
}

/// An operation of a request's JSON.
pub(super) fn operation(request: Value) -> Result<Unparsed, Refusal> {
    let Value::Object(mut request) = request else {
        return Err(refuse("请求须为 JSON 对象", "a request must be a JSON object"));
    };
    let text = match request.remove("query") {
        None | Some(Value::Null) => None,
        Some(Value::String(query)) => Some(query).filter(|query| !query.is_empty()),
        Some(_) => return Err(refuse("query 须为文本", "query must be a string")),
    };
    let id = match request.remove("documentId") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id),
        Some(_) => return Err(refuse("documentId 须为文本", "documentId must be a string")),
    };
    let operation_name = match request.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err(refuse("operationName 须为文本", "operationName must be a string")),
    };
    let variables = match request.remove("variables") {
        None | Some(Value::Null) => Variables::default(),
        Some(map @ Value::Object(_)) => Variables::from_json(map),
        Some(_) => return Err(refuse("variables 须为对象", "variables must be an object")),
    };
    let hash = match request.remove("extensions") {
        None | Some(Value::Null) => None,
        Some(Value::Object(extensions)) => {
            let hash = extensions.get("persistedQuery").and_then(|persisted| persisted.get("sha256Hash")?.as_str());
            hash.map(str::to_owned)
        }
        Some(_) => return Err(refuse("extensions 须为对象", "extensions must be an object")),
    };
    if text.is_none() && id.is_none() && hash.is_none() {
        return Err(refuse("缺少 query、documentId", "query is missing, and so is documentId"));
    }
    let document = Named { text, id, hash };
    Ok(Unparsed { document, operation_name, variables, uploads: Uploads::default(), from: Address::default() })
}
