//! The service put together: database, schema, tokens, router.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection};
use async_graphql::{Name, Request, Response, ServerError, ValidationMode, Value, Variables};
use futures_util::stream::BoxStream;
use jixiao_service::ctx::{Actor, Ctx, Lang, User};
use jixiao_service::db::{Db, DbConfig};
use jixiao_service::error::ServiceError;
use jixiao_service::evidence::{self, Found};
use jixiao_service::export::Exported;
use jixiao_service::feed::Feed;
use jixiao_service::file::{Kept, Store};
use jixiao_service::id::{EvidenceId, Timestamp, UserId};
use jixiao_service::pack::{self, Extent, Made};
use jixiao_service::revision::Revisions;
use jixiao_service::user::External;
use jixiao_service::{scheme, user};
use tokio::sync::{OnceCell, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::auth::Tokens;
use crate::cache::Answers;
use crate::callers::Callers;
use crate::clock::Clock;
use crate::config::{Config, Limits};
use crate::documents::Documents;
use crate::export::{Asked, export};
use crate::graphql::context::RefreshDays;
use crate::graphql::error::Result as ApiResult;
use crate::graphql::order::Order;
use crate::graphql::reader::new_reader;
use crate::graphql::{AppPricing, AppSchema, schema};
use crate::http::{Backend, Http, Memory, router};
use crate::oidc::Oidc;

mod live;

pub use live::Subscribing;

/// The clock of the service: the one place that reads the machine's.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one clock; everything else is given the time")]
pub fn now() -> Timestamp {
    chrono::Utc::now().into()
}

/// Connects to the configured database and brings it up to date, or refuses when it may not.
///
/// # Errors
/// When the database cannot be reached, or migrations are pending that may not be applied.
pub async fn open(config: &Config) -> anyhow::Result<Db> {
    if let Some(directory) = config.data_directory() {
        std::fs::create_dir_all(directory)?;
    }
    let url = config.database_url.expose().to_owned();
    let db = Db::connect(&DbConfig::new(url, config.database_max_connections)).await?;
    if config.migrates() {
        // Also without pending migrations: a newer program may ship newer schemes, a start may have been cut off.
        migrate(&db).await?;
    } else {
        let pending = jixiao_migrations::pending(db.read()).await?;
        anyhow::ensure!(
            pending.is_empty(),
            "the database lacks migrations ({}): run `jixiao migrate`, or set JIXIAO_MIGRATE=true",
            pending.join(", ")
        );
    }
    Ok(db)
}

/// As [`open`], for serving: no statement outlives the request that waits for it by more than that request may take.
///
/// # Errors
/// As [`open`].
pub async fn open_to_serve(config: &Config) -> anyhow::Result<Db> {
    let db = open(config).await?;
    if config.is_sqlite() {
        return Ok(db);
    }
    // Migrations take as long as they need.
    drop(db);
    let url = config.database_url.expose().to_owned();
    let statement_timeout = Some(Duration::from_millis(config.limits.timeout_milliseconds));
    Ok(Db::connect(&DbConfig { statement_timeout, ..DbConfig::new(url, config.database_max_connections) }).await?)
}

/// Applies the pending migrations and stores the shipped schemes.
///
/// # Errors
/// When the database refuses.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    if !jixiao_migrations::pending(db.read()).await?.is_empty() {
        jixiao_migrations::up(db.read()).await?;
    }
    scheme::install(db.read(), &operator()).await.map_err(failed)?;
    Ok(())
}

/// The circumstances of a command typed on the machine itself.
#[must_use]
pub fn operator() -> Ctx {
    Ctx::new(Actor::Operator, now(), "command-line", Lang::Zh)
}

