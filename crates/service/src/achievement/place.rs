//! Where a summary looks: what the caller may see of what the filter names, as jurisdictions that are seen whole and
//! departments beside them.

use std::collections::BTreeSet;

use jixiao_entity::id::{DepartmentId, JurisdictionId};
use jixiao_entity::{department, jurisdiction as place, jurisdiction_closure};
use sea_orm::sea_query::{Cond, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::Result;
use crate::jurisdiction;
use crate::policy::Scope;

/// Jurisdictions seen with all below them, none below another, and departments that lie in none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) jurisdictions: Vec<JurisdictionId>,
    pub(crate) departments: Vec<DepartmentId>,
    /// They are all there is: nothing needs to be left out.
    pub(crate) everything: bool,
}

/// The places of a filter's jurisdiction, or of all.
///
/// # Errors
/// `NOT_FOUND` at `filter.jurisdictionCode` for a code that is unknown, or neither above nor below anything the caller sees.
pub(crate) async fn places(db: &Db, ctx: &Ctx, code: Option<&str>) -> Result<Places> {
    let node = match code {
        Some(code) => {
            jurisdiction::known(db, ctx, code, "filter.jurisdictionCode").await?;
            jurisdiction::by_code(db.read(), code).await?.map(|node| node.id)
        }
        None => None,
    };
    let scope = Scope::of(ctx);
    let Some((granted, departments)) = scope.roots() else {
        let jurisdictions = match node {
            Some(node) => vec![node],
            None => topmost(db).await?,
        };
        return Ok(Places { jurisdictions, departments: Vec::new(), everything: node.is_none() });
    };
    let departments = located(db, departments).await?;
    let homes = departments.iter().map(|(_, home)| *home);
    let tree = Tree::of(db, granted.iter().copied().chain(homes).chain(node)).await?;
    let mut jurisdictions: Vec<JurisdictionId> = match node {
        Some(node) if granted.iter().any(|one| tree.over(*one, node)) => vec![node],
        _ => {
            let under = |one: &JurisdictionId| granted.iter().any(|other| other != one && tree.over(*other, *one));
            let asked = |one: &JurisdictionId| node.is_none_or(|node| tree.over(node, *one));
            granted.iter().copied().filter(|one| asked(one) && !under(one)).collect()
        }
    };
    jurisdictions.sort_unstable();
    jurisdictions.dedup();
    let beside = |home: JurisdictionId| {
        !jurisdictions.iter().any(|one| tree.over(*one, home)) && node.is_none_or(|node| tree.over(node, home))
    };
    let departments: BTreeSet<DepartmentId> =
        departments.into_iter().filter(|(_, home)| beside(*home)).map(|(id, _)| id).collect();
    Ok(Places { jurisdictions, departments: departments.into_iter().collect(), everything: false })
}

/// The jurisdictions that have none above them.
pub(crate) async fn topmost(db: &Db) -> Result<Vec<JurisdictionId>> {
    let select = place::Entity::find().select_only().column(place::Column::Id);
    let roots = select.filter(place::Column::ParentId.is_null());
    Ok(roots.into_tuple().all(db.read()).await?)
}

/// Departments with the jurisdictions they belong to.
async fn located(db: &Db, ids: &[DepartmentId]) -> Result<Vec<(DepartmentId, JurisdictionId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns = [department::Column::Id, department::Column::JurisdictionId];
    let select = department::Entity::find().select_only().columns(columns);
    Ok(select.filter(department::Column::Id.is_in(ids.iter().copied())).into_tuple().all(db.read()).await?)
}

/// Which of some jurisdictions lie above which.
struct Tree(BTreeSet<(JurisdictionId, JurisdictionId)>);

impl Tree {
    async fn of(db: &Db, nodes: impl Iterator<Item = JurisdictionId>) -> Result<Self> {
        let nodes: BTreeSet<JurisdictionId> = nodes.collect();
        let lines = jurisdiction_closure::Entity::find()
            .filter(jurisdiction_closure::Column::AncestorId.is_in(nodes.iter().copied()))
            .filter(jurisdiction_closure::Column::DescendantId.is_in(nodes.iter().copied()))
            .all(db.read())
            .await?;
        Ok(Self(lines.into_iter().map(|line| (line.ancestor_id, line.descendant_id)).collect()))
    }

    /// The same, or above it.
    fn over(&self, upper: JurisdictionId, lower: JurisdictionId) -> bool {
        self.0.contains(&(upper, lower))
    }
}

impl Places {
    /// Nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.jurisdictions.is_empty() && self.departments.is_empty()
    }

    /// The departments beside the jurisdictions.
    pub(crate) fn beside(&self) -> Self {
        Self { departments: self.departments.clone(), ..Self::default() }
    }

    /// Keys of the jurisdictions and of all below them, as a sub-select.
    pub(crate) fn below(&self) -> SelectStatement {
        Query::select()
            .column((jurisdiction_closure::Entity, jurisdiction_closure::Column::DescendantId))
            .from(jurisdiction_closure::Entity)
            .and_where(
                Expr::col((jurisdiction_closure::Entity, jurisdiction_closure::Column::AncestorId))
                    .is_in(self.jurisdictions.iter().map(|one| one.0)),
            )
            .to_owned()
    }

    /// Condition on the department table.
    pub(crate) fn condition(&self) -> Cond {
        if self.everything {
            return Cond::all();
        }
        let mut any = Cond::any();
        if !self.jurisdictions.is_empty() {
            any =
                any.add(Expr::col((department::Entity, department::Column::JurisdictionId)).in_subquery(self.below()));
        }
        if !self.departments.is_empty() {
            let own = self.departments.iter().map(|one| one.0);
            any = any.add(Expr::col((department::Entity, department::Column::Id)).is_in(own));
        }
        if any.is_empty() { Cond::all().add(Expr::val(1).eq(0)) } else { any }
    }
}
