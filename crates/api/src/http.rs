//! The transport: `/graphql` after the GraphQL-over-HTTP specification, files, `/healthz`, `/readyz`. Thin on purpose: it decides
//! who asks, what is asked and in which form to answer; everything else is behind [`Backend`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request as Operation, Response as Outcome, ServerError, Variables};
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, AUTHORIZATION, CONTENT_TYPE, UPGRADE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use jixiao_service::ctx::{Actor, Ctx, Lang, User};
use jixiao_service::error::ServiceError;
use jixiao_service::evidence::Found;
use jixiao_service::export::Exported;
use jixiao_service::file::Kept;
use jixiao_service::id::Timestamp;
use jixiao_service::pack::{Extent, Made};
use jixiao_service::user::External;
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

use crate::app::Subscribing;
use crate::auth::Tokens;
use crate::callers::{Address, Callers};
use crate::clock::Clock;
use crate::config::{Introspection, Limits, Secret};
use crate::documents::Documents;
use crate::export::Asked;
use crate::graphql::error::{ApiError, OverLimit, Result as ApiResult};
use crate::metrics::{Metrics, Open};
use crate::oidc::Oidc;

mod again;
mod answer;
pub mod dashboard;
mod download;
mod export;
mod live;
mod multipart;
mod pack;
mod read;
mod run;
mod socket;
#[cfg(test)]
mod tests;

pub use again::Memory;
use again::{Recalled, Seen};
use answer::{Answer, Media};
use live::{Form, Stay};
use run::Given;

/// What is behind the transport.
pub trait Backend: Send + Sync + 'static {
    /// What an operation costs.
    ///
    /// # Errors
    /// What does not fit the schema.
    fn price(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> impl Future<Output = Result<u64, Vec<ServerError>>> + Send;

    /// Executes one operation that has been priced. The request holds the parsed document and, as data, the [`Ctx`].
    fn execute(&self, operation: Operation, ctx: Ctx) -> impl Future<Output = Outcome> + Send;

    /// The answers of a subscription, one after the other. It has begun when this returns: nothing that is committed from
    /// then on is missed. What it holds is let go when it is dropped.
    fn subscribe(&self, asked: Subscribing, ctx: Ctx) -> impl Future<Output = BoxStream<'static, Outcome>> + Send;

    /// The user with this key and the grants held now; `None` when there is none any more.
    fn user(&self, key: i64) -> impl Future<Output = Result<Option<User>, ServiceError>> + Send;

    /// The key of somebody's account, made or brought up to date; `None` when it is closed.
    fn arrive(&self, who: &External, ctx: &Ctx) -> impl Future<Output = Result<Option<i64>, ServiceError>> + Send;

    /// The content of an evidence file, for whoever may read it; noted in the access log.
    fn download(
        &self,
        evidence: i64,
        ctx: &Ctx,
    ) -> impl Future<Output = Result<Option<(Found, Kept)>, ServiceError>> + Send;

    /// An audit pack, for whoever may have it; noted in the access log.
    fn pack(&self, ctx: &Ctx, extent: &Extent) -> impl Future<Output = Result<(Made, Kept), ServiceError>> + Send;

    /// A listing as a file, for whoever may read it; noted in the access log.
    fn export(&self, asked: Asked, ctx: &Ctx) -> impl Future<Output = ApiResult<Exported>> + Send;

    /// Connections to the database and how many of them nobody uses; subscriptions that are followed.
    fn open(&self) -> ((u32, u32), usize);

    /// Whether requests can be served.
    fn ready(&self) -> impl Future<Output = bool> + Send;
}

