//! The regulation as pure functions: reading targets and actual values, assessing, scoring, lights, checks, explanations.
//!
//! *Invariant:* this crate knows no database, no GraphQL, no clock and no province. Whatever differs between places and
//! years is data in a [`scheme::Scheme`]. No float touches a value; numbers are exact [`rust_decimal::Decimal`]s or the
//! integers of [`value`], and every rounding goes through that one module.

pub mod actual;
pub mod aggregate;
pub mod assess;
pub mod assess_table;
pub mod calendar;
pub mod check;
pub mod compared;
pub mod cycle;
pub mod execution;
pub mod explain;
pub mod form;
pub mod interpret;
pub mod kind;
pub mod level;
pub mod light;
pub mod message;
mod reading;
pub mod rollup;
pub mod scheme;
pub mod search;
pub mod summary;
mod table;
pub mod target;
pub mod tsv;
pub mod value;
pub mod weight;
pub mod window;
