//! Objects that lie whole in memory, walked field by field.
//!
//! The library resolves the fields of every object concurrently: a box and a task for each of the thousands of fields
//! of a declaration's page, although nothing there waits for anything. A [`Walk`] resolves the same fields by the same
//! resolvers, one after the other, with neither. What it does not know (an interface's fragment, two fields of one name
//! to be merged, directives) it leaves to the library. An extension's `resolve` hook does not see walked fields.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};

/// An object whose fields need no waiting.
#[derive(Clone, Debug)]
pub struct Walk<T>(pub T);

impl<T: ContainerType + Send + Sync> OutputType for Walk<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut fields = Vec::with_capacity(ctx.item.node.items.len());
        if !collect::<T>(ctx, &ctx.item.node, &mut fields) {
            return self.0.resolve(ctx, field).await;
        }
        let mut object: IndexMap<Name, Value> = IndexMap::with_capacity(fields.len());
        for field in fields {
            let at = ctx.with_field(field);
            match self.0.resolve_field(&at).await {
                Ok(value) => {
                    object.insert(field.node.response_key().node.clone(), value.unwrap_or_default());
                }
                Err(error) => ctx.add_error(error),
            }
        }
        Ok(Value::Object(object))
    }
}

/// Gathers the fields selected of a `T`, fragments on it opened; false when there is anything else among them.
fn collect<'a, T: OutputType>(
    ctx: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    let on_this = |condition: Option<&str>| condition.is_none_or(|name| name == T::type_name());
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let key = &field.node.response_key().node;
            let plain = field.node.directives.is_empty() && field.node.name.node != "__typename";
            let new = fields.iter().all(|other| other.node.response_key().node != *key);
            fields.push(field);
            plain && new
        }
        Selection::FragmentSpread(spread) => {
            let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
            fragment.is_some_and(|fragment| {
                on_this(Some(&fragment.node.type_condition.node.on.node))
                    && collect::<T>(ctx, &fragment.node.selection_set.node, fields)
            })
        }
        Selection::InlineFragment(fragment) => {
            let condition = fragment.node.type_condition.as_ref().map(|condition| &*condition.node.on.node);
            on_this(condition) && collect::<T>(ctx, &fragment.node.selection_set.node, fields)
        }
    })
}
