//! A declaration assembled whole: what readers walk in memory, what a document keeps, what commands start from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use jixiao_entity::id::{
    ActualValueId, DeclarationId, DepartmentId, EvidenceId, IndicatorId, KeyTaskId, SchemeId, Timestamp, UserId,
};
use jixiao_rules::actual::Actual;
use jixiao_rules::aggregate::UnitValue;
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::{
    AttainmentOutlook, DeclarationScope, DeclarationStatus, DeviationCategory, Period, PublicationKind, ReportStatus,
    TargetReviewGrade,
};
use jixiao_rules::form::{Form, FormIndicator, FormTask};
use jixiao_rules::kind::{Accumulation, BudgetLine, Level, Level1, Level2, TargetWhich, WeightOrigin};
use jixiao_rules::message::Finding;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_rules::target::Target;
use jixiao_rules::value::{Money, Points};
use jixiao_rules::window::{Filing, Window};
use serde::{Deserialize, Serialize};

use super::report::{Report, Review};
use crate::adjustment::Adjustment;
use crate::ctx::UserRef;
use crate::publication::{Publication, QualityStatement};

/// A declaration with everything that hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Declaration {
    /// Key.
    pub id: DeclarationId,
    /// Whose.
    pub department_id: DepartmentId,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// What it covers.
    pub scope: DeclarationScope,
    /// Budget round.
    pub round: i32,
    /// State.
    pub status: DeclarationStatus,
    /// Approved version in force; 0 before the first approval.
    pub version: i32,
    /// Grows with each change of the declaration itself.
    pub revision: i32,
    /// Scheme it is scored under.
    pub scheme: SchemeRef,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Option<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Option<i64>,
    /// 总体绩效目标.
    pub overall_goal: Option<String>,
    /// 预算整体情况; a blank line is absent.
    pub budget: BTreeMap<BudgetLine, Money>,
    /// 年度重点工作任务.
    pub key_tasks: Vec<KeyTask>,
    /// 绩效指标, in order.
    pub indicators: Vec<Indicator>,
    /// Reports that were begun.
    pub reports: BTreeMap<Period, Report>,
    /// Roll-up per period.
    pub results: BTreeMap<Period, DeclarationResult>,
    /// Computed checks.
    pub findings: Vec<Finding>,
    /// Who had which part in its way.
    pub hands: Hands,
    /// Grade of the last review.
    pub review_grade: Option<TargetReviewGrade>,
    /// Opinion or reason of the last review.
    pub review_opinion: Option<String>,
    /// 批复文号.
    pub approval_number: Option<String>,
    /// Day of the 批复.
    pub approved_on: Option<NaiveDate>,
    /// When made.
    pub created_at: Timestamp,
    /// Last year's declaration it was carried over from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<DeclarationId>,
    /// Number of approved adjustments.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub adjustment_no: i32,
    /// 调整, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// What of it was published, or is being prepared to be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub publications: BTreeMap<PublicationKind, Publication>,
}

/// A document from before there were adjustments stays as it was written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// Who had which part: what the separation of duties looks at (rules 2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hands {
    /// Edited last.
    pub edited_by: Option<UserId>,
    /// Submitted last.
    pub submitted_by: Option<UserId>,
    /// Department reviewer who forwarded it.
    pub forwarded_by: Option<UserId>,
    /// Finance reviewer who accepted it.
    pub accepted_by: Option<UserId>,
    /// Finance reviewer who recorded agreed edits since it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<UserId>,
}

/// A scheme version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeRef {
    /// Key.
    pub id: SchemeId,
    /// Code.
    pub code: String,
    /// Version.
    pub version: u32,
    /// SHA-256 of its document, hex.
    pub sha256: String,
}

/// A key task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyTask {
    /// Key.
    pub id: KeyTaskId,
    /// 名称.
    pub name: String,
    /// 主要实施内容.
    pub description: Option<String>,
    /// 拟投入的资金.
    pub planned_funding: Option<Money>,
    /// 期望达到的目标.
    pub expected_result: Option<String>,
}

