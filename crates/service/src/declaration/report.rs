//! A report: its state, budget execution and words, finance's scores, rectifications.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use jixiao_entity::id::{ActualValueId, IndicatorId, RectificationId, Timestamp, UserId};
use jixiao_rules::check::Amounts;
use jixiao_rules::cycle::{Period, RectificationStatus, ReportStatus};
use jixiao_rules::kind::{FundSource, Vocabulary};
use jixiao_rules::message::Finding;
use jixiao_rules::value::{Money, Points};
use serde::{Deserialize, Serialize};

use super::model::{ActualValue, Declaration, Hands};
use crate::ctx::UserRef;

/// Finance's word on one value: it counts as long as that value is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The value it was given on.
    pub of: ActualValueId,
    /// Score; `None` agrees with the score there is.
    pub score: Option<Points>,
    /// Opinion.
    pub opinion: Option<String>,
    /// The claim that the indicator does not apply is accepted.
    pub accepts_not_applicable: bool,
    /// The cause TARGET_SET_TOO_LOW is recorded.
    pub target_set_too_low: bool,
    /// Who.
    pub reviewed_by: UserRef,
    /// When.
    pub reviewed_at: Timestamp,
}

/// What a report says as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Summary {
    /// 年度总体目标实际完成情况.
    pub overall_goal_result: Option<String>,
    /// 评价结论.
    pub conclusion: Option<String>,
    /// 存在问题.
    pub problems: Option<String>,
    /// 改进措施.
    pub improvement_measures: Option<String>,
}

/// What finance asked to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rectification {
    /// Key.
    pub id: RectificationId,
    /// Indicator; `None` when it concerns the whole report.
    pub indicator_id: Option<IndicatorId>,
    /// State.
    pub status: RectificationStatus,
    /// 整改要求和建议.
    pub request: String,
    /// Last day for the response.
    pub due_on: NaiveDate,
    /// Who asked, and when.
    pub requested: (UserRef, Timestamp),
    /// 整改结果, the last.
    pub response: Option<String>,
    /// Who responded last, and when.
    pub responded: Option<(UserRef, Timestamp)>,
    /// 整改结论, the last.
    pub conclusion: Option<String>,
    /// Who concluded last, and when.
    pub concluded: Option<(UserRef, Timestamp)>,
    /// How often it was reopened.
    pub reopened: i32,
}

impl ActualValue {
    /// Finance's review, if this is the value it was given on.
    #[must_use]
    pub fn reviewed(&self) -> Option<&Review> {
        self.review.as_ref().filter(|review| review.of == self.id)
    }

    /// The spot check, if this is the value it was made of.
    #[must_use]
    pub fn spot_checked(&self) -> Option<&Review> {
        self.spot_check.as_ref().filter(|check| check.of == self.id)
    }

    /// Finance accepted that the indicator does not apply.
    #[must_use]
    pub fn not_applicable_accepted(&self) -> bool {
        self.reviewed().is_some_and(|review| review.accepts_not_applicable)
    }
}

impl Declaration {
    /// The fund rows of a period: of the whole first, as [`Self::budgets`] has it, then of each source.
    #[must_use]
    pub fn fund_rows(&self, period: Period) -> Vec<(Option<FundSource>, Amounts)> {
        let [initial_budget, annual_budget] = self.budgets(period);
        let reported = self.reports.get(&period).map(|report| &report.execution);
        let whole = Amounts {
            initial_budget,
            annual_budget,
            executed: reported.and_then(|reported| reported.executed),
            forecast: reported.and_then(|reported| reported.forecast),
        };
        let part = |source: &FundSource| {
            let given = reported.and_then(|reported| reported.parts.get(source)).copied();
            (Some(*source), given.unwrap_or_default())
        };
        std::iter::once((None, whole)).chain(FundSource::ALL.iter().map(part)).collect()
    }
}

impl Rectification {
    /// Nothing was answered by the day it was due.
    #[must_use]
    pub fn overdue(&self, today: NaiveDate) -> bool {
        let open = matches!(self.status, RectificationStatus::Requested | RectificationStatus::Reopened);
        open && today > self.due_on
    }
}

/// A report that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// State.
    pub status: ReportStatus,
    /// Grows with each change.
    pub revision: i32,
    /// Budget execution as reported.
    pub execution: ReportedExecution,
    /// Who had which part in its way.
    pub hands: Hands,
    /// When submitted last.
    pub submitted_at: Option<Timestamp>,
    /// Months from January that its data cover, fixed when first recorded; `None` in reports older than the windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Days past due at the first submission; `None` before it, and where no window was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_days: Option<u32>,
    /// Reason of the last return, or opinion.
    pub review_opinion: Option<String>,
    /// What the report says as a whole.
    #[serde(default)]
    pub summary: Summary,
    /// Who spot-checked it last, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot_checked: Option<(Option<UserId>, Timestamp)>,
    /// What finance asked to be put right, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rectifications: Vec<Rectification>,
    /// Computed checks; their paths lead into the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Budget execution as reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportedExecution {
    /// 年初预算数.
    pub initial_budget: Option<Money>,
    /// 全年预算数 (adjusted).
    pub annual_budget: Option<Money>,
    /// 执行数.
    pub executed: Option<Money>,
    /// 全年预计执行数.
    pub forecast: Option<Money>,
    /// Reason for the rate.
    pub reason: Option<String>,
    /// The parts of these amounts that are given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<FundSource, Amounts>,
}
