//! D1-D5: amounts and their sums, in whole 分, wide enough never to overflow.

use super::{BalanceBasis, BalanceRules, Findings, budget_field};
use crate::form::{Form, wan_yuan_grouped as wan};
use crate::kind::{BudgetLine as Line, Severity, Vocabulary};
use crate::value::Money;

/// 分 in 0.01 万元, the finest amount that needs no question.
const FEN_OF_TWO_DECIMALS: i64 = 10_000;
const EXPENDITURE: [Line; 4] =
    [Line::BasicExpenditure, Line::ProjectExpenditure, Line::FiscalSpecialFunds, Line::OtherDevelopmentExpenditure];
const LEVELS: [Line; 2] = [Line::OwnLevelFunds, Line::PlannedTransfersToLowerLevels];

/// D1: no amount below zero, none finer than 0.01 万元. A [`Money`] cannot hold more than six decimals of 万元.
pub(super) fn amounts(form: &Form, findings: &mut Findings) {
    for (line, money) in &form.budget {
        amount(*money, line.zh(), line.en(), &["budget", budget_field(*line)], findings);
    }
    for (index, task) in form.key_tasks.iter().enumerate() {
        if let Some(money) = task.planned_funding {
            amount(money, &task.name, &task.name, &["keyTasks", &index.to_string(), "plannedFunding"], findings);
        }
    }
}

fn amount(money: Money, zh: &str, en: &str, path: &[&str], findings: &mut Findings) {
    let text = wan(money.0.into());
    if money.0 < 0 {
        let (zh, en) = (format!("“{zh}”为负：{text} 万元"), format!("{en} is negative: {text} 万元"));
        findings.add("D1", Severity::Error, path, zh, en).compare("amount", money.wan_yuan());
    } else if money.0 % FEN_OF_TWO_DECIMALS != 0 {
        let zh = format!("“{zh}”的小数超过两位：{text} 万元");
        let en = format!("{en} has more than two decimals: {text} 万元");
        findings.add("D1", Severity::Warning, path, zh, en).compare("amount", money.wan_yuan());
    }
}

/// D2 and D3: both sums equal the income of the basis; what other income there is beside it is said.
pub(super) fn budget(form: &Form, rules: &BalanceRules, findings: &mut Findings) {
    if form.budget.is_empty() {
        return;
    }
    let balanced = sum_equals_income(form, rules, "D2", &EXPENDITURE, "fiscalAppropriation", findings);
    sum_equals_income(form, rules, "D3", &LEVELS, "ownLevelFunds", findings);
    if balanced && rules.basis == BalanceBasis::Appropriation {
        income_difference(form, findings);
    }
}

/// Whether it holds. A blank addend counts as nothing; a blank income leaves the check undone, which is said.
fn sum_equals_income(
    form: &Form,
    rules: &BalanceRules,
    rule: &str,
    addends: &[Line],
    field: &str,
    findings: &mut Findings,
) -> bool {
    let blank: Vec<Line> = addends.iter().copied().filter(|line| !form.budget.contains_key(line)).collect();
    let Some(income) = income(form, rules.basis).filter(|_| blank.len() < addends.len()) else {
        let zh = "预算数据不全，无法核对收支平衡".to_owned();
        let en = "the budget is not complete; its balance cannot be checked".to_owned();
        findings.add(rule, Severity::Warning, &["budget", field], zh, en);
        return false;
    };
    let sum = sum(form, addends);
    let tolerance = i128::from(rules.tolerance_per_addend.0) * i128::try_from(addends.len()).unwrap_or(0);
    if (sum - income).abs() <= tolerance {
        within_tolerance(rule, field, sum - income, tolerance, findings);
        return true;
    }
    let (zh_blank, en_blank) = blanks(&blank);
    let zh = format!(
        "{}合计 {} 万元，与{} {} 万元相差 {} 万元{zh_blank}",
        addends.iter().map(|line| line.zh()).collect::<Vec<_>>().join("、"),
        wan(sum),
        basis_zh(rules.basis),
        wan(income),
        wan(sum - income),
    );
    let en = format!(
        "{} add up to {} 万元, {} is {} 万元, difference {} 万元{en_blank}",
        addends.iter().map(|line| line.en()).collect::<Vec<_>>().join(", "),
        wan(sum),
        basis_en(rules.basis),
        wan(income),
        wan(sum - income),
    );
    let found = findings.add(rule, Severity::Error, &["budget", field], zh, en);
    found.compare("sum", exact(sum)).compare("income", exact(income)).compare("tolerance", exact(tolerance));
    false
}

/// D12: a difference that the scheme tolerates is still told.
fn within_tolerance(rule: &str, field: &str, difference: i128, tolerance: i128, findings: &mut Findings) {
    if difference != 0 {
        let (off, within) = (wan(difference), wan(tolerance));
        let zh = format!("{rule} 的合计相差 {off} 万元，在允许误差 {within} 万元之内");
        let en = format!("the sums of {rule} differ by {off} 万元, within the tolerance of {within} 万元");
        let found = findings.add("D12", Severity::Notice, &["budget", field], zh, en);
        found.compare("difference", exact(difference)).compare("tolerance", exact(tolerance));
    }
}

