//! The service over HTTP: configuration, identity, transport, limits, and the GraphQL schema.
//!
//! *Invariant:* this crate knows neither tables nor SQL; it decodes, calls one function of `jixiao_service`, and wraps.

pub mod auth;
pub mod config;
pub mod graphql;
pub mod guard;
pub mod http;
pub mod shutdown;
pub mod telemetry;
