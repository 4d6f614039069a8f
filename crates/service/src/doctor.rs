//! Examining a database: the audit chain, and that every document and every stored number is what the tables and the
//! rules give.

use jixiao_entity::id::DeclarationId;
use jixiao_entity::{declaration, declaration_document};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::audit::{self, Verification, sha256};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{assemble, derive};
use crate::error::Result;
use crate::scheme;

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
            differences.extend(examine_one(db.read(), row).await?);
        }
    }
    Ok(Examination { chain, declarations, differences })
}

async fn examine_one(db: &impl ConnectionTrait, row: &declaration::Model) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    let stored = assemble(db, row.id).await?;
    let scheme = scheme::by_id(db, row.scheme_id).await?;
    let mut derived = stored.clone();
    derive(&mut derived, &scheme.scheme);
    for (kept, made) in stored.indicators.iter().zip(&derived.indicators) {
        if kept.weight != made.weight {
            differences.push(format!("Indicator:{} weight", kept.id.0));
        }
        for (period, achievement) in &made.achievements {
            if kept.achievements.get(period) != Some(achievement) {
                differences.push(format!("Indicator:{} achievement {period}", kept.id.0));
            }
        }
    }
    if stored.results != derived.results {
        differences.push(format!("Declaration:{} results", row.id.0));
    }
    let document = declaration_document::Entity::find_by_id((row.id, row.document_number)).one(db).await?;
    match document {
        None => differences.push(format!("Declaration:{} has no document", row.id.0)),
        Some(document) => {
            if sha256(document.body.as_bytes()) != document.sha256 {
                differences.push(format!("Declaration:{} document hash", row.id.0));
            }
            if document.body != serde_json::to_string(&derived)? {
                differences.push(format!("Declaration:{} document differs from the tables", row.id.0));
            }
        }
    }
    Ok(differences)
}
