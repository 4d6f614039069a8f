//! What everybody may see of a declaration: nothing but what stands here. No names of people, no notes, no evidence, no
//! opinions of reviewers, no findings. Its JSON text is what a snapshot keeps and hashes: a field may be added, with a
//! default; none may change its meaning.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use jixiao_rules::cycle::{DeclarationScope, Period, PublicationKind};
use jixiao_rules::kind::{BudgetLine, Comparator, Level, Level1, Level2, ResultGrade, Status};
use jixiao_rules::rollup::Reviewed;
use jixiao_rules::value::{Money, Points, Rate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::declaration::{self, Declaration, Deviation, TargetState};
use crate::department::Department;

/// The published content: money in 分, rates in millionths, points in hundredths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Of this layout: 1.
    pub format: u32,
    /// Targets or results.
    pub kind: PublicationKind,
    /// Code of the department.
    pub department_code: String,
    /// Its name as it was then.
    pub department_name: String,
    /// Code of its jurisdiction.
    pub jurisdiction_code: String,
    /// Name of its jurisdiction.
    pub jurisdiction_name: String,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// What the declaration covers.
    pub scope: DeclarationScope,
    /// Approved version.
    pub version: i32,
    /// 批复文号 of that version.
    pub approval_number: String,
    /// Day of that 批复.
    pub approved_on: NaiveDate,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Option<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Option<i64>,
    /// 预算整体情况; a blank line is absent.
    pub budget: BTreeMap<BudgetLine, Money>,
    /// 总体绩效目标.
    pub overall_goal: Option<String>,
    /// 年度重点工作任务.
    pub key_tasks: Vec<KeyTask>,
    /// 绩效指标, in order.
    pub indicators: Vec<Indicator>,
    /// The self-evaluation as a whole; `None` where only targets are published.
    pub results: Option<Results>,
}

/// A key task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyTask {
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
    /// 一级指标.
    pub level1: Option<Level1>,
    /// As printed.
    pub level1_label: String,
    /// 二级指标.
    pub level2: Option<Level2>,
    /// As printed.
    pub level2_label: Option<String>,
    /// 三级指标.
    pub name: String,
    /// Points.
    pub weight: Option<Points>,
    /// 实施周期指标值.
    pub cycle_target: Option<Target>,
    /// 年度指标值; `None` when blank or dropped.
    pub annual_target: Option<Target>,
    /// 年初指标值, once an adjustment changed the annual target.
    pub original_target: Option<Target>,
    /// Dropped by an approved adjustment.
    pub dropped: bool,
    /// What was reached; `None` where only targets are published.
    pub result: Option<IndicatorResult>,
    /// Where the data come from; `None` where nothing was reported.
    pub quality: Option<Quality>,
}

/// A target as written and as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Verbatim.
    pub text: String,
    /// Comparator; `None` when the text has none.
    pub comparator: Option<Comparator>,
    /// The number as printed, lower bound of a range.
    pub value: Option<Decimal>,
    /// Upper bound of a range.
    pub value_high: Option<Decimal>,
    /// Unit as printed.
    pub unit: Option<String>,
}

/// What an indicator reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorResult {
    /// 实际完成值, verbatim.
    pub text: Option<String>,
    /// Qualitative level.
    pub level: Option<Level>,
    /// Status.
    pub status: Status,
    /// Rate.
    pub rate: Option<Rate>,
    /// Score.
    pub score: Option<Points>,
    /// Maximum score.
    pub max_score: Option<Points>,
    /// 偏差原因, a column of the form.
    pub deviations: Vec<Deviation>,
    /// 改进措施, a column of the form.
    pub corrective_action: Option<String>,
}

/// A statement of data quality, without who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// Source of the data.
    pub source: String,
    /// How they were gathered and computed.
    pub method: String,
    /// Known limits.
    pub limits: Option<String>,
}

/// The self-evaluation as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// Code of the scoring scheme.
    pub scheme_code: String,
    /// Its version.
    pub scheme_version: u32,
    /// 年度总体目标实际完成情况.
    pub overall_goal_result: Option<String>,
    /// 存在问题.
    pub problems: Option<String>,
    /// 改进措施.
    pub improvement_measures: Option<String>,
    /// 全年预算数.
    pub annual_budget: Option<Money>,
    /// 执行数.
    pub executed: Option<Money>,
    /// Execution rate.
    pub execution_rate: Option<Rate>,
    /// Execution score.
    pub execution_score: Option<Points>,
    /// Satisfied ÷ comparable.
    pub achievement_rate: Option<Rate>,
    /// Total.
    pub score: Option<Points>,
    /// Grade.
    pub grade: Option<ResultGrade>,
    /// Total by finance's review; `None` before one.
    pub review_score: Option<Points>,
    /// Grade by finance's review.
    pub review_grade: Option<ResultGrade>,
    /// Total by the spot check; `None` before one.
    pub spot_check_score: Option<Points>,
    /// Grade by the spot check.
    pub spot_check_grade: Option<ResultGrade>,
}

