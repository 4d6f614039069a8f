//! The checks D1-D13 on the genuine form and on changed copies of it.

use jixiao_rules::check::{BalanceBasis, BalanceRules, declaration, declaration_with};
use jixiao_rules::form::{self, Form, FormTask};
use jixiao_rules::kind::{BudgetLine, Level1, Level2, Severity, Vocabulary};
use jixiao_rules::message::Finding;
use jixiao_rules::scheme;
use jixiao_rules::value::{Money, Points, Rate};

const REAL: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");

fn real() -> Form {
    form::parse(REAL).expect("the real form is read").form
}

/// The real form with its missing annual target filled in.
fn complete() -> Form {
    let mut form = real();
    form.indicators[9].annual_target = Some("100%".into());
    form
}

fn brief(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{} {} {}", f.rule, f.severity, f.path.join("."))).collect()
}

fn check(form: &Form) -> Vec<String> {
    brief(&declaration_with(form, &BalanceRules::default()))
}

/// Findings on the complete form after a change, without the notice that the real form always gets.
fn after(change: impl FnOnce(&mut Form)) -> Vec<String> {
    let mut form = complete();
    change(&mut form);
    check(&form).into_iter().filter(|finding| !finding.starts_with("INCOME_DIFFERENCE")).collect()
}

fn yuan(wan: i64) -> Money {
    Money(wan * 1_000_000)
}

#[test]
fn the_real_form() {
    let scheme = scheme::parse(scheme::shipped().first().map_or("", |(_, document)| document)).expect("a scheme");
    let findings = declaration(&real(), &scheme);
    assert_eq!(brief(&findings), ["D7 ERROR indicators.9.annualTarget", "INCOME_DIFFERENCE NOTICE budget.otherFunds"]);
    assert_eq!(findings[0].message.zh, "“实现流浪救助全区覆盖率”没有年度指标值");
    let difference = &findings[1].message;
    for figure in ["57,168.20", "51,480.81", "5,687.39"] {
        assert!(difference.zh.contains(figure) && difference.en.contains(figure), "{difference:?}");
    }
    assert_eq!(check(&complete()), ["INCOME_DIFFERENCE NOTICE budget.otherFunds"]);
}

#[test]
fn d1_amounts() {
    assert_eq!(
        after(|form| form.key_tasks[1].planned_funding = Some(Money(-1))),
        ["D1 ERROR keyTasks.1.plannedFunding"]
    );
    let found = after(|form| form.key_tasks[1].planned_funding = Some(Money(1_111_190_001)));
    assert_eq!(found, ["D1 WARNING keyTasks.1.plannedFunding"]);
    let found = after(|form| {
        form.budget.insert(BudgetLine::OtherFunds, Money(-5));
    });
    assert_eq!(found, ["D1 ERROR budget.otherFunds"]);
}

#[test]
fn d2_and_d3_with_exact_figures() {
    let mut form = complete();
    form.budget.insert(BudgetLine::BasicExpenditure, Money(3_109_740_000));
    form.budget.insert(BudgetLine::OwnLevelFunds, Money(47_135_290_000));
    let findings = declaration_with(&form, &BalanceRules::default());
    assert_eq!(brief(&findings), ["D2 ERROR budget.fiscalAppropriation", "D3 ERROR budget.ownLevelFunds"]);
    for (finding, figures) in
        findings.iter().zip([["51,480.80", "51,480.81", "-0.01"], ["51,480.82", "51,480.81", "0.01"]])
    {
        for figure in figures {
            assert!(finding.message.zh.contains(figure) && finding.message.en.contains(figure), "{finding:?}");
        }
    }
}

#[test]
fn d12_the_tolerance_grows_with_the_addends() {
    let tolerant = BalanceRules { tolerance_per_addend: Money(10_000), ..BalanceRules::default() };
    for (off, broken) in [(40_000, false), (-40_000, false), (40_001, true)] {
        let mut form = complete();
        form.budget.insert(BudgetLine::BasicExpenditure, Money(3_109_750_000 + off));
        let found = brief(&declaration_with(&form, &tolerant));
        assert_eq!(found.iter().any(|finding| finding.starts_with("D2 ERROR")), broken, "{off} {found:?}");
    }
}

#[test]
fn total_income_as_the_basis() {
    let rules = BalanceRules { basis: BalanceBasis::TotalIncome, ..BalanceRules::default() };
    let found = brief(&declaration_with(&complete(), &rules));
    assert_eq!(found, ["D2 ERROR budget.fiscalAppropriation", "D3 ERROR budget.ownLevelFunds"]);
}

