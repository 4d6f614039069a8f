//! What a filer still owes: of every approved declaration the reports that were asked for and not submitted.

use std::collections::HashMap;

use chrono::NaiveDate;
use jixiao_entity::id::DeclarationId;
use jixiao_entity::report;
use jixiao_rules::cycle::{Period, ReportStatus, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::window::{Filing, Window};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::{self, Header};
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::policy::Scope;
use crate::window;

/// A report that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Declaration.
    pub declaration: Header,
    /// Period.
    pub period: Period,
    /// State of the report.
    pub status: ReportStatus,
    /// Last day on time; `None` where no window is set.
    pub due_on: Option<NaiveDate>,
    /// Past due.
    pub late: bool,
    /// Nothing can be recorded any more, or again.
    pub locked: bool,
}

/// Most declarations that one answer looks at; the list is not paged, and a filer has few.
const MAX_DECLARATIONS: u64 = 500;

/// What the signed-in filer owes, by department, year and period: reports of approved declarations that are not
/// submitted, or came back, from the day their window opens. Where no window is set, mid-year and year-end are owed
/// from the approval on, and are never late. After the window closed they are owed still.
///
/// # Errors
/// `Unauthenticated`; `Invalid` (`LIMIT_EXCEEDED`) when it is too many to answer at once.
pub async fn mine(db: &Db, ctx: &Ctx, fiscal_year: Option<i32>) -> Result<Vec<Owed>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let filer = Scope::as_role(ctx, Role::UnitFiler);
    let declarations = declaration::approved(db, ctx, &filer, fiscal_year, MAX_DECLARATIONS + 1).await?;
    if u64::try_from(declarations.len()).unwrap_or(u64::MAX) > MAX_DECLARATIONS {
        let zh = format!("涉及的申报超过{MAX_DECLARATIONS}份, 请按年度查询");
        let en = format!("more than {MAX_DECLARATIONS} declarations: ask by fiscal year");
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "fiscalYear", zh, en));
    }
    let reports = filings(db, &declarations).await?;
    let places: Vec<_> = declarations.iter().map(|one| (one.department.jurisdiction_id, one.fiscal_year)).collect();
    let windows = window::in_force(db.read(), &places).await?;
    let mut owed = Vec::new();
    for declaration in declarations {
        let windows = windows.get(&(declaration.department.jurisdiction_id, declaration.fiscal_year));
        for period in Period::ALL {
            let window = windows.and_then(|windows| windows.get(period)).map(|found| &found.window);
            let filing = reports.get(&(declaration.id, *period));
            owed.extend(one(ctx, &declaration, *period, window, filing));
        }
    }
    Ok(owed)
}

fn one(
    ctx: &Ctx,
    declaration: &Header,
    period: Period,
    window: Option<&Window>,
    filing: Option<&Filing>,
) -> Option<Owed> {
    let today = ctx.today();
    let exists = Period::ALWAYS.contains(&period) || window.is_some() || filing.is_some();
    let opened = window.is_none_or(|window| window.opens_on <= today);
    let filing = filing.copied().unwrap_or(Filing::NOT_STARTED);
    // What was returned was asked for, whatever a window says that was set since.
    let asked = exists && (opened || filing.submitted);
    (asked && !filing.status.submitted()).then(|| Owed {
        declaration: declaration.clone(),
        period,
        status: filing.status,
        due_on: window.map(|window| window.due_on),
        late: filing.late(window, today),
        locked: filing.lock(window, today).is_some(),
    })
}

async fn filings(db: &Db, declarations: &[Header]) -> Result<HashMap<(DeclarationId, Period), Filing>> {
    let rows = report::Entity::find()
        .filter(report::Column::DeclarationId.is_in(declarations.iter().map(|one| one.id)))
        .all(db.read())
        .await?;
    let filing = |row: report::Model| {
        let late_days = row.late_days.and_then(|days| u32::try_from(days).ok());
        let filing = Filing { status: row.status.0, submitted: row.submitted_at.is_some(), late_days };
        ((row.declaration_id, row.period.0), filing)
    };
    Ok(rows.into_iter().map(filing).collect())
}