/// A service error as a message for the terminal.
#[must_use]
pub fn failed(error: ServiceError) -> anyhow::Error {
    match error {
        ServiceError::Internal(cause) => cause,
        ServiceError::Forbidden => anyhow::anyhow!("not allowed"),
        ServiceError::Unauthenticated => anyhow::anyhow!("not signed in"),
        ServiceError::Invalid(violations) => {
            let lines: Vec<String> = violations
                .iter()
                .map(|one| format!("{} {}: {} / {}", one.code, one.field.join("."), one.message.zh, one.message.en))
                .collect();
            anyhow::anyhow!("{}", lines.join("\n"))
        }
    }
}

/// Response key and name of the only root field of a request. The library answers an error of a root field with no data
/// at all; where the field may be null, the specification wants the null there.
fn only_root_field(operation: &mut Request) -> Option<(Name, String)> {
    let wanted = operation.operation_name.clone();
    let document = operation.parsed_query().ok()?;
    let mut chosen =
        document.operations.iter().filter(|(name, _)| wanted.is_none() || name.map(Name::as_str) == wanted.as_deref());
    let (_, chosen) = chosen.next()?;
    match chosen.node.selection_set.node.items.as_slice() {
        [one] => match &one.node {
            Selection::Field(field) => Some((field.node.response_key().node.clone(), field.node.name.node.to_string())),
            _ => None,
        },
        _ => None,
    }
}

/// Root fields that may be null, from the schema itself.
fn nullable_root_fields(sdl: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    for root in sdl.split("\ntype ").filter(|part| part.starts_with("Query ") || part.starts_with("Mutation ")) {
        // Arguments stand on lines of their own, one level deeper; the type follows the bracket that closes them.
        let mut name = "";
        for line in root.split("\n}").next().unwrap_or_default().lines().filter_map(|line| line.strip_prefix('\t')) {
            match (line.strip_suffix('('), line.strip_prefix("): "), line.split_once(": ")) {
                (Some(begun), _, _) => name = begun,
                (_, Some(kind), _) if !kind.ends_with('!') => {
                    found.insert(name.to_owned());
                }
                (_, None, Some((field, kind)))
                    if !kind.ends_with('!') && field.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
                {
                    found.insert(field.to_owned());
                }
                _ => {}
            }
        }
    }
    found
}

/// What answers GraphQL: the schema with its data, and the database for identity and readiness.
#[derive(Clone)]
pub struct App {
    schema: AppSchema,
    pricing: Arc<AppPricing>,
    db: Db,
    store: Store,
    nullable: Arc<HashSet<String>>,
    /// Audit packs are made one after the other: each reads everything its reader may see.
    packs: Arc<Semaphore>,
    /// Followed from the first subscription on.
    feed: Arc<OnceCell<Feed>>,
    /// Changes kept for a slow subscriber.
    kept: usize,
    stop: CancellationToken,
}

impl App {
    /// The schema over a database.
    #[must_use]
    pub fn new(
        db: Db,
        store: Store,
        tokens: Arc<Tokens>,
        limits: &Limits,
        refresh_days: u32,
        stop: CancellationToken,
    ) -> Self {
        let days = RefreshDays(i64::from(refresh_days));
        // What is executed has been checked.
        let schema = schema(limits)
            .validation_mode(ValidationMode::Fast)
            .data(db.clone())
            .data(store.clone())
            .data(tokens)
            .data(days)
            .finish();
        let pricing = Arc::new(AppPricing::new(self::schema(limits)));
        let nullable = Arc::new(nullable_root_fields(&schema.sdl()));
        let kept = usize::try_from(limits.max_waiting_events).unwrap_or(usize::MAX >> 1);
        Self {
            schema,
            pricing,
            db,
            store,
            nullable,
            packs: Arc::new(Semaphore::new(1)),
            feed: Arc::default(),
            kept,
            stop,
        }
    }

    async fn feed(&self) -> Result<&Feed, ServiceError> {
        self.feed.get_or_try_init(|| Feed::follow(self.db.clone(), self.kept, self.stop.clone())).await
    }
}

