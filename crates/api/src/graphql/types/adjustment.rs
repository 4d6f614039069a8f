//! Adjustments of an approved declaration.

use std::sync::Arc;

use async_graphql::{ID, Object};
use jixiao_service::adjustment;
use jixiao_service::ctx::Ctx;
use jixiao_service::declaration::Whole;
use jixiao_service::id::AdjustmentId;
use jixiao_service::page::Page;

use crate::graphql::connection::Connection;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::{AdjustmentKind, AdjustmentStatus, BudgetLine};
use crate::graphql::scalar::{Date, DateTime, Decimal, MoneyUnit};
use crate::graphql::types::declaration::{Declaration, KeyTask, TotalCount};
use crate::graphql::types::finding::Finding;
use crate::graphql::types::indicator::{Indicator, target};
use crate::graphql::types::target::Target;
use crate::graphql::walk::Walk;

/// 预算与绩效目标的调整（规则2.3）。 — An adjustment of budget and targets (rules 2.3).
#[derive(Clone, Debug)]
pub struct Adjustment {
    whole: Arc<Whole>,
    position: usize,
}

impl Adjustment {
    /// The adjustment with this key, if the caller may see it.
    #[must_use]
    pub fn find(whole: &Arc<Whole>, id: AdjustmentId, ctx: &Ctx) -> Option<Self> {
        let adjustments = &whole.declaration.adjustments;
        let position = adjustments
            .iter()
            .position(|adjustment| adjustment.id == id && adjustment.shown_to(ctx, &whole.department))?;
        Some(Self { whole: Arc::clone(whole), position })
    }

    /// A page of those the caller may see.
    pub(crate) fn connection(whole: &Arc<Whole>, ctx: &Ctx, page: &Page) -> Connection<Self, TotalCount> {
        let rows = whole
            .declaration
            .adjustments
            .iter()
            .enumerate()
            .filter(|(_, adjustment)| adjustment.shown_to(ctx, &whole.department));
        let rows: Vec<Self> = rows.map(|(position, _)| Self { whole: Arc::clone(whole), position }).collect();
        let extra = TotalCount { total_count: i64::try_from(rows.len()).unwrap_or(i64::MAX) };
        let slice = page.of(rows, |row| row.row().id.0);
        Connection::with("adjustments", slice, |row| row.row().cursor(), |row| row, extra)
    }

    fn row(&self) -> &adjustment::Adjustment {
        &self.whole.declaration.adjustments[self.position]
    }
}

/// 预算与绩效目标的调整（规则2.3）。 — An adjustment of budget and targets (rules 2.3).
#[Object]
impl Adjustment {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Adjustment, self.row().id.0)
    }
    /// 所属申报。 — The declaration it belongs to.
    async fn declaration(&self) -> Declaration {
        Declaration::from_whole(Arc::clone(&self.whole))
    }
    /// 批复的调整序号，自1起；批复前为空。 — Number among the approved ones, from 1; null before approval.
    async fn number(&self) -> Option<i32> {
        self.row().number
    }
    /// 调整类别。 — Kind.
    async fn kind(&self) -> AdjustmentKind {
        self.row().kind.into()
    }
    /// 状态。 — State.
    async fn status(&self) -> AdjustmentStatus {
        self.row().status.into()
    }
    /// 修订号，每次变更加一。 — Grows by one with each change.
    async fn revision(&self) -> i32 {
        self.row().revision
    }
    /// 调整理由；未填时为空。 — Why; null while it is not given.
    async fn reason(&self) -> Option<&str> {
        self.row().reason.as_deref()
    }
    /// 调整依据；未填时为空。 — Legal basis; null while it is not given.
    async fn legal_basis(&self) -> Option<&str> {
        self.row().legal_basis.as_deref()
    }
    /// 资金来源；未填时为空。 — Source of funds; null while it is not given.
    async fn fund_source(&self) -> Option<&str> {
        self.row().fund_source.as_deref()
    }
    /// 调整事项：调整前后的金额。 — Items: amounts before and after.
    async fn items(&self) -> Vec<Walk<AdjustmentItem>> {
        let items = self.row().items.iter().cloned();
        items.map(|item| Walk(AdjustmentItem { whole: Arc::clone(&self.whole), item })).collect()
    }
    /// 调整前后的绩效指标值。 — Targets before and after.
    async fn targets(&self) -> Vec<Walk<AdjustmentTarget>> {
        let changes = self.row().targets.iter().cloned();
        changes.map(|change| Walk(AdjustmentTarget { whole: Arc::clone(&self.whole), change })).collect()
    }
    /// 自动检查：按调整后的申报检查，并提示逾10月1日。 — Computed checks of the declaration as it would be; a warning after 1 October.
    async fn findings(&self) -> Vec<Walk<Finding>> {
        let found = Finding::all(&self.whole, &self.row().findings, &["adjustments", &self.position.to_string()]);
        found.into_iter().map(Walk).collect()
    }
    /// 最近一次审核的意见或理由；没有时为空。 — Opinion or reason of the last review; null without one.
    async fn review_opinion(&self) -> Option<&str> {
        self.row().review_opinion.as_deref()
    }
    /// 批复文号；批复前为空。 — Number of the approval; null before it.
    async fn approval_number(&self) -> Option<&str> {
        self.row().approval_number.as_deref()
    }
    /// 批复日期；批复前为空。 — Day of the approval; null before it.
    async fn approved_on(&self) -> Option<Date> {
        self.row().approved_on.map(Date)
    }
    /// 最近一次提交时间；未提交时为空。 — When submitted last; null before.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.row().submitted_at.map(Into::into)
    }
    /// 建立时间。 — When it was made.
    async fn created_at(&self) -> DateTime {
        self.row().created_at.into()
    }
}

