//! One operation: guarded, chosen, executed, and told to the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Request as Operation, Response as Outcome, ServerError, Value, Variables};
use axum::http::header::{ALLOW, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use jixiao_rules::message::Message;
use jixiao_service::ctx::Ctx;
use tracing::Instrument;

use super::answer::Answer;
use super::read::{Unparsed, bad};
use super::{Backend, Http};
use crate::app::Subscribing;
use crate::config::Introspection;
use crate::documents::Found;
use crate::graphql::error::{ApiError, OverLimit, code, finish};
use crate::guard::{self, Parsed};
use crate::metrics::Metrics;

/// Why an operation is not executed.
struct NotRun {
    errors: Vec<ServerError>,
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
}

impl From<ApiError> for NotRun {
    fn from(error: ApiError) -> Self {
        let (status, header) = match &error {
            ApiError::RateLimited { retry_after, .. } => {
                (StatusCode::TOO_MANY_REQUESTS, Some((RETRY_AFTER, HeaderValue::from(*retry_after))))
            }
            ApiError::Limit(OverLimit { limit: "maxConcurrentOperations", .. }) => {
                (StatusCode::TOO_MANY_REQUESTS, None)
            }
            _ => (StatusCode::BAD_REQUEST, None),
        };
        Self { errors: vec![error.into_server_error()], status, header }
    }
}

impl From<NotRun> for Answer {
    fn from(NotRun { errors, status, header }: NotRun) -> Self {
        Self { outcome: Outcome::from_errors(errors), status: Some(status), header, query: None }
    }
}

/// What an operation gives: an answer, or one after the other.
pub(super) enum Given {
    /// Of a query or mutation, or a refusal.
    One(Box<Answer>),
    /// Of a subscription.
    Many(BoxStream<'static, Outcome>),
}

/// An operation that may be executed.
struct Prepared {
    document: ExecutableDocument,
    kind: OperationType,
    /// What it costs, of how much it may.
    cost: Value,
}

/// Executes one operation over a transport that can answer but once.
pub(super) async fn run<B: Backend>(http: &Http<B>, asked: Unparsed, method: &Method, ctx: &Ctx) -> Answer {
    match give(http, asked, method, ctx, false).await {
        Given::One(answer) => *answer,
        Given::Many(_) => NotRun::from(ApiError::internal(anyhow::anyhow!("an answer that does not end"))).into(),
    }
}

/// Executes one operation and logs a line about it: never the variables, which hold people's data. Subscriptions are for
/// transports that can answer many times.
pub(super) async fn give<B: Backend>(http: &Http<B>, asked: Unparsed, method: &Method, ctx: &Ctx, many: bool) -> Given {
    let begun = Instant::now();
    let mut told = Told::default();
    // Whatever it is, it is under way from here to its answer.
    let under_way = http.callers.begin(ctx.user_id().map(|user| user.0), asked.from);
    let prepared = match &under_way {
        Ok(_) => prepare(http, &asked, method, ctx, many, &mut told).await,
        Err(refused) => Err(refused.clone().into()),
    };
    let mut answer = match prepared {
        Ok(Prepared { document, kind: OperationType::Subscription, cost }) => {
            told.log(ctx, None);
            return Given::Many(subscribe(http, document, asked, ctx, cost).await);
        }
        Ok(Prepared { document, cost, kind }) => {
            let mut answer = execute(http, document, asked, ctx, &told).await;
            if kind == OperationType::Query && answer.status.is_none() && answer.outcome.errors.is_empty() {
                answer.query = Some(told.name.clone());
            }
            answer.outcome.extensions.insert("cost".to_owned(), cost);
            answer
        }
        Err(not_run) => not_run.into(),
    };
    finish(&mut answer.outcome, ctx);
    told.log(ctx, Some((begun, &answer.outcome)));
    http.metrics.answered(told.name.as_deref(), told.kind(), begun.elapsed());
    count_errors(&http.metrics, &answer.outcome);
    Given::One(Box::new(answer))
}

/// What the log is told of an operation.
#[derive(Default)]
struct Told {
    name: Option<String>,
    kind: Option<OperationType>,
    /// A manifest holds it.
    trusted: bool,
    /// None does, and that is to be told.
    untrusted: bool,
}

impl Told {
    fn kind(&self) -> &'static str {
        match self.kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "",
        }
    }

    fn log(&self, ctx: &Ctx, done: Option<(Instant, &Outcome)>) {
        if self.untrusted {
            let operation = self.name.as_deref().unwrap_or_default();
            tracing::warn!(request_id = ctx.request_id, operation, "a document that no manifest holds");
        }
        tracing::info!(
            request_id = ctx.request_id,
            operation = self.name.as_deref().unwrap_or_default(),
            kind = self.kind(),
            user = ctx.user_id().map(|user| user.0),
            ms = done.map(|(begun, _)| begun.elapsed().as_millis()),
            trusted = self.trusted,
            codes = done.map(|(_, outcome)| codes(outcome).join(",")),
            "operation"
        );
    }
}

