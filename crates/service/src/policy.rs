//! Who may see and do what: the scope that every read starts from, and the check beside every act. The table itself is
//! `jixiao_rules::cycle`.

use jixiao_entity::id::{DepartmentId, JurisdictionId};
use jixiao_entity::{declaration, department, jurisdiction_closure};
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::sea_query::{Cond, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::ctx::{Actor, Ctx, Grant};
use crate::error::{Result, ServiceError};

/// Departments that some grants cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Area {
    everything: bool,
    departments: Vec<DepartmentId>,
    jurisdictions: Vec<JurisdictionId>,
}

/// What a caller may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// By any grant.
    seen: Area,
    /// By a grant that is not an auditor's: those do not show drafts of the current stage (rules 2.5.4).
    drafts: Area,
}

impl Area {
    fn of<'a>(grants: impl Iterator<Item = &'a Grant>) -> Self {
        let mut area = Self::default();
        for grant in grants {
            match (&grant.department, &grant.jurisdiction) {
                (Some(department), _) => area.departments.push(department.id),
                (None, Some(jurisdiction)) => area.jurisdictions.push(jurisdiction.id),
                (None, None) => area.everything = true,
            }
        }
        area
    }

    /// Condition on the department table.
    fn condition(&self) -> Cond {
        if self.everything {
            return Cond::all();
        }
        let mut any = Cond::any().add(department::Column::Id.is_in(self.departments.iter().copied()));
        if !self.jurisdictions.is_empty() {
            any = any.add(department::Column::JurisdictionId.in_subquery(self.below()));
        }
        any
    }

    /// The jurisdictions with all below them, as a sub-select.
    fn below(&self) -> SelectStatement {
        Query::select()
            .column(jurisdiction_closure::Column::DescendantId)
            .from(jurisdiction_closure::Entity)
            .and_where(
                Expr::col(jurisdiction_closure::Column::AncestorId)
                    .is_in(self.jurisdictions.iter().map(|jurisdiction| jurisdiction.0)),
            )
            .to_owned()
    }
}

impl Scope {
    /// What the caller may see.
    #[must_use]
    pub fn of(ctx: &Ctx) -> Self {
        let grants = match &ctx.actor {
            Actor::Operator => {
                let all = Area { everything: true, ..Area::default() };
                return Self { seen: all.clone(), drafts: all };
            }
            Actor::Anonymous => &[],
            Actor::User(user) => user.grants.as_slice(),
        };
        let drafts = Area::of(grants.iter().filter(|grant| grant.role != Role::Auditor));
        Self { seen: Area::of(grants.iter()), drafts }
    }

    /// What the caller may see by grants of one role.
    #[must_use]
    pub fn as_role(ctx: &Ctx, role: Role) -> Self {
        let grants = ctx.user().into_iter().flat_map(|user| &user.grants).filter(|grant| grant.role == role);
        let seen = Area::of(grants);
        let drafts = if role == Role::Auditor { Area::default() } else { seen.clone() };
        Self { seen, drafts }
    }

    /// What the caller administers.
    #[must_use]
    pub fn administered(ctx: &Ctx) -> Self {
        match ctx.actor {
            Actor::Operator => Self::of(ctx),
            _ => Self::as_role(ctx, Role::Admin),
        }
    }

    /// The jurisdictions of the grants with all below them, as a sub-select; `None` when it is everything.
    #[must_use]
    pub fn jurisdictions_below(&self) -> Option<SelectStatement> {
        (!self.seen.everything).then(|| self.seen.below())
    }

    /// Condition on the department table.
    #[must_use]
    pub fn departments(&self) -> Cond {
        self.seen.condition()
    }

    /// Condition on the declaration and department tables.
    #[must_use]
    pub fn declarations(&self) -> Cond {
        if self.drafts.everything || self.seen == self.drafts {
            return self.departments();
        }
        let submitted = declaration::Column::Status.ne(DeclarationStatus::Draft.as_str());
        Cond::any().add(Cond::all().add(self.departments()).add(submitted)).add(self.drafts.condition())
    }

    /// Whether a declaration in this state, of a department that is seen, may be seen at all.
    #[must_use]
    pub fn shows(&self, status: DeclarationStatus, territory: &Territory) -> bool {
        let Area { everything, departments, jurisdictions } = &self.drafts;
        status != DeclarationStatus::Draft
            || *everything
            || territory.department.is_some_and(|id| departments.contains(&id))
            || jurisdictions.iter().any(|id| territory.jurisdictions.contains(id))
    }

