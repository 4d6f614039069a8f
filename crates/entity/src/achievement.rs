//! The assessment of one indicator in one period, made on write.

use sea_orm::entity::prelude::*;

use crate::id::{ActualValueId, DeclarationId, IndicatorId, SchemeId, Timestamp};
use crate::stored::Word;
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Light, Status};

/// The assessment of one indicator in one period, made on write.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "achievement")]
pub struct Model {
    /// Indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: IndicatorId,
    /// Period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: Word<Period>,
    /// Its declaration.
    pub declaration_id: DeclarationId,
    /// The value it judges.
    pub actual_value_id: Option<ActualValueId>,
    /// Scheme version.
    pub scheme_id: SchemeId,
    /// Status.
    pub status: Word<Status>,
    /// Millionths, cut.
    pub rate: Option<i64>,
    /// Hundredths.
    pub score: Option<i64>,
    /// By the formula, hundredths.
    pub computed_score: Option<i64>,
    /// Hundredths.
    pub max_score: Option<i64>,
    /// Light.
    pub light: Option<Word<Light>>,
    /// 偏离.
    pub deviating: bool,
    /// A reason is due.
    pub explanation_required: bool,
    /// A person's score beside the computed one.
    pub overridden: bool,
    /// The whole assessment as JSON text.
    pub detail: String,
    /// When.
    pub assessed_at: Timestamp,
    /// Fiscal year while the declaration is in force, else `None`.
    pub in_force_year: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