/// A level-3 indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Indicator {
    /// Key.
    pub id: IndicatorId,
    /// 一级指标; `None` when its label is not known.
    pub level1: Option<Level1>,
    /// Level-1 label as printed.
    pub level1_label: String,
    /// 二级指标; `None` when blank or not known.
    pub level2: Option<Level2>,
    /// Level-2 label as printed.
    pub level2_label: Option<String>,
    /// 三级指标.
    pub name: String,
    /// Points.
    pub weight: Option<Points>,
    /// Stated or derived.
    pub weight_origin: Option<WeightOrigin>,
    /// Scheme a derived weight was derived under.
    pub weight_scheme: Option<SchemeId>,
    /// Set by a person.
    pub accumulation: Option<Accumulation>,
    /// Key tasks it measures, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_tasks: Vec<KeyTaskId>,
    /// Serves the work in general, no single key task.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub general: bool,
    /// The indicator of last year's declaration that it was carried over from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<IndicatorId>,
    /// 实施周期指标值.
    pub cycle_target: Option<TargetState>,
    /// 年度指标值.
    pub annual_target: Option<TargetState>,
    /// 年初指标值, once an adjustment changed the annual target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_target: Option<TargetState>,
    /// The actual value in force, per period.
    pub values: BTreeMap<Period, ActualValue>,
    /// Evidence in force, per period, oldest first. Absent from documents without any, so that older ones stay as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<Period, Vec<Evidence>>,
    /// The last statement of the quality of its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualityStatement>,
    /// The assessment, per period.
    pub achievements: BTreeMap<Period, Achievement>,
}

/// A target's reading, and whether a person confirmed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetState {
    /// Text and reading.
    pub reading: Target,
    /// Who confirmed it.
    pub confirmed_by: Option<UserId>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
}

/// An actual value in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActualValue {
    /// Key.
    pub id: ActualValueId,
    /// What the filer gave.
    pub entry: ValueEntry,
    /// The reading of the text; `None` without a text.
    pub reading: Option<Actual>,
    /// The annual target it was given against, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_text: Option<String>,
    /// Finance's last word on the indicator, perhaps on an earlier value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// The last spot check of the indicator, perhaps of an earlier value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot_check: Option<Review>,
    /// When recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserRef,
}

/// An evidence file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Key.
    pub id: EvidenceId,
    /// Name of the file.
    pub file_name: String,
    /// Media type, from its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// What it shows, in words.
    pub note: Option<String>,
    /// Date of the document.
    pub issued_on: Option<NaiveDate>,
    /// The value it states, verbatim.
    pub stated_value: Option<String>,
    /// When added.
    pub uploaded_at: Timestamp,
    /// By whom.
    pub uploaded_by: UserRef,
}

/// What a filer gives for one indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValueEntry {
    /// 实际完成值, verbatim.
    pub text: Option<String>,
    /// Qualitative level.
    pub level: Option<Level>,
    /// The filer's own score.
    pub score: Option<Points>,
    /// Reason of an override.
    pub score_reason: Option<String>,
    /// Claim that the indicator does not apply.
    pub not_applicable_reason: Option<String>,
    /// 全年预计完成情况.
    pub forecast_text: Option<String>,
    /// 完成目标可能性.
    pub outlook: Option<AttainmentOutlook>,
    /// 备注.
    pub note: Option<String>,
    /// 偏差原因.
    pub deviations: Vec<Deviation>,
    /// 纠偏措施.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrective_action: Option<String>,
    /// 满意度调查的样本量.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<i64>,
    /// A reading that was not certain is meant as it was read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// 各单位实际完成值, of which the value is made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unit_values: Vec<UnitValue>,
}

/// A cause of deviation with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// Category.
    pub category: DeviationCategory,
    /// In words.
    pub text: String,
}

impl TargetState {
    /// Certain by itself, or confirmed by a person.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        self.reading.certain || self.confirmed_by.is_some()
    }
}

impl Indicator {
    /// Its evidence in force in a period.
    #[must_use]
    pub fn evidence_in(&self, period: Period) -> &[Evidence] {
        self.evidence.get(&period).map_or(&[], Vec::as_slice)
    }

    /// One of its two targets.
    #[must_use]
    pub fn target(&self, which: TargetWhich) -> Option<&TargetState> {
        match which {
            TargetWhich::Annual => self.annual_target.as_ref(),
            TargetWhich::Cycle => self.cycle_target.as_ref(),
        }
    }
}

impl Declaration {
    /// An indicator by key.
    #[must_use]
    pub fn indicator(&self, id: IndicatorId) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// State of the report of a period; `NotStarted` before anything is recorded.
    #[must_use]
    pub fn report_status(&self, period: Period) -> ReportStatus {
        self.reports.get(&period).map_or(ReportStatus::NotStarted, |report| report.status)
    }

    /// Revision of the report of a period; 0 before anything is recorded.
    #[must_use]
    pub fn report_revision(&self, period: Period) -> i32 {
        self.reports.get(&period).map_or(0, |report| report.revision)
    }

    /// Months that have passed at the cut-off of a period: those its report was begun with, else the default.
    #[must_use]
    pub fn months(&self, period: Period) -> u32 {
        self.reports.get(&period).and_then(|report| report.months).unwrap_or_else(|| period.default_months())
    }

    /// Whether there is a report of this period: mid-year and year-end always, the others where a window is set or one
    /// was begun.
    #[must_use]
    pub fn has(&self, period: Period, window: Option<&Window>) -> bool {
        Period::ALWAYS.contains(&period) || window.is_some() || self.reports.contains_key(&period)
    }

