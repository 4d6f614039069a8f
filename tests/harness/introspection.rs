//! The schema as it tells of itself, so that tests meet what is new by themselves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::TestApp;

const INTROSPECTION: &str = "{ __schema { types { name kind inputFields { name type { ...Kind } } enumValues { name }
    fields { name type { ...Kind } args { name defaultValue type { ...Kind } } } } } serviceLimits { maxPageSize } }
    fragment Kind on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The types of the schema by name.
pub(crate) struct Schema {
    pub(crate) types: BTreeMap<String, Value>,
    /// Most rows of a page.
    pub(crate) max: i64,
}

/// Name of the innermost type.
pub(crate) fn named(kind: &Value) -> String {
    if kind["ofType"].is_null() { kind["name"].as_str().unwrap_or_default().to_owned() } else { named(&kind["ofType"]) }
}

/// The items of a list; none where there is no list.
pub(crate) fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value[field].as_array().into_iter().flatten()
}

/// The name of a type, field or argument.
pub(crate) fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

impl Schema {
    pub(crate) async fn load(app: &TestApp) -> Self {
        let answer = app.query("admin", INTROSPECTION, json!({})).await;
        let types = list(answer.data("__schema"), "types").map(|kind| (name(kind).to_owned(), kind.clone())).collect();
        Self { types, max: answer.data("serviceLimits/maxPageSize").as_i64().expect("a limit") }
    }

    /// The fields of a type.
    pub(crate) fn fields(&self, of: &str) -> impl Iterator<Item = &Value> {
        list(&self.types[of], "fields")
    }
}
