//! 绩效目标执行监控表 (rules 3.3): a report during the year.

use jixiao_rules::cycle::{AttainmentOutlook, DeviationCategory};
use jixiao_rules::kind::Vocabulary;

use super::report::{Filled, amount, done, fund_label, opening, percent, reasons};
use super::sheet::Sheet;
use crate::declaration::Indicator;

/// Widths of the columns, in characters.
const WIDTHS: [u16; 17] = [12, 12, 12, 30, 14, 14, 14, 7, 7, 7, 7, 7, 30, 7, 7, 8, 14];

/// The causes that have a column of their own.
const CAUSES: [DeviationCategory; 5] = [
    DeviationCategory::Funding,
    DeviationCategory::Institutional,
    DeviationCategory::Staffing,
    DeviationCategory::Equipment,
    DeviationCategory::Other,
];

/// What stands in the column of a cause or an outlook that is chosen.
const CHOSEN: &str = "√";

pub(super) fn sheet(filled: &Filled<'_>) -> Sheet {
    let mut sheet = Sheet::new("监控表", &WIDTHS);
    opening(&mut sheet, filled, "绩效目标执行监控表", 9);
    let months = format!("1-{}月", filled.declaration.months(filled.period));
    funds(&mut sheet, filled, &months);
    let goal = filled.declaration.overall_goal.as_deref().unwrap_or_default();
    sheet.row([("年度总体目标", 1), (goal, 0)]);
    indicators(&mut sheet, filled, &months);
    sheet
}

fn funds(sheet: &mut Sheet, filled: &Filled<'_>, months: &str) {
    let first = sheet.rows.len();
    let executed = format!("{months}执行数");
    let spans = [1, 2, 2, 2, 2, 4, 0];
    let head = ["资金（万元）", "", "年初预算数", "全年预算数", &executed, "执行率", "全年预计执行数"];
    sheet.row(head.into_iter().zip(spans));
    for (source, amounts) in filled.declaration.fund_rows(filled.period) {
        let rate = filled.execution.rate.filter(|_| source.is_none());
        let cells = [
            String::new(),
            fund_label(source),
            amount(amounts.initial_budget),
            amount(amounts.annual_budget),
            amount(amounts.executed),
            percent(rate),
            amount(amounts.forecast),
        ];
        sheet.row(cells.into_iter().zip(spans));
    }
    sheet.merge_down(first, &[0]);
}

fn indicators(sheet: &mut Sheet, filled: &Filled<'_>, months: &str) {
    let (first, so_far) = (sheet.rows.len(), format!("{months}执行情况"));
    let head = ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", &so_far, "全年预计完成情况"];
    let groups = [("偏差原因分析", 6), ("完成目标可能性", 3), ("备注", 1)];
    sheet.row(head.map(|text| (text, 1)).into_iter().chain(groups));
    let causes = CAUSES.iter().map(|cause| cause.zh());
    let parts = causes.chain(["原因说明"]).chain(AttainmentOutlook::ALL.iter().map(|outlook| outlook.zh()));
    sheet.row([""; 7].into_iter().chain(parts).chain([""]).map(|text| (text, 1)));
    for column in [0, 1, 2, 3, 4, 5, 6, 16] {
        sheet.merge_down(first, &[column]);
    }
    let rows = sheet.rows.len();
    for (index, indicator) in filled.declaration.indicators.iter().enumerate() {
        sheet.row(row(filled, index, indicator).into_iter().map(|text| (text, 1)));
    }
    sheet.merge_down(rows, &[1, 2]);
}

fn row(filled: &Filled<'_>, index: usize, indicator: &Indicator) -> Vec<String> {
    let value = filled.value(indicator);
    let entry = value.map(|value| &value.entry);
    let forecast = entry.and_then(|entry| entry.forecast_text.clone()).unwrap_or_default();
    let mark = |chosen: bool| if chosen { CHOSEN.to_owned() } else { String::new() };
    let has = |cause: DeviationCategory| {
        entry.is_some_and(|entry| entry.deviations.iter().any(|deviation| deviation.category == cause))
    };
    let mut cells = vec![String::new()];
    cells.extend(filled.head(index));
    cells.extend([done(value), forecast]);
    cells.extend(CAUSES.map(|cause| mark(has(cause))));
    cells.push(reasons(value));
    let chosen = entry.and_then(|entry| entry.outlook);
    cells.extend(AttainmentOutlook::ALL.iter().map(|outlook| mark(chosen == Some(*outlook))));
    cells.push(entry.and_then(|entry| entry.note.clone()).unwrap_or_default());
    cells
}