#[test]
fn a_budget_that_is_not_complete() {
    let blank_zero = after(|form| {
        form.budget.remove(&BudgetLine::FiscalSpecialFunds);
    });
    assert!(blank_zero.is_empty(), "{blank_zero:?}");
    let mut form = complete();
    form.budget.remove(&BudgetLine::OtherDevelopmentExpenditure);
    let findings = declaration_with(&form, &BalanceRules::default());
    assert!(findings[0].message.zh.contains("未填，按零计：其他事业发展性支出"), "{findings:?}");
    let without_income = after(|form| {
        form.budget.remove(&BudgetLine::FiscalAppropriation);
    });
    assert_eq!(without_income, ["D2 WARNING budget.fiscalAppropriation", "D3 WARNING budget.ownLevelFunds"]);
    assert!(after(|form| form.budget.clear()).is_empty());
}

#[test]
fn d4_and_d5_tasks_against_the_budget() {
    let extra =
        |wan: i64| FormTask { name: "又一项".into(), planned_funding: Some(yuan(wan)), ..FormTask::default() };
    // 43,088.97 + 5,282 is below P + Z + O = 48,371.06; one more is above; 57,168.20 is all income.
    assert!(after(|form| form.key_tasks.push(extra(5_282))).is_empty());
    assert_eq!(after(|form| form.key_tasks.push(extra(5_283))), ["D4 WARNING keyTasks"]);
    assert_eq!(after(|form| form.key_tasks.push(extra(14_080))), ["D4 ERROR keyTasks"]);
    assert_eq!(after(|form| form.key_tasks.truncate(1)), ["D5 WARNING keyTasks"]);
    assert_eq!(
        after(|form| form.key_tasks.iter_mut().for_each(|task| task.planned_funding = None)),
        ["D5 WARNING keyTasks"]
    );
    let exact = BalanceRules { min_task_share: Rate(890_799), ..BalanceRules::default() };
    let above = BalanceRules { min_task_share: Rate(890_801), ..BalanceRules::default() };
    let has_d5 = |rules| brief(&declaration_with(&complete(), rules)).iter().any(|finding| finding.starts_with("D5"));
    assert!(!has_d5(&exact) && has_d5(&above), "43,088.97 is 89.08 % of 48,371.06");
}

#[test]
fn d6_presence_and_names() {
    assert_eq!(after(|form| form.key_tasks.clear()), ["D6 ERROR keyTasks"]);
    assert_eq!(after(|form| form.indicators.retain(|i| i.level1 != Some(Level1::Outcome))), ["D6 ERROR indicators"]);
    assert_eq!(after(|form| form.indicators.retain(|i| i.level1 != Some(Level1::Output))), ["D6 ERROR indicators"]);
    assert_eq!(after(|form| form.indicators[3].name = "火化率".into()), ["D6 ERROR indicators.6.name"]);
    assert!(after(|form| form.indicators[10].name = "火化率".into()).is_empty(), "in another level 2");
    assert_eq!(after(|form| form.indicators[3].name = " ".into()), ["D6 ERROR indicators.3.name"]);
    assert_eq!(after(|form| form.key_tasks[2].name.clear()), ["D6 ERROR keyTasks.2.name"]);
    assert_eq!(after(|form| form.indicators[3].level1 = None), ["LEVEL1_UNKNOWN ERROR indicators.3.level1"]);
}

#[test]
fn d6_two_spellings_of_one_level_2_are_one() {
    let found = after(|form| {
        form.indicators[3].level2_label = Some("数 量 指标".into());
        form.indicators[3].name = "火化率".into();
    });
    assert_eq!(found, ["D6 ERROR indicators.6.name"]);
}

#[test]
fn d7_targets_are_there() {
    assert_eq!(after(|form| form.indicators[0].annual_target = None), ["D7 ERROR indicators.0.annualTarget"]);
    assert_eq!(
        after(|form| form.indicators[0].annual_target = Some("  ".into())),
        ["D7 ERROR indicators.0.annualTarget"]
    );
    assert_eq!(after(|form| form.indicators[0].cycle_target = None), ["D7 WARNING indicators.0.cycleTarget"]);
    assert!(
        after(|form| form.indicators.iter_mut().for_each(|i| i.cycle_target = None)).is_empty(),
        "the ministry's layout"
    );
    let mut form = complete();
    form.indicators[0].cycle_target = None;
    for (years, warned) in [(1, false), (3, true)] {
        let rules = BalanceRules { cycle_years: Some(years), ..BalanceRules::default() };
        let found = brief(&declaration_with(&form, &rules));
        assert_eq!(found.iter().any(|finding| finding.starts_with("D7")), warned, "{years}");
    }
}

