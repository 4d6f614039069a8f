//! Scoring schemes in the database, and the readings of their documents kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use jixiao_entity::id::SchemeId;
use jixiao_entity::scoring_scheme;
use jixiao_rules::scheme::{self, Scheme};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::audit::sha256;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::SchemeRef;
use crate::error::Result;

/// Readings by the hash of the document: a stored version never changes, so neither does its reading.
static READ: LazyLock<RwLock<HashMap<String, Arc<Scheme>>>> = LazyLock::new(RwLock::default);

/// The stored scheme version with its reading.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Key.
    pub id: SchemeId,
    /// SHA-256 of its document, hex.
    pub sha256: String,
    /// The scheme.
    pub scheme: Arc<Scheme>,
}

impl Stored {
    /// How a declaration remembers it.
    #[must_use]
    pub fn reference(&self) -> SchemeRef {
        let (code, version) = (self.scheme.code.clone(), self.scheme.version);
        SchemeRef { id: self.id, code, version, sha256: self.sha256.clone() }
    }
}

/// Stores the shipped schemes that are not there yet.
///
/// # Errors
/// When the database fails.
pub async fn install(db: &impl ConnectionTrait, ctx: &Ctx) -> Result<()> {
    for (code, document) in scheme::shipped() {
        let read = scheme::parse(document).map_err(|fault| anyhow::anyhow!("scheme {code}: {}", fault.message.en))?;
        let version = i32::try_from(read.version).unwrap_or(i32::MAX);
        let known = scoring_scheme::Entity::find()
            .filter(scoring_scheme::Column::Code.eq(*code))
            .filter(scoring_scheme::Column::Version.eq(version))
            .one(db)
            .await?;
        if known.is_none() {
            let row = scoring_scheme::ActiveModel {
                id: NotSet,
                code: Set((*code).to_owned()),
                version: Set(version),
                document: Set((*document).to_owned()),
                sha256: Set(sha256(document.as_bytes())),
                created_at: Set(ctx.now),
            };
            row.insert(db).await?;
        }
    }
    Ok(())
}

/// The latest version of the scheme used where nothing else is assigned.
///
/// # Errors
/// When the database fails or holds no scheme.
pub async fn default(db: &impl ConnectionTrait) -> Result<Stored> {
    let row = scoring_scheme::Entity::find()
        .filter(scoring_scheme::Column::Code.eq(scheme::DEFAULT))
        .order_by_desc(scoring_scheme::Column::Version)
        .one(db)
        .await?;
    read(&row.ok_or_else(|| anyhow::anyhow!("no scheme {} is stored", scheme::DEFAULT))?)
}

/// A scheme version by its key.
///
/// # Errors
/// When the database fails or the key is unknown.
pub async fn by_id(db: &impl ConnectionTrait, id: SchemeId) -> Result<Stored> {
    let row = scoring_scheme::Entity::find_by_id(id).one(db).await?;
    read(&row.ok_or_else(|| anyhow::anyhow!("scheme {} is not stored", id.0))?)
}

/// The scheme a declaration is scored under; from memory once it was read.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &Db, scheme: &SchemeRef) -> Result<Arc<Scheme>> {
    match known(&scheme.sha256) {
        Some(read) => Ok(read),
        None => Ok(by_id(db.read(), scheme.id).await?.scheme),
    }
}

fn known(sha256: &str) -> Option<Arc<Scheme>> {
    READ.read().ok().and_then(|read| read.get(sha256).cloned())
}

fn read(row: &scoring_scheme::Model) -> Result<Stored> {
    if let Some(scheme) = known(&row.sha256) {
        return Ok(Stored { id: row.id, sha256: row.sha256.clone(), scheme });
    }
    let scheme = scheme::parse(&row.document)
        .map_err(|fault| anyhow::anyhow!("stored scheme {} line {}: {}", row.code, fault.line, fault.message.en))?;
    let scheme = Arc::new(scheme);
    if let Ok(mut read) = READ.write() {
        read.insert(row.sha256.clone(), Arc::clone(&scheme));
    }
    Ok(Stored { id: row.id, sha256: row.sha256.clone(), scheme })
}
