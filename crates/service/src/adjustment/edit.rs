//! Opening an adjustment and editing it while it is a draft or returned.

use std::collections::HashSet;

use jixiao_entity::adjustment;
use jixiao_entity::id::{AdjustmentId, DeclarationId, IndicatorId, KeyTaskId};
use jixiao_entity::stored::Word;
use jixiao_rules::cycle::{self, Act, AdjustmentKind, AdjustmentStatus, DeclarationStatus};
use jixiao_rules::kind::{BudgetLine, Vocabulary};
use jixiao_rules::target::read_target;
use jixiao_rules::value::{Money, Points};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::{NotSet, Set, Unchanged};

use super::model::{AmountChange, TargetChange};
use super::{begin, check, node_of, wrong_state};
use crate::actual_value::Patch;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{
    Change, Confirmation, Declaration, Revision, TargetState, Whole, check_amount, check_revision, confirmed, context,
    hold, settle,
};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::text::{Checked, clean};

/// What to change of an adjustment, or what a new one says: only what is named. Lists are given whole.
#[derive(Clone, Debug, Default)]
pub struct AdjustmentPatch {
    /// Revision the caller has seen: of the declaration to open one, of the adjustment to change it.
    pub expected_revision: i32,
    /// 调剂, 追加 or 调减; needed for a new one.
    pub kind: Option<AdjustmentKind>,
    /// 调整理由.
    pub reason: Patch<String>,
    /// 依据.
    pub legal_basis: Patch<String>,
    /// 资金来源.
    pub fund_source: Patch<String>,
    /// Amounts after.
    pub items: Option<Vec<NewAmount>>,
    /// Targets after.
    pub targets: Option<Vec<NewTarget>>,
}

/// An amount after: of a budget line or of a key task, one of both.
#[derive(Clone, Debug)]
pub struct NewAmount {
    /// The budget line.
    pub line: Option<BudgetLine>,
    /// Or the key task.
    pub key_task: Option<KeyTaskId>,
    /// After.
    pub after: Option<Money>,
}

/// The annual target of an indicator after.
#[derive(Clone, Debug)]
pub struct NewTarget {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// Verbatim; `Some(None)` drops the indicator, `None` leaves its target.
    pub annual_target: Patch<String>,
    /// How a person reads it.
    pub reading: Option<Confirmation>,
    /// Weight after; `None` leaves it.
    pub weight: Option<Points>,
}

/// Opens an adjustment of an approved declaration; one at a time.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `WINDOW_CLOSED`, `ALREADY_EXISTS`, `INVALID_VALUE`.
pub async fn open(db: &Db, ctx: &Ctx, id: DeclarationId, new: &AdjustmentPatch) -> Result<(Whole, AdjustmentId)> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, id, "declarationId").await?;
    let before = &held.declaration;
    let act = Act::AdjustmentOpen;
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = format!("Declaration:{}", id.0);
    let (expected, actual) = (new.expected_revision, before.revision);
    check_revision(&txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    cycle::next(cycle::DECLARATION, &roles, act, before.status).ok_or_else(|| not_approved(before.status))?;
    check::window(before, ctx.now, "declarationId")?;
    if before.adjustments.iter().any(|adjustment| !adjustment.status.is_final()) {
        let (zh, en) = ("已有未办结的调整", "an adjustment is open already");
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "declarationId", zh, en));
    }
    let mut row = row_of(ctx, before, new)?;
    let Some(kind) = new.kind else {
        return Err(ServiceError::invalid(UserErrorCode::Required, "kind", "必填", "needed"));
    };
    row.id = NotSet;
    row.declaration_id = Set(id);
    row.kind = Set(Word(kind));
    row.status = Set(Word(AdjustmentStatus::Draft));
    row.revision = Set(1);
    row.created_at = Set(ctx.now);
    for list in [&mut row.items, &mut row.targets] {
        if list.is_not_set() {
            *list = Set("[]".to_owned());
        }
    }
    let adjustment = row.insert(&txn).await?.id;
    let (node, role) = (node_of(id, adjustment), roles.first().copied());
    let after = settle(&txn, ctx, id, Change { act, role, node, reason: None, before: Some(before) }).await?;
    txn.commit().await?;
    Ok((Whole { declaration: after, department: held.department }, adjustment))
}