/// Everything that is asked before an operation is executed; in the order of what it costs to ask.
async fn prepare<B: Backend>(
    http: &Http<B>,
    asked: &Unparsed,
    method: &Method,
    ctx: &Ctx,
    many: bool,
    told: &mut Told,
) -> Result<Prepared, NotRun> {
    let Found { text, trusted } = http.documents.find(&asked.document)?;
    let Parsed { document, introspections } = guard::parse(&text, &http.limits)?;
    let (name, operation) = choose(&document, asked.operation_name.as_deref())?;
    let kind = operation.ty;
    (told.name, told.kind) = (name, Some(kind));
    (told.trusted, told.untrusted) = (trusted, http.documents.logs(trusted));
    check(operation, method, &asked.variables, many)?;
    if introspections > 0 && !may_introspect(http.introspection, ctx) {
        return Err(ApiError::InvalidDocument(Message::new(
            "架构查询（__schema、__type）未对此调用者开放",
            "asking for the schema (__schema, __type) is not open to this caller",
        ))
        .into());
    }
    let priced = http.backend.price(&document, asked.operation_name.as_deref(), &asked.variables).await;
    let fields = priced.map_err(|errors| NotRun { errors, status: StatusCode::BAD_REQUEST, header: None })?;
    let requested = introspections.saturating_mul(http.limits.introspection_cost).saturating_add(fields);
    let maximum = http.limits.max_cost;
    if requested > maximum {
        return Err(ApiError::Limit(OverLimit { limit: "maxCost", maximum, requested: Some(requested) }).into());
    }
    let cost =
        [("requested", requested), ("limit", maximum)].map(|(name, value)| (Name::new(name), Value::from(value)));
    Ok(Prepared { document, kind, cost: Value::Object(cost.into_iter().collect()) })
}

fn may_introspect(introspection: Introspection, ctx: &Ctx) -> bool {
    match introspection {
        Introspection::Everyone => true,
        Introspection::SignedIn => ctx.user().is_some(),
        Introspection::Nobody => false,
    }
}

async fn subscribe<B: Backend>(
    http: &Http<B>,
    document: ExecutableDocument,
    asked: Unparsed,
    ctx: &Ctx,
    cost: Value,
) -> BoxStream<'static, Outcome> {
    let Unparsed { operation_name, variables, .. } = asked;
    let clock = Arc::clone(&http.clock);
    let subscribing = Subscribing { document, operation_name, variables, clock };
    let (ctx, metrics) = (ctx.clone(), Arc::clone(&http.metrics));
    let answers = http.backend.subscribe(subscribing, ctx.clone()).await;
    let fit = move |mut outcome: Outcome| {
        outcome.extensions.insert("cost".to_owned(), cost.clone());
        finish(&mut outcome, &ctx);
        count_errors(&metrics, &outcome);
        outcome
    };
    answers.map(fit).boxed()
}

