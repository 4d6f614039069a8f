//! Examining a database: the audit chain, and that every document and every stored number is what the tables and the
//! rules give, findings included; that what was published still has its hash; and that every evidence file is in the store as it was received.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use jixiao_entity::id::{DeclarationId, EvidenceId};
use jixiao_entity::{
    achievement, declaration, declaration_document, declaration_result, evidence, publication, publication_snapshot,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TryIntoModel,
};
use sha2::{Digest, Sha256};

use crate::audit::{self, Verification, sha256};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{Declaration, achievement_row, assemble, derive, result_row};
use crate::error::{Result, ServiceError};
use crate::file::Store;
use crate::{finding, indicator, rollup, scheme, search};

/// What an examination found.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The audit chain, from its beginning.
    pub chain: Verification,
    /// Declarations examined.
    pub declarations: u64,
    /// What differs, one line each.
    pub differences: Vec<String>,
}

/// Examines everything; changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn examine(db: &Db, ctx: &Ctx) -> Result<Examination> {
    let chain = audit::verify(db.read(), ctx, None).await?;
    let all = declaration::Entity::find().count(db.read()).await?;
    let (mut declarations, mut differences) = (0, Vec::new());
    let mut last = DeclarationId(0);
    loop {
        let page = declaration::Entity::find()
            .filter(declaration::Column::Id.gt(last))
            .order_by_asc(declaration::Column::Id)
            .limit(100)
            .all(db.read())
            .await?;
        let Some(end) = page.last() else { break };
        last = end.id;
        for row in &page {
            declarations += 1;
            ctx.progress.tell(declarations, Some(all));
            // What cannot even be read is told like what differs, and the others are examined all the same.
            let unreadable = |error: ServiceError| vec![format!("Declaration:{} cannot be read: {error:?}", row.id.0)];
            differences.extend(examine_one(db.read(), ctx, row).await.unwrap_or_else(unreadable));
            differences.extend(examine_documents(db.read(), row).await.unwrap_or_else(unreadable));
        }
    }
    differences.extend(search::examine_index(db).await?);
    differences.extend(rollup::differences(db.read()).await?);
    Ok(Examination { chain, declarations, differences })
}

async fn examine_one(db: &impl ConnectionTrait, ctx: &Ctx, row: &declaration::Model) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    let stored = assemble(db, row.id).await?;
    let scheme = scheme::by_id(db, row.scheme_id).await?;
    let mut derived = stored.clone();
    derive(&mut derived, &scheme.scheme);
    for (kept, made) in stored.indicators.iter().zip(&derived.indicators) {
        if kept.weight != made.weight {
            differences.push(format!("Indicator:{} weight", kept.id.0));
        }
    }
    differences.extend(examine_columns(db, ctx, &derived).await?);
    differences.extend(search::examine(db, &derived).await?);
    differences.extend(indicator::examine(db, &derived).await?);
    let document = declaration_document::Entity::find_by_id((row.id, row.document_number)).one(db).await?;
    match document {
        None => differences.push(format!("Declaration:{} has no document", row.id.0)),
        Some(document) if document.body != serde_json::to_string(&derived)? => {
            differences.push(format!("Declaration:{} document differs from the tables", row.id.0));
        }
        Some(_) => {}
    }
    let unknown =
        |error: ServiceError| vec![format!("Declaration:{} findings cannot be computed: {error:?}", row.id.0)];
    differences.extend(finding::examine(db, ctx, &derived, &scheme.scheme).await.unwrap_or_else(unknown));
    Ok(differences)
}

/// Every document there ever was: none is missing, each is as it was written, and the log names it.
async fn examine_documents(db: &impl ConnectionTrait, row: &declaration::Model) -> Result<Vec<String>> {
    let (named, mut differences) = (audit::documents_of(db, row.id).await?, Vec::new());
    for number in 1..=row.document_number {
        let mut differs = |what: &str| differences.push(format!("Declaration:{} document {number} {what}", row.id.0));
        // One at a time: they are large, and one that cannot be read must not hide the others.
        match declaration_document::Entity::find_by_id((row.id, number)).one(db).await {
            Err(error) => differs(&format!("cannot be read: {error}")),
            Ok(None) => differs("is missing"),
            Ok(Some(document)) if sha256(document.body.as_bytes()) != document.sha256 => differs("hash"),
            Ok(Some(document)) if !named.contains(&document.sha256) => differs("is not in the log"),
            Ok(Some(_)) => {}
        }
    }
    differences.extend(examine_publications(db, row.id).await?);
    Ok(differences)
}

