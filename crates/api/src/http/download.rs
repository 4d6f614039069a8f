//! Evidence files over plain HTTP: a bearer token, one file, always saved and never shown.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jixiao_service::ctx::{Actor, Ctx};
use jixiao_service::declaration::Evidence;
use jixiao_service::evidence::Found;
use jixiao_service::file::Kept;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::Media;
use super::{Backend, Http, Refusal, refused};
use crate::graphql::error::{ApiError, OverLimit};
use crate::graphql::id::{NodeKind, decode};

/// What stands for itself in `filename*` (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) async fn evidence<B: Backend>(
    State(http): State<Arc<Http<B>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let mut ctx = http.circumstances(&headers);
    let milliseconds = http.limits.timeout_milliseconds;
    let work = find(&http, id, &headers, &mut ctx);
    let found = match tokio::time::timeout(Duration::from_millis(milliseconds), work).await {
        Ok(found) => found,
        Err(_) => {
            let over = OverLimit { limit: "timeoutMilliseconds", maximum: milliseconds, requested: None };
            Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ApiError::Limit(over)))
        }
    };
    match found {
        Ok((found, kept)) => respond(&found, kept, &ctx),
        Err(refusal) => refused(refusal, Media::Json, &ctx),
    }
}

async fn find<B: Backend>(
    http: &Http<B>,
    id: String,
    headers: &HeaderMap,
    ctx: &mut Ctx,
) -> Result<(Found, Kept), Refusal> {
    ctx.actor = http.actor(headers, ctx).await?;
    if ctx.actor == Actor::Anonymous {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, ApiError::Unauthenticated));
    }
    // What is no id, what does not exist and what may not be seen are the same.
    let not_found = || Refusal::new(StatusCode::NOT_FOUND, ApiError::NotFound);
    let key = decode(NodeKind::Evidence, &async_graphql::ID(id)).map_err(|_| not_found())?;
    match http.backend.download(key, ctx).await {
        Ok(found) => found.ok_or_else(not_found),
        Err(error) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.into())),
    }
}

fn respond(found: &Found, kept: Kept, ctx: &Ctx) -> Response {
    let Evidence { media_type, file_name, sha256, .. } = &found.evidence;
    saved(kept, media_type, file_name, sha256, ctx)
}

/// A file that is always saved and never shown.
pub(super) fn saved(kept: Kept, media_type: &str, name: &str, sha256: &str, ctx: &Ctx) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_LENGTH, kept.size.to_string()),
        (CONTENT_DISPOSITION, disposition(name)),
        (ETAG, format!("\"{sha256}\"")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (StatusCode::OK, headers, [("x-request-id", ctx.request_id.clone())], Body::from_stream(kept.bytes)).into_response()
}

/// The name in ASCII for old programs, and as it is for all others.
pub(super) fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ' ' | '(' | ')');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(
            disposition("佐证\";\r\n a.pdf"),
            "attachment; filename=\"______ a.pdf\"; filename*=UTF-8''%E4%BD%90%E8%AF%81%22%3B%0D%0A%20a.pdf"
        );
    }
}
