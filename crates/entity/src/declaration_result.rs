//! The roll-up of one declaration in one period, kept in the writing transaction.

use sea_orm::entity::prelude::*;

use crate::id::DeclarationId;
use crate::stored::Word;
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Light, ResultGrade};

/// The roll-up of one declaration in one period, kept in the writing transaction.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration_result")]
pub struct Model {
    /// Declaration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub declaration_id: DeclarationId,
    /// Period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: Word<Period>,
    /// Hundredths.
    pub score: Option<i64>,
    /// Grade.
    pub grade: Option<Word<ResultGrade>>,
    /// Millionths.
    pub achievement_rate: Option<i64>,
    /// Millionths.
    pub execution_rate: Option<i64>,
    /// Light.
    pub light: Option<Word<Light>>,
    /// The whole result as JSON text.
    pub detail: String,
    /// Indicators with this status.
    pub n_exceeded: i64,
    /// Indicators with this status.
    pub n_achieved: i64,
    /// Indicators with this status.
    pub n_partially_achieved: i64,
    /// Indicators with this status.
    pub n_not_achieved: i64,
    /// Indicators with this status.
    pub n_in_progress: i64,
    /// Indicators with this status.
    pub n_not_reported: i64,
    /// Indicators with this status.
    pub n_not_applicable: i64,
    /// Indicators with this status.
    pub n_undetermined: i64,
    /// Sum of the scores there are, hundredths.
    pub score_sum: i64,
    /// Sum of the maximum scores of those, hundredths.
    pub max_score_sum: i64,
    /// Indicators with a rate.
    pub rate_count: i64,
    /// Sum of the billions of those rates, which are millionths.
    pub rate_high: i64,
    /// Sum of what is left of each.
    pub rate_low: i64,
    /// 1 when the annual budget and the execution are both known, else 0.
    pub execution_count: i64,
    /// Sum of the billions of those budgets, 分.
    pub budget_high: i64,
    /// Sum of what is left of each.
    pub budget_low: i64,
    /// Sum of the billions of what they executed, 分.
    pub executed_high: i64,
    /// Sum of what is left of each.
    pub executed_low: i64,
    /// 1 when the report was submitted by the due day.
    pub filed_on_time: i64,
    /// 1 when the report was submitted after it.
    pub filed_late: i64,
    /// 1 when the report was submitted where no window was set.
    pub filed_undated: i64,
    /// 1 when it was never submitted.
    pub not_filed: i64,
}

impl ActiveModelBehavior for ActiveModel {}
