//! A publication as it stands in its declaration: everything but what was published, which is in its snapshots.

use std::collections::{BTreeMap, HashMap};

use jixiao_entity::id::{DeclarationId, IndicatorId, PublicationId, Timestamp, UserId};
use jixiao_entity::{publication, publication_snapshot, quality_statement};
use jixiao_rules::cycle::{PublicationKind, PublicationStatus};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::ctx::UserRef;
use crate::error::Result;
use crate::user;

/// A publication (公开) of one kind (rules 2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Publication {
    /// Key.
    pub id: PublicationId,
    /// State.
    pub status: PublicationStatus,
    /// Grows with each change.
    pub revision: i32,
    /// What was published, oldest first.
    pub snapshots: Vec<Snapshot>,
    /// Why it is withheld, and by whom.
    pub withheld: Option<Withheld>,
}

/// What is known of a snapshot beside its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// From 1.
    pub number: i32,
    /// Approved version of the declaration.
    pub version: i32,
    /// SHA-256 of its text, hex.
    pub sha256: String,
    /// Why it was corrected; `None` for the first.
    pub reason: Option<String>,
    /// When.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: UserRef,
}

/// That and why nothing is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Withheld {
    /// Why; shown to everybody.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: UserRef,
}

/// Where the data of an indicator come from and how far they can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityStatement {
    /// Source of the data.
    pub source: String,
    /// How they were gathered and computed.
    pub method: String,
    /// Known limits; `None` when none is known.
    pub limits: Option<String>,
    /// When.
    pub stated_at: Timestamp,
    /// By whom.
    pub stated_by: UserRef,
}

/// The publications of a declaration, as the tables have them.
pub(crate) async fn of_declaration(
    db: &impl ConnectionTrait,
    id: DeclarationId,
) -> Result<BTreeMap<PublicationKind, Publication>> {
    let rows = publication::Entity::find().filter(publication::Column::DeclarationId.eq(id)).all(db).await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    use publication_snapshot::Column as C;
    let snapshots = publication_snapshot::Entity::find()
        .select_only()
        .columns([C::PublicationId, C::Number, C::Version, C::Sha256, C::Reason, C::PublishedAt, C::PublishedBy])
        .filter(C::PublicationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(C::Number)
        .into_tuple::<(PublicationId, i32, i32, String, Option<String>, Timestamp, Option<UserId>)>()
        .all(db)
        .await?;
    let hands = rows.iter().filter_map(|row| row.withheld_by).chain(snapshots.iter().filter_map(|row| row.6));
    let names = user::names(db, &hands.collect::<Vec<_>>()).await?;
    let person = |id: Option<UserId>| UserRef {
        id,
        display_name: id.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
    };
    let mut found = BTreeMap::new();
    for row in rows {
        let own = snapshots.iter().filter(|snapshot| snapshot.0 == row.id).cloned();
        let snapshots = own.map(|(_, number, version, sha256, reason, published_at, by)| Snapshot {
            number,
            version,
            sha256,
            reason,
            published_at,
            published_by: person(by),
        });
        let withheld = row.withheld_reason.zip(row.withheld_at);
        let publication = Publication {
            id: row.id,
            status: row.status.0,
            revision: row.revision,
            snapshots: snapshots.collect(),
            withheld: withheld.map(|(reason, at)| Withheld { reason, at, by: person(row.withheld_by) }),
        };
        found.insert(row.kind.0, publication);
    }
    Ok(found)
}

/// The last statement of quality per indicator of a declaration.
pub(crate) async fn statements(
    db: &impl ConnectionTrait,
    id: DeclarationId,
) -> Result<HashMap<IndicatorId, QualityStatement>> {
    let rows = quality_statement::Entity::find()
        .filter(quality_statement::Column::DeclarationId.eq(id))
        .order_by_asc(quality_statement::Column::Id)
        .all(db)
        .await?;
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.stated_by).collect();
    let names = user::names(db, &people).await?;
    let statement = |row: quality_statement::Model| {
        let name = row.stated_by.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        let statement = QualityStatement {
            source: row.source,
            method: row.method,
            limits: row.limits,
            stated_at: row.stated_at,
            stated_by: UserRef { id: row.stated_by, display_name: name },
        };
        (row.indicator_id, statement)
    };
    Ok(rows.into_iter().map(statement).collect())
}
