//! Who may see and do what: the scope that every read starts from, and the check beside every act. The table itself is
//! `jixiao_rules::cycle`.

use jixiao_entity::id::{DepartmentId, JurisdictionId};
use jixiao_entity::{declaration, department, jurisdiction_closure};
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::sea_query::{Cond, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::ctx::{Actor, Ctx, Grant};
use crate::error::{Result, ServiceError};

/// Departments that a caller may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    everything: bool,
    departments: Vec<DepartmentId>,
    jurisdictions: Vec<JurisdictionId>,
    /// Drafts of the current stage are hidden (rules 2.5.4): the caller is an auditor and nothing else.
    hides_drafts: bool,
}

impl Scope {
    /// What the caller may see.
    #[must_use]
    pub fn of(ctx: &Ctx) -> Self {
        let grants = match &ctx.actor {
            Actor::Operator => return Self { everything: true, ..Self::default() },
            Actor::Anonymous => &[],
            Actor::User(user) => user.grants.as_slice(),
        };
        let mut scope =
            Self { hides_drafts: grants.iter().all(|grant| grant.role == Role::Auditor), ..Self::default() };
        for grant in grants {
            match (&grant.department, &grant.jurisdiction) {
                (Some(department), _) => scope.departments.push(department.id),
                (None, Some(jurisdiction)) => scope.jurisdictions.push(jurisdiction.id),
                (None, None) => scope.everything = true,
            }
        }
        scope
    }

    /// Condition on the department table.
    #[must_use]
    pub fn departments(&self) -> Cond {
        if self.everything {
            return Cond::all();
        }
        let mut any = Cond::any().add(department::Column::Id.is_in(self.departments.iter().copied()));
        if !self.jurisdictions.is_empty() {
            any = any.add(department::Column::JurisdictionId.in_subquery(self.below()));
        }
        any
    }

    /// Condition on the declaration and department tables.
    #[must_use]
    pub fn declarations(&self) -> Cond {
        let visible = Cond::all().add(self.departments());
        if self.hides_drafts {
            visible.add(declaration::Column::Status.ne(DeclarationStatus::Draft.as_str()))
        } else {
            visible
        }
    }

    /// Whether a declaration in this state may be seen at all.
    #[must_use]
    pub fn shows(&self, status: DeclarationStatus) -> bool {
        !(self.hides_drafts && status == DeclarationStatus::Draft)
    }

    /// The jurisdictions the caller's grants stand on; `None` when it is everything.
    #[must_use]
    pub fn roots(&self) -> Option<(&[JurisdictionId], &[DepartmentId])> {
        (!self.everything).then_some((self.jurisdictions.as_slice(), self.departments.as_slice()))
    }

    fn below(&self) -> sea_orm::sea_query::SelectStatement {
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

/// Where something belongs: what a grant must cover.
#[derive(Clone, Debug)]
pub struct Territory {
    /// The department.
    pub department: DepartmentId,
    /// Its jurisdiction and all above it.
    pub jurisdictions: Vec<JurisdictionId>,
}

impl Territory {
    /// The territory of a department.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &impl ConnectionTrait, id: DepartmentId, jurisdiction: JurisdictionId) -> Result<Self> {
        let above = jurisdiction_closure::Entity::find()
            .filter(jurisdiction_closure::Column::DescendantId.eq(jurisdiction))
            .all(db)
            .await?;
        Ok(Self { department: id, jurisdictions: above.iter().map(|row| row.ancestor_id).collect() })
    }

    fn covered_by(&self, grant: &Grant) -> bool {
        match (&grant.department, &grant.jurisdiction) {
            (Some(department), _) => department.id == self.department,
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
            .filter(|grant| territory.is_none_or(|territory| territory.covered_by(grant)))
            .map(|grant| grant.role)
            .collect(),
    }
}

/// The roles by which the caller may do `act` here.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in, `Forbidden` when none of the caller's roles may ever do it here.
pub fn allow(ctx: &Ctx, act: Act, territory: Option<&Territory>) -> Result<Vec<Role>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let able = cycle::roles_of(act);
    let mine: Vec<Role> = roles(ctx, territory).into_iter().filter(|role| able.contains(role)).collect();
    if mine.is_empty() { Err(ServiceError::Forbidden) } else { Ok(mine) }
}
