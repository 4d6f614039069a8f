//! Writing a form as text, in the layout in which it was published.

use super::clean::escape;
use super::{Form, Levels, wan_yuan};
use crate::kind::BudgetLine;

/// The form as tab-separated text.
pub(super) fn write(form: &Form) -> String {
    let mut text = String::new();
    for cells in rows(form) {
        line(&mut text, &cells);
    }
    text
}

/// The rows of the form, each with its cells; what could be taken for markup is escaped.
pub(super) fn rows(form: &Form) -> Vec<Vec<String>> {
    let mut out = vec![vec!["部门整体预算绩效目标申报表".to_owned()], Vec::new()];
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    row(&mut out, &["部门名称", form.department_name.as_deref().unwrap_or_default()]);
    let (staff, units) = (number(form.publicly_funded_staff_count), number(form.subordinate_unit_count));
    row(&mut out, &["基本信息", "财政供养人员数", &staff, "下属二级单位数", &units]);
    budget(form, &mut out);
    row(&mut out, &["总体绩效目标", form.overall_goal.as_deref().unwrap_or_default()]);
    row(&mut out, &["年度重点工作任务", "名称", "主要实施内容", "拟投入的资金（万元）", "期望达到的目标（概述）"]);
    for task in &form.key_tasks {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let funding = task.planned_funding.map(wan_yuan).unwrap_or_default();
        row(&mut out, &["", &task.name, &text(&task.description), &funding, &text(&task.expected_result)]);
    }
    indicators(form, &mut out);
    out
}

fn budget(form: &Form, out: &mut Vec<Vec<String>>) {
    let amount = |line: BudgetLine| form.budget.get(&line).copied().map(wan_yuan).unwrap_or_default();
    let pair = |out: &mut Vec<Vec<String>>, left: &str, right: &str, lines: [BudgetLine; 2]| {
        row(out, &["", left, &amount(lines[0]), right, &amount(lines[1])]);
    };
    row(out, &["预算整体情况", "部门预算支出", "预算金额（万元）", "收入来源", "预算金额（万元）"]);
    pair(out, "基本支出", "财政拨款", [BudgetLine::BasicExpenditure, BudgetLine::FiscalAppropriation]);
    pair(out, "项目支出", "其他资金", [BudgetLine::ProjectExpenditure, BudgetLine::OtherFunds]);
    row(out, &["", "事业发展性支出", "预算金额（万元）", "按预算级次划分", "预算金额（万元）"]);
    pair(out, "财政专项资金", "本级使用资金", [BudgetLine::FiscalSpecialFunds, BudgetLine::OwnLevelFunds]);
    let last = [BudgetLine::OtherDevelopmentExpenditure, BudgetLine::PlannedTransfersToLowerLevels];
    pair(out, "其他事业发展性支出", "拟用于对下转移支付资金", last);
}

/// Level cells are printed once per group, as if merged; a weight column only where there are weights.
fn indicators(form: &Form, out: &mut Vec<Vec<String>>) {
    let weighted = form.indicators.iter().any(|indicator| indicator.weight.is_some());
    let mut header = vec!["绩效指标", "一级指标", "二级指标", "三级指标"];
    if weighted {
        header.push("分值");
    }
    header.extend(["实施周期指标值", "年度指标值"]);
    row(out, &header);
    let mut before = None;
    for indicator in &form.indicators {
        let levels = (indicator.level1_label.as_str(), indicator.level2_label.as_deref());
        let (level1, level2) = level_cells(before, levels);
        let weight = indicator.weight.map(|weight| weight.to_string()).unwrap_or_default();
        let mut cells = vec!["", level1, level2, &indicator.name];
        if weighted {
            cells.push(&weight);
        }
        cells.extend(
            [&indicator.cycle_target, &indicator.annual_target].map(|target| target.as_deref().unwrap_or_default()),
        );
        row(out, &cells);
        before = Some(levels);
    }
}

/// Level 1 is printed again where the level 2 of the row before must not be filled down.
pub(super) fn level_cells<'a>(before: Option<Levels<'_>>, (level1, level2): Levels<'a>) -> (&'a str, &'a str) {
    let printed = level2.unwrap_or_default();
    match before {
        Some((same, before)) if same == level1 => match before {
            label if label == level2 => ("", ""),
            Some(_) if level2.is_none() => (level1, ""),
            _ => ("", printed),
        },
        _ => (level1, printed),
    }
}

fn row(out: &mut Vec<Vec<String>>, cells: &[&str]) {
    out.push(cells.iter().map(|cell| escape(cell)).collect());
}

/// A cell with a line break stands in quotes, as spreadsheets copy it; so does one that begins with a quote.
fn line(out: &mut String, cells: &[String]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push('\t');
        }
        if cell.contains('\n') || cell.starts_with('"') {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}
