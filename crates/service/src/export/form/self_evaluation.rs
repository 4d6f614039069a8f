//! 绩效自评表 (rules 3.4): the report at year-end.

use jixiao_rules::cycle::Period;
use jixiao_rules::kind::Vocabulary;

use super::report::{Filled, amount, done, fund_label, opening, percent, reasons, shown};
use super::sheet::Sheet;
use crate::declaration::{Indicator, Summary};

/// Widths of the columns, in characters.
const WIDTHS: [u16; 9] = [14, 12, 14, 34, 16, 16, 8, 8, 36];

pub(super) fn sheet(filled: &Filled<'_>) -> Sheet {
    let mut sheet = Sheet::new("自评表", &WIDTHS);
    opening(&mut sheet, filled, "绩效自评表", 5);
    funds(&mut sheet, filled);
    let summary = filled.report().map_or_else(Summary::default, |report| report.summary.clone());
    let text = Option::unwrap_or_default;
    let goal = text(filled.declaration.overall_goal.clone());
    sheet.row([("年度总体目标", 1), ("年初设定目标", 4), ("实际完成情况", 0)]);
    sheet.row([(String::new(), 1), (goal, 4), (text(summary.overall_goal_result), 0)]);
    indicators(&mut sheet, filled);
    for (name, words) in
        [("评价结论", summary.conclusion), ("存在问题", summary.problems), ("改进措施", summary.improvement_measures)]
    {
        sheet.row([(name.to_owned(), 1), (text(words), 0)]);
    }
    sheet
}

fn funds(sheet: &mut Sheet, filled: &Filled<'_>) {
    let first = sheet.rows.len();
    let head =
        ["资金（万元）", "", "年初预算数(A)", "全年预算数", "全年执行数(B)", "执行率", "分值", "得分", "偏差原因"];
    sheet.row(head.map(|text| (text, 1)));
    for (source, amounts) in filled.declaration.fund_rows(filled.period) {
        // Only the whole is scored.
        let whole = Some(&filled.execution).filter(|_| source.is_none());
        let reason = filled.report().and_then(|report| report.execution.reason.clone()).filter(|_| source.is_none());
        sheet.row(
            [
                String::new(),
                fund_label(source),
                amount(amounts.initial_budget),
                amount(amounts.annual_budget),
                amount(amounts.executed),
                percent(whole.and_then(|whole| whole.rate)),
                shown(whole.and_then(|whole| whole.max_score)),
                shown(whole.and_then(|whole| whole.score)),
                reason.unwrap_or_default(),
            ]
            .map(|text| (text, 1)),
        );
    }
    sheet.merge_down(first, &[0]);
}

fn indicators(sheet: &mut Sheet, filled: &Filled<'_>) {
    let first = sheet.rows.len();
    let head = [
        "绩效指标",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值(A)",
        "实际完成值(B)",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ];
    sheet.row(head.map(|text| (text, 1)));
    for (index, indicator) in filled.declaration.indicators.iter().enumerate() {
        sheet.row(row(filled, index, indicator).map(|text| (text, 1)));
    }
    sheet.merge_down(first + 1, &[1, 2]);
    let result = filled.declaration.results.get(&Period::YearEnd);
    let total = shown(result.and_then(|result| result.score));
    let grade = result.and_then(|result| result.grade).map(|grade| format!("等级：{}", grade.zh()));
    let of = "100".to_owned();
    sheet.row([("总分".to_owned(), 6), (of, 1), (total, 1), (grade.unwrap_or_default(), 1)]);
}

fn row(filled: &Filled<'_>, index: usize, indicator: &Indicator) -> [String; 9] {
    let [level1, level2, name, target] = filled.head(index);
    let value = filled.value(indicator);
    let achieved = indicator.achievements.get(&Period::YearEnd);
    let score = achieved.and_then(|achieved| achieved.score);
    [String::new(), level1, level2, name, target, done(value), shown(indicator.weight), shown(score), reasons(value)]
}