fn not_approved(status: DeclarationStatus) -> ServiceError {
    let zh = format!("申报当前状态为“{}”, 批复后才能调整", status.zh());
    let en = format!("the declaration is in state {status}: only an approved one is adjusted");
    ServiceError::invalid(UserErrorCode::WrongState, "declarationId", zh, en)
}

/// Changes an adjustment.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `WINDOW_CLOSED`, `INVALID_VALUE`, `TOO_LONG`, `REQUIRED`.
pub async fn update(db: &Db, ctx: &Ctx, id: AdjustmentId, patch: &AdjustmentPatch) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let act = Act::AdjustmentEdit;
    let begun = begin(&txn, ctx, id, act, patch.expected_revision, "adjustmentId").await?;
    let before = &begun.held.declaration;
    let status = begun.adjustment.status;
    cycle::next(cycle::ADJUSTMENT, &begun.roles, act, status)
        .ok_or_else(|| wrong_state(status, act, "adjustmentId"))?;
    check::window(before, ctx.now, "adjustmentId")?;
    let mut row = row_of(ctx, before, patch)?;
    row.id = Unchanged(id);
    if let Some(kind) = patch.kind {
        row.kind = Set(Word(kind));
    }
    row.revision = Set(begun.adjustment.revision + 1);
    row.update(&txn).await?;
    let (node, role) = (node_of(before.id, id), begun.roles.first().copied());
    let change = Change { act, role, node, reason: None, before: Some(before) };
    let after = settle(&txn, ctx, before.id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: begun.held.department })
}

/// The row of what a patch names; what stood before is taken from the declaration, never from the caller.
fn row_of(ctx: &Ctx, declaration: &Declaration, patch: &AdjustmentPatch) -> Result<adjustment::ActiveModel> {
    let mut row = adjustment::ActiveModel { edited_by: Set(ctx.user_id()), ..Default::default() };
    let mut checked = Checked::default();
    let texts = [
        (&patch.reason, &mut row.reason, "reason"),
        (&patch.legal_basis, &mut row.legal_basis, "legalBasis"),
        (&patch.fund_source, &mut row.fund_source, "fundSource"),
    ];
    for (given, kept, field) in texts {
        if let Some(text) = checked.patch(given, 5_000, field) {
            *kept = Set(text);
        }
    }
    if let Some(items) = &patch.items {
        row.items = Set(serde_json::to_string(&amounts(declaration, items, &mut checked))?);
    }
    if let Some(targets) = &patch.targets {
        row.targets = Set(serde_json::to_string(&target_changes(ctx, declaration, targets, &mut checked)?)?);
    }
    checked.done()?;
    Ok(row)
}

/// Most rows of either list.
const MAX_ROWS: usize = 700;

fn too_many(count: usize, field: &str, checked: &mut Checked) -> bool {
    if count > MAX_ROWS {
        let (zh, en) = (format!("最多{MAX_ROWS}行"), format!("at most {MAX_ROWS} rows"));
        checked.fail(UserErrorCode::LimitExceeded, field, &zh, &en);
    }
    count > MAX_ROWS
}

