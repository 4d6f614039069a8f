//! A declaration as it was known at a moment: the last document written until then.

use jixiao_entity::declaration_document;
use jixiao_entity::id::{DeclarationId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::model::Declaration;
use super::read::{Header, header_by_ids, signed_in};
use crate::access::{self, Access, AccessAct};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::policy::{Scope, Territory};

/// A declaration as it was known at a moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// As it stood.
    pub declaration: Declaration,
    /// As it is found today.
    pub header: Header,
    /// When this state came about.
    pub since: Timestamp,
    /// Position in the history, from 1.
    pub number: i32,
    /// SHA-256 of the document, hex, as the audit log has it.
    pub sha256: String,
}

/// The declaration as it was known at `at`; `None` before it existed, or when it may not be seen, now or as it was then.
///
/// # Errors
/// `Unauthenticated`, or when the database or the access log fails.
pub async fn as_of(db: &Db, ctx: &Ctx, id: DeclarationId, at: Timestamp) -> Result<Option<Snapshot>> {
    signed_in(ctx)?;
    let Some(header) = header_by_ids(db, ctx, &[id]).await?.remove(&id) else { return Ok(None) };
    let row = declaration_document::Entity::find()
        .filter(declaration_document::Column::DeclarationId.eq(id))
        .filter(declaration_document::Column::At.lte(at))
        .order_by_desc(declaration_document::Column::Number)
        .one(db.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let declaration: Declaration = serde_json::from_str(&row.body)?;
    let department = &header.department;
    let territory = Territory::of(db.read(), department.id, department.jurisdiction_id).await?;
    if !Scope::of(ctx).shows(declaration.status, &territory) {
        return Ok(None);
    }
    let read = Access {
        act: AccessAct::AsOfRead,
        node: format!("Declaration:{}", id.0),
        department: Some(department.id),
        detail: Some(at.date_time().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
    };
    access::note(db, ctx, vec![read]).await?;
    Ok(Some(Snapshot { declaration, header, since: row.at, number: row.number, sha256: row.sha256 }))
}
