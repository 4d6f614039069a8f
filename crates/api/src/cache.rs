//! Answers kept in memory, and never stale: one is given again only when the database tells that nothing was committed since
//! before it was made. So it needs neither events nor lifetimes, and holds on every node.
//!
//! What an answer depends on beside the database stands in its key: the request, byte for byte, who asks, the language, the
//! form and the day. The rights of who asks are in the database. A read that is noted in the access log is never kept, because
//! its note is a commit.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jixiao_service::ctx::{Ctx, Lang};
use jixiao_service::revision::Revision;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

/// What an answer depends on, beside the database.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// Of a request by a user (`None` for nobody): its method and form, and its bytes.
    #[must_use]
    pub fn new(user: Option<i64>, ctx: &Ctx, form: &str, request: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(user.map_or([0; 9], |key| {
            let mut bytes = [1; 9];
            bytes[1..].copy_from_slice(&key.to_be_bytes());
            bytes
        }));
        hash.update([u8::from(ctx.lang == Lang::En)]);
        // Of one length each, or closed by a character that is not in them.
        hash.update(ctx.today().to_string());
        hash.update([0]);
        hash.update(form);
        hash.update([0]);
        hash.update(request);
        Self(hash.finalize().into())
    }
}

/// An answer as it is given again.
#[derive(Clone)]
pub struct Kept {
    /// Everything that is committed when it was made.
    pub revision: Revision,
    /// Its text up to the request id.
    pub text: Bytes,
    /// Names its content.
    pub etag: HeaderValue,
    /// Name of the operation, for the log.
    pub operation: Option<String>,
}

/// What is known of a request.
#[derive(Clone)]
enum Known {
    /// It was made before; the next time its answer is kept. What is asked once costs no more than this.
    Asked,
    /// Its answer.
    Answered(Kept),
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Known> for ByBytes {
    fn weight(&self, _: &Key, known: &Known) -> u64 {
        let text = match known {
            Known::Asked => 0,
            Known::Answered(kept) => kept.text.len() + kept.operation.as_ref().map_or(0, String::len),
        };
        // Key, revision and the links of the cache, roughly.
        u64::try_from(text).unwrap_or(u64::MAX).saturating_add(256)
    }
}

/// What the cache says of a request.
pub enum Found {
    /// Never asked before, as far as is known.
    Nothing,
    /// Asked before: worth keeping.
    Asked,
    /// An answer; good if the revision still holds.
    Answered(Kept),
}

/// The answers of this process, bounded by their bytes.
pub struct Answers {
    cache: Cache<Key, Known, ByBytes>,
}

/// What an entry weighs on average, for the first size of the table.
const EXPECTED: u64 = 8 << 10;

impl Answers {
    /// None yet, and never more than so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let entries = usize::try_from(bytes / EXPECTED).unwrap_or(usize::MAX).max(16);
        Self { cache: Cache::with_weighter(entries, bytes, ByBytes) }
    }

    /// What is known of a request; from now on, that it was made.
    #[must_use]
    pub fn look(&self, key: Key) -> Found {
        match self.cache.get(&key) {
            Some(Known::Answered(kept)) => Found::Answered(kept),
            Some(Known::Asked) => Found::Asked,
            None => {
                self.cache.insert(key, Known::Asked);
                Found::Nothing
            }
        }
    }

    /// Keeps an answer.
    pub fn keep(&self, key: Key, kept: Kept) {
        self.cache.insert(key, Known::Answered(kept));
    }

    /// Bytes that are held.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.cache.weight()
    }
}

/// The name of a content: the same for the same text up to the request id, whichever node made it.
#[must_use]
pub fn etag(text: &[u8]) -> Option<HeaderValue> {
    let hash = Sha256::digest(text);
    HeaderValue::from_str(&format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..18]))).ok()
}

#[cfg(test)]
mod tests {
    use jixiao_service::ctx::Actor;
    use jixiao_service::id::Timestamp;

    use super::*;

    fn key(user: Option<i64>, lang: Lang, now: i64, form: &str, request: &str) -> Key {
        let ctx = Ctx::new(Actor::Anonymous, Timestamp(now), String::new(), lang);
        Key::new(user, &ctx, form, request.as_bytes())
    }

    #[test]
    fn whatever_differs_is_another_request() {
        const DAY: i64 = 86_400_000_000;
        let same = key(Some(1), Lang::Zh, 0, "POST json", "{}");
        assert!(same == key(Some(1), Lang::Zh, 1, "POST json", "{}"), "a moment later the same day");
        for other in [
            key(None, Lang::Zh, 0, "POST json", "{}"),
            key(Some(2), Lang::Zh, 0, "POST json", "{}"),
            key(Some(1), Lang::En, 0, "POST json", "{}"),
            key(Some(1), Lang::Zh, DAY, "POST json", "{}"),
            key(Some(1), Lang::Zh, 0, "GET json", "{}"),
            key(Some(1), Lang::Zh, 0, "POST json", "{ }"),
        ] {
            assert!(same != other);
        }
        assert!(key(None, Lang::Zh, 0, "", "") != key(Some(0), Lang::Zh, 0, "", ""));
    }

    #[test]
    fn what_is_asked_once_is_not_kept() {
        let answers = Answers::new(1 << 20);
        let key = key(None, Lang::Zh, 0, "", "");
        assert!(matches!(answers.look(key), Found::Nothing));
        assert!(matches!(answers.look(key), Found::Asked));
    }

    #[test]
    fn the_same_content_has_the_same_name() {
        assert_eq!(etag(b"a"), etag(b"a"));
        assert_ne!(etag(b"a"), etag(b"b"));
        assert!(etag(b"").is_some_and(|name| name.to_str().is_ok_and(|name| name.starts_with("W/\""))));
    }
}