    /// The fiscal year while it counts in summaries, else `None`.
    #[must_use]
    pub fn in_force_year(&self) -> Option<i32> {
        self.status.in_force().then_some(self.fiscal_year)
    }

    /// How far the report of a period is.
    #[must_use]
    pub fn filing(&self, period: Period) -> Filing {
        self.reports.get(&period).map_or(Filing::NOT_STARTED, |report| Filing {
            status: report.status,
            submitted: report.submitted_at.is_some(),
            late_days: report.late_days,
        })
    }

    /// The checks of the declaration, then those of its reports with their paths from the declaration.
    #[must_use]
    pub fn all_findings(&self) -> Vec<Finding> {
        let mut findings = self.findings.clone();
        for (period, report) in &self.reports {
            findings.extend(report.findings.iter().cloned().map(|mut finding| {
                finding.path.splice(0..0, ["reports".to_owned(), period.to_string()]);
                finding
            }));
        }
        findings
    }

    /// 年初预算数: the sum of the declared expenditure before any adjustment.
    #[must_use]
    pub fn opening_budget(&self) -> Option<Money> {
        let mut opening = self.budget.clone();
        let approved = self.adjustments.iter().filter(|adjustment| adjustment.number.is_some());
        for item in approved.rev().flat_map(|adjustment| &adjustment.items) {
            match (item.line, item.before) {
                (Some(line), Some(before)) => opening.insert(line, before),
                (Some(line), None) => opening.remove(&line),
                (None, _) => None,
            };
        }
        sum(&opening, &EXPENDITURE)
    }

    /// 全年预算数 where no report says otherwise: the sum of the declared expenditure.
    #[must_use]
    pub fn declared_budget(&self) -> Option<Money> {
        sum(&self.budget, &EXPENDITURE)
    }

    /// 年初预算数 and 全年预算数 of a period: as reported, else as declared before and after all adjustments.
    #[must_use]
    pub fn budgets(&self, period: Period) -> [Option<Money>; 2] {
        let reported = self.reports.get(&period).map(|report| &report.execution);
        [
            reported.and_then(|reported| reported.initial_budget).or_else(|| self.opening_budget()),
            reported.and_then(|reported| reported.annual_budget).or_else(|| self.declared_budget()),
        ]
    }

    /// Appropriation and other funds; `None` when both are blank.
    #[must_use]
    pub fn declared_income(&self) -> Option<Money> {
        sum(&self.budget, &[BudgetLine::FiscalAppropriation, BudgetLine::OtherFunds])
    }

    /// The content as a form, for the checks and for export.
    #[must_use]
    pub fn form(&self) -> Form {
        let text = |target: &Option<TargetState>| target.as_ref().map(|target| target.reading.text.clone());
        Form {
            department_name: None,
            publicly_funded_staff_count: self.publicly_funded_staff_count,
            subordinate_unit_count: self.subordinate_unit_count,
            budget: self.budget.clone(),
            overall_goal: self.overall_goal.clone(),
            key_tasks: self.key_tasks.iter().map(KeyTask::form).collect(),
            indicators: self
                .indicators
                .iter()
                .map(|indicator| FormIndicator {
                    level1: indicator.level1,
                    level1_label: indicator.level1_label.clone(),
                    level2: indicator.level2,
                    level2_label: indicator.level2_label.clone(),
                    name: indicator.name.clone(),
                    weight: indicator.weight.filter(|_| indicator.weight_origin == Some(WeightOrigin::Stated)),
                    cycle_target: text(&indicator.cycle_target),
                    annual_target: text(&indicator.annual_target),
                })
                .collect(),
        }
    }
}

impl KeyTask {
    fn form(&self) -> FormTask {
        FormTask {
            name: self.name.clone(),
            description: self.description.clone(),
            planned_funding: self.planned_funding,
            expected_result: self.expected_result.clone(),
        }
    }
}

/// The lines that add up to all expenditure.
const EXPENDITURE: [BudgetLine; 4] = [
    BudgetLine::BasicExpenditure,
    BudgetLine::ProjectExpenditure,
    BudgetLine::FiscalSpecialFunds,
    BudgetLine::OtherDevelopmentExpenditure,
];

/// Sum of the lines that are there; `None` when none is.
fn sum(budget: &BTreeMap<BudgetLine, Money>, lines: &[BudgetLine]) -> Option<Money> {
    let amounts: Vec<i64> = lines.iter().filter_map(|line| budget.get(line)).map(|amount| amount.0).collect();
    if amounts.is_empty() {
        return None;
    }
    amounts.into_iter().try_fold(0_i64, i64::checked_add).map(Money)
}
