//! Listings over plain HTTP: a bearer token, the arguments of the listing in the query string, and a file that is sent
//! while it is made.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use jixiao_service::ctx::Ctx;
use jixiao_service::export::Exported;

use super::answer::Media;
use super::download::disposition;
use super::read::bad;
use super::{Backend, Http, Refusal, refused};
use crate::export::Asked;
use crate::graphql::error::{ApiError, OverLimit};

type Arguments = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(super) async fn export<B: Backend>(
    State(http): State<Arc<Http<B>>>,
    Path(file): Path<String>,
    arguments: Arguments,
    headers: HeaderMap,
) -> Response {
    let mut ctx = http.circumstances(&headers);
    let milliseconds = http.limits.timeout_milliseconds;
    let work = begin(&http, &file, arguments, &headers, &mut ctx);
    // The beginning of the file has to come in time; what follows goes as fast as it is taken.
    let begun = match tokio::time::timeout(Duration::from_millis(milliseconds), work).await {
        Ok(begun) => begun,
        Err(_) => {
            let over = OverLimit { limit: "timeoutMilliseconds", maximum: milliseconds, requested: None };
            Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ApiError::Limit(over)))
        }
    };
    match begun {
        Ok(exported) => respond(exported, ctx),
        Err(refusal) => refused(refusal, Media::Json, &ctx),
    }
}

async fn begin<B: Backend>(
    http: &Http<B>,
    file: &str,
    arguments: Arguments,
    headers: &HeaderMap,
    ctx: &mut Ctx,
) -> Result<Exported, Refusal> {
    ctx.actor = http.actor(headers, ctx).await?;
    let Query(arguments) = arguments.map_err(|_| {
        Refusal::new(StatusCode::BAD_REQUEST, bad("查询字符串无法识别", "the query string cannot be read"))
    })?;
    let not_found = || Refusal::new(StatusCode::NOT_FOUND, ApiError::NotFound);
    let (listing, format) = file.rsplit_once('.').ok_or_else(not_found)?;
    let asked = Asked { listing: listing.to_owned(), format: format.to_owned(), arguments };
    http.backend.export(asked, ctx).await.map_err(|error| Refusal::new(status(&error), error))
}

fn status(error: &ApiError) -> StatusCode {
    match error {
        ApiError::Unauthenticated => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden => StatusCode::FORBIDDEN,
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn respond(exported: Exported, ctx: Ctx) -> Response {
    let headers = [
        (CONTENT_TYPE, exported.media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition(&exported.file_name)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let id = [("x-request-id", ctx.request_id.clone())];
    // Where the end is missing the connection breaks, so that no cut file looks whole.
    let bytes = exported.bytes.map_err(move |error| {
        tracing::error!(request_id = ctx.request_id, ?error, "export cut short");
        io::Error::other("the export failed")
    });
    (StatusCode::OK, headers, id, Body::from_stream(bytes)).into_response()
}
