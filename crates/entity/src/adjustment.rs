//! An adjustment (调整) of an approved declaration.

use sea_orm::entity::prelude::*;

use crate::id::{AdjustmentId, DeclarationId, Timestamp, UserId};
use crate::stored::Word;
use jixiao_rules::cycle::{AdjustmentKind, AdjustmentStatus};

/// An adjustment (调整) of an approved declaration.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: AdjustmentId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// 调剂, 追加 or 调减.
    pub kind: Word<AdjustmentKind>,
    /// State.
    pub status: Word<AdjustmentStatus>,
    /// Grows by one with each change.
    pub revision: i32,
    /// 调整理由.
    pub reason: Option<String>,
    /// 依据.
    pub legal_basis: Option<String>,
    /// 资金来源.
    pub fund_source: Option<String>,
    /// Amounts before and after as JSON text.
    pub items: String,
    /// Targets before and after as JSON text.
    pub targets: String,
    /// Number among the approved ones of the declaration.
    pub number: Option<i32>,
    /// Who edited it last.
    pub edited_by: Option<UserId>,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// When submitted last.
    pub submitted_at: Option<Timestamp>,
    /// Department reviewer who forwarded it.
    pub forwarded_by: Option<UserId>,
    /// Finance reviewer who approved it.
    pub accepted_by: Option<UserId>,
    /// Opinion or reason of the last review.
    pub review_opinion: Option<String>,
    /// 批复文号.
    pub approval_number: Option<String>,
    /// Day of the 批复.
    pub approved_on: Option<Date>,
    /// When made.
    pub created_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
