//! One file a concern.

mod access;
mod administration;
mod as_of;
mod audit;
mod auth;
mod authz;
mod bulk;
mod contract;
mod corpus;
mod declaration;
mod evidence;
mod fuzz;
mod import;
mod limits;
mod migration;
mod outstanding;
mod paging;
mod record;
mod schema;
mod summary;
mod tidy;
mod upload;
mod verifier;
mod window;
