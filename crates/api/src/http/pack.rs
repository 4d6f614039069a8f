//! Audit packs over plain HTTP: a bearer token, one ZIP file, always saved and never shown.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jixiao_service::ctx::{Actor, Ctx};
use jixiao_service::error::ServiceError;
use jixiao_service::file::Kept;
use jixiao_service::pack::{Extent, Made};
use serde::Deserialize;

use super::answer::Media;
use super::{Backend, Http, Refusal, download, read, refused};
use crate::graphql::error::{ApiError, OverLimit};

/// What of the service goes into the pack: what `auditPack.downloadPath` says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asked {
    jurisdiction_code: Option<String>,
    fiscal_year: Option<i32>,
}

pub(super) async fn audit_pack<B: Backend>(
    State(http): State<Arc<Http<B>>>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let mut ctx = http.circumstances(&headers);
    let milliseconds = http.limits.audit_pack_timeout_milliseconds;
    let work = make(&http, asked.ok().map(|Query(asked)| asked), &headers, &mut ctx);
    let made = match tokio::time::timeout(Duration::from_millis(milliseconds), work).await {
        Ok(made) => made,
        Err(_) => {
            let over = OverLimit { limit: "auditPackTimeoutMilliseconds", maximum: milliseconds, requested: None };
            Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ApiError::Limit(over)))
        }
    };
    match made {
        Ok((made, kept)) => download::saved(kept, "application/zip", "audit-pack.zip", &made.fingerprint, &ctx),
        Err(refusal) => refused(refusal, Media::Json, &ctx),
    }
}

async fn make<B: Backend>(
    http: &Http<B>,
    asked: Option<Asked>,
    headers: &HeaderMap,
    ctx: &mut Ctx,
) -> Result<(Made, Kept), Refusal> {
    ctx.actor = http.actor(headers, ctx).await?;
    if ctx.actor == Actor::Anonymous {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, ApiError::Unauthenticated));
    }
    let Some(Asked { jurisdiction_code, fiscal_year }) = asked else {
        let error = read::bad("只有 jurisdictionCode 与 fiscalYear 两个参数", "only jurisdictionCode and fiscalYear");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, error));
    };
    http.backend.pack(ctx, &Extent { user: None, jurisdiction_code, fiscal_year }).await.map_err(|error| {
        let status = match error {
            ServiceError::Unauthenticated => StatusCode::UNAUTHORIZED,
            ServiceError::Forbidden => StatusCode::FORBIDDEN,
            ServiceError::Invalid(_) => StatusCode::BAD_REQUEST,
            ServiceError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refusal::new(status, error.into())
    })
}