fn amounts(declaration: &Declaration, items: &[NewAmount], checked: &mut Checked) -> Vec<AmountChange> {
    if too_many(items.len(), "items", checked) {
        return Vec::new();
    }
    let mut named = HashSet::new();
    let mut changes = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let field = |name: &str| format!("items.{index}.{name}");
        checked.check(check_amount(item.after, &field("after")));
        let before = match (item.line, item.key_task) {
            (Some(line), None) => declaration.budget.get(&line).copied(),
            (None, Some(task)) => match declaration.key_task(task) {
                Some(task) => task.planned_funding,
                None => {
                    checked.check(Err::<(), _>(Violation::not_found(&field("keyTaskId"))));
                    continue;
                }
            },
            _ => {
                let (zh, en) = ("预算项目与重点任务须且只须给出一个", "give either a budget line or a key task");
                checked.fail(UserErrorCode::InvalidValue, &field("budgetLine"), zh, en);
                continue;
            }
        };
        if !named.insert((item.line, item.key_task)) {
            let name = if item.line.is_some() { "budgetLine" } else { "keyTaskId" };
            checked.fail(UserErrorCode::InvalidValue, &field(name), "同一项目出现了两次", "named twice");
        }
        changes.push(AmountChange { line: item.line, key_task: item.key_task, before, after: item.after });
    }
    changes
}

fn target_changes(
    ctx: &Ctx,
    declaration: &Declaration,
    targets: &[NewTarget],
    checked: &mut Checked,
) -> Result<Vec<TargetChange>> {
    if too_many(targets.len(), "targets", checked) {
        return Ok(Vec::new());
    }
    let mut named = HashSet::new();
    let mut changes = Vec::with_capacity(targets.len());
    for (index, new) in targets.iter().enumerate() {
        let field = |name: &str| format!("targets.{index}.{name}");
        let Some(indicator) = declaration.indicator(new.indicator_id) else {
            checked.check(Err::<(), _>(Violation::not_found(&field("indicatorId"))));
            continue;
        };
        if !named.insert(indicator.id) {
            checked.fail(UserErrorCode::InvalidValue, &field("indicatorId"), "同一指标出现了两次", "named twice");
        }
        if new.weight.is_some_and(|weight| weight.0 <= 0 || weight.0 > 10_000) {
            let (zh, en) = ("分值应大于0且不超过100", "a weight is above 0 and at most 100");
            checked.fail(UserErrorCode::InvalidValue, &field("weight"), zh, en);
        }
        let before = indicator.annual_target.clone();
        let text = match &new.annual_target {
            None => before.as_ref().map(|target| target.reading.text.clone()),
            Some(None) => None,
            Some(Some(text)) => Some(checked.check(clean(text, 2_000, &field("annualTarget")))),
        };
        let unchanged = before.as_ref().filter(|target| text.as_ref() == Some(&target.reading.text)).cloned();
        let around = context(
            &indicator.level1_label,
            indicator.level2_label.as_deref(),
            &indicator.name,
            declaration.fiscal_year,
        );
        let read =
            |text: String| TargetState { reading: read_target(&text, &around), confirmed_by: None, confirmed_at: None };
        let mut after = unchanged.or_else(|| text.map(read));
        if let (Some(target), Some(said)) = (&mut after, &new.reading) {
            target.reading = match confirmed(&target.reading, said) {
                Ok(reading) => reading,
                Err(error) => return Err(below(error, &field("reading"))),
            };
            (target.confirmed_by, target.confirmed_at) = (ctx.user_id(), Some(ctx.now));
        }
        let (weight_before, weight_after) = (indicator.weight, new.weight.filter(|new| Some(*new) != indicator.weight));
        changes.push(TargetChange { indicator_id: indicator.id, before, after, weight_before, weight_after });
    }
    Ok(changes)
}

/// What is wrong with a part of the input, told from its root.
fn below(error: ServiceError, field: &str) -> ServiceError {
    match error {
        ServiceError::Invalid(violations) => ServiceError::Invalid(
            violations
                .into_iter()
                .map(|violation| {
                    let path = field.split('.').map(str::to_owned).chain(violation.field).collect();
                    Violation { field: path, ..violation }
                })
                .collect(),
        ),
        other => other,
    }
}
