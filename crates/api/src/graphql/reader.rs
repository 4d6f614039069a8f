//! The loaders of one request: what crosses declarations is fetched once per level, within the caller's scope.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use jixiao_rules::cycle::Period;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_service::ctx::Ctx;
use jixiao_service::db::Db;
use jixiao_service::declaration::{self, Header, Whole};
use jixiao_service::error::ServiceError;
use jixiao_service::id::DeclarationId;

/// Loads for one caller. Made per request, never shared: a batch must not mix callers.
pub struct Reader {
    db: Db,
    ctx: Arc<Ctx>,
}

/// Key of a declaration loaded whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WholeOf(pub DeclarationId);

/// Key of a declaration's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeaderOf(pub DeclarationId);

/// Key of a declaration's result in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResultOf(pub DeclarationId, pub Period);

/// The loaders of a request.
#[must_use]
pub fn new_reader(db: Db, ctx: Arc<Ctx>) -> DataLoader<Reader> {
    DataLoader::new(Reader { db, ctx }, tokio::spawn)
}

impl Loader<WholeOf> for Reader {
    type Value = Arc<Whole>;
    type Error = Arc<ServiceError>;

    async fn load(&self, keys: &[WholeOf]) -> Result<HashMap<WholeOf, Arc<Whole>>, Self::Error> {
        let ids: Vec<DeclarationId> = keys.iter().map(|key| key.0).collect();
        let found = declaration::by_ids(&self.db, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|(id, whole)| (WholeOf(id), Arc::new(whole))).collect())
    }
}

impl Loader<HeaderOf> for Reader {
    type Value = Arc<Header>;
    type Error = Arc<ServiceError>;

    async fn load(&self, keys: &[HeaderOf]) -> Result<HashMap<HeaderOf, Arc<Header>>, Self::Error> {
        let ids: Vec<DeclarationId> = keys.iter().map(|key| key.0).collect();
        let found = declaration::header_by_ids(&self.db, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|(id, header)| (HeaderOf(id), Arc::new(header))).collect())
    }
}

impl Loader<ResultOf> for Reader {
    type Value = Arc<DeclarationResult>;
    type Error = Arc<ServiceError>;

    async fn load(&self, keys: &[ResultOf]) -> Result<HashMap<ResultOf, Arc<DeclarationResult>>, Self::Error> {
        let wanted: Vec<(DeclarationId, Period)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = declaration::results(&self.db, &wanted).await?;
        Ok(found.into_iter().map(|((id, period), result)| (ResultOf(id, period), Arc::new(result))).collect())
    }
}
