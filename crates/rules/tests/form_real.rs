//! The genuine form of 广州市增城区民政局, every figure of it (rules 3.1).

use jixiao_rules::form::{self, Form, Notice, Parsed};
use jixiao_rules::kind::{BudgetLine, Level1, Level2, Severity, Vocabulary};
use jixiao_rules::value::Money;

const REAL: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");

fn real() -> Parsed {
    form::parse(REAL).expect("the real form is read")
}

#[test]
fn head_and_budget() {
    let form = real().form;
    assert_eq!(form.department_name.as_deref(), Some("广州市增城区民政局"));
    assert_eq!(form.publicly_funded_staff_count, Some(63));
    assert_eq!(form.subordinate_unit_count, Some(4));
    let budget: Vec<(BudgetLine, i64)> = form.budget.iter().map(|(line, money)| (*line, money.0)).collect();
    assert_eq!(
        budget,
        [
            (BudgetLine::BasicExpenditure, 3_109_750_000),
            (BudgetLine::ProjectExpenditure, 29_567_000_000),
            (BudgetLine::FiscalSpecialFunds, 0),
            (BudgetLine::OtherDevelopmentExpenditure, 18_804_060_000),
            (BudgetLine::FiscalAppropriation, 51_480_810_000),
            (BudgetLine::OtherFunds, 5_687_390_000),
            (BudgetLine::OwnLevelFunds, 47_135_280_000),
            (BudgetLine::PlannedTransfersToLowerLevels, 4_345_530_000),
        ]
    );
}

#[test]
fn goal_is_plain_text() {
    let goal = real().form.overall_goal.expect("a goal");
    assert!(goal.starts_with("按照区委区政府的决策部署，"), "{goal}");
    assert!(goal.ends_with("做好受助人员的疾病防控和医疗服务等工作。"), "{goal}");
    assert!(!goal.contains(['<', '>', '\n', '\t']), "{goal}");
}

#[test]
fn key_tasks() {
    let tasks = real().form.key_tasks;
    let read: Vec<(&str, i64)> =
        tasks.iter().map(|task| (task.name.as_str(), task.planned_funding.map_or(-1, |money| money.0))).collect();
    assert_eq!(
        read,
        [
            ("继续着力推进困难群众兜底保障工作", 19_910_630_000),
            ("加强儿童福利保障", 1_111_190_000),
            ("推进基层治理有关工作", 9_478_090_000),
            ("推进养老服务体系建设", 9_696_300_000),
            ("做好殡葬管理工作", 2_652_150_000),
            ("做好流浪救助工作", 240_610_000),
        ]
    );
    let sum = tasks.iter().filter_map(|task| task.planned_funding).map(|money| money.0).sum();
    assert_eq!(Money(sum).wan_yuan().to_string(), "43088.97");
    assert!(tasks[0].description.as_deref().is_some_and(|text| text.starts_with("按政策继续落实好城乡低保")));
    assert!(
        tasks[5].expected_result.as_deref().is_some_and(|text| text.ends_with("切实保障流浪乞讨人员的基本生活权益。"))
    );
}

#[test]
fn indicators() {
    const OUT: &str = "产出指标";
    const ECHO: &str = "增强社会组织影响力以及社会治理能力，达到以评促改、以评促建目的";
    let form = real().form;
    let read: Vec<[&str; 5]> = form.indicators.iter().map(row).collect();
    assert_eq!(
        read,
        [
            [OUT, "数量指标", "低保资金社会化发放率", "≥90%", "≥90%"],
            [OUT, "数量指标", "临时救助水平", "不低于上年或全国平均水平", "不低于上年或全国平均水平"],
            [OUT, "数量指标", "覆盖全区13个镇街符合领取补贴的残疾人", "覆盖率达100%", "覆盖率达100%"],
            [OUT, "数量指标", "颐康服务站数量", "150个", "150个"],
            [OUT, "数量指标", "家庭养老床位建设数量", "587张", "587张"],
            [OUT, "数量指标", "完成申请居家养老服务对象", "2300人", "2300人"],
            [OUT, "数量指标", "火化率", "100%", "100%"],
            [OUT, "数量指标", "流浪乞讨人员救助救治率", "100%", "100%"],
            [OUT, "数量指标", "社工服务站覆盖率", "100%", "100%"],
            [OUT, "质量指标", "实现流浪救助全区覆盖率", "100%", "-"],
            [OUT, "质量指标", "委托第三方机构对服务项目质量评估", "评估结果均为合格以上", "评估结果均为合格以上"],
            ["效益指标", "社会效益指标", "农村留守儿童和困境儿童入户关爱覆盖率", "100%", "100%"],
            ["效益指标", "社会效益指标", ECHO, "100%", "100%"],
            ["服务对象满意度指标", "-", "救助对象社会救助实施的满意度", "≥85%", "≥85%"],
        ]
    );
    let count = |level1, level2| {
        form.indicators
            .iter()
            .filter(|indicator| (indicator.level1, indicator.level2) == (Some(level1), level2))
            .count()
    };
    assert_eq!(count(Level1::Output, Some(Level2::Quantity)), 9);
    assert_eq!(count(Level1::Output, Some(Level2::Quality)), 2);
    assert_eq!(count(Level1::Outcome, Some(Level2::Social)), 2);
    assert_eq!(count(Level1::Satisfaction, None), 1);
    assert!(form.indicators.iter().all(|indicator| indicator.weight.is_none()));
}

fn row(indicator: &form::FormIndicator) -> [&str; 5] {
    [
        &indicator.level1_label,
        indicator.level2_label.as_deref().unwrap_or("-"),
        &indicator.name,
        indicator.cycle_target.as_deref().unwrap_or("-"),
        indicator.annual_target.as_deref().unwrap_or("-"),
    ]
}

#[test]
fn what_was_put_right_is_reported() {
    let notices = real().notices;
    let read: Vec<(&str, &str, Option<u32>, Option<u32>)> = notices.iter().map(place).collect();
    assert_eq!(
        read,
        [
            ("NOTICE", "MARKUP_REMOVED", Some(13), None),
            ("NOTICE", "ROW_SHIFTED", Some(32), None),
            ("WARNING", "VALUE_LOST", Some(32), Some(6)),
            ("NOTICE", "ROW_SHIFTED", Some(33), None),
            ("NOTICE", "LEVEL_ALIAS", Some(36), None),
            ("NOTICE", "ROW_SHIFTED", Some(36), None),
        ]
    );
    assert!(notices.iter().all(|notice| notice.severity != Severity::Error));
}

fn place(notice: &Notice) -> (&str, &str, Option<u32>, Option<u32>) {
    (notice.severity.as_str(), notice.code.as_str(), notice.row, notice.column)
}

#[test]
fn written_and_read_again_it_is_the_same() {
    let form: Form = real().form;
    let again = form::parse(&form::write(&form)).expect("a written form is read");
    assert_eq!(again.form, form);
    assert_eq!(again.notices.iter().map(place).collect::<Vec<_>>(), [("NOTICE", "LEVEL_ALIAS", Some(33), None)]);
}

#[test]
fn bom_and_line_ends_do_not_matter() {
    let windows = format!("\u{feff}{}", REAL.replace('\n', "\r\n"));
    assert_eq!(form::parse(&windows), form::parse(REAL));
}
