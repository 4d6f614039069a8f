//! Relay connections: the types, the cursors, and the page that arguments ask for.

use std::borrow::Cow;

use async_graphql::connection::EmptyFields;
use async_graphql::{ContainerType, ObjectType, SimpleObject, TypeName};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jixiao_rules::message::Message;
use jixiao_service::page::{KeyValue, Page, Slice};
use sha2::{Digest, Sha256};

use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit, Result};
use crate::graphql::walk::Walk;

/// 分页信息。 — Where this page lies in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, SimpleObject)]
pub struct PageInfo {
    /// 之后是否还有。 — Whether more follow.
    pub has_next_page: bool,
    /// 之前是否还有。 — Whether some come before.
    pub has_previous_page: bool,
    /// 本页第一条的游标；空页时为空。 — Cursor of the first edge; null on an empty page.
    pub start_cursor: Option<String>,
    /// 本页最后一条的游标；空页时为空。 — Cursor of the last edge; null on an empty page.
    pub end_cursor: Option<String>,
}

/// 列表中的一条。 — One entry of a list.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name_type)]
pub struct Edge<N: ContainerType + Send + Sync> {
    /// 此条的位置，用于 after 或 before。 — The place of this entry, for `after` or `before`.
    pub cursor: String,
    /// 此条的内容。 — The entry itself.
    pub node: Walk<N>,
}

impl<N: ContainerType + Send + Sync> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", N::type_name()).into()
    }
}

/// 一页。 — A page of a list.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name_type)]
pub struct Connection<N: ContainerType + Send + Sync, F: ObjectType = EmptyFields> {
    /// 本页各条。 — The entries of this page.
    pub edges: Vec<Walk<Edge<N>>>,
    /// 分页信息。 — Where this page lies in the list.
    pub page_info: Walk<PageInfo>,
    /// What this connection has besides, such as `totalCount`; resolved only when asked for.
    #[graphql(flatten)]
    pub extra: F,
}

impl<N: ContainerType + Send + Sync, F: ObjectType> TypeName for Connection<N, F> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", N::type_name()).into()
    }
}

impl<N: ContainerType + Send + Sync> Connection<N> {
    /// A connection without further fields: `place` tells a row's sort keys, `node` wraps it.
    pub fn new<R>(tag: &str, slice: Slice<R>, place: impl Fn(&R) -> Vec<KeyValue>, node: impl Fn(R) -> N) -> Self {
        Self::with(tag, slice, place, node, EmptyFields)
    }
}

impl<N: ContainerType + Send + Sync, F: ObjectType> Connection<N, F> {
    /// A connection with further fields.
    pub fn with<R>(
        tag: &str,
        slice: Slice<R>,
        place: impl Fn(&R) -> Vec<KeyValue>,
        node: impl Fn(R) -> N,
        extra: F,
    ) -> Self {
        let edges: Vec<Walk<Edge<N>>> = slice
            .rows
            .into_iter()
            .map(|row| Walk(Edge { cursor: encode_cursor(tag, &place(&row)), node: Walk(node(row)) }))
            .collect();
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            has_previous_page: slice.has_previous,
            start_cursor: edges.first().map(|edge| edge.0.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.0.cursor.clone()),
        };
        Self { edges, page_info: Walk(page_info), extra }
    }
}

/// Arguments of a connection, as they came.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// So many from the beginning.
    pub first: Option<i32>,
    /// Only after this cursor.
    pub after: Option<String>,
    /// So many from the end.
    pub last: Option<i32>,
    /// Only before this cursor.
    pub before: Option<String>,
}

impl PageArgs {
    /// The page asked for. `tag` names the connection and its order: a cursor is good for its own only.
    ///
    /// # Errors
    /// Both `first` and `last`, a size below one or over the limit, or a cursor that is not of this connection.
    pub fn page(&self, limits: &Limits, tag: &str) -> Result<Page> {
        let (size, backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(bad("first 与 last 不能同时使用", "give either first or last, not both"));
            }
            (Some(first), None) => (size("first", first, limits)?, false),
            (None, Some(last)) => (size("last", last, limits)?, true),
            (None, None) => (limits.default_page_size, false),
        };
        let place = |cursor: &Option<String>| cursor.as_deref().map(|text| decode_cursor(tag, text)).transpose();
        Ok(Page { size, backward, after: place(&self.after)?, before: place(&self.before)? })
    }
}

fn size(name: &str, asked: i32, limits: &Limits) -> Result<u64> {
    match u64::try_from(asked) {
        Err(_) | Ok(0) => Err(bad(&format!("{name} 至少为 1"), &format!("{name} must be at least 1"))),
        Ok(asked) if asked > limits.max_page_size => Err(ApiError::Limit(OverLimit {
            limit: "maxPageSize",
            maximum: limits.max_page_size,
            requested: Some(asked),
        })),
        Ok(asked) => Ok(asked),
    }
}

fn bad(zh: &str, en: &str) -> ApiError {
    ApiError::BadUserInput(Message::new(zh, en))
}

