//! A rectification: what finance asks a report's filer to put right, the answer, and the verdict.

use sea_orm::entity::prelude::*;

use crate::id::{IndicatorId, RectificationId, ReportId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::RectificationStatus;

/// A rectification: what finance asks a report's filer to put right, the answer, and the verdict.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: RectificationId,
    /// Report.
    pub report_id: ReportId,
    /// Indicator; `None` when it concerns the whole report.
    pub indicator_id: Option<IndicatorId>,
    /// State.
    pub status: Word<RectificationStatus>,
    /// 整改要求和建议.
    pub request: String,
    /// Last day for the response.
    pub due_on: Date,
    /// Who asked.
    pub requested_by: Option<UserId>,
    /// When.
    pub requested_at: Timestamp,
    /// 整改结果, the last.
    pub response: Option<String>,
    /// Who responded last.
    pub responded_by: Option<UserId>,
    /// When.
    pub responded_at: Option<Timestamp>,
    /// 整改结论, the last: of the verification, or why it was reopened.
    pub conclusion: Option<String>,
    /// Who concluded last.
    pub concluded_by: Option<UserId>,
    /// When.
    pub concluded_at: Option<Timestamp>,
    /// How often it was reopened.
    pub reopened: i32,
}

impl ActiveModelBehavior for ActiveModel {}