/// What was published has the hash it was published with.
async fn examine_publications(db: &impl ConnectionTrait, id: DeclarationId) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    for row in publication::Entity::find().filter(publication::Column::DeclarationId.eq(id)).all(db).await? {
        let snapshots = publication_snapshot::Entity::find()
            .filter(publication_snapshot::Column::PublicationId.eq(row.id))
            .order_by_asc(publication_snapshot::Column::Number)
            .all(db)
            .await?;
        let altered = snapshots.iter().filter(|snapshot| sha256(snapshot.body.as_bytes()) != snapshot.sha256);
        differences.extend(altered.map(|snapshot| format!("Publication:{} snapshot {}", row.id.0, snapshot.number)));
    }
    Ok(differences)
}

/// The rows that summaries add up, every column of them.
async fn examine_columns(db: &impl ConnectionTrait, ctx: &Ctx, derived: &Declaration) -> Result<Vec<String>> {
    let mut wanted = BTreeMap::new();
    for indicator in &derived.indicators {
        for (period, made) in &indicator.achievements {
            let row = achievement_row(ctx, derived, indicator, *period, made)?.try_into_model()?;
            wanted.insert((indicator.id, *period), row);
        }
    }
    let mut differences = Vec::new();
    let rows = achievement::Entity::find().filter(achievement::Column::DeclarationId.eq(derived.id)).all(db).await?;
    for row in rows {
        let key = (row.indicator_id, row.period.0);
        let same =
            wanted.remove(&key).is_some_and(|made| achievement::Model { assessed_at: row.assessed_at, ..made } == row);
        if !same {
            differences.push(format!("Indicator:{} achievement {}", key.0.0, key.1));
        }
    }
    differences.extend(wanted.keys().map(|key| format!("Indicator:{} achievement {} is missing", key.0.0, key.1)));

    let rows = declaration_result::Entity::find();
    let mut rows = rows.filter(declaration_result::Column::DeclarationId.eq(derived.id)).all(db).await?;
    rows.sort_by_key(|row| row.period.0);
    let results = derived
        .results
        .iter()
        .map(|(period, made)| result_row(derived, *period, made)?.try_into_model().map_err(Into::into));
    if rows != results.collect::<Result<Vec<_>>>()? {
        differences.push(format!("Declaration:{} results", derived.id.0));
    }
    Ok(differences)
}

/// What an examination of the files found.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Evidence rows examined.
    pub evidence: u64,
    /// Files that no row names: left by an upload that was not finished. Harmless.
    pub orphans: Vec<String>,
    /// What is missing or altered, one line each.
    pub differences: Vec<String>,
}

/// Reads every evidence file again and compares it with its row; changes nothing.
///
/// # Errors
/// When the database or the store fails.
pub async fn examine_files(db: &Db, store: &Store) -> Result<Files> {
    let mut files = Files::default();
    // Read first: a file that comes meanwhile is no orphan.
    let mut orphans: BTreeSet<String> = store.keys().await?.into_iter().collect();
    let mut last = EvidenceId(0);
    loop {
        let page = evidence::Entity::find()
            .filter(evidence::Column::Id.gt(last))
            .order_by_asc(evidence::Column::Id)
            .limit(100)
            .all(db.read())
            .await?;
        let Some(end) = page.last() else { break };
        last = end.id;
        for row in &page {
            files.evidence += 1;
            orphans.remove(&row.storage_key);
            match hash_of(store, &row.storage_key).await? {
                None => files.differences.push(format!("Evidence:{} is not in the store", row.id.0)),
                Some(hash) if hash != row.sha256 => files.differences.push(format!("Evidence:{} content", row.id.0)),
                Some(_) => {}
            }
        }
    }
    files.orphans = orphans.into_iter().collect();
    Ok(files)
}

async fn hash_of(store: &Store, key: &str) -> Result<Option<String>> {
    let Some(mut kept) = store.read(key).await? else { return Ok(None) };
    let mut hash = Sha256::new();
    while let Some(bytes) = kept.bytes.try_next().await.map_err(anyhow::Error::from)? {
        hash.update(&bytes);
    }
    Ok(Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
