//! The tables, one file each.
//!
//! *Invariant:* no queries, no rules, no async. A row is what the migration made, nothing more.
//!
//! To add a table: write the migration first, then a file here named by the noun, then its reads and commands in
//! `service` under the same name.

#![expect(clippy::disallowed_methods, reason = "sea_orm::model writes a save() of its own, which nothing here calls")]

pub mod id;
pub mod stored;
#[macro_use]
mod sums;

pub mod access_entry;
pub mod achievement;
pub mod actual_value;
pub mod adjustment;
pub mod audit_entry;
pub mod audit_head;
pub mod budget_line;
pub mod declaration;
pub mod declaration_document;
pub mod declaration_result;
pub mod declaration_version;
pub mod department;
pub mod department_result;
pub mod evidence;
pub mod finding;
pub mod finding_note;
pub mod idempotency_key;
pub mod indicator;
pub mod indicator_body;
pub mod indicator_review;
pub mod indicator_task;
pub mod indicator_text;
pub mod jurisdiction;
pub mod jurisdiction_closure;
pub mod key_task;
pub mod publication;
pub mod publication_snapshot;
pub mod quality_statement;
pub mod rectification;
pub mod refresh_token;
pub mod report;
pub mod report_fund;
pub mod role_grant;
pub mod rollup_cell;
pub mod rollup_delta;
pub mod scheme_assignment;
pub mod scoring_scheme;
pub mod target;
pub mod user_account;
pub mod window;
pub mod window_extension;