/// What the transport needs.
pub struct Http<B> {
    /// What is behind it.
    pub backend: B,
    /// Checks access tokens.
    pub tokens: Arc<Tokens>,
    /// Checks those of an identity provider.
    pub oidc: Option<Oidc>,
    /// What a request may ask for.
    pub limits: Arc<Limits>,
    /// What Prometheus is told.
    pub metrics: Arc<Metrics>,
    /// What whoever asks for it must know; `None`: nothing.
    pub metrics_token: Option<Secret>,
    /// Documents that are known by an id.
    pub documents: Documents,
    /// Answers that may be given again; `None` to make each anew.
    pub memory: Option<Memory>,
    /// Who calls how often.
    pub callers: Arc<Callers>,
    /// Proxies of ours in front.
    pub trusted_proxies: u8,
    /// Who may ask for the schema itself.
    pub introspection: Introspection,
    /// Whether browsers get the GraphiQL page.
    pub graphiql: bool,
    /// Where files are received.
    pub staging: PathBuf,
    /// Read once per request.
    pub clock: Clock,
    /// Places for sockets and answers that come one after the other.
    pub streams: Arc<Semaphore>,
    /// Ends those when the service stops.
    pub stop: CancellationToken,
}

/// The routes of the service.
pub fn router<B: Backend>(http: Http<B>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::<B>))
        .route("/graphql/{file}", get(page_file::<B>))
        .route("/evidence/{id}", get(download::evidence::<B>))
        .route("/audit-pack", get(pack::audit_pack::<B>))
        .route("/export/{file}", get(export::export::<B>))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz::<B>))
        .route("/metrics", get(metrics::<B>))
        .fallback_service(get(dashboard::serve).layer(CompressionLayer::new()))
        .with_state(Arc::new(http))
}

/// A request that gets no further: status, reason, and what HTTP wants said beside.
struct Refusal {
    status: StatusCode,
    error: ApiError,
    allow: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, error: ApiError) -> Self {
        Self { status, error, allow: None }
    }
}

/// In which forms a request can be answered.
#[derive(Clone, Copy)]
struct Forms {
    /// Once.
    alone: Option<Media>,
    /// One after the other.
    many: Option<Form>,
}

async fn readyz<B: Backend>(State(http): State<Arc<Http<B>>>) -> Response {
    // A database that does not answer is as bad as one that says no.
    match tokio::time::timeout(Duration::from_secs(5), http.backend.ready()).await {
        Ok(true) => (StatusCode::OK, "ready").into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response(),
    }
}

async fn metrics<B: Backend>(State(http): State<Arc<Http<B>>>, headers: HeaderMap) -> Response {
    if let Some(token) = &http.metrics_token {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if !given.is_some_and(|given| same(given, token.expose())) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
    }
    let (connections, subscribers) = http.backend.open();
    let streams = http.limits.places().saturating_sub(http.streams.available_permits());
    let answers = http.memory.as_ref().map_or(0, |memory| memory.answers.bytes());
    match http.metrics.tell(Open { connections, subscribers, streams, answers }) {
        Some(text) => {
            ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Whether two secrets are the same, without telling by the time it takes how far.
fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

async fn page_file<B: Backend>(State(http): State<Arc<Http<B>>>, Path(name): Path<String>) -> Response {
    if http.graphiql { answer::page_file(&name) } else { StatusCode::NOT_FOUND.into_response() }
}

async fn graphql<B: Backend>(State(http): State<Arc<Http<B>>>, request: Request) -> Response {
    if http.graphiql && request.method() == Method::GET && answer::wants_page(request.headers()) {
        return answer::page();
    }
    let ctx = http.circumstances(request.headers());
    if request.headers().contains_key(UPGRADE) {
        return upgrade(http, request, ctx).await;
    }
    let many = Form::wanted(request.headers());
    let (alone, refusals) = (Media::wanted(request.headers()), many.map(|_| Media::Json));
    let Some(media) = alone.or(refusals) else {
        let error = read::bad("Accept 中没有可用的格式", "nothing in Accept that can be answered with");
        return refused(Refusal::new(StatusCode::NOT_ACCEPTABLE, error), Media::Json, &ctx);
    };
    let (limit, milliseconds) = if multipart::is(request.headers()) {
        ("uploadTimeoutMilliseconds", http.limits.upload_timeout_milliseconds)
    } else {
        ("timeoutMilliseconds", http.limits.timeout_milliseconds)
    };
    let forms = Forms { alone, many };
    let work = Arc::clone(&http).answer(request, media, forms, ctx.clone());
    let done = tokio::time::timeout(Duration::from_millis(milliseconds), work).await.unwrap_or_else(|_| {
        tracing::warn!(request_id = ctx.request_id, milliseconds, "request stopped at its time limit");
        let over = OverLimit { limit, maximum: milliseconds, requested: None };
        Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ApiError::Limit(over)))
    });
    done.unwrap_or_else(|refusal| {
        http.metrics.failed(refusal.error.code(), refusal.error.limit());
        refused(refusal, media, &ctx)
    })
}

/// Turns a request into a WebSocket.
async fn upgrade<B: Backend>(http: Arc<Http<B>>, request: Request, ctx: Ctx) -> Response {
    let (mut parts, _) = request.into_parts();
    let refusal = match (WebSocketUpgrade::from_request_parts(&mut parts, &()).await, http.place()) {
        (Ok(upgrade), Ok(permit)) => {
            let from = Address::of(&parts.extensions, &parts.headers, http.trusted_proxies);
            return socket::upgrade(http, upgrade, ctx, from, permit);
        }
        (Ok(_), Err(refusal)) => refusal,
        (Err(_), _) => read::refuse("不是有效的 WebSocket 请求", "not a WebSocket request"),
    };
    refused(refusal, Media::Json, &ctx)
}

/// How long until a moment; nothing when it is past.
fn left(until: Timestamp, now: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(until.0.saturating_sub(now.0)).unwrap_or(0))
}

