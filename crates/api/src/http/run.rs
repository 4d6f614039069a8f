//! One operation: guarded, chosen, executed, and told to the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Request as Operation, Response as Outcome, Variables};
use axum::http::{Method, StatusCode};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use jixiao_rules::message::Message;
use jixiao_service::ctx::Ctx;
use tracing::Instrument;

use super::answer::Answer;
use super::read::{Unparsed, bad};
use super::{Backend, Http};
use crate::app::Subscribing;
use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit, code, finish};
use crate::guard;

/// Why an operation is not executed.
struct NotRun {
    error: ApiError,
    status: StatusCode,
}

impl From<ApiError> for NotRun {
    fn from(error: ApiError) -> Self {
        Self { error, status: StatusCode::BAD_REQUEST }
    }
}

/// What an operation gives: an answer, or one after the other.
pub(super) enum Given {
    /// Of a query or mutation, or a refusal.
    One(Box<Answer>),
    /// Of a subscription.
    Many(BoxStream<'static, Outcome>),
}

/// Executes one operation over a transport that can answer but once.
pub(super) async fn run<B: Backend>(http: &Http<B>, asked: Unparsed, method: &Method, ctx: &Ctx) -> Answer {
    match give(http, asked, method, ctx, false).await {
        Given::One(answer) => *answer,
        Given::Many(_) => refusal(ApiError::internal(anyhow::anyhow!("an answer that does not end")).into()),
    }
}

/// Executes one operation and logs a line about it: never the variables, which hold people's data. Subscriptions are for
/// transports that can answer many times.
pub(super) async fn give<B: Backend>(http: &Http<B>, asked: Unparsed, method: &Method, ctx: &Ctx, many: bool) -> Given {
    let begun = Instant::now();
    let mut kind = None;
    let mut name = None;
    let prepared = guard::parse(&asked.query, &http.limits).map_err(NotRun::from).and_then(|document| {
        let (found, operation) = choose(&document, asked.operation_name.as_deref())?;
        kind = Some(operation.ty);
        name = found;
        check(operation, method, &asked.variables, many)?;
        Ok(document)
    });
    let mut answer = match prepared {
        Ok(document) if kind == Some(OperationType::Subscription) => {
            let user = ctx.user_id().map(|user| user.0);
            let operation = name.unwrap_or_default();
            tracing::info!(request_id = ctx.request_id, operation, kind = "subscription", user, "operation");
            return Given::Many(subscribe(http, document, asked, ctx).await);
        }
        Ok(document) => execute(http, document, asked, ctx).await,
        Err(not_run) => refusal(not_run),
    };
    recognize(&mut answer.outcome, &http.limits);
    finish(&mut answer.outcome, ctx);
    tracing::info!(
        request_id = ctx.request_id,
        operation = name.as_deref().unwrap_or_default(),
        kind = kind.map(|kind| kind.to_string()).unwrap_or_default(),
        user = ctx.user_id().map(|user| user.0),
        ms = begun.elapsed().as_millis(),
        codes = codes(&answer.outcome).join(","),
        "operation"
    );
    Given::One(Box::new(answer))
}

fn refusal(NotRun { error, status }: NotRun) -> Answer {
    let allow = (status == StatusCode::METHOD_NOT_ALLOWED).then_some("POST");
    let outcome = Outcome::from_errors(vec![error.into_server_error()]);
    Answer { outcome, status: Some(status), allow }
}

async fn subscribe<B: Backend>(
    http: &Http<B>,
    document: ExecutableDocument,
    asked: Unparsed,
    ctx: &Ctx,
) -> BoxStream<'static, Outcome> {
    let Unparsed { operation_name, variables, .. } = asked;
    let clock = Arc::clone(&http.clock);
    let subscribing = Subscribing { document, operation_name, variables, clock };
    let (limits, ctx) = (Arc::clone(&http.limits), ctx.clone());
    let answers = http.backend.subscribe(subscribing, ctx.clone()).await;
    let fit = move |mut outcome: Outcome| {
        recognize(&mut outcome, &limits);
        finish(&mut outcome, &ctx);
        outcome
    };
    answers.map(fit).boxed()
}

async fn execute<B: Backend>(http: &Http<B>, document: ExecutableDocument, asked: Unparsed, ctx: &Ctx) -> Answer {
    let mut operation = Operation::new(asked.query).variables(asked.variables).data(ctx.clone()).data(asked.uploads);
    operation.operation_name = asked.operation_name;
    operation.set_parsed_query(document);
    let span = tracing::info_span!("request", request_id = ctx.request_id);
    let work = AssertUnwindSafe(http.backend.execute(operation, ctx.clone())).catch_unwind().instrument(span);
    match work.await {
        Ok(outcome) => {
            let executed = outcome.errors.is_empty()
                || outcome.data != async_graphql::Value::Null
                || outcome.errors.iter().any(|error| !error.path.is_empty());
            Answer { outcome, status: (!executed).then_some(StatusCode::BAD_REQUEST), allow: None }
        }
        // The panic hook has logged it, within the span.
        Err(_) => {
            let error = ApiError::internal(anyhow::anyhow!("panic")).into_server_error();
            let outcome = Outcome::from_errors(vec![error]);
            Answer { outcome, status: Some(StatusCode::INTERNAL_SERVER_ERROR), allow: None }
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
            return Err(NotRun { error, status: StatusCode::METHOD_NOT_ALLOWED });
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
        let null = given.is_some_and(|value| *value == async_graphql::Value::Null);
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

/// The library says in words alone that a document costs too much or is too deep.
fn recognize(outcome: &mut Outcome, limits: &Limits) {
    for error in &mut outcome.errors {
        let (limit, maximum) = match error.message.as_str() {
            "Query is too complex." => ("maxCost", limits.max_cost),
            "Query is nested too deep." => ("maxDepth", limits.max_depth),
            _ => continue,
        };
        if error.path.is_empty() && error.source.is_none() {
            *error = ApiError::Limit(OverLimit { limit, maximum, requested: None }).into_server_error();
        }
    }
}

fn codes(outcome: &Outcome) -> Vec<String> {
    let mut codes: Vec<String> = outcome
        .errors
        .iter()
        .filter_map(|error| match error.extensions.as_ref()?.get("code")? {
            async_graphql::Value::String(code) => Some(code.clone()),
            _ => Some(code::INTERNAL.to_owned()),
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
