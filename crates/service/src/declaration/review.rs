//! The way of a declaration: submit, forward, return, reject, accept, approve.

use chrono::NaiveDate;
use jixiao_entity::declaration::{self, Entity};
use jixiao_entity::declaration_version;
use jixiao_entity::id::{DeclarationId, UserId};
use jixiao_entity::stored::Word;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, TargetReviewGrade};
use jixiao_rules::kind::{Severity, Vocabulary};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use super::model::{Declaration, Hands};
use super::{Change, Revision, Whole, check_revision, hold, settle, unconfirmed};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::jurisdiction::check_text;
use crate::policy;

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
    let to = cycle::next(cycle::DECLARATION, &roles, step.act, before.status);
    let to = to.ok_or_else(|| wrong_state(before.status, step.act))?;
    check_duties(ctx, step.act, &before.hands)?;
    check_step(step, &before)?;

    let mut row: declaration::ActiveModel = Entity::find_by_id(id).one(&txn).await?.map(Into::into).ok_or_else(gone)?;
    row.status = Set(Word(to));
    row.revision = Set(before.revision + 1);
    let me = ctx.user_id();
    match step.act {
        Act::DeclarationSubmit => row.submitted_by = Set(me),
        Act::DeclarationForward => row.forwarded_by = Set(me),
        Act::DeclarationAccept => row.accepted_by = Set(me),
        _ => {}
    }
    let grade = match (step.act, before.status) {
        (Act::DeclarationReturn, DeclarationStatus::FinanceReview) => Some(TargetReviewGrade::Fair),
        (Act::DeclarationReject, _) => Some(TargetReviewGrade::Poor),
        _ => step.grade,
    };
    if step.act != Act::DeclarationSubmit && step.act != Act::DeclarationApprove {
        row.review_grade = Set(grade.map(Word));
        row.review_opinion = Set(step.reason.clone());
    }
    if let Some((number, on)) = &step.approval {
        row.version = Set(before.version + 1);
        row.approval_number = Set(Some(number.clone()));
        row.approved_on = Set(Some(*on));
    }
    row.update(&txn).await?;
    if step.approval.is_some() {
        keep_version(&txn, ctx, &before, step).await?;
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

pub(super) fn wrong_state(status: DeclarationStatus, act: Act) -> ServiceError {
    let zh = format!("申报当前状态为“{}”, 不能{}", status.zh(), act.zh());
    let en = format!("the declaration is in state {status}: cannot {}", act.en());
    ServiceError::invalid(UserErrorCode::WrongState, "id", zh, en)
}

/// Who edited or submitted may not review; who reviewed for the department may not review for finance (rules 2.5).
fn check_duties(ctx: &Ctx, act: Act, hands: &Hands) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let mine = |hand: Option<UserId>| me.is_some() && hand == me;
    let filed = mine(hands.edited_by) || mine(hands.submitted_by);
    let refused = match act {
        Act::DeclarationForward => filed,
        Act::DeclarationAccept | Act::DeclarationReject | Act::DeclarationApprove => filed || mine(hands.forwarded_by),
        Act::DeclarationReturn => filed,
        _ => false,
    };
    if refused { Err(ServiceError::Forbidden) } else { Ok(()) }
}

fn check_step(step: &Step, declaration: &Declaration) -> Result<()> {
    if let Some(reason) = &step.reason
        && reason.chars().count() > 2_000
    {
        let field =
            if matches!(step.act, Act::DeclarationForward | Act::DeclarationAccept) { "opinion" } else { "reason" };
        let (zh, en) = ("不能超过2000个字符", "at most 2000 characters");
        return Err(ServiceError::invalid(UserErrorCode::TooLong, field, zh, en));
    }
    match step.act {
        Act::DeclarationSubmit => blocking(declaration),
        Act::DeclarationReturn | Act::DeclarationReject => match step.reason.as_deref().map(str::trim) {
            None | Some("") => Err(ServiceError::invalid(
                UserErrorCode::ReasonRequired,
                "reason",
                "需要说明理由",
                "a reason is needed",
            )),
            Some(_) => Ok(()),
        },
        Act::DeclarationAccept => match step.grade {
            Some(TargetReviewGrade::Excellent | TargetReviewGrade::Good) => Ok(()),
            _ => {
                let zh = "审核结果为“中”应退回, 为“差”应不予通过";
                let en = "FAIR is returned and POOR is rejected; only EXCELLENT or GOOD is accepted";
                Err(ServiceError::invalid(UserErrorCode::InvalidValue, "grade", zh, en))
            }
        },
        Act::DeclarationApprove => match &step.approval {
            Some((number, _)) => Ok(check_text(number, 100, "approvalNumber")?),
            None => Err(ServiceError::invalid(UserErrorCode::Required, "approvalNumber", "必填", "needed")),
        },
        _ => Ok(()),
    }
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

async fn keep_version(txn: &DatabaseTransaction, ctx: &Ctx, before: &Declaration, step: &Step) -> Result<()> {
    let Some((number, on)) = &step.approval else { return Ok(()) };
    // The document that `settle` writes next holds this version.
    let documents = jixiao_entity::declaration_document::Entity::find()
        .filter(jixiao_entity::declaration_document::Column::DeclarationId.eq(before.id))
        .count(txn)
        .await?;
    let version = declaration_version::ActiveModel {
        declaration_id: Set(before.id),
        version: Set(before.version + 1),
        document_number: Set(i32::try_from(documents).unwrap_or(i32::MAX - 1) + 1),
        approval_number: Set(number.clone()),
        approved_on: Set(*on),
        approved_by: Set(ctx.user_id()),
        approved_at: Set(ctx.now),
    };
    declaration_version::Entity::insert(version).exec_without_returning(txn).await?;
    Ok(())
}