    /// Whether drafts beside a declaration of this department, which is seen, are shown as well. A caller with areas of
    /// both kinds sees those of the departments and jurisdictions named in a grant.
    #[must_use]
    pub fn drafts_of(&self, department: DepartmentId, jurisdiction: JurisdictionId) -> bool {
        let Area { everything, departments, jurisdictions } = &self.drafts;
        *everything
            || self.seen == self.drafts
            || departments.contains(&department)
            || jurisdictions.contains(&jurisdiction)
    }

    /// Whether every department of a jurisdiction is seen, by a grant for it or for one above it.
    #[must_use]
    pub fn covers(&self, jurisdiction: &Territory) -> bool {
        let Area { everything, jurisdictions, .. } = &self.seen;
        *everything || jurisdictions.iter().any(|id| jurisdiction.jurisdictions.contains(id))
    }

    /// The jurisdictions and departments the caller's grants stand on; `None` when it is everything.
    #[must_use]
    pub fn roots(&self) -> Option<(&[JurisdictionId], &[DepartmentId])> {
        (!self.seen.everything).then_some((self.seen.jurisdictions.as_slice(), self.seen.departments.as_slice()))
    }
}

/// Where something belongs: what a grant must cover.
#[derive(Clone, Debug)]
pub struct Territory {
    /// The department; `None` for a jurisdiction itself.
    pub department: Option<DepartmentId>,
    /// Its jurisdiction and all above it; empty for everything.
    pub jurisdictions: Vec<JurisdictionId>,
}

impl Territory {
    /// The territory of a department.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &impl ConnectionTrait, id: DepartmentId, jurisdiction: JurisdictionId) -> Result<Self> {
        Ok(Self { department: Some(id), ..Self::of_jurisdiction(db, jurisdiction).await? })
    }

    /// The territory of a jurisdiction itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_jurisdiction(db: &impl ConnectionTrait, id: JurisdictionId) -> Result<Self> {
        let above = jurisdiction_closure::Entity::find()
            .filter(jurisdiction_closure::Column::DescendantId.eq(id))
            .all(db)
            .await?;
        Ok(Self { department: None, jurisdictions: above.iter().map(|row| row.ancestor_id).collect() })
    }

    /// What only a grant over everything covers.
    #[must_use]
    pub fn everything() -> Self {
        Self { department: None, jurisdictions: Vec::new() }
    }

    fn covered_by(&self, grant: &Grant) -> bool {
        match (&grant.department, &grant.jurisdiction) {
            (Some(department), _) => Some(department.id) == self.department,
            (None, Some(jurisdiction)) => self.jurisdictions.contains(&jurisdiction.id),
            (None, None) => true,
        }
    }
}

/// The caller's roles over `territory`; those over everything when it is `None`.
#[must_use]
pub fn roles(ctx: &Ctx, territory: Option<&Territory>) -> Vec<Role> {
    match &ctx.actor {
        Actor::Operator => Role::ALL.to_vec(),
        Actor::Anonymous => Vec::new(),
        Actor::User(user) => user
            .grants
            .iter()
            .filter(|grant| match territory {
                Some(territory) => territory.covered_by(grant),
                None => grant.department.is_none() && grant.jurisdiction.is_none(),
            })
            .map(|grant| grant.role)
            .collect(),
    }
}

/// Refuses who may do `act` nowhere at all, before anything is looked up; where it may be done, [`allow`] says.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in, `Forbidden` when none of the caller's grants is for it, whatever its place.
pub fn able(ctx: &Ctx, act: Act) -> Result<()> {
    let able = cycle::roles_of(act);
    match &ctx.actor {
        Actor::Anonymous => Err(ServiceError::Unauthenticated),
        Actor::Operator => Ok(()),
        Actor::User(user) if user.grants.iter().any(|grant| able.contains(&grant.role)) => Ok(()),
        Actor::User(_) => Err(ServiceError::Forbidden),
    }
}

/// The caller with only those grants that are for `act`, whatever their place: other grants show nothing of it.
///
/// # Errors
/// As [`able`].
pub fn only(ctx: &Ctx, act: Act) -> Result<Ctx> {
    able(ctx, act)?;
    let mut only = ctx.clone();
    if let Actor::User(user) = &mut only.actor {
        let able = cycle::roles_of(act);
        user.grants.retain(|grant| able.contains(&grant.role));
    }
    Ok(only)
}

/// The roles by which the caller may do `act` here.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in, `Forbidden` when none of the caller's roles may ever do it here. Without a
/// territory the act concerns the whole service, so a grant for a part of it does not do.
pub fn allow(ctx: &Ctx, act: Act, territory: Option<&Territory>) -> Result<Vec<Role>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let able = cycle::roles_of(act);
    let mine: Vec<Role> = roles(ctx, territory).into_iter().filter(|role| able.contains(role)).collect();
    if mine.is_empty() { Err(ServiceError::Forbidden) } else { Ok(mine) }
}
