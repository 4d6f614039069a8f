//! An adjustment as it stands in its declaration.

use chrono::NaiveDate;
use jixiao_entity::adjustment;
use jixiao_entity::id::{AdjustmentId, DeclarationId, IndicatorId, KeyTaskId, Timestamp};
use jixiao_rules::cycle::{AdjustmentKind, AdjustmentStatus};
use jixiao_rules::kind::BudgetLine;
use jixiao_rules::message::Finding;
use jixiao_rules::value::{Money, Points};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::ctx::Ctx;
use crate::declaration::{Hands, TargetState};
use crate::department::Department;
use crate::error::Result;
use crate::page::KeyValue;
use crate::policy::Scope;

/// An adjustment (调整) of an approved declaration (rules 2.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjustment {
    /// Key.
    pub id: AdjustmentId,
    /// 调剂, 追加 or 调减.
    pub kind: AdjustmentKind,
    /// State.
    pub status: AdjustmentStatus,
    /// Grows with each change.
    pub revision: i32,
    /// 调整理由.
    pub reason: Option<String>,
    /// 依据.
    pub legal_basis: Option<String>,
    /// 资金来源.
    pub fund_source: Option<String>,
    /// Amounts before and after.
    pub items: Vec<AmountChange>,
    /// Targets before and after.
    pub targets: Vec<TargetChange>,
    /// Number among the approved ones of the declaration.
    pub number: Option<i32>,
    /// Who had which part in its way.
    pub hands: Hands,
    /// When submitted last.
    pub submitted_at: Option<Timestamp>,
    /// Opinion or reason of the last review.
    pub review_opinion: Option<String>,
    /// 批复文号.
    pub approval_number: Option<String>,
    /// Day of the 批复.
    pub approved_on: Option<NaiveDate>,
    /// When made.
    pub created_at: Timestamp,
    /// Computed checks of the declaration as it would be.
    pub findings: Vec<Finding>,
}

/// An amount before and after: of a budget line or of a key task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AmountChange {
    /// The budget line.
    pub line: Option<BudgetLine>,
    /// Or the key task.
    pub key_task: Option<KeyTaskId>,
    /// Before.
    pub before: Option<Money>,
    /// After.
    pub after: Option<Money>,
}

/// The annual target of an indicator before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetChange {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// Before.
    pub before: Option<TargetState>,
    /// After; `None` drops the indicator.
    pub after: Option<TargetState>,
    /// Weight before.
    pub weight_before: Option<Points>,
    /// Weight after; `None` leaves it.
    pub weight_after: Option<Points>,
}

impl Adjustment {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.id.0.into()]
    }

    /// Whether the caller, who sees the declaration, may see this of it: drafts are hidden from auditors (rules 2.5.4).
    #[must_use]
    pub fn shown_to(&self, ctx: &Ctx, of: &Department) -> bool {
        self.status != AdjustmentStatus::Draft || Scope::of(ctx).drafts_of(of.id, of.jurisdiction_id)
    }
}

/// The adjustments of a declaration in order, their findings left to [`super::derive`].
pub(crate) async fn of_declaration(db: &impl ConnectionTrait, id: DeclarationId) -> Result<Vec<Adjustment>> {
    let rows = adjustment::Entity::find()
        .filter(adjustment::Column::DeclarationId.eq(id))
        .order_by_asc(adjustment::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(of_row).collect()
}

fn of_row(row: adjustment::Model) -> Result<Adjustment> {
    Ok(Adjustment {
        id: row.id,
        kind: row.kind.0,
        status: row.status.0,
        revision: row.revision,
        reason: row.reason,
        legal_basis: row.legal_basis,
        fund_source: row.fund_source,
        items: serde_json::from_str(&row.items)?,
        targets: serde_json::from_str(&row.targets)?,
        number: row.number,
        hands: Hands {
            edited_by: row.edited_by,
            submitted_by: row.submitted_by,
            forwarded_by: row.forwarded_by,
            accepted_by: row.accepted_by,
            agreed_by: None,
        },
        submitted_at: row.submitted_at,
        review_opinion: row.review_opinion,
        approval_number: row.approval_number,
        approved_on: row.approved_on,
        created_at: row.created_at,
        findings: Vec::new(),
    })
}
