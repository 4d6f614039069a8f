//! The way of a declaration: submit, forward, return, reject, accept, approve.

use chrono::NaiveDate;
use jixiao_entity::declaration::{self, Entity};
use jixiao_entity::declaration_version;
use jixiao_entity::id::{DeclarationId, UserId};
use jixiao_entity::stored::Word;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, ReportStatus, Role, TargetReviewGrade};
use jixiao_rules::kind::{Severity, Vocabulary};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use super::model::{Declaration, Hands};
use super::{Change, Revision, Whole, check_revision, hold, settle, unconfirmed};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::text::clean;

/// One step on the way.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub act: Act,
    /// Revision the caller has seen.
    pub expected_revision: i32,
    /// Reason (return, reject: needed) or opinion.
    pub reason: Option<String>,
    /// Grade of the review (accept).
    pub grade: Option<TargetReviewGrade>,
    /// 批复文号 and day (approve).
    pub approval: Option<(String, NaiveDate)>,
}

/// Takes one step.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REASON_REQUIRED`,
/// `INVALID_VALUE`, and for the submit `BLOCKED` with everything that blocks it.
pub async fn step(db: &Db, ctx: &Ctx, id: DeclarationId, step: &Step) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, id, "id").await?;
    let before = held.declaration;
    let roles = policy::allow(ctx, step.act, Some(&held.territory))?;
    let node = format!("Declaration:{}", id.0);
    let revision =
        Revision { node: &node, expected: step.expected_revision, actual: before.revision, field: "expectedRevision" };
    check_revision(&txn, revision).await?;
    let to = next(&roles, step.act, before.status, held.department.review_level);
    let to = to.ok_or_else(|| wrong_state(before.status, step.act, "id"))?;
    check_duties(ctx, step.act, &before.hands)?;
    check_step(step, &before)?;

    let mut row: declaration::ActiveModel = Entity::find_by_id(id).one(&txn).await?.map(Into::into).ok_or_else(gone)?;
    row.status = Set(Word(to));
    row.revision = Set(before.revision + 1);
    let me = ctx.user_id();
    match step.act {
        Act::DeclarationSubmit => {
            row.submitted_by = Set(me);
            row.agreed_by = Set(None);
        }
        Act::DeclarationForward => row.forwarded_by = Set(me),
        Act::DeclarationAccept => row.accepted_by = Set(me),
        _ => {}
    }
    let grade = match (step.act, before.status) {
        (Act::DeclarationReturn, DeclarationStatus::FinanceReview) => Some(TargetReviewGrade::Fair),
        (Act::DeclarationReject, _) => Some(TargetReviewGrade::Poor),
        _ => step.grade,
    };
    let reviewed = [Act::DeclarationForward, Act::DeclarationReturn, Act::DeclarationReject, Act::DeclarationAccept];
    if reviewed.contains(&step.act) {
        row.review_grade = Set(grade.map(Word));
        row.review_opinion = Set(step.reason.clone());
    }
    if let Some((number, on)) = &step.approval {
        row.version = Set(before.version + 1);
        row.approval_number = Set(Some(number.clone()));
        row.approved_on = Set(Some(*on));
    }
    row.update(&txn).await?;
    if let Some((number, on)) = &step.approval {
        keep_version(&txn, ctx, &before, Version { number, on: *on }).await?;
    }
    let role = roles.first().copied();
    let change = Change { act: step.act, role, node, reason: step.reason.clone(), before: Some(&before) };
    let after = settle(&txn, ctx, id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

fn gone() -> ServiceError {
    anyhow::anyhow!("the declaration is gone").into()
}

/// Where an act leads; a department without a review level of its own is passed over (rules 2.3).
fn next(roles: &[Role], act: Act, from: DeclarationStatus, review_level: bool) -> Option<DeclarationStatus> {
    let past = || cycle::next(cycle::DECLARATION_WITHOUT_REVIEW_LEVEL, roles, act, from).filter(|_| !review_level);
    past().or_else(|| cycle::next(cycle::DECLARATION, roles, act, from))
}

pub(super) fn wrong_state(status: DeclarationStatus, act: Act, field: &str) -> ServiceError {
    let zh = format!("申报当前状态为“{}”, 不能{}", status.zh(), act.zh());
    let en = format!("the declaration is in state {status}: cannot {}", act.en());
    ServiceError::invalid(UserErrorCode::WrongState, field, zh, en)
}

/// Who edited or submitted may not review; who reviewed for the department may not review for finance (rules 2.5). Who
/// recorded agreed edits for finance edited too: another accepts, but they may return it, so that nothing is stuck.
fn check_duties(ctx: &Ctx, act: Act, hands: &Hands) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let mine = |hand: Option<UserId>| me.is_some() && hand == me;
    let filed = mine(hands.edited_by) || mine(hands.submitted_by);
    let refused = match act {
        Act::DeclarationForward => filed,
        Act::DeclarationAccept | Act::DeclarationReject | Act::DeclarationApprove => {
            filed || mine(hands.forwarded_by) || mine(hands.agreed_by)
        }
        Act::DeclarationReturn | Act::DeclarationClose => filed,
        _ => false,
    };
    if refused { Err(ServiceError::Forbidden) } else { Ok(()) }
}

