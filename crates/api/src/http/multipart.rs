//! Requests with files, after graphql-multipart-request-spec: the parts `operations`, `map`, then the files, in that order.
//! Files go to unnamed temporary files as they come; of the rest no more than the limits is in memory at once.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use jixiao_service::ctx::Ctx;
use jixiao_service::file::{Staged, Staging};
use multer::{Field, Multipart};
use serde_json::Value;

use super::read::{Asked, bad, from_json, parse, refuse};
use super::{Backend, Http, Refusal};
use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit};
use crate::graphql::upload::{Upload, Uploads};

/// Headers that a page of another site cannot send without asking first. A form can send multipart, so one is needed.
const PREFLIGHT: [&str; 2] = ["graphql-require-preflight", "apollo-require-preflight"];

/// Most bytes that one step of the parser may take in: it keeps what it has not understood yet, such as a part's headers.
const AT_ONCE: u64 = 1 << 20;

/// Whether a request comes with files.
pub(super) fn is(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// The operations of a request, their files set in.
pub(super) async fn read<B: Backend>(
    headers: &HeaderMap,
    body: Body,
    ctx: &Ctx,
    http: &Http<B>,
) -> Result<Asked, Refusal> {
    let limits = &http.limits;
    let boundary = admit(headers, ctx, limits)?;
    let mut parts = Parts::new(body, boundary, limits);
    let operations = parts.text("operations").await?;
    let mut request = parse(&operations, limits)?;
    let map = parts.text("map").await?;
    let map: BTreeMap<String, Vec<String>> = serde_json::from_slice(&map)
        .map_err(|_| refuse("map 须为对象，其值为路径的列表", "map must be an object of lists of paths"))?;
    let files = parts.files(&http.staging, map, &mut request).await?;
    let mut asked = from_json(request, limits)?;
    let uploads = Uploads(Arc::new(files));
    asked.operations.iter_mut().for_each(|operation| operation.uploads = uploads.clone());
    Ok(asked)
}

/// What must hold before anything of the body is read; gives the boundary between the parts.
fn admit(headers: &HeaderMap, ctx: &Ctx, limits: &Limits) -> Result<String, Refusal> {
    if !PREFLIGHT.iter().any(|name| headers.get(*name).is_some_and(|value| !value.is_empty())) {
        return Err(refuse(
            "上传文件的请求须带请求头 GraphQL-Require-Preflight",
            "a request with files needs the header GraphQL-Require-Preflight",
        ));
    }
    if ctx.user().is_none() {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, ApiError::Unauthenticated));
    }
    let claimed = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let most = limits.max_upload_bytes.saturating_add(limits.max_body_bytes.saturating_mul(2));
    if claimed.is_some_and(|claimed| claimed > most) {
        return Err(too_large("maxUploadBytes", limits.max_upload_bytes, claimed));
    }
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(text).map_err(|_| refuse("Content-Type 缺少 boundary", "Content-Type has no boundary"))
}

fn too_large(limit: &'static str, maximum: u64, requested: Option<u64>) -> Refusal {
    let over = OverLimit { limit, maximum, requested };
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ApiError::Limit(over))
}

fn failed(error: io::Error) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal(error))
}

fn broken(_: multer::Error) -> Refusal {
    refuse("multipart 请求体不完整或格式错误", "the multipart body is not whole or not well formed")
}

fn length(bytes: &Bytes) -> u64 {
    bytes.len().try_into().unwrap_or(u64::MAX)
}

/// The parts of a body, one after the other.
struct Parts<'a> {
    multipart: Multipart<'static>,
    allowance: Arc<AtomicU64>,
    limits: &'a Limits,
}

impl<'a> Parts<'a> {
    fn new(body: Body, boundary: String, limits: &'a Limits) -> Self {
        let allowance = Arc::new(AtomicU64::new(AT_ONCE));
        let left = Arc::clone(&allowance);
        // The last, empty one: the parser must not learn of the end while it still looks for the first part.
        let end = stream::once(std::future::ready(Ok(Bytes::new())));
        let sips = body.into_data_stream().chain(end).then(move |chunk| {
            let left = Arc::clone(&left);
            async move {
                // The parser takes all that is ready before it looks at any; a fast sender would fill the memory.
                tokio::task::yield_now().await;
                let chunk = chunk.map_err(io::Error::other)?;
                let allowed = left.load(Ordering::Relaxed);
                if allowed == 0 {
                    return Err(io::Error::other("a part's headers without an end"));
                }
                left.store(allowed.saturating_sub(length(&chunk)), Ordering::Relaxed);
                Ok(chunk)
            }
        });
        Self { multipart: Multipart::new(sips, boundary), allowance, limits }
    }

