//! The official form 部门整体预算绩效目标申报表: what it holds, and reading it from text as published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kind::{BudgetLine, Level1, Level2, Severity};
use crate::message::Message;
use crate::value::{Money, Points};

/// The content of a declaration form. What the form leaves blank is `None`, never invented.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// 部门名称.
    pub department_name: Option<String>,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Option<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Option<i64>,
    /// 预算整体情况; a line the form leaves blank is absent.
    pub budget: BTreeMap<BudgetLine, Money>,
    /// 总体绩效目标, HTML stripped.
    pub overall_goal: Option<String>,
    /// 年度重点工作任务, in order.
    pub key_tasks: Vec<FormTask>,
    /// 绩效指标, in order.
    pub indicators: Vec<FormIndicator>,
}

/// One row of 年度重点工作任务.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormTask {
    /// 名称.
    pub name: String,
    /// 主要实施内容.
    pub description: Option<String>,
    /// 拟投入的资金.
    pub planned_funding: Option<Money>,
    /// 期望达到的目标(概述).
    pub expected_result: Option<String>,
}

/// One row of 绩效指标, its level cells filled down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormIndicator {
    /// 一级指标; `None` when the label is not known (asks a person).
    pub level1: Option<Level1>,
    /// Level-1 label as printed.
    pub level1_label: String,
    /// 二级指标; `None` when blank or not known.
    pub level2: Option<Level2>,
    /// Level-2 label as printed, `None` when blank.
    pub level2_label: Option<String>,
    /// 三级指标.
    pub name: String,
    /// 分值 as stated on the form.
    pub weight: Option<Points>,
    /// 实施周期指标值, verbatim.
    pub cycle_target: Option<String>,
    /// 年度指标值, verbatim.
    pub annual_target: Option<String>,
}

/// Something repaired, dropped or unclear, with its place on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `ERROR` means that nothing may be imported.
    pub severity: Severity,
    /// Stable, SCREAMING_SNAKE_CASE.
    pub code: String,
    /// Line of the text, from 1; `None` when it concerns the whole form.
    pub row: Option<u32>,
    /// Column of the row, from 1; `None` when it concerns the whole row.
    pub column: Option<u32>,
    /// For people.
    pub message: Message,
}

/// A form that was read, and what was noticed on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What the form says.
    pub form: Form,
    /// Everything repaired, dropped or unclear, in order of rows; no `ERROR` among them.
    pub notices: Vec<Notice>,
}

/// Reads a form from tab-separated text. `Err` lists what makes it unreadable, every notice an `ERROR`; never panics.
///
/// # Errors
/// The notices of severity `ERROR` when the text is no such form.
pub fn parse(text: &str) -> Result<Parsed, Vec<Notice>> {
    let _ = text;
    Err(Vec::new())
}
