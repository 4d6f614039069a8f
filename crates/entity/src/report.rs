//! A monitoring report or self-evaluation: one per declaration and period, made with its first record.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, ReportId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::{Period, ReportStatus};

/// A monitoring report or self-evaluation: one per declaration and period, made with its first record.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: ReportId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Word<Period>,
    /// State.
    pub status: Word<ReportStatus>,
    /// Grows by one with each change.
    pub revision: i32,
    /// 年初预算数, 分.
    pub initial_budget: Option<i64>,
    /// 全年预算数, 分.
    pub annual_budget: Option<i64>,
    /// 执行数, 分.
    pub executed: Option<i64>,
    /// 全年预计执行数, 分.
    pub forecast: Option<i64>,
    /// Reason for the execution rate.
    pub execution_reason: Option<String>,
    /// Who recorded last.
    pub edited_by: Option<UserId>,
    /// Who submitted last.
    pub submitted_by: Option<UserId>,
    /// When submitted last.
    pub submitted_at: Option<Timestamp>,
    /// Department reviewer.
    pub forwarded_by: Option<UserId>,
    /// Finance reviewer.
    pub accepted_by: Option<UserId>,
    /// Reason of the last return, or opinion.
    pub review_opinion: Option<String>,
    /// Months from January that its data cover, fixed when first recorded; `None` in reports older than the windows.
    pub months: Option<i32>,
    /// Days past due at the first submission; `None` before it, and where no window was set.
    pub late_days: Option<i32>,
    /// 年度总体目标实际完成情况.
    pub overall_goal_result: Option<String>,
    /// 评价结论.
    pub conclusion: Option<String>,
    /// 存在问题.
    pub problems: Option<String>,
    /// 改进措施.
    pub improvement_measures: Option<String>,
    /// Who spot-checked it last.
    pub spot_checked_by: Option<UserId>,
    /// When spot-checked last.
    pub spot_checked_at: Option<Timestamp>,
    /// When last changed.
    pub updated_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
