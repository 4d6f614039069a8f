//! Confirming how a target is read.

use chrono::{Datelike, NaiveDate};
use jixiao_entity::id::IndicatorId;
use jixiao_entity::stored::Word;
use jixiao_entity::target;
use jixiao_rules::cycle::Act;
use jixiao_rules::kind::{Comparator, Direction, TargetKind, TargetWhich};
use jixiao_rules::target::{Context, PartialDate, Target, read_target};
use jixiao_rules::value::plain;
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use super::{begin, finish};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::import::target_row;
use crate::declaration::{Whole, locate_in};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::text::clean;

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

/// Confirms how a target is read, corrected where the caller says so; the text stays.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `INVALID_VALUE`.
pub async fn confirm_target(db: &Db, ctx: &Ctx, id: IndicatorId, said: &Confirmation) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let declaration = locate_in(&txn, id).await?.ok_or_else(|| ServiceError::not_found("indicatorId"))?;
    let editing = begin(&txn, ctx, Act::TargetConfirm, (declaration, "indicatorId"), said.expected_revision).await?;
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
    finish(txn, ctx, editing).await
}

/// The reading with what the person said, the base value computed anew from value and unit.
pub(crate) fn confirmed(old: &Target, said: &Confirmation) -> Result<Target> {
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
        reading.unit = unit.as_deref().map(|unit| clean(unit, 50, "unit")).transpose()?;
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
