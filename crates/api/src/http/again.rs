//! Answers that are given again: to a request whose answer is in memory and still holds, and to a `GET` whose caller has the
//! answer already.

use std::time::Instant;

use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jixiao_service::ctx::Ctx;
use jixiao_service::revision::{Revision, Revisions};

use super::answer::{self, Answer, Media};
use super::{Backend, Http};
use crate::cache::{Answers, Found, Kept, Key, etag};
use crate::callers::Address;
use crate::metrics::Recall;

/// Answers in memory, and what tells whether they hold.
pub struct Memory {
    /// The answers.
    pub answers: Answers,
    /// The revision of the database.
    pub revisions: Revisions,
}

/// A request as far as its answer depends on it.
pub(super) struct Seen<'a> {
    /// By `GET`, where an answer has a name that can be asked about.
    pub(super) get: bool,
    pub(super) media: Media,
    pub(super) headers: &'a HeaderMap,
    pub(super) bytes: &'a [u8],
}

/// What became of looking for an answer in memory.
pub(super) enum Recalled {
    /// There is one, and it holds.
    Answer(Response),
    /// There is none, but the request was made before: its answer is worth keeping, if by then this revision still holds.
    Keep(Key, Revision),
    /// There is none.
    Nothing,
}

/// What follows the text of an answer that is kept.
const END: &str = "\"}}";

impl<B: Backend> Http<B> {
    /// Looks for an answer to a request of a user (`None` for nobody).
    pub(super) async fn recall(&self, seen: &Seen<'_>, user: Option<i64>, from: Address, ctx: &Ctx) -> Recalled {
        let begun = Instant::now();
        let Some(memory) = &self.memory else { return Recalled::Nothing };
        let form = match (seen.get, seen.media) {
            (true, Media::Json) => "GET json",
            (true, Media::Response) => "GET response",
            (false, Media::Json) => "POST json",
            (false, Media::Response) => "POST response",
        };
        let key = Key::new(user, ctx, form, seen.bytes);
        let found = memory.answers.look(key);
        if matches!(found, Found::Nothing) {
            return Recalled::Nothing;
        }
        // A database that does not answer is met again on the way that needs it.
        let Ok(now) = memory.revisions.now().await else { return Recalled::Nothing };
        let Found::Answered(kept) = found else { return Recalled::Keep(key, now) };
        if kept.revision != now {
            self.metrics.recalled(Recall::Outdated);
            return Recalled::Keep(key, now);
        }
        // Over the limits it is refused on the usual way.
        let Ok(_under_way) = self.callers.begin(user, from) else { return Recalled::Nothing };
        self.metrics.recalled(Recall::Given);
        self.metrics.answered(kept.operation.as_deref(), "query", begun.elapsed());
        let (operation, ms) = (kept.operation.as_deref().unwrap_or_default(), begun.elapsed().as_millis());
        tracing::info!(request_id = ctx.request_id, operation, kind = "query", user, ms, kept = true, "operation");
        Recalled::Answer(seen.given(&kept.text, kept.etag, ctx))
    }

    /// Answers a request that holds one operation, and keeps the answer where that is worth it and it holds.
    pub(super) async fn respond(&self, answer: Answer, seen: &Seen<'_>, recalled: Recalled, ctx: &Ctx) -> Response {
        let Answer { query: Some(operation), .. } = &answer else {
            return answer::respond(&[answer], false, seen.media, ctx);
        };
        let operation = operation.clone();
        let answers = [answer];
        let Some(text) = answer::text(&answers, false) else {
            return answer::respond(&answers, false, seen.media, ctx);
        };
        let end = format!("{}{END}", ctx.request_id);
        let Some(begin) = text.strip_suffix(end.as_bytes()) else {
            return answer::respond_with(text, &answers, false, seen.media, ctx);
        };
        let keep = match (&self.memory, recalled) {
            (Some(memory), Recalled::Keep(key, before)) => {
                let holds = memory.revisions.now().await.is_ok_and(|now| now == before);
                holds.then_some((memory, key, before))
            }
            _ => None,
        };
        let named = if seen.get || keep.is_some() { etag(begin) } else { None };
        let Some(etag) = named else { return answer::respond_with(text, &answers, false, seen.media, ctx) };
        if let Some((memory, key, revision)) = keep {
            let kept = Kept { revision, text: Bytes::copy_from_slice(begin), etag: etag.clone(), operation };
            memory.answers.keep(key, kept);
            self.metrics.recalled(Recall::Kept);
        }
        seen.given(begin, etag, ctx)
    }
}

impl Seen<'_> {
    /// The answer whose text up to the request id this is.
    fn given(&self, begin: &[u8], etag: HeaderValue, ctx: &Ctx) -> Response {
        let unchanged = self.get && self.has(&etag);
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            [begin, ctx.request_id.as_bytes(), END.as_bytes()].concat().into_response()
        };
        answer::dress(&mut response, self.media, ctx);
        if self.get {
            let headers = response.headers_mut();
            headers.insert(ETAG, etag);
            // A browser may keep it, but must ask each time; nobody in between may.
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            headers.insert(VARY, HeaderValue::from_static("accept, accept-language, authorization"));
        }
        response
    }

    /// Whether the caller says to have this content.
    fn has(&self, etag: &HeaderValue) -> bool {
        let Ok(etag) = etag.to_str() else { return false };
        let texts = self.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // Weak comparison: with or without `W/`.
        let plain = |text: &str| text.trim().trim_start_matches("W/").to_owned();
        texts.flat_map(|text| text.split(',')).any(|text| text.trim() == "*" || plain(text) == plain(etag))
    }
}
