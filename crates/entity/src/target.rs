//! A target of an indicator: the text as written, and its reading.

use sea_orm::entity::prelude::*;

use crate::id::{IndicatorId, TargetId, Timestamp, UserId};
use crate::stored::{Number, Word};
use jixiao_rules::kind::{Comparator, Direction, TargetKind, TargetWhich};

/// A target of an indicator: the text as written, and its reading.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: TargetId,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// Annual or cycle.
    pub which: Word<TargetWhich>,
    /// Verbatim.
    pub text: String,
    /// Kind of demand.
    pub kind: Word<TargetKind>,
    /// As the cell says it.
    pub comparator: Option<Word<Comparator>>,
    /// As printed.
    pub value: Option<Number>,
    /// Upper bound as printed.
    pub value_high: Option<Number>,
    /// As printed.
    pub unit: Option<String>,
    /// In the base unit.
    pub base_value: Option<Number>,
    /// Upper bound in the base unit.
    pub base_value_high: Option<Number>,
    /// Base unit.
    pub base_unit: Option<String>,
    /// Which way is better.
    pub direction: Word<Direction>,
    /// Last day allowed, when its year is known.
    pub deadline: Option<Date>,
    /// Read without a person.
    pub certain: bool,
    /// The whole reading as JSON text (scale, parts, notes).
    pub detail: String,
    /// Who confirmed the reading.
    pub confirmed_by: Option<UserId>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