/// 一项金额的调整：预算项目或重点任务。 — An amount before and after: of a budget line or of a key task.
#[derive(Clone, Debug)]
pub struct AdjustmentItem {
    whole: Arc<Whole>,
    item: adjustment::AmountChange,
}

/// 一项金额的调整：预算项目或重点任务。 — An amount before and after: of a budget line or of a key task.
#[Object]
impl AdjustmentItem {
    /// 预算项目；是重点任务时为空。 — The budget line; null when it is a key task's.
    async fn budget_line(&self) -> Option<BudgetLine> {
        self.item.line.map(Into::into)
    }
    /// 重点任务；是预算项目时为空。 — The key task; null when it is a budget line's.
    async fn key_task(&self) -> Option<KeyTask> {
        self.item.key_task.and_then(|id| KeyTask::find(&self.whole, id))
    }
    /// 调整前；空白时为空。 — Before; null when blank.
    async fn before(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.item.before.map(|amount| Decimal::money(amount, unit))
    }
    /// 调整后；空白时为空。 — After; null when blank.
    async fn after(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.item.after.map(|amount| Decimal::money(amount, unit))
    }
}

/// 一个指标的调整。 — The annual target and weight of an indicator before and after.
#[derive(Clone, Debug)]
pub struct AdjustmentTarget {
    whole: Arc<Whole>,
    change: adjustment::TargetChange,
}

/// 一个指标的调整。 — The annual target and weight of an indicator before and after.
#[Object]
impl AdjustmentTarget {
    /// 指标；不复存在时为空。 — The indicator; null when there is none any more.
    async fn indicator(&self) -> Option<Indicator> {
        Indicator::find(&self.whole, self.change.indicator_id)
    }
    /// 调整前的年度指标值；已取消时为空。 — Annual target before; null when it was dropped already.
    async fn before(&self) -> Option<Walk<Target>> {
        target(self.change.before.as_ref())
    }
    /// 调整后的年度指标值；空表示取消该指标。 — Annual target after; null drops the indicator.
    async fn after(&self) -> Option<Walk<Target>> {
        target(self.change.after.as_ref())
    }
    /// 调整前的分值，两位小数；没有时为空。 — Weight before, two decimals; null without one.
    async fn weight_before(&self) -> Option<Decimal> {
        self.change.weight_before.map(Decimal::points)
    }
    /// 调整后的分值，两位小数；不变时为空。 — Weight after, two decimals; null when it stays.
    async fn weight_after(&self) -> Option<Decimal> {
        self.change.weight_after.map(Decimal::points)
    }
}
