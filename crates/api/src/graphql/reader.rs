//! The loaders of one request: what crosses declarations is fetched once per level, within the caller's scope.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use jixiao_rules::cycle::Period;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_service::ctx::Ctx;
use jixiao_service::db::Db;
use jixiao_service::declaration::{self, Header, Whole};
use jixiao_service::error::ServiceError;
use jixiao_service::id::{DeclarationId, JurisdictionId, WindowId};
use jixiao_service::window::{self, Extension, ReportingWindow};
use tokio::sync::OnceCell;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result as ApiResult;

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

/// The declarations of one list. What is asked of one is fetched for all of them, once: a loader gathers keys by time, and
/// would need several statements for a list that takes longer to walk.
#[derive(Debug)]
pub struct Siblings {
    ids: Vec<DeclarationId>,
    wholes: OnceCell<HashMap<DeclarationId, Arc<Whole>>>,
    results: OnceCell<HashMap<(DeclarationId, Period), DeclarationResult>>,
}

impl Siblings {
    /// Those of a list.
    #[must_use]
    pub fn of(list: &[Header]) -> Arc<Self> {
        let ids = list.iter().map(|header| header.id).collect();
        Arc::new(Self { ids, wholes: OnceCell::new(), results: OnceCell::new() })
    }

    /// One of them, whole.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn whole(&self, ctx: &Context<'_>, id: DeclarationId) -> ApiResult<Option<Arc<Whole>>> {
        let (db, op) = (ctx.db()?, ctx.op()?);
        let load = || async {
            let found = declaration::by_ids(db, op, &self.ids).await?;
            Ok::<_, ServiceError>(found.into_iter().map(|(id, whole)| (id, Arc::new(whole))).collect())
        };
        Ok(self.wholes.get_or_try_init(load).await?.get(&id).cloned())
    }

    /// The result of one of them in a period.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn result(
        &self,
        ctx: &Context<'_>,
        id: DeclarationId,
        period: Period,
    ) -> ApiResult<Option<DeclarationResult>> {
        let db = ctx.db()?;
        let found = self.results.get_or_try_init(|| declaration::results(db, &self.ids)).await?;
        Ok(found.get(&(id, period)).cloned())
    }
}

/// Key of the windows that hold in a jurisdiction and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WindowsOf(pub JurisdictionId, pub i32);

/// Key of the extensions of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionsOf(pub WindowId);

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

impl Loader<WindowsOf> for Reader {
    type Value = Arc<BTreeMap<Period, ReportingWindow>>;
    type Error = Arc<ServiceError>;

    async fn load(&self, keys: &[WindowsOf]) -> Result<HashMap<WindowsOf, Self::Value>, Self::Error> {
        let wanted: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = window::in_force(self.db.read(), &wanted).await?;
        Ok(found.into_iter().map(|((place, year), windows)| (WindowsOf(place, year), Arc::new(windows))).collect())
    }
}

impl Loader<ExtensionsOf> for Reader {
    type Value = Arc<Vec<Extension>>;
    type Error = Arc<ServiceError>;

    async fn load(&self, keys: &[ExtensionsOf]) -> Result<HashMap<ExtensionsOf, Self::Value>, Self::Error> {
        let ids: Vec<WindowId> = keys.iter().map(|key| key.0).collect();
        let found = window::extensions(&self.db, &ids).await?;
        Ok(found.into_iter().map(|(id, made)| (ExtensionsOf(id), Arc::new(made))).collect())
    }
}
