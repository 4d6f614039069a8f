//! Answers that come one after the other over HTTP: GraphQL over Server-Sent Events ("distinct connections" of the graphql-sse
//! protocol) and multipart subscriptions as Apollo's clients read them.

use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use async_graphql::Response as Outcome;
use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use jixiao_service::ctx::Ctx;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior, Sleep, interval};

use super::answer::payload;
use crate::graphql::error::{ApiError, finish};

/// In which form answers come one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `text/event-stream`.
    Events,
    /// `multipart/mixed` with a `subscriptionSpec`.
    Parts,
}

/// What a request that may be answered more than once brings.
pub(super) struct Stay {
    /// How to answer.
    pub(super) form: Form,
    /// How long the caller's token holds; `None` without one.
    pub(super) left: Option<Duration>,
    /// Its place among those that are open at once.
    pub(super) permit: OwnedSemaphorePermit,
}

/// How often something is sent when there is nothing to tell: what stands between takes silence for an end.
const BEAT: Duration = Duration::from_secs(12);
const BOUNDARY: &str = "graphql";

impl Form {
    /// What `Accept` asks for, if it is one of these. It may name JSON beside it, for answers that come alone.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let texts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(',')).find_map(|part| {
            let part = part.to_ascii_lowercase();
            let (media, parameters) = part.split_once(';').unwrap_or((&part, ""));
            match media.trim() {
                "text/event-stream" => Some(Self::Events),
                "multipart/mixed" if parameters.contains("subscriptionspec") => Some(Self::Parts),
                _ => None,
            }
        })
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream; charset=utf-8",
            // Unquoted: Python's client looks for these very characters.
            Self::Parts => "multipart/mixed;boundary=graphql;subscriptionSpec=1.0",
        }
    }

    fn answer(self, payload: &str) -> String {
        match self {
            Self::Events => format!("event: next\ndata: {payload}\n\n"),
            Self::Parts => part(&format!("{{\"payload\":{payload}}}")),
        }
    }

    fn beat(self) -> String {
        match self {
            Self::Events => ":\n\n".to_owned(),
            Self::Parts => part("{}"),
        }
    }

    fn end(self) -> String {
        match self {
            Self::Events => "event: complete\ndata:\n\n".to_owned(),
            Self::Parts => format!("--{BOUNDARY}--\r\n"),
        }
    }
}

fn part(json: &str) -> String {
    format!("--{BOUNDARY}\r\ncontent-type: application/json\r\n\r\n{json}\r\n")
}

/// Answers under way.
struct Flow {
    form: Form,
    answers: BoxStream<'static, Outcome>,
    beat: Interval,
    expiry: Pin<Box<Sleep>>,
    expires: bool,
    ctx: Ctx,
    ended: bool,
    _permit: OwnedSemaphorePermit,
}

/// The HTTP response for answers that come one after the other, until there are no more or the caller's token ends.
pub(super) fn respond(answers: BoxStream<'static, Outcome>, stay: Stay, ctx: &Ctx) -> Response {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let flow = Flow {
        form: stay.form,
        answers,
        beat,
        expiry: Box::pin(tokio::time::sleep(stay.left.unwrap_or_default())),
        expires: stay.left.is_some(),
        ctx: ctx.clone(),
        ended: false,
        _permit: stay.permit,
    };
    let parts = stream::unfold(flow, |flow| async move {
        let (text, flow) = flow.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), flow))
    });
    let mut response = (StatusCode::OK, Body::from_stream(parts)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(stay.form.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Proxies that gather a response before they hand it on would hold events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    if let Ok(id) = HeaderValue::from_str(&ctx.request_id) {
        headers.insert("x-request-id", id);
    }
    response
}

impl Flow {
    async fn next(mut self) -> Option<(String, Self)> {
        if self.ended {
            return None;
        }
        let outcome = tokio::select! {
            outcome = self.answers.next() => outcome,
            () = &mut self.expiry, if self.expires => {
                self.ended = true;
                let mut outcome = Outcome::from_errors(vec![ApiError::Unauthenticated.into_server_error()]);
                finish(&mut outcome, &self.ctx);
                let last = self.form.answer(&payload(&outcome, false));
                return Some((last + &self.form.end(), self));
            }
            _ = self.beat.tick() => return Some((self.form.beat(), self)),
        };
        self.beat.reset();
        match outcome {
            Some(outcome) => {
                let executed = outcome.errors.is_empty() || outcome.data != async_graphql::Value::Null;
                Some((self.form.answer(&payload(&outcome, executed)), self))
            }
            None => {
                self.ended = true;
                Some((self.form.end(), self))
            }
        }
    }
}