fn blanks(blank: &[Line]) -> (String, String) {
    if blank.is_empty() {
        return (String::new(), String::new());
    }
    let zh = blank.iter().map(|line| line.zh()).collect::<Vec<_>>().join("、");
    let en = blank.iter().map(|line| line.en()).collect::<Vec<_>>().join(", ");
    (format!("（未填，按零计：{zh}）"), format!(" (blank, counted as zero: {en})"))
}

fn basis_zh(basis: BalanceBasis) -> &'static str {
    match basis {
        BalanceBasis::Appropriation => "财政拨款",
        BalanceBasis::TotalIncome => "收入合计",
    }
}

fn basis_en(basis: BalanceBasis) -> &'static str {
    match basis {
        BalanceBasis::Appropriation => "the appropriation",
        BalanceBasis::TotalIncome => "total income",
    }
}

/// Total income need not equal the expenditure shown (the genuine form's does not); it is no fault, but worth knowing.
fn income_difference(form: &Form, findings: &mut Findings) {
    let Some(income) = income(form, BalanceBasis::TotalIncome) else { return };
    let expenditure = sum(form, &EXPENDITURE);
    if income == expenditure {
        return;
    }
    let (in_all, spent, off) = (wan(income), wan(expenditure), wan(income - expenditure));
    let zh = format!("收入合计 {in_all} 万元，支出合计 {spent} 万元，相差 {off} 万元：其他资金对应的支出未在表内列示");
    let en = format!(
        "income adds up to {in_all} 万元, expenditure to {spent} 万元, difference {off} 万元: the form does not show what other funds are spent on"
    );
    let found = findings.add("INCOME_DIFFERENCE", Severity::Notice, &["budget", "otherFunds"], zh, en);
    found.compare("income", exact(income)).compare("expenditure", exact(expenditure));
}

/// D4 and D5: the tasks against 项目支出 and 事业发展性支出, and against all income.
pub(super) fn tasks(form: &Form, rules: &BalanceRules, findings: &mut Findings) {
    let funded: Vec<i64> = form.key_tasks.iter().filter_map(|task| task.planned_funding).map(|money| money.0).collect();
    let purpose = EXPENDITURE.get(1..).unwrap_or_default();
    if form.key_tasks.is_empty() || !purpose.iter().any(|line| form.budget.contains_key(line)) {
        return;
    }
    let total: i128 = funded.iter().map(|fen| i128::from(*fen)).sum();
    let spending = sum(form, purpose);
    let all_income = income(form, BalanceBasis::TotalIncome);
    let text = wan(total);
    if let Some(income) = all_income.filter(|income| total > *income) {
        let limit = wan(income);
        let zh = format!("重点工作任务资金合计 {text} 万元，超过收入合计 {limit} 万元");
        let en = format!("the tasks add up to {text} 万元, more than all income of {limit} 万元");
        let found = findings.add("D4", Severity::Error, &["keyTasks"], zh, en);
        found.compare("tasks", exact(total)).compare("income", exact(income));
    } else if total > spending {
        let limit = wan(spending);
        let zh = format!("重点工作任务资金合计 {text} 万元，超过项目支出与事业发展性支出之和 {limit} 万元");
        let en =
            format!("the tasks add up to {text} 万元, more than project and development expenditure of {limit} 万元");
        let found = findings.add("D4", Severity::Warning, &["keyTasks"], zh, en);
        found.compare("tasks", exact(total)).compare("spending", exact(spending));
    }
    // total / spending < share, without dividing.
    if spending > 0 && total.saturating_mul(1_000_000) < spending.saturating_mul(rules.min_task_share.0.into()) {
        let (of, share) = (wan(spending), rules.min_task_share.percent());
        let zh = format!("重点工作任务资金合计 {text} 万元，不足项目支出与事业发展性支出之和 {of} 万元的 {share}%");
        let en = format!(
            "the tasks add up to {text} 万元, less than {share} % of project and development expenditure of {of} 万元"
        );
        let found = findings.add("D5", Severity::Warning, &["keyTasks"], zh, en);
        found.compare("tasks", exact(total)).compare("spending", exact(spending));
        found.compare("threshold", rules.min_task_share);
    }
}

/// 分 as exact 万元 for programs; a sum of amounts always fits.
fn exact(fen: i128) -> rust_decimal::Decimal {
    rust_decimal::Decimal::try_from_i128_with_scale(fen, 6).unwrap_or_default().normalize()
}

fn sum(form: &Form, lines: &[Line]) -> i128 {
    lines.iter().filter_map(|line| form.budget.get(line)).map(|money| i128::from(money.0)).sum()
}

/// Income of the basis; `None` while 财政拨款 is blank. Blank 其他资金 counts as nothing.
fn income(form: &Form, basis: BalanceBasis) -> Option<i128> {
    let appropriation = i128::from(form.budget.get(&Line::FiscalAppropriation)?.0);
    Some(match basis {
        BalanceBasis::Appropriation => appropriation,
        BalanceBasis::TotalIncome => appropriation + sum(form, &[Line::OtherFunds]),
    })
}
