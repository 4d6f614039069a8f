//! What if another scheme held: declarations scored again under it, beside what they have. Nothing is written.

use std::sync::Arc;

use jixiao_entity::id::{DeclarationId, SchemeId};
use jixiao_rules::cycle::{Act, DeclarationStatus, Period};
use jixiao_rules::scheme::Scheme;

use crate::audit::sha256;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{self, DeclarationFilter, SchemeRef, Whole};
use crate::error::{Result, ServiceError};
use crate::page::{KeyValue, Page, Slice};
use crate::{policy, scheme};

/// Which other scheme.
#[derive(Clone, Copy, Debug)]
pub enum Other<'a> {
    /// A stored one.
    Stored {
        /// Code.
        code: &'a str,
        /// Version; the latest when `None`.
        version: Option<i32>,
    },
    /// One that is not stored: its document.
    Document(&'a str),
}

/// The scheme that was chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// As declarations remember it; without a key where it is not stored.
    pub reference: SchemeRef,
    /// The scheme.
    pub scheme: Arc<Scheme>,
}

/// A declaration as it is, and as the other scheme would have it.
#[derive(Clone, Debug)]
pub struct Rescored {
    /// As it is.
    pub before: Arc<Whole>,
    /// As it would be.
    pub after: Arc<Whole>,
}

impl Rescored {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        let Whole { declaration, department } = self.before.as_ref();
        vec![department.code.clone().into(), i64::from(declaration.fiscal_year).into(), declaration.id.0.into()]
    }

    /// Positions of the indicators whose weight, or achievement in the period, would be another.
    #[must_use]
    pub fn indicators(&self, period: Period) -> Vec<usize> {
        let pairs = self.before.declaration.indicators.iter().zip(&self.after.declaration.indicators);
        let differs = pairs.map(|(before, after)| {
            before.weight != after.weight || before.achievements.get(&period) != after.achievements.get(&period)
        });
        differs.enumerate().filter(|(_, differs)| *differs).map(|(position, _)| position).collect()
    }

    /// Whether anything of the period would be another.
    #[must_use]
    pub fn changed(&self, period: Period) -> bool {
        let result = |whole: &Whole| whole.declaration.results.get(&period).cloned();
        result(&self.before) != result(&self.after) || !self.indicators(period).is_empty()
    }
}

/// Finds or reads the other scheme, for whoever may try schemes; `field` is where it stands in the input.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`; `Invalid`: `NOT_FOUND`, or what is wrong with the document.
pub async fn choose(db: &Db, ctx: &Ctx, other: Other<'_>, field: &str) -> Result<Chosen> {
    policy::able(ctx, Act::SchemeWhatIf)?;
    match other {
        Other::Stored { code, version } => {
            let found = scheme::by_code(db.read(), code, version).await?;
            let found = found.ok_or_else(|| ServiceError::not_found(&format!("{field}.code")))?;
            Ok(Chosen { reference: found.reference(), scheme: found.scheme })
        }
        Other::Document(document) => {
            let read = scheme::parsed(document, &format!("{field}.document"))?;
            let (code, version) = (read.code.clone(), read.version);
            let reference = SchemeRef { id: SchemeId(0), code, version, sha256: sha256(document.as_bytes()) };
            Ok(Chosen { reference, scheme: Arc::new(read) })
        }
    }
}

/// A page of the declarations in force, by department code, then year, each scored again; and the total when it is asked
/// for. Only what the caller sees by a grant for this act.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`, or when the database fails.
pub async fn rescore(
    db: &Db,
    ctx: &Ctx,
    filter: &DeclarationFilter,
    chosen: &Chosen,
    page: &Page,
    count: bool,
) -> Result<(Slice<Rescored>, Option<i64>)> {
    let only = policy::only(ctx, Act::SchemeWhatIf)?;
    let in_force = DeclarationStatus::IN_FORCE.to_vec();
    let filter = DeclarationFilter { statuses: Some(in_force), ..filter.clone() };
    let (found, total) = declaration::list(db, &only, &filter, page, count).await?;
    let ids: Vec<DeclarationId> = found.rows.iter().map(|header| header.id).collect();
    let mut wholes = declaration::by_ids(db, &only, &ids).await?;
    let again = |id: DeclarationId| {
        let before = wholes.remove(&id).ok_or_else(|| anyhow::anyhow!("declaration {} is gone", id.0))?;
        let after = declaration::rescored(&before.declaration, chosen.reference.clone(), &chosen.scheme);
        let after = Whole { declaration: after, department: before.department.clone() };
        Ok(Rescored { before: Arc::new(before), after: Arc::new(after) })
    };
    let rows = ids.into_iter().map(again).collect::<Result<Vec<_>>>()?;
    Ok((Slice { rows, has_next: found.has_next, has_previous: found.has_previous }, total))
}
