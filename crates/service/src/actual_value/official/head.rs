//! What an official form says above and below its table: whose it is, the amounts, the words.

use std::str::FromStr;

use jixiao_rules::check::Amounts;
use jixiao_rules::cycle::Period;
use jixiao_rules::form::wan_yuan;
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::value::Money;
use rust_decimal::Decimal;

use crate::actual_value::{AmountsPatch, ExecutionPatch, Patch, SummaryPatch};
use crate::declaration::Whole;
use crate::error::{UserErrorCode, Violation};
use crate::export::fund_label;
use crate::table::{Spot, Table, fold};

fn refuse(spot: &Spot<'_>, zh: &str, en: &str) -> Violation {
    let place = spot.address();
    let mut violation =
        Violation::new(UserErrorCode::InvalidValue, "file", format!("{place}：{zh}"), format!("{place}: {en}"));
    violation.field.push(place);
    violation
}

/// What the report says as a whole.
type Head = (Option<ExecutionPatch>, Option<SummaryPatch>);

/// The amounts and words of a form, which is of this department and year as far as it says.
pub(in crate::actual_value) fn head(table: &Table, whole: &Whole, period: Period) -> Result<Head, Violation> {
    check_head(table, whole)?;
    let words = if period == Period::YearEnd { summary(table) } else { None };
    Ok((execution(table, whole, period)?, words))
}

fn check_head(table: &Table, whole: &Whole) -> Result<(), Violation> {
    let year = whole.declaration.fiscal_year;
    if let Some(spot) = table.beside("单位名称").filter(|spot| fold(spot.text) != fold(&whole.department.name)) {
        let (zh, en) = (format!("这是“{}”的表", spot.text), format!("the form is of {}", spot.text));
        return Err(refuse(&spot, &zh, &en));
    }
    if let Some(spot) = table.beside("年度").filter(|spot| spot.text.trim_end_matches('年') != year.to_string()) {
        let (zh, en) = (format!("这是{}度的表", spot.text), format!("the form is of {}", spot.text));
        return Err(refuse(&spot, &zh, &en));
    }
    Ok(())
}

/// The amounts of the form that are others than the service has; `None` without any.
fn execution(table: &Table, whole: &Whole, period: Period) -> Result<Option<ExecutionPatch>, Violation> {
    let Some(label) = table.label(&fund_label(None)) else { return Ok(None) };
    let heading = |words: &[&str]| words.iter().find_map(|word| table.label(word));
    let months = format!("1-{}月执行数", whole.declaration.months(period));
    let columns = [
        heading(&["年初预算数", "年初预算数(A)"]),
        heading(&["全年预算数"]),
        heading(&["全年执行数(B)", "全年执行数", &months]),
        heading(&["全年预计执行数"]),
    ];
    let mut patch = ExecutionPatch::default();
    for (source, known) in whole.declaration.fund_rows(period) {
        let named = table.label(&fund_label(source));
        let Some(label) = named.or_else(|| source.and_then(|source| table.label(source.zh()))) else { continue };
        let given = amounts(&label, &columns, &known)?;
        match source {
            None => patch.total = given,
            Some(source) if is_given(&given) => patch.parts.push((source, given)),
            Some(_) => {}
        }
    }
    patch.reason =
        table.label("偏差原因").and_then(|heading| label.in_column_of(&heading)).map(|spot| Some(spot.text.to_owned()));
    let any = is_given(&patch.total) || !patch.parts.is_empty() || patch.reason.is_some();
    Ok(any.then_some(patch))
}

fn is_given(amounts: &AmountsPatch) -> bool {
    [&amounts.initial_budget, &amounts.annual_budget, &amounts.executed, &amounts.forecast]
        .iter()
        .any(|one| one.is_some())
}

/// The amounts in the row of a label, each where it is another than is known.
fn amounts(label: &Spot<'_>, columns: &[Option<Spot<'_>>; 4], known: &Amounts) -> Result<AmountsPatch, Violation> {
    let known = [known.initial_budget, known.annual_budget, known.executed, known.forecast];
    let mut read = [None; 4];
    for ((read, column), known) in read.iter_mut().zip(columns).zip(known) {
        let Some(spot) = column.as_ref().and_then(|column| label.in_column_of(column)) else { continue };
        let plain = fold(spot.text).replace(',', "");
        let money = Decimal::from_str(&plain).ok().and_then(Money::from_wan_yuan);
        let money = money.ok_or_else(|| refuse(&spot, "不是以万元计的金额", "no amount in 万元"))?;
        // What the form was printed with is not stated anew.
        if known.map(wan_yuan) != Some(wan_yuan(money)) {
            *read = Some(Some(money));
        }
    }
    let [initial_budget, annual_budget, executed, forecast] = read;
    Ok(AmountsPatch { initial_budget, annual_budget, executed, forecast })
}

/// The words of a self-evaluation; `None` without any.
fn summary(table: &Table) -> Option<SummaryPatch> {
    let beside = |label: &str| -> Patch<String> { table.beside(label).map(|spot| Some(spot.text.to_owned())) };
    let goal = table.label("实际完成情况").and_then(|label| label.below());
    let patch = SummaryPatch {
        overall_goal_result: goal.map(|spot| Some(spot.text.to_owned())),
        conclusion: beside("评价结论"),
        problems: beside("存在问题"),
        improvement_measures: beside("改进措施"),
    };
    let any = [&patch.overall_goal_result, &patch.conclusion, &patch.problems, &patch.improvement_measures];
    any.iter().any(|one| one.is_some()).then_some(patch)
}
