//! The service over HTTP: configuration, identity, transport, limits, and the GraphQL schema.
//!
//! *Invariant:* this crate knows neither tables nor SQL; it decodes, calls one function of `jixiao_service`, and wraps.

#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod cache;
pub mod callers;
pub mod cli;
pub mod clock;
pub mod config;
pub mod documents;
pub mod export;
pub mod graphql;
pub mod guard;
pub mod http;
pub mod metrics;
pub mod oidc;
pub mod shutdown;
pub mod telemetry;
