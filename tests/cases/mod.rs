//! One file a concern.

mod audit;
mod auth;
mod authz;
mod bulk;
mod declaration;
mod import;
mod limits;
mod record;
mod schema;
mod summary;
mod tidy;
