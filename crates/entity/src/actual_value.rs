//! An actual value as recorded. Append-only: a correction supersedes.

use sea_orm::entity::prelude::*;

use crate::id::{ActualValueId, IndicatorId, ReportId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::AttainmentOutlook;
use jixiao_rules::kind::Level;

/// An actual value as recorded. Append-only: a correction supersedes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actual_value")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: ActualValueId,
    /// Report.
    pub report_id: ReportId,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// The value it replaces.
    pub supersedes_id: Option<ActualValueId>,
    /// Verbatim; `None` when withdrawn or never given.
    pub text: Option<String>,
    /// Qualitative level given by the filer.
    pub level: Option<Word<Level>>,
    /// Filer's own score, hundredths.
    pub score: Option<i64>,
    /// Reason of an override.
    pub score_reason: Option<String>,
    /// Claim that the indicator does not apply.
    pub not_applicable_reason: Option<String>,
    /// 全年预计完成情况.
    pub forecast_text: Option<String>,
    /// 完成目标可能性.
    pub outlook: Option<Word<AttainmentOutlook>>,
    /// 备注.
    pub note: Option<String>,
    /// 偏差原因, JSON list of category and text.
    pub deviations: String,
    /// 各单位实际完成值, JSON list of name, text and funds; `None` without any.
    pub unit_values: Option<String>,
    /// The reading as JSON text.
    pub detail: Option<String>,
    /// 纠偏措施.
    pub corrective_action: Option<String>,
    /// How many were asked, where the value comes from a survey.
    pub sample_size: Option<i64>,
    /// The filer confirmed a reading that was not certain.
    pub confirmed: bool,
    /// The annual target it was given against, verbatim.
    pub target_text: Option<String>,
    /// Who.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
