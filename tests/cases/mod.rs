//! One file a concern.

mod adjustment;
mod administration;
mod audit;
mod auth;
mod authz;
mod bulk;
mod contract;
mod corpus;
mod declaration;
mod editing;
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
mod verifier;
mod window;