fn check_step(step: &Step, declaration: &Declaration) -> Result<()> {
    let needed = matches!(step.act, Act::DeclarationReturn | Act::DeclarationReject);
    let opinion = matches!(step.act, Act::DeclarationForward | Act::DeclarationAccept);
    check_reason(step.reason.as_deref(), needed, if opinion { "opinion" } else { "reason" })?;
    match step.act {
        Act::DeclarationSubmit => blocking(declaration),
        Act::DeclarationClose => check_close(declaration),
        Act::DeclarationAccept => match step.grade {
            Some(TargetReviewGrade::Excellent) if declaration.hands.agreed_by.is_some() => {
                let zh = "有商定修改的申报, 审核结果应为“良”";
                let en = "with agreed edits the grade is GOOD (rules 2.2)";
                Err(ServiceError::invalid(UserErrorCode::InvalidValue, "grade", zh, en))
            }
            // Agreed edits may have made what blocks a submit.
            Some(TargetReviewGrade::Excellent | TargetReviewGrade::Good) => blocking(declaration),
            _ => {
                let zh = "审核结果为“中”应退回, 为“差”应不予通过";
                let en = "FAIR is returned and POOR is rejected; only EXCELLENT or GOOD is accepted";
                Err(ServiceError::invalid(UserErrorCode::InvalidValue, "grade", zh, en))
            }
        },
        Act::DeclarationApprove => match &step.approval {
            Some((number, _)) => clean(number, 100, "approvalNumber").map(|_| ()).map_err(Into::into),
            None => Err(ServiceError::invalid(UserErrorCode::Required, "approvalNumber", "必填", "needed")),
        },
        _ => Ok(()),
    }
}

/// A reason or opinion is bounded and without control characters; a needed one is there.
pub(crate) fn check_reason(reason: Option<&str>, needed: bool, field: &str) -> Result<()> {
    match reason.filter(|reason| !reason.trim().is_empty()) {
        Some(reason) => clean(reason, 2_000, field).map(|_| ()).map_err(Into::into),
        None if needed => {
            let (zh, en) = ("需要说明理由", "a reason is needed");
            Err(ServiceError::invalid(UserErrorCode::ReasonRequired, field, zh, en))
        }
        None => Ok(()),
    }
}

/// The year ends with its self-evaluation accepted, and nothing left open.
fn check_close(declaration: &Declaration) -> Result<()> {
    let wrong = |zh, en| Err(ServiceError::invalid(UserErrorCode::WrongState, "id", zh, en));
    if declaration.report_status(Period::YearEnd) != ReportStatus::Accepted {
        return wrong("年终自评审核通过后才能办结", "the self-evaluation must be accepted first");
    }
    if declaration.adjustments.iter().any(|adjustment| !adjustment.status.is_final()) {
        return wrong("有未办结的调整", "an adjustment is still open");
    }
    Ok(())
}

/// Every check of severity ERROR, and every reading nobody confirmed: all of them at once.
fn blocking(declaration: &Declaration) -> Result<()> {
    let found = declaration.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut violations: Vec<Violation> = found
        .map(|finding| Violation {
            code: UserErrorCode::Blocked,
            field: finding.path.clone(),
            message: finding.message.clone(),
        })
        .collect();
    for (position, indicator) in unconfirmed(declaration) {
        let zh = format!("指标“{}”的年度指标值识别结果需要确认", indicator.name);
        let en = format!("the reading of the annual target of \"{}\" needs confirmation", indicator.name);
        violations.push(Violation::new(UserErrorCode::Blocked, &format!("indicators.{position}.annualTarget"), zh, en));
    }
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// What a new version rests on.
pub(crate) struct Version<'a> {
    /// 批复文号.
    pub(crate) number: &'a str,
    /// Day of the 批复.
    pub(crate) on: NaiveDate,
}

/// Remembers that the next document holds the next version.
pub(crate) async fn keep_version(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    before: &Declaration,
    version: Version<'_>,
) -> Result<()> {
    // The document that `settle` writes next holds this version.
    let documents = jixiao_entity::declaration_document::Entity::find()
        .filter(jixiao_entity::declaration_document::Column::DeclarationId.eq(before.id))
        .count(txn)
        .await?;
    let row = declaration_version::ActiveModel {
        declaration_id: Set(before.id),
        version: Set(before.version + 1),
        document_number: Set(i32::try_from(documents).unwrap_or(i32::MAX - 1) + 1),
        approval_number: Set(version.number.to_owned()),
        approved_on: Set(version.on),
        approved_by: Set(ctx.user_id()),
        approved_at: Set(ctx.now),
    };
    declaration_version::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}