    async fn next(&mut self) -> Result<Option<Field<'static>>, Refusal> {
        self.allowance.store(AT_ONCE, Ordering::Relaxed);
        self.multipart.next_field().await.map_err(broken)
    }

    async fn chunk(&self, field: &mut Field<'static>) -> Result<Option<Bytes>, Refusal> {
        self.allowance.store(AT_ONCE, Ordering::Relaxed);
        field.chunk().await.map_err(broken)
    }

    /// The next part, which must be this one.
    async fn text(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        let field = self.next().await?.filter(|field| field.name() == Some(name) && field.file_name().is_none());
        let mut field = field.ok_or_else(|| {
            refuse("各部分须依次为 operations、map、文件", "the parts must be operations, map, then the files")
        })?;
        let maximum = self.limits.max_body_bytes;
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut field).await? {
            bytes.extend_from_slice(&chunk);
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > maximum {
                return Err(too_large("maxBodyBytes", maximum, None));
            }
        }
        Ok(bytes)
    }

    /// All the files, each set into the request where `map` says.
    async fn files(
        &mut self,
        staging: &Path,
        mut map: BTreeMap<String, Vec<String>>,
        request: &mut Value,
    ) -> Result<Vec<Staged>, Refusal> {
        let asked = map.len().try_into().unwrap_or(u64::MAX);
        if asked > self.limits.max_files {
            return Err(too_large("maxFiles", self.limits.max_files, Some(asked)));
        }
        let mut files = Vec::new();
        let mut total = 0;
        while let Some(field) = self.next().await? {
            let name = field.name().unwrap_or_default().to_owned();
            let paths = map.remove(&name).ok_or_else(|| {
                refuse(
                    &format!("部分 {name} 不在 map 中或重复"),
                    &format!("the part {name} is not in map, or comes twice"),
                )
            })?;
            for path in &paths {
                place(request, path, Upload(files.len()).mark())?;
            }
            let file = self.file(staging, field, total).await?;
            total += file.size;
            files.push(file);
        }
        match map.keys().next() {
            None => Ok(files),
            Some(name) => {
                Err(refuse(&format!("缺少 map 中的文件 {name}"), &format!("the file {name} of map is missing")))
            }
        }
    }

    async fn file(&self, staging: &Path, mut field: Field<'static>, before: u64) -> Result<Staged, Refusal> {
        let Limits { max_file_bytes, max_upload_bytes, .. } = *self.limits;
        let name = field.file_name().map(str::to_owned);
        let name = name.ok_or_else(|| refuse("文件部分缺少 filename", "the part of a file has no filename"))?;
        let mut file = Staging::new(staging).await.map_err(failed)?;
        while let Some(chunk) = self.chunk(&mut field).await? {
            let size = file.size() + length(&chunk);
            if size > max_file_bytes {
                return Err(too_large("maxFileBytes", max_file_bytes, None));
            }
            if before + size > max_upload_bytes {
                return Err(too_large("maxUploadBytes", max_upload_bytes, None));
            }
            file.write(&chunk).await.map_err(failed)?;
        }
        file.finish(name).await.map_err(failed)
    }
}

/// Sets a mark where a path such as `variables.input.file` (in a batch `0.variables.input.file`) finds a null.
fn place(request: &mut Value, path: &str, mark: String) -> Result<(), Refusal> {
    let pointer = format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/"));
    let within = path.split('.').nth(usize::from(request.is_array())) == Some("variables");
    match request.pointer_mut(&pointer) {
        Some(slot) if within && slot.is_null() => {
            *slot = Value::String(mark);
            Ok(())
        }
        _ => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            bad(
                &format!("map 中的路径 {path} 不是变量中的 null"),
                &format!("the path {path} of map is no null of the variables"),
            ),
        )),
    }
}
