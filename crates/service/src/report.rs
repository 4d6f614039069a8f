//! Reports: the way of a monitoring report or self-evaluation after its values are recorded.

use jixiao_entity::id::{DeclarationId, ReportId, UserId};
use jixiao_entity::report;
use jixiao_entity::stored::Word;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, ReportStatus};
use jixiao_rules::kind::{Severity, Vocabulary};
use jixiao_rules::window::Window;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::actual_value::check_words;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{self, Change, Declaration, Hands, Revision, Whole, check_revision, hold, settle};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::{policy, window};

/// One step on the way of a report.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub act: Act,
    /// Revision the caller has seen.
    pub expected_revision: i32,
    /// Reason; needed to return.
    pub reason: Option<String>,
}

/// Takes one step.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `WINDOW_CLOSED`, `REASON_REQUIRED`,
/// and for the submit `BLOCKED` with everything that blocks it.
pub async fn step(db: &Db, ctx: &Ctx, id: DeclarationId, period: Period, step: &Step) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, id, "id").await?;
    let before = held.declaration;
    let roles = policy::allow(ctx, step.act, Some(&held.territory))?;
    let node = node(id, period);
    let (expected, actual) = (step.expected_revision, before.report_revision(period));
    check_revision(&txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    let status = before.report_status(period);
    let to =
        cycle::next(cycle::REPORT, &roles, step.act, status).filter(|_| before.status == DeclarationStatus::Approved);
    let to = to.ok_or_else(|| wrong_state(status, step.act, "id"))?;
    let report = before.reports.get(&period).ok_or_else(|| wrong_state(status, step.act, "id"))?;
    check_duties(ctx, step.act, &report.hands)?;
    let window = window::of(&txn, held.department.jurisdiction_id, before.fiscal_year, period).await?;
    match step.act {
        Act::ReportSubmit => {
            window::check(ctx, &before, period, window.as_ref(), "id")?;
            check_complete(report, false)?;
        }
        Act::ReportAccept => check_complete(report, true)?,
        _ => {}
    }
    if step.act == Act::ReportReturn {
        check_reason(step.reason.as_deref())?;
    }
    let row = report::Entity::find()
        .filter(report::Column::DeclarationId.eq(id))
        .filter(report::Column::Period.eq(Word(period)))
        .one(&txn)
        .await?;
    let mut row: report::ActiveModel = row.ok_or_else(|| anyhow::anyhow!("the report is gone"))?.into();
    row.status = Set(Word(to));
    row.revision = Set(actual + 1);
    row.updated_at = Set(ctx.now);
    match step.act {
        Act::ReportSubmit => {
            if report.submitted_at.is_none() {
                row.late_days =
                    Set(window.map(|window| window.late_days(ctx.today())).and_then(|days| i32::try_from(days).ok()));
            }
            row.submitted_by = Set(ctx.user_id());
            row.submitted_at = Set(Some(ctx.now));
        }
        Act::ReportForward => row.forwarded_by = Set(ctx.user_id()),
        Act::ReportAccept => row.accepted_by = Set(ctx.user_id()),
        _ => {}
    }
    if step.reason.is_some() {
        row.review_opinion = Set(step.reason.clone());
    }
    row.update(&txn).await?;
    let role = roles.first().copied();
    let change = Change { act: step.act, role, node, reason: step.reason.clone(), before: Some(&before) };
    let after = settle(&txn, ctx, id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

/// The state of a report does not allow an act.
pub(crate) fn wrong_state(status: ReportStatus, act: Act, field: &str) -> ServiceError {
    let zh = format!("报告当前状态为“{}”, 不能{}", status.zh(), act.zh());
    let en = format!("the report is in state {status}: cannot {}", act.en());
    ServiceError::invalid(UserErrorCode::WrongState, field, zh, en)
}

/// Who recorded or submitted may not review; who reviewed for the department may not review for finance (rules 2.5).
pub(crate) fn check_duties(ctx: &Ctx, act: Act, hands: &Hands) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let mine = |hand: Option<UserId>| me.is_some() && hand == me;
    let filed = mine(hands.edited_by) || mine(hands.submitted_by);
    let refused = match act {
        Act::ReportForward | Act::ReportReturn => filed,
        Act::ReportAccept
        | Act::ReportReview
        | Act::ReportSpotCheck
        | Act::RectificationRequest
        | Act::RectificationVerify
        | Act::RectificationReopen => filed || mine(hands.forwarded_by),
        _ => false,
    };
    if refused { Err(ServiceError::Forbidden) } else { Ok(()) }
}

fn check_reason(reason: Option<&str>) -> Result<()> {
    let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) else {
        let (zh, en) = ("需要说明理由", "a reason is needed");
        return Err(ServiceError::invalid(UserErrorCode::ReasonRequired, "reason", zh, en));
    };
    let violations = check_words(reason, 2_000, "reason");
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// Every check of severity ERROR, all of them at once. An acceptance also needs every claim decided that an indicator
/// does not apply: as long as one is open, there is no total.
fn check_complete(report: &declaration::Report, accepting: bool) -> Result<()> {
    let blocks = |rule: &str, severity| severity == Severity::Error || accepting && rule == "NOT_APPLICABLE_CLAIMED";
    let found = report.findings.iter().filter(|finding| blocks(&finding.rule, finding.severity));
    let violations: Vec<Violation> = found
        .map(|finding| Violation {
            code: UserErrorCode::Blocked,
            field: finding.path.clone(),
            message: finding.message.clone(),
        })
        .collect();
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// A report as the log names it.
pub(crate) fn node(declaration: DeclarationId, period: Period) -> String {
    format!("Report:{}:{period}", declaration.0)
}

/// Counts a change of a report by its filer that is no value of it, such as evidence; makes the row where there is none yet.
pub(crate) async fn touch(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    before: &Declaration,
    period: Period,
    window: Option<&Window>,
) -> Result<ReportId> {
    let known = report::Entity::find()
        .filter(report::Column::DeclarationId.eq(before.id))
        .filter(report::Column::Period.eq(Word(period)))
        .one(txn)
        .await?;
    let mut row = known.map_or_else(
        || report::ActiveModel {
            id: NotSet,
            declaration_id: Set(before.id),
            period: Set(Word(period)),
            // As with the first value: the months are fixed when the report begins.
            months: Set(i32::try_from(window.map_or_else(|| period.default_months(), |window| window.months)).ok()),
            ..Default::default()
        },
        report::ActiveModel::from,
    );
    row.status = Set(Word(ReportStatus::Draft));
    row.revision = Set(before.report_revision(period) + 1);
    row.edited_by = Set(ctx.user_id());
    row.updated_at = Set(ctx.now);
    match row.save(txn).await?.id {
        Set(id) | sea_orm::ActiveValue::Unchanged(id) => Ok(id),
        NotSet => Err(anyhow::anyhow!("a saved row has no key").into()),
    }
}
