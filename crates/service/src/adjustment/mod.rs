//! Adjustments (调整) of approved declarations: opened and submitted by the filer, approved by finance, which changes the
//! declaration's tables and makes a new version (rules 2.3).

mod apply;
mod check;
mod edit;
mod model;

pub use edit::{AdjustmentPatch, NewAmount, NewTarget, open, update};
pub use model::{Adjustment, AmountChange, TargetChange};

pub(crate) use model::of_declaration;

use chrono::NaiveDate;
use jixiao_entity::id::{AdjustmentId, DeclarationId, UserId};
use jixiao_entity::stored::Word;
use jixiao_entity::{adjustment, declaration};
use jixiao_rules::cycle::{self, Act, AdjustmentStatus, Role};
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::scheme::Scheme;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait};

use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{
    Change, Declaration, Hands, Held, Revision, Version, Whole, check_reason, check_revision, hold, keep_version,
    settle,
};
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::policy;
use crate::text::clean;

/// One step on the way of an adjustment.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub act: Act,
    /// Revision of the adjustment the caller has seen.
    pub expected_revision: i32,
    /// Reason (return, reject: needed) or opinion.
    pub reason: Option<String>,
    /// 批复文号 and day (approve).
    pub approval: Option<(String, NaiveDate)>,
}

/// Computes the findings of every adjustment of a declaration.
pub(crate) fn derive(declaration: &mut Declaration, scheme: &Scheme) {
    for position in 0..declaration.adjustments.len() {
        declaration.adjustments[position].findings = check::findings(declaration, position, scheme);
    }
}

/// The declaration an adjustment belongs to; `None` when there is no such adjustment.
async fn locate_in(db: &impl ConnectionTrait, id: AdjustmentId) -> Result<Option<DeclarationId>> {
    Ok(adjustment::Entity::find_by_id(id).one(db).await?.map(|row| row.declaration_id))
}

/// As [`locate_in`], outside any transaction.
///
/// # Errors
/// When the database fails.
pub async fn locate(db: &Db, id: AdjustmentId) -> Result<Option<DeclarationId>> {
    locate_in(db.read(), id).await
}

/// How the log names an adjustment.
#[must_use]
pub fn node_of(declaration: DeclarationId, id: AdjustmentId) -> String {
    format!("Adjustment:{}:{}", declaration.0, id.0)
}

/// An adjustment held with its declaration for an act.
struct Begun {
    held: Held,
    adjustment: Adjustment,
    roles: Vec<Role>,
}

async fn begin(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    id: AdjustmentId,
    act: Act,
    expected: i32,
    field: &str,
) -> Result<Begun> {
    let not_found = || ServiceError::not_found(field);
    let declaration = locate_in(txn, id).await?.ok_or_else(not_found)?;
    let held = hold(txn, ctx, declaration, field).await?;
    let found = held.declaration.adjustments.iter().find(|adjustment| adjustment.id == id);
    let adjustment =
        found.filter(|adjustment| adjustment.shown_to(ctx, &held.department)).cloned().ok_or_else(not_found)?;
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = node_of(declaration, id);
    let actual = adjustment.revision;
    check_revision(txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    Ok(Begun { held, adjustment, roles })
}

fn wrong_state(status: AdjustmentStatus, act: Act, field: &str) -> ServiceError {
    let zh = format!("调整当前状态为“{}”, 不能{}", status.zh(), act.zh());
    let en = format!("the adjustment is in state {status}: cannot {}", act.en());
    ServiceError::invalid(UserErrorCode::WrongState, field, zh, en)
}

/// Where an act leads; a department without a review level of its own is passed over (rules 2.3).
fn next(roles: &[Role], act: Act, from: AdjustmentStatus, review_level: bool) -> Option<AdjustmentStatus> {
    let past = || cycle::next(cycle::ADJUSTMENT_WITHOUT_REVIEW_LEVEL, roles, act, from).filter(|_| !review_level);
    past().or_else(|| cycle::next(cycle::ADJUSTMENT, roles, act, from))
}

/// Who edited or submitted may not review; who reviewed for the department may not review for finance (rules 2.5).
fn check_duties(ctx: &Ctx, act: Act, hands: &Hands) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let mine = |hand: Option<UserId>| me.is_some() && hand == me;
    let filed = mine(hands.edited_by) || mine(hands.submitted_by);
    let refused = match act {
        Act::AdjustmentForward | Act::AdjustmentReturn => filed,
        Act::AdjustmentReject | Act::AdjustmentApprove => filed || mine(hands.forwarded_by),
        _ => false,
    };
    if refused { Err(ServiceError::Forbidden) } else { Ok(()) }
}

