//! One file a concern.

mod audit;
mod auth;
mod authz;
mod declaration;
mod import;
mod limits;
mod record;
mod schema;
mod summary;
mod tidy;
mod verifier;