#[test]
fn d8_targets_that_say_nothing() {
    for target in ["≥", "≥ %", "≥**人", "。"] {
        assert_eq!(
            after(|form| form.indicators[0].annual_target = Some(target.into())),
            ["D8 ERROR indicators.0.annualTarget"]
        );
    }
    assert_eq!(after(|form| form.indicators[0].name = "成活率(≥**%)".into()), ["D8 WARNING indicators.0.name"]);
    assert!(after(|form| form.indicators[0].annual_target = Some("合规".into())).is_empty());
}

/// Weights of the 14 indicators in points × 100: 50 + 30 + 10.
const WEIGHTS: [i64; 14] = [455, 455, 455, 455, 455, 455, 454, 454, 454, 454, 454, 1500, 1500, 1000];

fn weighted(change: impl FnOnce(&mut Form)) -> Vec<String> {
    after(|form| {
        for (indicator, weight) in form.indicators.iter_mut().zip(WEIGHTS) {
            indicator.weight = Some(Points(weight));
        }
        change(form);
    })
}

#[test]
fn d9_weights() {
    assert!(weighted(|_| {}).is_empty());
    assert_eq!(weighted(|form| form.indicators[13].weight = Some(Points(1001))), ["D9 ERROR indicators"]);
    assert_eq!(
        weighted(|form| form.indicators[13].weight = Some(Points(0))),
        ["D9 ERROR indicators.13.weight", "D9 ERROR indicators"]
    );
    assert_eq!(weighted(|form| form.indicators[13].weight = None), ["D9 WARNING indicators.13.weight"]);
    let label = |form: &mut Form, label: &str| {
        form.indicators.iter_mut().take(11).for_each(|indicator| indicator.level1_label = label.into());
    };
    for (text, wrong) in [
        ("产出指标(50分)", 0),
        ("产出指标（40 分）", 1),
        ("产出指标(60)分", 1),
        ("产出指标(40-50)分", 0),
        ("产出指标(1)", 0),
    ] {
        assert_eq!(weighted(|form| label(form, text)).len(), wrong, "{text}");
    }
    let mut form = complete();
    form.indicators[0].weight = Some(Points(i64::MAX));
    form.indicators[1].weight = Some(Points(i64::MAX));
    assert!(check(&form).iter().any(|finding| finding == "D9 ERROR indicators"));
}

#[test]
fn d10_satisfaction() {
    let found = after(|form| {
        form.indicators.pop();
    });
    assert_eq!(found, ["D10 WARNING indicators"]);
    let below_outcome = after(|form| {
        form.indicators[13].level1 = Some(Level1::Outcome);
        form.indicators[13].level2 = Some(Level2::BeneficiarySatisfaction);
    });
    assert!(below_outcome.is_empty(), "{below_outcome:?}");
}

#[test]
fn d13_counts() {
    assert_eq!(after(|form| form.publicly_funded_staff_count = Some(-1)), ["D13 ERROR publiclyFundedStaffCount"]);
    assert_eq!(after(|form| form.subordinate_unit_count = Some(-1)), ["D13 ERROR subordinateUnitCount"]);
}

#[test]
fn errors_come_first_and_in_the_order_of_the_rules() {
    let findings = declaration_with(&Form::default(), &BalanceRules::default());
    assert_eq!(
        brief(&findings),
        ["D6 ERROR keyTasks", "D6 ERROR indicators", "D6 ERROR indicators", "D10 WARNING indicators"]
    );
    assert!(findings.is_sorted_by_key(|finding| finding.severity));
    assert!(Severity::Error < Severity::Warning);
}

#[test]
fn sums_never_overflow() {
    let mut form = complete();
    for line in BudgetLine::ALL {
        form.budget.insert(*line, Money(i64::MAX));
    }
    form.key_tasks.iter_mut().for_each(|task| task.planned_funding = Some(Money(i64::MAX)));
    assert!(check(&form).contains(&"D4 ERROR keyTasks".to_owned()));
    form.key_tasks.iter_mut().for_each(|task| task.planned_funding = Some(Money(i64::MIN)));
    assert!(check(&form).contains(&"D1 ERROR keyTasks.0.plannedFunding".to_owned()));
}