fn check_step(ctx: &Ctx, step: &Step, begun: &Begun) -> Result<()> {
    let needed = matches!(step.act, Act::AdjustmentReturn | Act::AdjustmentReject);
    check_reason(step.reason.as_deref(), needed, if needed { "reason" } else { "opinion" })?;
    // What ends or goes back is possible at any time.
    if matches!(step.act, Act::AdjustmentSubmit | Act::AdjustmentForward | Act::AdjustmentApprove) {
        check::window(&begun.held.declaration, ctx.now, "id")?;
    }
    if matches!(step.act, Act::AdjustmentSubmit | Act::AdjustmentApprove) {
        check::complete(&begun.adjustment)?;
    }
    match (&step.approval, step.act) {
        (Some((number, _)), _) => clean(number, 100, "approvalNumber").map(|_| ()).map_err(Into::into),
        (None, Act::AdjustmentApprove) => {
            Err(ServiceError::invalid(UserErrorCode::Required, "approvalNumber", "必填", "needed"))
        }
        (None, _) => Ok(()),
    }
}

/// Takes one step. An approval changes the declaration: its tables, its version, and every number computed anew.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `WINDOW_CLOSED`,
/// `REASON_REQUIRED`, `REQUIRED`, and for the submit everything that blocks it.
pub async fn step(db: &Db, ctx: &Ctx, id: AdjustmentId, step: &Step) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let begun = begin(&txn, ctx, id, step.act, step.expected_revision, "id").await?;
    let status = begun.adjustment.status;
    let to = next(&begun.roles, step.act, status, begun.held.department.review_level);
    let to = to.ok_or_else(|| wrong_state(status, step.act, "id"))?;
    check_duties(ctx, step.act, &begun.adjustment.hands)?;
    check_step(ctx, step, &begun)?;
    let before = &begun.held.declaration;
    let mut row = adjustment::ActiveModel { id: Unchanged(id), status: Set(Word(to)), ..Default::default() };
    row.revision = Set(begun.adjustment.revision + 1);
    let me = ctx.user_id();
    match step.act {
        Act::AdjustmentSubmit => {
            row.submitted_by = Set(me);
            row.submitted_at = Set(Some(ctx.now));
        }
        Act::AdjustmentForward => row.forwarded_by = Set(me),
        Act::AdjustmentApprove => row.accepted_by = Set(me),
        _ => {}
    }
    if !matches!(step.act, Act::AdjustmentSubmit | Act::AdjustmentWithdraw) {
        row.review_opinion = Set(step.reason.clone());
    }
    if let Some((number, on)) = &step.approval {
        row.number = Set(Some(before.adjustment_no + 1));
        row.approval_number = Set(Some(number.clone()));
        row.approved_on = Set(Some(*on));
        let after = apply::applied(before, &begun.adjustment);
        apply::write(&txn, before, &after).await?;
        let version = declaration::ActiveModel {
            id: Unchanged(before.id),
            version: Set(before.version + 1),
            revision: Set(before.revision + 1),
            adjustment_no: Set(before.adjustment_no + 1),
            ..Default::default()
        };
        version.update(&txn).await?;
        keep_version(&txn, ctx, before, Version { number, on: *on }).await?;
    }
    row.update(&txn).await?;
    let (node, role) = (node_of(before.id, id), begun.roles.first().copied());
    let change = Change { act: step.act, role, node, reason: step.reason.clone(), before: Some(before) };
    let after = settle(&txn, ctx, before.id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: begun.held.department })
}
