//! Queries, commands, policy and transactions: the only crate that talks to the database.
//!
//! *Invariant:* one command = one transaction = one audit entry, begun and committed in the same function through
//! [`db::Db::begin_write`]. Reads start from a [`policy::Scope`]: what the caller may not see is not found.
//! A declaration's derived numbers are computed in one place ([`declaration::derive`]), on write; reads only add up.
//!
//! To add a command: its act and states go into `jixiao_rules::cycle`, its function into the noun's file here
//! (check, change the tables, [`declaration::settle`], commit), its resolver into the noun's file in `api`.

pub mod access;
pub mod achievement;
pub mod actual_value;
pub mod adjustment;
pub mod audit;
pub mod batch;
pub mod bulk;
pub mod comparison;
pub mod ctx;
pub mod db;
pub mod declaration;
pub mod department;
pub mod doctor;
pub mod error;
pub mod evidence;
pub mod export;
pub mod feed;
pub mod file;
pub mod finding;
pub mod indicator;
pub mod jurisdiction;
pub mod outstanding;
pub mod pack;
pub mod page;
pub mod policy;
pub mod publication;
pub mod rectification;
pub mod report;
pub mod review;
pub mod revision;
pub mod rollup;
pub mod scheme;
pub mod scheme_assignment;
mod search;
pub mod table;
mod text;
pub mod tls;
pub mod user;
pub mod what_if;
pub mod window;

pub use jixiao_entity::id;