/// Raised when the form of cursors changes, so that old ones are refused instead of misread.
const VERSION: u8 = 1;
const CHECK_BYTES: usize = 9;

/// The cursor of a place: its sort keys, and a checksum over them, the version and the tag.
#[must_use]
pub fn encode_cursor(tag: &str, place: &[KeyValue]) -> String {
    let mut bytes = vec![0; CHECK_BYTES];
    // Integers and texts always serialize.
    bytes.extend(serde_json::to_vec(place).unwrap_or_default());
    let check = checksum(tag, bytes.get(CHECK_BYTES..).unwrap_or_default());
    bytes.splice(..CHECK_BYTES, check);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that a cursor of `tag` names.
///
/// # Errors
/// `InvalidCursor` for anything that [`encode_cursor`] did not make for the same tag.
pub fn decode_cursor(tag: &str, cursor: &str) -> Result<Vec<KeyValue>> {
    let place = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (check, json) = bytes.split_at_checked(CHECK_BYTES)?;
        if check != checksum(tag, json) {
            return None;
        }
        serde_json::from_slice(json).ok()
    };
    place().ok_or(ApiError::InvalidCursor)
}

fn checksum(tag: &str, json: &[u8]) -> [u8; CHECK_BYTES] {
    let mut hash = Sha256::new();
    hash.update([VERSION]);
    hash.update(tag.as_bytes());
    hash.update([0]);
    hash.update(json);
    let mut check = [0; CHECK_BYTES];
    for (to, from) in check.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    check
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    use super::*;

    #[test]
    fn a_cursor_is_whole_or_refused() {
        let place =
            vec![KeyValue::Int(-5), KeyValue::Null, KeyValue::Text("民政局".to_owned()), KeyValue::Int(i64::MAX)];
        let cursor = encode_cursor("declarations/NAME_ASC", &place);
        assert_eq!(decode_cursor("declarations/NAME_ASC", &cursor).ok(), Some(place));
        assert!(decode_cursor("declarations/NAME_DESC", &cursor).is_err(), "another order");
        assert!(decode_cursor("departments/NAME_ASC", &cursor).is_err(), "another connection");
        for at in 0..cursor.len() {
            for byte in *b"AzQ-_9=" {
                let mut bytes = cursor.clone().into_bytes();
                if bytes[at] != byte {
                    bytes[at] = byte;
                    let changed = String::from_utf8(bytes).expect("ascii");
                    assert!(decode_cursor("declarations/NAME_ASC", &changed).is_err(), "{changed}");
                }
            }
            assert!(decode_cursor("declarations/NAME_ASC", &cursor[..at]).is_err(), "cut at {at}");
        }
        for text in ["", "MQ==", "游标", " "] {
            assert!(decode_cursor("declarations/NAME_ASC", text).is_err());
        }
    }

    #[test]
    fn pages() {
        let limits = Limits::default();
        let page = |first, last| PageArgs { first, last, ..PageArgs::default() }.page(&limits, "t");
        assert_eq!(page(None, None).ok(), Some(Page::first(20)));
        assert_eq!(page(Some(100), None).ok(), Some(Page::first(100)));
        assert!(page(None, Some(3)).is_ok_and(|page| page.backward && page.size == 3));
        for (first, last) in [(Some(1), Some(1)), (Some(0), None), (Some(-1), None), (None, Some(0))] {
            assert!(matches!(page(first, last), Err(ApiError::BadUserInput(_))));
        }
        assert!(matches!(page(Some(101), None), Err(ApiError::Limit(OverLimit { requested: Some(101), .. }))));
        let cursor = PageArgs { after: Some("x".to_owned()), ..PageArgs::default() };
        assert!(matches!(cursor.page(&limits, "t"), Err(ApiError::InvalidCursor)));
    }

    #[derive(SimpleObject)]
    struct Thing {
        name: String,
    }

    struct Total;

    #[Object]
    impl Total {
        async fn total_count(&self) -> i32 {
            2
        }
    }

    struct Query;

    #[Object]
    impl Query {
        async fn things(&self) -> Connection<Thing, Total> {
            let slice = Slice { rows: vec!["a", "b"], has_next: true, has_previous: false };
            Connection::with(
                "t",
                slice,
                |row| vec![KeyValue::Text((*row).to_owned())],
                |row| Thing { name: row.to_owned() },
                Total,
            )
        }
    }

    #[tokio::test]
    async fn types_have_relay_names() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let sdl = schema.sdl();
        assert!(sdl.contains("type ThingConnection {") && sdl.contains("type ThingEdge {"), "{sdl}");
        let query = "{ things { totalCount edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }";
        let answer = serde_json::to_value(schema.execute(query).await).expect("serializes");
        let things = &answer["data"]["things"];
        assert_eq!(things["totalCount"], 2, "{answer}");
        assert_eq!(things["edges"][1]["cursor"], things["pageInfo"]["endCursor"]);
        assert_eq!(things["edges"][0]["node"]["name"], "a");
    }
}