async fn execute<B: Backend>(
    http: &Http<B>,
    document: ExecutableDocument,
    asked: Unparsed,
    ctx: &Ctx,
    told: &Told,
) -> Answer {
    let mut operation = Operation::new("").variables(asked.variables).data(ctx.clone()).data(asked.uploads);
    operation = operation.data(Arc::clone(&http.callers)).data(asked.from);
    operation.operation_name = asked.operation_name;
    operation.set_parsed_query(document);
    let name = told.name.as_deref().unwrap_or_default();
    let span = tracing::info_span!(
        "request",
        request_id = ctx.request_id,
        otel.name = name,
        otel.kind = "server",
        graphql.operation.name = name,
        graphql.operation.type = told.kind(),
        graphql.document.trusted = told.trusted
    );
    let work = AssertUnwindSafe(http.backend.execute(operation, ctx.clone())).catch_unwind().instrument(span);
    match work.await {
        Ok(outcome) => {
            let executed = outcome.errors.is_empty()
                || outcome.data != Value::Null
                || outcome.errors.iter().any(|error| !error.path.is_empty());
            Answer { outcome, status: (!executed).then_some(StatusCode::BAD_REQUEST), header: None, query: None }
        }
        // The panic hook has logged it, within the span.
        Err(_) => {
            let error = ApiError::internal(anyhow::anyhow!("panic")).into_server_error();
            let outcome = Outcome::from_errors(vec![error]);
            Answer { outcome, status: Some(StatusCode::INTERNAL_SERVER_ERROR), header: None, query: None }
        }
    }
}

/// The operation to execute, and its name.
fn choose<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<String>, &'a OperationDefinition), ApiError> {
    let mut operations = document.operations.iter();
    let found = match wanted {
        Some(wanted) => operations.find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted)),
        None if operations.len() == 1 => operations.next(),
        None => {
            return Err(bad(
                "文档含多个操作，须给出 operationName",
                "the document holds several operations: give operationName",
            ));
        }
    };
    match found {
        Some((name, operation)) => Ok((name.map(ToString::to_string), &operation.node)),
        None => Err(bad("文档中没有 operationName 所指的操作", "the document holds no operation of that name")),
    }
}

/// What HTTP and the variables must have for this operation.
fn check(operation: &OperationDefinition, method: &Method, variables: &Variables, many: bool) -> Result<(), NotRun> {
    match operation.ty {
        OperationType::Mutation if *method == Method::GET => {
            let error = bad("变更操作须用 POST", "mutations need POST");
            let header = Some((ALLOW, HeaderValue::from_static("POST")));
            return Err(NotRun { status: StatusCode::METHOD_NOT_ALLOWED, header, ..error.into() });
        }
        OperationType::Subscription if !many => {
            return Err(bad(
                "订阅须用 WebSocket（graphql-transport-ws）、text/event-stream 或 multipart/mixed",
                "subscriptions need a WebSocket (graphql-transport-ws), text/event-stream or multipart/mixed",
            )
            .into());
        }
        _ => {}
    }
    guard::variables(variables)?;
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let given = variables.get(name);
        let missing = given.is_none() && definition.default_value.is_none();
        let null = given.is_some_and(|value| *value == Value::Null);
        if !definition.var_type.node.nullable && (missing || null) {
            return Err(ApiError::BadUserInput(Message::new(
                format!("变量 ${name} 必须给出且不能为 null"),
                format!("the variable ${name} is needed and must not be null"),
            ))
            .into());
        }
    }
    Ok(())
}

/// A text in the extensions of an error.
fn text_of<'a>(error: &'a ServerError, name: &str) -> Option<&'a str> {
    match error.extensions.as_ref()?.get(name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Counts the errors of an answer.
fn count_errors(metrics: &Metrics, outcome: &Outcome) {
    for error in &outcome.errors {
        metrics.failed(text_of(error, "code").unwrap_or(code::INTERNAL), text_of(error, "limit"));
    }
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    let mut codes: Vec<&str> =
        outcome.errors.iter().map(|error| text_of(error, "code").unwrap_or(code::INTERNAL)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
