//! The limits in force, for clients to read before they are refused.

use async_graphql::Object;

use crate::config::Limits;

/// 服务限制。 — What clients may ask for before they are refused.
#[derive(Clone, Debug)]
pub struct ServiceLimits(pub Limits);
