//! What resolvers take from the request: the database, the circumstances, the limits, the loaders.

use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::DataLoader;
use jixiao_service::ctx::{Ctx, Lang};
use jixiao_service::db::Db;
use jixiao_service::file::{Staged, Store};

use crate::auth::Tokens;
use crate::callers::Callers;
use crate::config::Limits;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::reader::Reader;
use crate::graphql::upload::{Upload, Uploads};

/// Days a refresh token lives.
#[derive(Clone, Copy, Debug)]
pub struct RefreshDays(pub i64);

/// Short names for what every resolver needs.
pub trait ContextExt {
    /// The database.
    ///
    /// # Errors
    /// `INTERNAL` when the schema was built without one.
    fn db(&self) -> Result<&Db>;
    /// Who asks, when, in which language.
    ///
    /// # Errors
    /// `INTERNAL` when the request carries none.
    fn op(&self) -> Result<&Ctx>;
    /// The limits in force.
    ///
    /// # Errors
    /// `INTERNAL` when the schema was built without them.
    fn limits(&self) -> Result<&Limits>;
    /// Making tokens.
    ///
    /// # Errors
    /// `INTERNAL` when the schema was built without them.
    fn tokens(&self) -> Result<&Tokens>;
    /// Days a refresh token lives.
    ///
    /// # Errors
    /// `INTERNAL` when the schema was built without them.
    fn refresh_days(&self) -> Result<i64>;
    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// `RATE_LIMITED`, or `INTERNAL` when the request does not tell where it comes from.
    fn may_sign_in(&self, username: &str) -> Result<()>;
    /// The loaders of this request.
    ///
    /// # Errors
    /// `INTERNAL` when the request carries none.
    fn reader(&self) -> Result<&DataLoader<Reader>>;
    /// Where files are kept.
    ///
    /// # Errors
    /// `INTERNAL` when the schema was built without it.
    fn store(&self) -> Result<&Store>;
    /// A file that came with the request.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when the request has no such file.
    fn file(&self, upload: Upload) -> Result<&Staged>;
    /// Language of messages.
    ///
    /// # Errors
    /// `INTERNAL` when the request carries no circumstances.
    fn lang(&self) -> Result<Lang> {
        Ok(self.op()?.lang)
    }
}

fn missing(what: &str) -> ApiError {
    ApiError::internal(anyhow::anyhow!("the request carries no {what}"))
}

impl ContextExt for Context<'_> {
    fn db(&self) -> Result<&Db> {
        self.data_opt().ok_or_else(|| missing("database"))
    }
    fn op(&self) -> Result<&Ctx> {
        self.data_opt::<Arc<Ctx>>().map(AsRef::as_ref).ok_or_else(|| missing("circumstances"))
    }
    fn limits(&self) -> Result<&Limits> {
        self.data_opt().ok_or_else(|| missing("limits"))
    }
    fn tokens(&self) -> Result<&Tokens> {
        self.data_opt::<Arc<Tokens>>().map(AsRef::as_ref).ok_or_else(|| missing("tokens"))
    }
    fn refresh_days(&self) -> Result<i64> {
        self.data_opt::<RefreshDays>().map(|days| days.0).ok_or_else(|| missing("refresh days"))
    }
    fn may_sign_in(&self, username: &str) -> Result<()> {
        let callers = self.data_opt::<Arc<Callers>>().ok_or_else(|| missing("callers"))?;
        callers.sign_in(*self.data_opt().ok_or_else(|| missing("address"))?, username)
    }
    fn store(&self) -> Result<&Store> {
        self.data_opt().ok_or_else(|| missing("store"))
    }
    fn file(&self, upload: Upload) -> Result<&Staged> {
        self.data_opt::<Uploads>().and_then(|uploads| uploads.0.get(upload.0)).ok_or_else(Upload::missing)
    }
    fn reader(&self) -> Result<&DataLoader<Reader>> {
        self.data_opt().ok_or_else(|| missing("loaders"))
    }
}