impl Backend for App {
    async fn price(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<u64, Vec<ServerError>> {
        self.pricing.price(document, operation_name, variables).await
    }

    async fn execute(&self, mut operation: Request, ctx: Ctx) -> Response {
        let ctx = Arc::new(ctx);
        let reader = new_reader(self.db.clone(), Arc::clone(&ctx));
        let only = only_root_field(&mut operation);
        let name = operation.operation_name.clone();
        let order = operation.parsed_query().map(|document| Order::of(document, name.as_deref())).unwrap_or_default();
        let writes = operation.parsed_query().is_ok_and(|document| {
            document.operations.iter().any(|(_, operation)| operation.node.ty == OperationType::Mutation)
        });
        let mut response = self.schema.execute(operation.data(ctx).data(reader)).await;
        if let Some(feed) = self.feed.get().filter(|_| writes) {
            feed.wake();
        }
        if let Some((key, field)) = only
            && response.data == Value::Null
            && response.errors.iter().any(|error| !error.path.is_empty())
            && self.nullable.contains(&field)
        {
            response.data = Value::Object([(key, Value::Null)].into_iter().collect());
        }
        order.restore(&mut response.data);
        response
    }

    async fn subscribe(&self, asked: Subscribing, ctx: Ctx) -> BoxStream<'static, Response> {
        live::answers(self.clone(), asked, ctx).await
    }

    async fn user(&self, key: i64) -> Result<Option<User>, ServiceError> {
        user::by_id(&self.db, UserId(key)).await
    }

    async fn arrive(&self, who: &External, ctx: &Ctx) -> Result<Option<i64>, ServiceError> {
        Ok(user::arrive(&self.db, ctx, who).await?.map(|user| user.0))
    }

    async fn download(&self, evidence: i64, ctx: &Ctx) -> Result<Option<(Found, Kept)>, ServiceError> {
        evidence::download(&self.db, &self.store, ctx, EvidenceId(evidence)).await
    }

    async fn pack(&self, ctx: &Ctx, extent: &Extent) -> Result<(Made, Kept), ServiceError> {
        let _turn = self.packs.acquire().await.map_err(anyhow::Error::from)?;
        pack::download(&self.db, ctx, extent, self.store.staging()).await
    }

    async fn export(&self, asked: Asked, ctx: &Ctx) -> ApiResult<Exported> {
        export(&self.db, ctx, asked).await
    }

    fn open(&self) -> ((u32, u32), usize) {
        (self.db.connections(), self.feed.get().map_or(0, Feed::subscribers))
    }

    async fn ready(&self) -> bool {
        self.db.ping().await.is_ok()
    }
}

/// The router of the service.
///
/// # Errors
/// When the store of files cannot be opened, or a manifest of documents not be read.
pub fn routes(
    db: Db,
    config: &Config,
    tokens: Arc<Tokens>,
    clock: Clock,
    stop: CancellationToken,
) -> anyhow::Result<axum::Router> {
    let store = config.store()?;
    let staging = store.staging().to_path_buf();
    let (limits, days) = (Arc::new(config.limits.clone()), config.refresh_token_days);
    let oidc = config.oidc.clone().map(Oidc::new).transpose()?;
    let documents = Documents::load(config)?;
    let revisions = Revisions::of(&db);
    let backend = App::new(db, store, Arc::clone(&tokens), &limits, days, stop.clone());
    let streams = Arc::new(Semaphore::new(limits.places()));
    let callers = Arc::new(Callers::new(&limits));
    let bytes = config.answer_cache_bytes;
    let memory = revisions.filter(|_| bytes > 0).map(|revisions| Memory { answers: Answers::new(bytes), revisions });
    let Config { graphiql, introspection, trusted_proxies, .. } = *config;
    Ok(router(Http {
        backend,
        tokens,
        oidc,
        limits,
        metrics: Arc::default(),
        metrics_token: config.metrics_token.clone(),
        documents,
        memory,
        callers,
        trusted_proxies,
        introspection,
        graphiql,
        staging,
        clock,
        streams,
        stop,
    }))
}
