//! The GraphQL schema: roots, types, and what they stand on.
//!
//! A resolver decodes, calls one function of the service, and wraps. To add a field: its type in `types/`, its query in
//! `query/` or its mutation in `mutation/`, under the noun's file name.

pub mod connection;
pub mod context;
pub mod error;
pub mod id;
pub mod kind;
pub mod mutation;
pub mod order;
pub mod price;
pub mod query;
pub mod reader;
pub mod scalar;
pub mod subscription;
pub mod types;
pub mod upload;
pub mod walk;

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder};

use crate::config::Limits;

/// The schema.
pub type AppSchema = Schema<query::Query, mutation::Mutation, subscription::Subscription>;

/// The schema as it prices.
pub type AppPricing = price::Pricing<query::Query, mutation::Mutation, subscription::Subscription>;

/// Most rows a page can have, for the price of a page size that comes in a variable.
const PRICE_CAP: i32 = 1_000;

/// Price of a page: its size times what each row costs.
pub(crate) fn page_cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let size = first.or(last).unwrap_or(20).clamp(1, PRICE_CAP);
    usize::try_from(size).unwrap_or(1).saturating_mul(child.max(1))
}

/// Price of a declaration loaded whole, beside its fields.
pub(crate) fn whole_cost(child: usize) -> usize {
    10 + child
}

/// Price of the links of one row, beside their fields: few as a rule, but they lead in circles.
pub(crate) fn link_cost(child: usize) -> usize {
    10_usize.saturating_mul(child.max(1))
}

/// The schema, to be given its data.
#[must_use]
pub fn schema(limits: &Limits) -> SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    Schema::build(query::Query::default(), mutation::Mutation::default(), subscription::Subscription::default())
        .register_output_type::<types::node::Node>()
        .data(limits.clone())
}

/// The schema in its definition language, sorted: the text of `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    schema(&Limits::default()).finish().sdl_with_options(options)
}
