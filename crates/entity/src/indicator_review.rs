//! Finance's word on one recorded value: the review, or the spot check. Append-only: the last counts.

use sea_orm::entity::prelude::*;

use crate::id::{ActualValueId, IndicatorId, IndicatorReviewId, ReportId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::ReviewStage;

/// Finance's word on one recorded value: the review, or the spot check. Append-only: the last counts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_review")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: IndicatorReviewId,
    /// Report.
    pub report_id: ReportId,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// Review or spot check.
    pub stage: Word<ReviewStage>,
    /// The value it was given on.
    pub actual_value_id: ActualValueId,
    /// Score, hundredths.
    pub score: Option<i64>,
    /// Opinion.
    pub opinion: Option<String>,
    /// The claim that the indicator does not apply is accepted.
    pub accepts_not_applicable: bool,
    /// The cause TARGET_SET_TOO_LOW is recorded.
    pub target_set_too_low: bool,
    /// Who.
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
