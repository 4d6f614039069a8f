//! The declarations of a pack: every document there ever was, as it was hashed, and the last one taken apart.

use std::collections::HashSet;
use std::fmt::Write as _;

use jixiao_entity::id::DeclarationId;
use jixiao_entity::{declaration, declaration_document, declaration_version, department, publication_snapshot};
use jixiao_rules::cycle::{AdjustmentStatus, DeclarationStatus};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder,
};
use serde_json::json;

use super::files::Files;
use super::rows::rows;
use super::{Extent, PAGE};
use crate::adjustment::node_of;
use crate::declaration::{Declaration, DeclarationFilter, filter_on};
use crate::error::Result;
use crate::policy::Scope;
use crate::scheme;

/// The declarations in a pack: key, number of documents, department.
pub(super) fn select(scope: &Scope, extent: &Extent) -> SelectStatement {
    let column = |name: &'static str| Expr::col(("declaration", name));
    let mut select = Query::select();
    select
        .expr_as(column("id"), "id")
        .expr_as(column("document_number"), "documents")
        .expr_as(Expr::col(("department", "code")), "code")
        .from(declaration::Entity)
        .inner_join(department::Entity, Expr::col(("department", "id")).equals(("declaration", "department_id")))
        .cond_where(scope.declarations());
    let filter = DeclarationFilter {
        fiscal_years: extent.fiscal_year.map(|year| vec![year]),
        jurisdiction_code: extent.jurisdiction_code.clone(),
        ..DeclarationFilter::default()
    };
    filter_on(&mut select, &filter);
    select
}

/// Writes them in order of their keys; gives the keys, and the nodes of the log that the reader may not see.
pub(super) async fn write(
    txn: &DatabaseTransaction,
    files: &mut Files,
    scope: &Scope,
    extent: &Extent,
    drafts: bool,
    progress: impl Fn(u64),
) -> Result<(HashSet<DeclarationId>, HashSet<String>)> {
    let (mut keys, mut hidden, mut last) = (HashSet::new(), HashSet::new(), 0_i64);
    loop {
        let mut page = select(scope, extent);
        page.and_where(Expr::col(("declaration", "id")).gt(last));
        page.order_by(("declaration", "id"), Order::Asc).limit(PAGE);
        let page = txn.query_all(&page).await?;
        if page.is_empty() {
            return Ok((keys, hidden));
        }
        for row in page {
            last = row.try_get("", "id")?;
            let (documents, code): (i32, String) = (row.try_get("", "documents")?, row.try_get("", "code")?);
            let id = DeclarationId(last);
            hidden.extend(one(txn, files, id, documents, &code, drafts).await?);
            keys.insert(id);
            progress(u64::try_from(keys.len()).unwrap_or(u64::MAX));
        }
    }
}

/// One declaration; gives its nodes of the log that are drafts.
async fn one(
    txn: &DatabaseTransaction,
    files: &mut Files,
    id: DeclarationId,
    documents: i32,
    department_code: &str,
    drafts: bool,
) -> Result<Vec<String>> {
    let mut last = None;
    for number in 1..=documents {
        let document = declaration_document::Entity::find_by_id((id, number)).one(txn).await?;
        let document = document.ok_or_else(|| anyhow::anyhow!("declaration {} has no document {number}", id.0))?;
        let read: Option<Declaration> =
            (!drafts || number == documents).then(|| serde_json::from_str(&document.body)).transpose()?;
        let mut line = format!(
            "{{\"declarationId\":{},\"number\":{number},\"at\":{},\"sha256\":\"{}\",",
            id.0, document.at.0, document.sha256
        );
        // The text itself, byte for byte, comes last: its hash can be taken from the line.
        let _ = if drafts || read.as_ref().is_some_and(shown) {
            write!(line, "\"body\":{}}}", document.body)
        } else {
            write!(line, "\"withheld\":true}}")
        };
        files.line("documents", &line)?;
        last = read;
    }
    let mut declaration = last.ok_or_else(|| anyhow::anyhow!("declaration {} has no document", id.0))?;
    super::findings::write(txn, files, &declaration, drafts).await?;
    let mut hidden = Vec::new();
    if !drafts {
        hidden.extend(drafted(&declaration).map(|adjustment| node_of(id, adjustment.id)));
        declaration.adjustments.retain(|adjustment| adjustment.status != AdjustmentStatus::Draft);
    }
    versions(txn, files, id).await?;
    snapshots(txn, files, &declaration).await?;
    let scheme = scheme::by_id(txn, declaration.scheme.id).await?.scheme;
    for (file, row) in rows(&declaration, department_code, documents, &scheme)? {
        files.row(file, &row)?;
    }
    Ok(hidden)
}

fn drafted(declaration: &Declaration) -> impl Iterator<Item = &crate::adjustment::Adjustment> {
    declaration.adjustments.iter().filter(|adjustment| adjustment.status == AdjustmentStatus::Draft)
}

/// Whether an auditor may see a document: drafts are the department's own affair (rules 2.5.4).
fn shown(declaration: &Declaration) -> bool {
    declaration.status != DeclarationStatus::Draft && drafted(declaration).next().is_none()
}

async fn versions(txn: &DatabaseTransaction, files: &mut Files, id: DeclarationId) -> Result<()> {
    let rows = declaration_version::Entity::find()
        .filter(declaration_version::Column::DeclarationId.eq(id))
        .order_by_asc(declaration_version::Column::Version)
        .all(txn)
        .await?;
    for row in rows {
        let row = json!({ "declarationId": id, "version": row.version, "documentNumber": row.document_number,
            "approvalNumber": row.approval_number, "approvedOn": row.approved_on, "approvedBy": row.approved_by,
            "approvedAt": row.approved_at });
        files.row("versions", &row)?;
    }
    Ok(())
}

/// The texts that were published, as they were hashed.
async fn snapshots(txn: &DatabaseTransaction, files: &mut Files, of: &Declaration) -> Result<()> {
    for (kind, publication) in &of.publications {
        for known in &publication.snapshots {
            let row = publication_snapshot::Entity::find_by_id((publication.id, known.number)).one(txn).await?;
            let row = row.ok_or_else(|| anyhow::anyhow!("declaration {} lacks a snapshot", of.id.0))?;
            let line = format!(
                "{{\"declarationId\":{},\"kind\":\"{kind}\",\"number\":{},\"sha256\":\"{}\",\"body\":{}}}",
                of.id.0, row.number, row.sha256, row.body
            );
            files.line("snapshots", &line)?;
        }
    }
    Ok(())
}
