//! A declaration: one per department, fiscal year and scope; a new round only after a rejection.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, DepartmentId, SchemeId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::{DeclarationScope, DeclarationStatus, TargetReviewGrade};

/// A declaration: one per department, fiscal year and scope; a new round only after a rejection.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: DeclarationId,
    /// Whose.
    pub department_id: DepartmentId,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// What it covers.
    pub scope: Word<DeclarationScope>,
    /// Budget round, from 1; another after a rejection.
    pub round: i32,
    /// State.
    pub status: Word<DeclarationStatus>,
    /// Approved version in force; 0 before the first approval.
    pub version: i32,
    /// Grows by one with each change of the declaration itself.
    pub revision: i32,
    /// Number of its latest document.
    pub document_number: i32,
    /// Scheme it is scored under.
    pub scheme_id: SchemeId,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Option<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Option<i64>,
    /// 总体绩效目标.
    pub overall_goal: Option<String>,
    /// Who edited it last.
    pub edited_by: Option<UserId>,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// Department reviewer who forwarded it.
    pub forwarded_by: Option<UserId>,
    /// Finance reviewer who accepted it.
    pub accepted_by: Option<UserId>,
    /// Finance reviewer who last recorded agreed edits since it was submitted.
    pub agreed_by: Option<UserId>,
    /// Last year's declaration it was carried over from.
    pub carried_from: Option<DeclarationId>,
    /// Number of approved adjustments.
    pub adjustment_no: i32,
    /// Grade of the review.
    pub review_grade: Option<Word<TargetReviewGrade>>,
    /// Opinion or reason of the last review.
    pub review_opinion: Option<String>,
    /// 批复文号.
    pub approval_number: Option<String>,
    /// Day of the 批复.
    pub approved_on: Option<Date>,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
