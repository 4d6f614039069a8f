//! From GraphQL responses to an HTTP response: form, status, headers.

use std::collections::BTreeMap;

use async_graphql::{Response as Outcome, ServerError, Value};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jixiao_service::ctx::Ctx;
use serde::Serialize;

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the HTTP status tells whether the operation was executed.
    Response,
    /// `application/json`: 200 for every well-formed request.
    Json,
}

/// The outcome of one operation; a status when it was not executed.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) status: Option<StatusCode>,
    /// A header that goes with the status.
    pub(super) header: Option<(HeaderName, HeaderValue)>,
    /// Of a query that was answered without any error: its name, if it has one.
    pub(super) query: Option<Option<String>>,
}

impl Media {
    /// What `Accept` likes best of what we have.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        by_preference(headers, &ACCEPT).iter().find_map(|media| match media.as_str() {
            "application/graphql-response+json" => Some(Self::Response),
            "application/json" | "application/*" | "*/*" => Some(Self::Json),
            _ => None,
        })
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }
}

/// The values of a header such as `Accept`, best liked first, those with `q=0` left out.
pub(super) fn by_preference(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let texts = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let mut wanted: Vec<(u32, String)> = texts
        .flat_map(|text| text.split(','))
        .filter_map(|part| {
            let mut pieces = part.split(';').map(|piece| piece.trim().to_ascii_lowercase());
            let value = pieces.next().filter(|value| !value.is_empty())?;
            let weight = pieces.find_map(|piece| piece.strip_prefix("q=").map(thousandths)).unwrap_or(1_000);
            (weight > 0).then_some((weight, value))
        })
        .collect();
    // Stable: what is liked equally keeps its order.
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.into_iter().map(|(_, value)| value).collect()
}

/// `0.75` as 750; what cannot be read is liked least.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), fraction.parse::<u32>()) {
        (Ok(whole), Ok(fraction)) => (whole.min(1) * 1_000 + fraction).min(1_000),
        _ => 1,
    }
}

/// Browsers ask for HTML before anything else; programs do not.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    by_preference(headers, &ACCEPT).first().is_some_and(|media| media == "text/html")
}

/// The GraphiQL page.
pub(super) fn page() -> Response {
    let mut response = Html(include_str!("graphiql.html")).into_response();
    // A token is typed into this page: no other page may frame it.
    response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A file of the GraphiQL page, as it is kept: compressed.
pub(super) fn page_file(name: &str) -> Response {
    let (media, bytes): (_, &'static [u8]) = match name {
        "react.js" => (JAVASCRIPT, include_bytes!("../../assets/graphiql/react.js.gz")),
        "react-dom.js" => (JAVASCRIPT, include_bytes!("../../assets/graphiql/react-dom.js.gz")),
        "graphiql.js" => (JAVASCRIPT, include_bytes!("../../assets/graphiql/graphiql.js.gz")),
        "graphiql.css" => ("text/css; charset=utf-8", include_bytes!("../../assets/graphiql/graphiql.css.gz")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media)),
        (CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, bytes).into_response()
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    /// Absent when the operation was not executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    extensions: &'a BTreeMap<String, Value>,
}

/// One answer as JSON, as it stands inside of another message.
pub(super) fn payload(outcome: &Outcome, executed: bool) -> String {
    let data = executed.then_some(&outcome.data);
    let body = Body { errors: &outcome.errors, data, extensions: &outcome.extensions };
    serde_json::to_string(&body).unwrap_or_else(|_| "{}".to_owned())
}

/// The errors of an answer as JSON.
pub(super) fn errors(outcome: &Outcome) -> String {
    serde_json::to_string(&outcome.errors).unwrap_or_else(|_| "[]".to_owned())
}

/// The answers to one request as text; `None` when they cannot be written.
pub(super) fn text(answers: &[Answer], batch: bool) -> Option<Vec<u8>> {
    let bodies: Vec<Body<'_>> = answers
        .iter()
        .map(|answer| Body {
            errors: &answer.outcome.errors,
            data: answer.status.is_none().then_some(&answer.outcome.data),
            extensions: &answer.outcome.extensions,
        })
        .collect();
    if batch { serde_json::to_vec(&bodies).ok() } else { serde_json::to_vec(bodies.first()?).ok() }
}

/// The HTTP response for the answers to one request.
pub(super) fn respond(answers: &[Answer], batch: bool, media: Media, ctx: &Ctx) -> Response {
    match text(answers, batch) {
        Some(text) => respond_with(text, answers, batch, media, ctx),
        None => {
            tracing::error!(request_id = ctx.request_id, "the response cannot be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The HTTP response for answers whose text is known.
pub(super) fn respond_with(text: Vec<u8>, answers: &[Answer], batch: bool, media: Media, ctx: &Ctx) -> Response {
    let first = answers.first().filter(|_| !batch);
    let status = match (first.and_then(|answer| answer.status), media) {
        // A well-formed request that GraphQL refuses is 200 in the older form.
        (None, _) | (Some(StatusCode::BAD_REQUEST), Media::Json) => StatusCode::OK,
        (Some(status), _) => status,
    };
    let mut response = (status, text).into_response();
    dress(&mut response, media, ctx);
    if let Some((name, value)) = first.and_then(|answer| answer.header.clone()) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Headers of every answer.
pub(super) fn dress(response: &mut Response, media: Media, ctx: &Ctx) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media.content_type());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&ctx.request_id) {
        headers.insert("x-request-id", id);
    }
}