impl<B: Backend> Http<B> {
    /// A place among the sockets and streams that are open at once.
    fn place(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| {
            let over = OverLimit { limit: "maxStreams", maximum: self.limits.max_streams, requested: None };
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ApiError::Limit(over))
        })
    }

    /// The circumstances of a request, before it is known who asks.
    fn circumstances(&self, headers: &HeaderMap) -> Ctx {
        let (request_id, lang) = (request_id(headers), language(headers));
        Ctx::new(Actor::Anonymous, (self.clock)(), request_id, lang)
    }

    async fn answer(
        self: Arc<Self>,
        request: Request,
        media: Media,
        forms: Forms,
        mut ctx: Ctx,
    ) -> Result<Response, Refusal> {
        let (parts, mut body) = request.into_parts();
        if parts.method != Method::GET && parts.method != Method::POST {
            let error = read::bad("只接受 GET 与 POST", "only GET and POST");
            return Err(Refusal { allow: Some("GET, POST"), ..Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error) });
        }
        let from = Address::of(&parts.extensions, &parts.headers, self.trusted_proxies);
        let token = self.token_of(&parts.headers, &ctx).await?;
        let (key, until) = token.unzip();
        let get = parts.method == Method::GET;
        let files = !get && multipart::is(&parts.headers);
        let bytes = match (get, files) {
            (true, _) => parts.uri.query().unwrap_or_default().as_bytes().to_vec(),
            (_, true) => Vec::new(),
            _ => read::body(&parts.headers, std::mem::take(&mut body), &self.limits).await?,
        };
        let seen = Seen { get, media, headers: &parts.headers, bytes: &bytes };
        // Files are for mutations; what can only be answered bit by bit is no single answer.
        let recalled = match forms.alone {
            Some(_) if !files => self.recall(&seen, key, from, &ctx).await,
            _ => Recalled::Nothing,
        };
        if let Recalled::Answer(response) = recalled {
            return Ok(response);
        }
        if let Some(key) = key {
            ctx.actor = Actor::User(self.user_of(key).await?);
        }
        let asked = match (get, files) {
            (true, _) => read::from_uri(&parts.uri, &self.limits)?,
            (_, true) => multipart::read(&parts.headers, body, &ctx, &self).await?,
            _ => read::from_json(read::parse(&bytes, &self.limits)?, &self.limits)?,
        };
        let mut operations = asked.operations;
        operations.iter_mut().for_each(|operation| operation.from = from);
        if let Some(form) = forms.many.filter(|_| !asked.batch)
            && let Some(operation) = operations.pop()
        {
            let stay = |permit| Stay { form, left: until.map(|until| left(until, ctx.now)), permit };
            return Ok(match run::give(&self, operation, &parts.method, &ctx, true).await {
                Given::Many(answers) => live::respond(answers, stay(self.place()?), &ctx),
                Given::One(answer) if form == Form::Events && forms.alone.is_none() => {
                    live::respond(once(answer.outcome), stay(self.place()?), &ctx)
                }
                Given::One(answer) => self.respond(*answer, &seen, recalled, &ctx).await,
            });
        }
        if !asked.batch
            && let Some(operation) = operations.pop()
        {
            let answer = run::run(&self, operation, &parts.method, &ctx).await;
            return Ok(self.respond(answer, &seen, recalled, &ctx).await);
        }
        let mut answers = Vec::with_capacity(operations.len());
        for operation in operations {
            answers.push(run::run(&self, operation, &parts.method, &ctx).await);
        }
        Ok(answer::respond(&answers, asked.batch, media, &ctx))
    }

    /// Who asks. No token is nobody; a bad token is refused before any GraphQL.
    async fn actor(&self, headers: &HeaderMap, ctx: &Ctx) -> Result<Actor, Refusal> {
        match self.token_of(headers, ctx).await? {
            Some((key, _)) => Ok(Actor::User(self.user_of(key).await?)),
            None => Ok(Actor::Anonymous),
        }
    }

    /// Whose token a request has, and until when it holds; `None` for no token.
    async fn token_of(&self, headers: &HeaderMap, ctx: &Ctx) -> Result<Option<(i64, Timestamp)>, Refusal> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(unauthenticated());
        }
        self.token(value.to_str().map_err(|_| unauthenticated())?, ctx).await.map(Some)
    }

    /// Whose token stands in `Bearer …`, and until when it holds.
    async fn token(&self, header: &str, ctx: &Ctx) -> Result<(i64, Timestamp), Refusal> {
        let (scheme, token) = header.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let (token, now) = (token.trim(), ctx.now);
        if let Ok(ours) = self.tokens.verify(token, now) {
            return Ok(ours);
        }
        let oidc = self.oidc.as_ref().ok_or_else(unauthenticated)?;
        if let Some(known) = oidc.known(token, now) {
            return Ok(known);
        }
        let (who, until) = oidc.verify(token, now).await.map_err(|_| unauthenticated())?;
        match self.backend.arrive(&who, ctx).await {
            Ok(Some(user)) => {
                oidc.remember(token, user, until);
                Ok((user, until))
            }
            Ok(None) => Err(unauthenticated()),
            Err(error) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.into())),
        }
    }

    /// The user of a token, with the rights held now.
    async fn user_of(&self, key: i64) -> Result<User, Refusal> {
        match self.backend.user(key).await {
            Ok(Some(user)) => Ok(user),
            Ok(None) => Err(unauthenticated()),
            Err(error) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.into())),
        }
    }
}