/// The 批复 a version rests on.
pub(super) struct Approval {
    pub(super) number: String,
    pub(super) on: NaiveDate,
}

impl Content {
    /// What of a declaration is published.
    pub(super) fn of(
        kind: PublicationKind,
        declaration: &Declaration,
        department: &Department,
        approval: Approval,
    ) -> Self {
        let results = kind == PublicationKind::Results;
        Self {
            format: 1,
            kind,
            department_code: department.code.clone(),
            department_name: department.name.clone(),
            jurisdiction_code: department.jurisdiction_code.clone(),
            jurisdiction_name: department.jurisdiction_name.clone(),
            fiscal_year: declaration.fiscal_year,
            scope: declaration.scope,
            version: declaration.version,
            approval_number: approval.number,
            approved_on: approval.on,
            publicly_funded_staff_count: declaration.publicly_funded_staff_count,
            subordinate_unit_count: declaration.subordinate_unit_count,
            budget: declaration.budget.clone(),
            overall_goal: declaration.overall_goal.clone(),
            key_tasks: declaration.key_tasks.iter().map(key_task).collect(),
            indicators: declaration.indicators.iter().map(|row| indicator(row, results)).collect(),
            results: results.then(|| self::results(declaration)),
        }
    }
}

fn key_task(task: &declaration::KeyTask) -> KeyTask {
    KeyTask {
        name: task.name.clone(),
        description: task.description.clone(),
        planned_funding: task.planned_funding,
        expected_result: task.expected_result.clone(),
    }
}

fn indicator(row: &declaration::Indicator, results: bool) -> Indicator {
    let quality = row.quality.as_ref().filter(|_| results && reported(row));
    Indicator {
        level1: row.level1,
        level1_label: row.level1_label.clone(),
        level2: row.level2,
        level2_label: row.level2_label.clone(),
        name: row.name.clone(),
        weight: row.weight,
        cycle_target: row.cycle_target.as_ref().map(target),
        annual_target: row.annual_target.as_ref().map(target),
        original_target: row.original_target.as_ref().map(target),
        dropped: row.dropped(),
        result: if results { result(row) } else { None },
        quality: quality.map(|stated| Quality {
            source: stated.source.clone(),
            method: stated.method.clone(),
            limits: stated.limits.clone(),
        }),
    }
}

fn target(state: &TargetState) -> Target {
    let reading = &state.reading;
    Target {
        text: reading.text.clone(),
        comparator: reading.comparator,
        value: reading.value,
        value_high: reading.value_high,
        unit: reading.unit.clone(),
    }
}

/// Whether a year-end value is published of the indicator, which then needs a statement of its quality.
pub(super) fn reported(row: &declaration::Indicator) -> bool {
    let value = row.values.get(&Period::YearEnd);
    let given = value.filter(|value| value.entry.text.is_some() || value.entry.level.is_some());
    !row.dropped() && given.is_some_and(|value| !value.not_applicable_accepted())
}

fn result(row: &declaration::Indicator) -> Option<IndicatorResult> {
    let made = row.achievements.get(&Period::YearEnd)?;
    let entry = row.values.get(&Period::YearEnd).filter(|_| reported(row)).map(|value| &value.entry);
    Some(IndicatorResult {
        text: entry.and_then(|entry| entry.text.clone()),
        level: entry.and_then(|entry| entry.level),
        status: made.status,
        rate: made.rate,
        score: made.score,
        max_score: made.max_score,
        deviations: entry.map(|entry| entry.deviations.clone()).unwrap_or_default(),
        corrective_action: entry.and_then(|entry| entry.corrective_action.clone()),
    })
}

fn results(declaration: &Declaration) -> Results {
    let report = declaration.reports.get(&Period::YearEnd);
    let summary = report.map(|report| report.summary.clone()).unwrap_or_default();
    let made = declaration.results.get(&Period::YearEnd);
    let score = |by: Option<Reviewed>| by.and_then(|by| by.score);
    let grade = |by: Option<Reviewed>| by.and_then(|by| by.grade);
    let (reviewed, checked) = (made.and_then(|made| made.reviewed), made.and_then(|made| made.spot_checked));
    Results {
        scheme_code: declaration.scheme.code.clone(),
        scheme_version: declaration.scheme.version,
        overall_goal_result: summary.overall_goal_result,
        problems: summary.problems,
        improvement_measures: summary.improvement_measures,
        annual_budget: report
            .and_then(|report| report.execution.annual_budget)
            .or_else(|| declaration.declared_budget()),
        executed: report.and_then(|report| report.execution.executed),
        execution_rate: made.and_then(|made| made.execution_rate),
        execution_score: made.and_then(|made| made.execution_score),
        achievement_rate: made.and_then(|made| made.achievement_rate),
        score: made.and_then(|made| made.score),
        grade: made.and_then(|made| made.grade),
        review_score: score(reviewed),
        review_grade: grade(reviewed),
        spot_check_score: score(checked),
        spot_check_grade: grade(checked),
    }
}
