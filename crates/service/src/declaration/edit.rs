//! Editing a draft: an indicator's name, weight and targets; confirming how a target is read.

use chrono::{Datelike, NaiveDate};
use jixiao_entity::id::{DeclarationId, IndicatorId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration, indicator, target};
use jixiao_rules::cycle::{self, Act, Role};
use jixiao_rules::kind::{Accumulation, Comparator, Direction, TargetKind, TargetWhich, WeightOrigin};
use jixiao_rules::target::{Context, PartialDate, Target, read_target};
use jixiao_rules::value::{Points, plain};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::import::{context, target_row};
use super::model::{Declaration, Indicator};
use super::review::wrong_state;
use super::{Change, Held, Revision, Whole, check_revision, hold, locate_in, settle};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::jurisdiction::check_text;
use crate::policy;

/// What to change of an indicator. The outer `None` leaves a field as it is; the inner `None` empties it.
#[derive(Clone, Debug, Default)]
pub struct IndicatorPatch {
    /// Revision of the declaration the caller has seen.
    pub expected_revision: i32,
    /// 三级指标.
    pub name: Option<String>,
    /// Stated weight; emptied, it is derived again.
    pub weight: Option<Option<Points>>,
    /// 年度指标值, verbatim; read anew.
    pub annual_target: Option<Option<String>>,
    /// 实施周期指标值, verbatim; read anew.
    pub cycle_target: Option<Option<String>>,
    /// How its values add up over the year.
    pub accumulation: Option<Option<Accumulation>>,
}

/// How a person reads a target. The text stays.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Which of the two targets.
    pub which: TargetWhich,
    /// Kind of demand; `None` keeps the reading's.
    pub kind: Option<TargetKind>,
    /// Comparator; outer `None` keeps the reading's.
    pub comparator: Option<Option<Comparator>>,
    /// Number as printed.
    pub value: Option<Option<Decimal>>,
    /// Upper bound as printed.
    pub value_high: Option<Option<Decimal>>,
    /// Unit as printed.
    pub unit: Option<Option<String>>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// Last day allowed.
    pub deadline: Option<Option<NaiveDate>>,
    /// Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

/// An indicator's declaration held for an act of editing.
struct Editing {
    id: DeclarationId,
    held: Held,
    role: Option<Role>,
}

impl Editing {
    fn indicator(&self, id: IndicatorId) -> Result<&Indicator> {
        self.held.declaration.indicator(id).ok_or_else(|| ServiceError::not_found("indicatorId"))
    }
}

async fn begin(txn: &DatabaseTransaction, ctx: &Ctx, act: Act, id: IndicatorId, revision: i32) -> Result<Editing> {
    let not_found = || ServiceError::not_found("indicatorId");
    let declaration = locate_in(txn, id).await?.ok_or_else(not_found)?;
    let held = hold(txn, ctx, declaration, "indicatorId").await?;
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = format!("Declaration:{}", declaration.0);
    let actual = held.declaration.revision;
    check_revision(txn, Revision { node: &node, expected: revision, actual, field: "expectedRevision" }).await?;
    let status = held.declaration.status;
    cycle::next(cycle::DECLARATION, &roles, act, status).ok_or_else(|| wrong_state(status, act))?;
    Ok(Editing { id: declaration, held, role: roles.first().copied() })
}

async fn finish(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    editing: &Editing,
    act: Act,
    node: String,
) -> Result<Declaration> {
    declaration::Entity::update_many()
        .col_expr(declaration::Column::Revision, Expr::val(editing.held.declaration.revision + 1))
        .col_expr(declaration::Column::EditedBy, Expr::val(ctx.user_id()))
        .filter(declaration::Column::Id.eq(editing.id))
        .exec(txn)
        .await?;
    let before = Some(&editing.held.declaration);
    settle(txn, ctx, editing.id, Change { act, role: editing.role, node, reason: None, before }).await
}

/// Changes an indicator of a draft.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `TOO_LONG`.
pub async fn update_indicator(db: &Db, ctx: &Ctx, id: IndicatorId, patch: &IndicatorPatch) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = begin(&txn, ctx, Act::DeclarationEdit, id, patch.expected_revision).await?;
    let old = editing.indicator(id)?.clone();
    let year = editing.held.declaration.fiscal_year;
    check_patch(patch)?;
    let mut row = indicator::ActiveModel { id: Unchanged(id), ..Default::default() };
    let name = patch.name.clone().unwrap_or_else(|| old.name.clone());
    row.name = Set(name.clone());
    if let Some(weight) = patch.weight {
        row.weight = Set(weight.map(|points| points.0));
        row.weight_origin = Set(weight.map(|_| Word(WeightOrigin::Stated)));
    }
    if let Some(accumulation) = patch.accumulation {
        row.accumulation = Set(accumulation.map(Word));
    }
    row.update(&txn).await?;
    let around = context(&old.level1_label, old.level2_label.as_deref(), &name, year);
    for (which, text) in [(TargetWhich::Annual, &patch.annual_target), (TargetWhich::Cycle, &patch.cycle_target)] {
        // A new name can change how the same text is read.
        let kept = || old.target(which).map(|target| target.reading.text.clone());
        let renamed = name != old.name;
        let text = match text {
            Some(text) => text.clone(),
            None if renamed => kept(),
            None => continue,
        };
        target::Entity::delete_many()
            .filter(target::Column::IndicatorId.eq(id))
            .filter(target::Column::Which.eq(Word(which)))
            .exec(&txn)
            .await?;
        if let Some(text) = text {
            target_row(id, which, &read_target(&text, &around))?.insert(&txn).await?;
        }
    }
    let after = finish(&txn, ctx, &editing, Act::DeclarationEdit, format!("Declaration:{}", editing.id.0)).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: editing.held.department })
}

