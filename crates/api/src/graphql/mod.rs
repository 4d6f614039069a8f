//! What every GraphQL type of the service stands on.

pub mod connection;
pub mod error;
pub mod id;
pub mod kind;
pub mod scalar;