fn unauthenticated() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, ApiError::Unauthenticated)
}

fn refused(refusal: Refusal, media: Media, ctx: &Ctx) -> Response {
    let unauthenticated = refusal.status == StatusCode::UNAUTHORIZED;
    let outcome = Outcome::from_errors(vec![refusal.error.into_server_error()]);
    let header = refusal.allow.map(|methods| (ALLOW, HeaderValue::from_static(methods)));
    let mut answer = Answer { outcome, status: Some(refusal.status), header, query: None };
    crate::graphql::error::finish(&mut answer.outcome, ctx);
    let mut response = answer::respond(&[answer], false, media, ctx);
    // A refusal is about HTTP, so its status holds in either form of answer.
    *response.status_mut() = refusal.status;
    if unauthenticated {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The caller's own id when it is short and plain, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    headers
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(plain))
        .map_or_else(new_request_id, str::to_owned)
}

fn new_request_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// A single answer where more could come.
fn once(outcome: Outcome) -> BoxStream<'static, Outcome> {
    stream::iter([outcome]).boxed()
}

/// The language of messages: the best liked of those we have.
fn language(headers: &HeaderMap) -> Lang {
    let wanted = answer::by_preference(headers, &ACCEPT_LANGUAGE);
    let known = wanted.iter().find_map(|tag| match tag.split('-').next() {
        Some("zh" | "*") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    });
    known.unwrap_or_default()
}