fn check_patch(patch: &IndicatorPatch) -> Result<()> {
    if let Some(name) = &patch.name {
        check_text(name, 500, "name")?;
    }
    for (text, field) in [(&patch.annual_target, "annualTarget"), (&patch.cycle_target, "cycleTarget")] {
        if let Some(Some(text)) = text {
            check_text(text, 2_000, field)?;
        }
    }
    Ok(())
}

/// Confirms how a target is read, corrected where the caller says so; the text stays.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`.
pub async fn confirm_target(db: &Db, ctx: &Ctx, id: IndicatorId, said: &Confirmation) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = begin(&txn, ctx, Act::TargetConfirm, id, said.expected_revision).await?;
    let old = editing.indicator(id)?.target(said.which);
    let old = old.ok_or_else(|| ServiceError::not_found("which"))?;
    let reading = confirmed(&old.reading, said)?;
    target::Entity::delete_many()
        .filter(target::Column::IndicatorId.eq(id))
        .filter(target::Column::Which.eq(Word(said.which)))
        .exec(&txn)
        .await?;
    let mut row = target_row(id, said.which, &reading)?;
    row.confirmed_by = Set(ctx.user_id());
    row.confirmed_at = Set(Some(ctx.now));
    row.insert(&txn).await?;
    let after = finish(&txn, ctx, &editing, Act::TargetConfirm, format!("Declaration:{}", editing.id.0)).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: editing.held.department })
}

/// The reading with what the person said, the base value computed anew from value and unit.
fn confirmed(old: &Target, said: &Confirmation) -> Result<Target> {
    let mut reading = old.clone();
    if let Some(kind) = said.kind {
        reading.kind = kind;
    }
    if let Some(comparator) = said.comparator {
        reading.comparator = comparator;
    }
    if let Some(value) = said.value {
        reading.value = value;
    }
    if let Some(value) = said.value_high {
        reading.value_high = value;
    }
    if let Some(unit) = &said.unit {
        reading.unit.clone_from(unit);
    }
    if let Some(direction) = said.direction {
        reading.direction = direction;
    }
    if let Some(deadline) = said.deadline {
        reading.deadline =
            deadline.map(|day| PartialDate { year: Some(day.year()), month: day.month(), day: day.day() });
    }
    if said.value.is_some() || said.value_high.is_some() || said.unit.is_some() {
        let unit = reading.unit.as_deref();
        let base = reading.value.map(|value| base_of(value, unit));
        reading.base_value = base.as_ref().map(|(value, _)| *value);
        reading.base_unit = base.and_then(|(_, unit)| unit);
        reading.base_value_high = reading.value_high.map(|value| base_of(value, unit).0);
    }
    if reading.kind != TargetKind::Compound {
        reading.parts.clear();
    }
    match check_reading(&reading) {
        violations if violations.is_empty() => Ok(reading),
        violations => Err(ServiceError::Invalid(violations)),
    }
}

/// A number in its base unit, by the reader of targets itself; a unit it does not know is its own base unit.
fn base_of(value: Decimal, unit: Option<&str>) -> (Decimal, Option<String>) {
    let read = read_target(&format!("{}{}", plain(value), unit.unwrap_or_default()), &Context::default());
    match read.base_value {
        Some(base) if read.kind == TargetKind::Quantity => (base, read.base_unit),
        _ => (value, unit.map(str::to_owned)),
    }
}

fn check_reading(reading: &Target) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut need = |missing: bool, field: &str, zh: &str, en: &str| {
        if missing {
            violations.push(Violation::new(UserErrorCode::Required, field, zh, en));
        }
    };
    match reading.kind {
        TargetKind::Quantity => {
            need(reading.value.is_none(), "value", "数值型指标需要数值", "a quantity needs a value");
            let unknown = reading.direction == Direction::Unknown;
            need(unknown, "direction", "数值型指标需要方向", "a quantity needs a direction");
        }
        TargetKind::Range => {
            need(reading.value.is_none(), "value", "区间需要下限", "a range needs a lower bound");
            need(reading.value_high.is_none(), "valueHigh", "区间需要上限", "a range needs an upper bound");
        }
        TargetKind::Date => {
            need(reading.deadline.is_none(), "deadline", "时限需要日期", "a date needs its last day");
        }
        TargetKind::YesNo | TargetKind::Statement | TargetKind::Compound => {}
    }
    if reading.value.zip(reading.value_high).is_some_and(|(low, high)| low > high) {
        let (zh, en) = ("区间上限低于下限", "the upper bound lies below the lower");
        violations.push(Violation::new(UserErrorCode::InvalidValue, "valueHigh", zh, en));
    }
    violations
}
