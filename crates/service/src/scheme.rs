//! Scoring schemes in the database, and the readings of their documents kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use jixiao_entity::id::{SchemeId, Timestamp};
use jixiao_entity::scoring_scheme;
use jixiao_rules::cycle::Act;
use jixiao_rules::scheme::{self, Scheme};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder,
};

use crate::audit::{self, NewEntry, change, sha256};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::SchemeRef;
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::jurisdiction::check_text;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Territory};

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

/// A stored version with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeVersion {
    /// Key.
    pub id: SchemeId,
    /// The scheme as read.
    pub scheme: Arc<Scheme>,
    /// The TOML document.
    pub document: String,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// When stored.
    pub created_at: Timestamp,
}

impl SchemeVersion {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.scheme.code.clone().into(), i64::from(self.scheme.version).into()]
    }

    fn of(row: scoring_scheme::Model) -> Result<Self> {
        let scheme = read(&row)?.scheme;
        Ok(Self { id: row.id, scheme, document: row.document, sha256: row.sha256, created_at: row.created_at })
    }
}

/// Most bytes of a scheme document.
const MAX_DOCUMENT: usize = 65_536;

/// Stores a scheme as a new version, which never changes; for ADMIN over everything, as schemes are the whole service's.
///
/// # Errors
/// `Forbidden`; `Invalid` at `document`: `TOO_LONG`, `INVALID_VALUE` (with line and reason, or a version below the
/// latest), `ALREADY_EXISTS`.
pub async fn create(db: &Db, ctx: &Ctx, document: &str) -> Result<SchemeVersion> {
    let roles = policy::allow(ctx, Act::Administer, Some(&Territory::everything()))?;
    let refuse = |code, zh: String, en: String| Err(ServiceError::invalid(code, "document", zh, en));
    let scheme = parsed(document, "document")?;
    let version = i32::try_from(scheme.version).unwrap_or(i32::MAX);
    let txn = db.begin_write().await?;
    let latest = scoring_scheme::Entity::find()
        .filter(scoring_scheme::Column::Code.eq(&scheme.code))
        .order_by_desc(scoring_scheme::Column::Version)
        .one(&txn)
        .await?;
    match latest.map(|latest| latest.version) {
        Some(latest) if latest == version => {
            let zh = format!("方案{}的第{version}版已存在, 已存版本不可更改", scheme.code);
            return refuse(UserErrorCode::AlreadyExists, zh, format!("{} version {version} exists", scheme.code));
        }
        Some(latest) if latest > version => {
            let en = format!("the latest version of {} is {latest}", scheme.code);
            return refuse(UserErrorCode::InvalidValue, format!("方案{}的最新版本是{latest}", scheme.code), en);
        }
        _ => {}
    }
    let row = scoring_scheme::ActiveModel {
        id: NotSet,
        code: Set(scheme.code.clone()),
        version: Set(version),
        document: Set(document.to_owned()),
        sha256: Set(sha256(document.as_bytes())),
        created_at: Set(ctx.now),
    };
    let stored = SchemeVersion::of(row.insert(&txn).await?)?;
    let text = format!("{} {version}", scheme.code);
    let changes = [change("scheme", None, Some(text)), change("sha256", None, Some(stored.sha256.clone()))];
    let node = format!("ScoringScheme:{}", stored.id.0);
    let entry = NewEntry::administer(&roles, node, changes.into_iter().flatten().collect());
    audit::append(&txn, ctx, entry).await?;
    txn.commit().await?;
    Ok(stored)
}

/// A scheme as it is written; `field` is where the document stands in the input.
///
/// # Errors
/// `Invalid`: `TOO_LONG`, `INVALID_VALUE` with line and reason.
pub(crate) fn parsed(document: &str, field: &str) -> Result<Scheme> {
    if document.len() > MAX_DOCUMENT {
        let (zh, en) = (format!("不能超过{MAX_DOCUMENT}字节"), format!("at most {MAX_DOCUMENT} bytes"));
        return Err(ServiceError::invalid(UserErrorCode::TooLong, field, zh, en));
    }
    let scheme = scheme::parse(document).map_err(|fault| {
        let zh = format!("第{}行：{}", fault.line, fault.message.zh);
        let en = format!("line {}: {}", fault.line, fault.message.en);
        ServiceError::invalid(UserErrorCode::InvalidValue, field, zh, en)
    })?;
    check_text(&scheme.code, 60, field)?;
    Ok(scheme)
}

/// A stored version; anybody signed in may see by which rules is scored.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn find(db: &Db, ctx: &Ctx, id: SchemeId) -> Result<Option<SchemeVersion>> {
    signed_in(ctx)?;
    scoring_scheme::Entity::find_by_id(id).one(db.read()).await?.map(SchemeVersion::of).transpose()
}

/// The stored versions, by code and version; of one code, or all.
///
/// # Errors
/// `Unauthenticated`, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, code: Option<&str>, page: &Page) -> Result<Slice<SchemeVersion>> {
    signed_in(ctx)?;
    let column = |column| Expr::col((scoring_scheme::Entity, column));
    let mut select = Query::select();
    select.expr(Expr::col(sea_orm::sea_query::Asterisk)).from(scoring_scheme::Entity);
    if let Some(code) = code {
        select.and_where(column(scoring_scheme::Column::Code).eq(code));
    }
    let keys = [scoring_scheme::Column::Code, scoring_scheme::Column::Version];
    page.apply(&mut select, &keys.map(|key| SortKey::asc(column(key))));
    let rows = db.read().query_all(&select).await?;
    let stored = |row| SchemeVersion::of(scoring_scheme::Model::from_query_result(row, "")?);
    Ok(page.slice(rows.iter().map(stored).collect::<Result<Vec<_>>>()?))
}

fn signed_in(ctx: &Ctx) -> Result<()> {
    if ctx.actor == Actor::Anonymous { Err(ServiceError::Unauthenticated) } else { Ok(()) }
}

/// The latest version of the scheme used where nothing else is assigned.
///
/// # Errors
/// When the database fails or holds no scheme.
pub async fn default(db: &impl ConnectionTrait) -> Result<Stored> {
    let found = by_code(db, scheme::DEFAULT, None).await?;
    found.ok_or_else(|| anyhow::anyhow!("no scheme {} is stored", scheme::DEFAULT).into())
}

/// A version of a scheme, or its latest.
///
/// # Errors
/// When the database fails.
pub(crate) async fn by_code(db: &impl ConnectionTrait, code: &str, version: Option<i32>) -> Result<Option<Stored>> {
    let mut select = scoring_scheme::Entity::find().filter(scoring_scheme::Column::Code.eq(code));
    if let Some(version) = version {
        select = select.filter(scoring_scheme::Column::Version.eq(version));
    }
    let row = select.order_by_desc(scoring_scheme::Column::Version).one(db).await?;
    row.as_ref().map(read).transpose()
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
