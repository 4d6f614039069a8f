//! The words printed on the form by which its parts are found.

use crate::kind::BudgetLine;

/// Longest cell that can be a label of the form.
const MAX_KEY_CHARS: usize = 40;

/// A cell as a label: blanks, bracketed remarks and the closing colon dropped. Empty when it is too long for one.
pub(super) fn key(cell: &str) -> String {
    let mut key = String::new();
    let mut depth = 0_u32;
    for (count, c) in cell.chars().enumerate() {
        if count == MAX_KEY_CHARS {
            return String::new();
        }
        match c {
            '(' | '（' | '【' | '[' => depth += 1,
            ')' | '）' | '】' | ']' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() || matches!(c, ':' | '：' | '*' | '#' | '＊') => {}
            c => key.push(c),
        }
    }
    key
}

/// 部门名称.
pub(super) fn is_department(key: &str) -> bool {
    matches!(key, "部门名称" | "单位名称" | "预算部门" | "主管部门名称" | "预算单位名称" | "部门单位名称" | "填报部门")
}

/// 总体绩效目标.
pub(super) fn is_goal(key: &str) -> bool {
    matches!(
        key,
        "总体绩效目标"
            | "年度总体绩效目标"
            | "年度总体目标"
            | "总体目标"
            | "年度绩效目标"
            | "部门总体绩效目标"
            | "整体绩效目标"
            | "部门整体绩效目标"
            | "年度绩效总目标"
            | "绩效总目标"
    )
}

/// 财政供养人员数.
pub(super) fn is_staff_count(key: &str) -> bool {
    matches!(key, "财政供养人员数" | "财政供养人员" | "财政供养人数" | "财政供养人员总数")
}

/// 下属二级单位数.
pub(super) fn is_unit_count(key: &str) -> bool {
    matches!(key, "下属二级单位数" | "下属单位数" | "二级单位数" | "下属预算单位数" | "下属二级预算单位数")
}

/// A line of the budget block.
pub(super) fn budget_line(key: &str) -> Option<BudgetLine> {
    let key = key.strip_prefix("其中").unwrap_or(key);
    let line = match key {
        "基本支出" => BudgetLine::BasicExpenditure,
        "项目支出" => BudgetLine::ProjectExpenditure,
        "财政专项资金" => BudgetLine::FiscalSpecialFunds,
        "其他事业发展性支出" => BudgetLine::OtherDevelopmentExpenditure,
        "财政拨款" => BudgetLine::FiscalAppropriation,
        "其他资金" => BudgetLine::OtherFunds,
        "本级使用资金" | "区本级使用资金" | "市本级使用资金" | "省本级使用资金" | "县本级使用资金" => {
            BudgetLine::OwnLevelFunds
        }
        "拟用于对下转移支付资金" | "对下转移支付资金" | "拟用于对下转移支付" | "对下转移支付" => {
            BudgetLine::PlannedTransfersToLowerLevels
        }
        _ => return None,
    };
    Some(line)
}

/// Headings of the upper blocks, which hold no value themselves.
pub(super) fn is_block(key: &str) -> bool {
    matches!(
        key,
        "基本信息"
            | "预算整体情况"
            | "部门预算支出"
            | "收入来源"
            | "事业发展性支出"
            | "按预算级次划分"
            | "部门基本信息"
            | "部门预算"
            | "预算情况"
            | "整体支出预算"
    )
}

/// A heading over amounts.
pub(super) fn is_amount_heading(key: &str) -> bool {
    matches!(key, "预算金额" | "金额" | "预算数" | "年度预算" | "年初预算数")
}

/// 年度重点工作任务 or 绩效指标 standing before its table.
pub(super) fn is_section(key: &str) -> bool {
    is_task_section(key) || is_indicator_section(key)
}

/// 年度重点工作任务.
pub(super) fn is_task_section(key: &str) -> bool {
    matches!(
        key,
        "年度重点工作任务"
            | "年度主要任务"
            | "年度主要工作任务"
            | "重点工作任务"
            | "年度工作任务"
            | "主要工作任务"
            | "年度重点任务"
            | "工作任务"
    )
}

/// 绩效指标.
pub(super) fn is_indicator_section(key: &str) -> bool {
    matches!(key, "绩效指标" | "年度绩效指标" | "整体绩效指标" | "部门整体绩效指标" | "指标" | "绩效目标指标")
}

/// The name of a total row.
pub(super) fn is_total(key: &str) -> bool {
    matches!(key, "合计" | "总计" | "金额合计" | "小计" | "共计" | "总分" | "合计金额" | "资金合计")
}

/// The beginning of what is printed below the form.
pub(super) fn is_footer(key: &str) -> bool {
    [
        "填表",
        "填报",
        "制表",
        "备注",
        "注",
        "说明",
        "联系",
        "单位负责",
        "部门负责",
        "审核",
        "审批",
        "财务负责",
        "单位盖章",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}

/// The kind of another form, when the title names one.
pub(super) fn other_form(title: &str) -> Option<&'static str> {
    [("自评", "自评表"), ("监控", "监控表"), ("项目支出绩效", "项目支出绩效目标申报表"), ("绩效评价", "绩效评价表")]
        .into_iter()
        .find(|(word, _)| title.contains(word) && title.contains('表'))
        .map(|(_, form)| form)
}
