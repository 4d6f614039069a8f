//! One file a concern.

mod audit;
mod auth;
mod authz;
mod bulk;
mod contract;
mod corpus;
mod declaration;
mod fuzz;
mod import;
mod limits;
mod migration;
mod paging;
mod record;
mod rectification;
mod report;
mod review;
mod schema;
mod summary;
mod tidy;
mod verifier;
