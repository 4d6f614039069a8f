//! Forms with defects: what is repaired, what is left blank, what is refused.

use jixiao_rules::form::{self, Form, Notice, Parsed};
use jixiao_rules::kind::{BudgetLine, Level1, Level2, Severity};
use jixiao_rules::value::{Money, Points};

const TASKS: &str = "年度重点工作任务\t名称\t主要实施内容\t拟投入的资金（万元）\t期望达到的目标（概述）\n";
const TABLE: &str = "绩效指标\t一级指标\t二级指标\t三级指标\t实施周期指标值\t年度指标值\n";
const ROW: &str = "\t产出指标\t数量指标\t培训人次\t100人\t100人\n";

fn read(text: &str) -> Parsed {
    form::parse(text).unwrap_or_else(|notices| panic!("refused: {notices:?}"))
}

fn refused(text: &str) -> Vec<(String, Option<u32>)> {
    let notices = form::parse(text).expect_err("must be refused");
    assert!(!notices.is_empty() && notices.iter().all(|notice| notice.severity == Severity::Error), "{notices:?}");
    assert!(notices.iter().all(|notice| !notice.message.zh.is_empty() && !notice.message.en.is_empty()));
    notices.into_iter().map(|notice| (notice.code, notice.row)).collect()
}

/// A form that holds only the department and these rows of the indicator table (the heading is line 2).
fn table(rows: &str) -> Parsed {
    read(&format!("部门名称\t甲局\n{TABLE}{rows}"))
}

/// A form with one row of the budget block (line 3), whose heading says 万元.
fn budget(row: &str) -> String {
    format!("部门名称\t甲局\n\t部门预算支出\t预算金额（万元）\t收入来源\t预算金额（万元）\n{row}\n{TABLE}{ROW}")
}

fn has(notices: &[Notice], code: &str, row: u32) -> bool {
    notices.iter().any(|notice| notice.code == code && notice.row == Some(row))
}

fn line(form: &Form, line: BudgetLine) -> Option<i64> {
    form.budget.get(&line).map(|money| money.0)
}

/// Level 1, level 2, name, cycle and annual target; `-` for what is null.
fn row(form: &Form, index: usize) -> [String; 5] {
    let indicator = &form.indicators[index];
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    [
        indicator.level1_label.clone(),
        text(&indicator.level2_label),
        indicator.name.clone(),
        text(&indicator.cycle_target),
        text(&indicator.annual_target),
    ]
}

// ── what is no such form ─────────────────────────────────────────────────────

#[test]
fn nothing_garbage_and_other_forms_are_refused() {
    for (text, code) in [
        ("", "EMPTY"),
        (" \n\t\t\n\r\n\u{feff}", "EMPTY"),
        ("<p></p>\n", "EMPTY"),
        ("hello\nworld", "NOT_THE_FORM"),
        ("<!DOCTYPE html><html><body>404</body></html>", "NOT_THE_FORM"),
        ("{\"a\": 1}", "NOT_THE_FORM"),
        ("PK\u{3}\u{4}\u{0}\u{0}", "BINARY_CONTENT"),
        ("\u{fffd}\u{fffd}\u{1}\u{2}abc", "BINARY_CONTENT"),
        ("部门（单位）整体支出绩效自评表\n部门名称\t甲局\n", "WRONG_FORM"),
        ("项目支出绩效目标申报表\n部门名称\t甲局\n", "WRONG_FORM"),
        ("预算绩效运行监控表\n", "WRONG_FORM"),
    ] {
        assert!(refused(text).iter().any(|(found, _)| found == code), "{text:?} {:?}", refused(text));
    }
}

#[test]
fn a_self_evaluation_is_known_by_its_columns() {
    let text = "部门名称\t甲局\n一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t得分\n产出指标\t数量指标\t甲\t1\t1\t10\n";
    assert_eq!(refused(text), [("WRONG_FORM".to_owned(), Some(2)), ("WRONG_FORM".to_owned(), Some(2))]);
}

#[test]
fn layouts_that_cannot_be_read_are_refused() {
    let side = "部门名称\t甲局\n一级指标\t二级指标\t三级指标\t指标值\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t1\t数量指标\t乙\t1\n";
    assert_eq!(refused(side), [("UNSUPPORTED_LAYOUT".to_owned(), Some(2))]);
    let valueless = "部门名称\t甲局\n一级指标\t二级指标\t三级指标\n产出指标\t数量指标\t甲\n";
    assert_eq!(refused(valueless), [("UNSUPPORTED_LAYOUT".to_owned(), Some(2))]);
}

#[test]
fn a_form_needs_a_department_and_content() {
    assert_eq!(refused(&format!("{TABLE}{ROW}")), [("DEPARTMENT_MISSING".to_owned(), None)]);
    assert_eq!(refused(&format!("部门名称\t\n{TABLE}{ROW}")), [("DEPARTMENT_MISSING".to_owned(), None)]);
    assert_eq!(refused(&format!("部门名称\t甲局\n{TABLE}{TASKS}")), [("CONTENT_MISSING".to_owned(), None)]);
}

#[test]
fn two_department_names_are_refused_and_one_twice_is_not() {
    let text = format!("部门名称\t甲局\n{TABLE}{ROW}部门名称\t乙局\n");
    assert_eq!(refused(&text), [("TWO_DEPARTMENT_NAMES".to_owned(), Some(4))]);
    assert_eq!(
        read(&format!("部门名称\t甲局\n部门名称\t甲局\n{TABLE}{ROW}")).form.department_name.as_deref(),
        Some("甲局")
    );
    assert_eq!(read(&format!("部门（单位）名称：甲局\n{TABLE}{ROW}")).form.department_name.as_deref(), Some("甲局"));
}

// ── limits ───────────────────────────────────────────────────────────────────

#[test]
fn limits_are_refused_with_the_limit() {
    let code = |text: &str| refused(text)[0].0.clone();
    assert_eq!(code(&"字".repeat(form::MAX_TEXT_BYTES / 3 + 1)), "TOO_LARGE");
    assert_eq!(code(&"a\n".repeat(form::MAX_ROWS + 1)), "TOO_MANY_ROWS");
    assert_eq!(code(&format!("部门名称\t甲局\n{}x\n", "\t".repeat(form::MAX_COLUMNS))), "TOO_MANY_COLUMNS");
    assert_eq!(code(&format!("部门名称\t{}\n{TABLE}{ROW}", "字".repeat(form::MAX_CELL_CHARS + 1))), "CELL_TOO_LONG");
    let many: String = (0..=form::MAX_INDICATORS).map(|n| format!("\t\t\t指标{n}\t1\t1\n")).collect();
    assert_eq!(code(&format!("部门名称\t甲局\n{TABLE}{ROW}{many}")), "TOO_MANY_INDICATORS");
    let many: String = (0..=form::MAX_TASKS).map(|n| format!("\t任务{n}\t内容\t1\t目标\n")).collect();
    assert_eq!(code(&format!("部门名称\t甲局\n{TASKS}{many}")), "TOO_MANY_TASKS");
    assert!(form::parse(&format!("部门名称\t{}\n{TABLE}{ROW}", "字".repeat(form::MAX_CELL_CHARS))).is_ok());
    let wide = form::Row { line: 7, cells: vec![String::from("x"); form::MAX_COLUMNS + 1] };
    let notices = form::parse_grid(&[wide]).expect_err("too wide");
    assert!(has(&notices, "TOO_MANY_COLUMNS", 7), "{notices:?}");
}

#[test]
fn ten_thousand_blank_columns_say_nothing() {
    assert_eq!(read(&format!("部门名称\t甲局{}\n{TABLE}{ROW}", "\t".repeat(10_000))).form.indicators.len(), 1);
}

// ── amounts and counts ───────────────────────────────────────────────────────

#[test]
fn amounts_of_the_budget_block() {
    for (cell, want, code) in [
        ("3,109.75", Some(3_109_750_000), None),
        ("３，１０９．７５", Some(3_109_750_000), None),
        ("3109.750001", Some(3_109_750_001), None),
        ("0.00", Some(0), None),
        ("", None, None),
        ("—", None, None),
        ("约三千", None, Some("AMOUNT_NOT_A_NUMBER")),
        ("3,10.975", None, Some("AMOUNT_NOT_A_NUMBER")),
        ("31097500元", Some(3_109_750_000), Some("UNIT_CONVERTED")),
    ] {
        let parsed = read(&budget(&format!("\t基本支出\t{cell}\t财政拨款\t5")));
        assert_eq!(line(&parsed.form, BudgetLine::BasicExpenditure), want, "{cell}");
        assert_eq!(line(&parsed.form, BudgetLine::FiscalAppropriation), Some(5_000_000), "{cell}");
        let codes: Vec<&str> = parsed.notices.iter().map(|notice| notice.code.as_str()).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{cell}");
        assert!(parsed.notices.iter().all(|notice| (notice.row, notice.column) == (Some(3), Some(3))), "{cell}");
    }
}

#[test]
fn amounts_that_cannot_be_held_are_refused_with_the_row() {
    for (cell, code) in [
        ("-1", "NEGATIVE_AMOUNT"),
        ("（1.00）", "NEGATIVE_AMOUNT"),
        ("1.0000001", "TOO_MANY_DECIMALS"),
        ("9999999999999999", "AMOUNT_TOO_LARGE"),
    ] {
        assert_eq!(refused(&budget(&format!("\t基本支出\t{cell}\t\t"))), [(code.to_owned(), Some(3))], "{cell}");
        let task = format!("部门名称\t甲局\n{TASKS}\t任务\t内容\t{cell}\t目标\n");
        assert_eq!(refused(&task), [(code.to_owned(), Some(3))], "{cell}");
    }
}

#[test]
fn amounts_in_yuan_are_converted_exactly() {
    let text = budget("\t基本支出\t31,097,500.01\t财政拨款\t5").replacen("万元", "元", 1);
    let parsed = read(&text);
    assert_eq!(line(&parsed.form, BudgetLine::BasicExpenditure), Some(3_109_750_001));
    assert_eq!(line(&parsed.form, BudgetLine::FiscalAppropriation), Some(5_000_000));
    assert!(has(&parsed.notices, "UNIT_CONVERTED", 2));
    let whole = format!("金额单位：元\n部门名称\t甲局\n\t基本支出\t500\n{TABLE}{ROW}");
    let parsed = read(&whole);
    assert_eq!(line(&parsed.form, BudgetLine::BasicExpenditure), Some(50_000));
    assert!(has(&parsed.notices, "UNIT_CONVERTED", 1));
}

#[test]
fn without_a_unit_the_amounts_are_wan_yuan_and_said_so_once() {
    let parsed = read(&format!("部门名称\t甲局\n\t基本支出\t5\t财政拨款\t6\n{TABLE}{ROW}"));
    assert_eq!(line(&parsed.form, BudgetLine::FiscalAppropriation), Some(6_000_000));
    assert_eq!(parsed.notices.iter().filter(|notice| notice.code == "UNIT_ASSUMED").count(), 1);
}

#[test]
fn two_amounts_of_one_line_are_refused() {
    assert_eq!(refused(&budget("\t基本支出\t1\n\t基本支出\t2")), [("CONFLICTING_VALUES".to_owned(), Some(4))]);
    assert!(form::parse(&budget("\t基本支出\t1\n\t基本支出\t1.00")).is_ok());
}

#[test]
fn head_counts() {
    let with =
        |cell: &str| format!("部门名称\t甲局\n基本信息\t财政供养人员数\t{cell}\t下属二级单位数\t４\n{TABLE}{ROW}");
    for (cell, want, code) in [
        ("63", Some(63), None),
        ("63人", Some(63), None),
        ("1,063", Some(1063), None),
        ("", None, None),
        ("-", None, None),
        ("若干", None, Some("COUNT_NOT_A_NUMBER")),
        ("63.5", None, Some("COUNT_NOT_A_NUMBER")),
    ] {
        let parsed = read(&with(cell));
        assert_eq!(parsed.form.publicly_funded_staff_count, want, "{cell}");
        assert_eq!(parsed.form.subordinate_unit_count, Some(4), "{cell}");
        assert_eq!(parsed.notices.iter().map(|notice| notice.code.as_str()).collect::<Vec<_>>(), Vec::from_iter(code));
    }
    assert_eq!(refused(&with("-3")), [("NEGATIVE_COUNT".to_owned(), Some(2))]);
    let twice = with("63").replace(TABLE, &format!("\t财政供养人员数\t64\n{TABLE}"));
    assert_eq!(refused(&twice), [("CONFLICTING_VALUES".to_owned(), Some(3))]);
}

// ── key tasks ────────────────────────────────────────────────────────────────

#[test]
fn total_rows_are_checked_and_not_imported() {
    for (total, code) in [("3.00", "TOTAL_CHECKED"), ("4", "TOTAL_DIFFERS")] {
        let parsed =
            read(&format!("部门名称\t甲局\n{TASKS}\t甲\t内容\t1\t目标\n\t合 计\t\t{total}\t\n\t乙\t内容\t2\t目标\n"));
        assert_eq!(parsed.form.key_tasks.len(), 2);
        assert!(has(&parsed.notices, code, 4), "{:?}", parsed.notices);
    }
}

#[test]
fn task_rows_in_the_wrong_columns() {
    let right = read(&format!("部门名称\t甲局\n{TASKS}\t\t任务\t内容\t1.50\t目标\n"));
    let left = read(&format!("部门名称\t甲局\n{TASKS}任务\t内容\t1.50\t目标\n"));
    for parsed in [right, left] {
        let task = &parsed.form.key_tasks[0];
        assert_eq!((task.name.as_str(), task.planned_funding), ("任务", Some(Money(1_500_000))));
        assert_eq!((task.description.as_deref(), task.expected_result.as_deref()), (Some("内容"), Some("目标")));
        assert!(has(&parsed.notices, "ROW_SHIFTED", 3));
    }
}

#[test]
fn a_task_without_a_name_is_not_imported() {
    let parsed = read(&format!("部门名称\t甲局\n{TASKS}\t甲\t内容\t1\t目标\n\t\t内容\t2\t目标\n填报人：某\n"));
    assert_eq!(parsed.form.key_tasks.len(), 1);
    assert!(has(&parsed.notices, "TASK_WITHOUT_NAME", 4) && has(&parsed.notices, "ROW_IGNORED", 5));
}

#[test]
fn words_as_the_funding_of_a_task_are_null() {
    let parsed = read(&format!("部门名称\t甲局\n{TASKS}\t甲\t内容\t待定\t目标\n"));
    assert_eq!(parsed.form.key_tasks[0].planned_funding, None);
    assert!(has(&parsed.notices, "AMOUNT_NOT_A_NUMBER", 3));
}

// ── indicators ───────────────────────────────────────────────────────────────

#[test]
fn rows_in_the_wrong_columns_are_put_right() {
    for (text, want) in [
        ("\t\t产出指标\t数量指标\t培训\t5人\t6人\n", ["产出指标", "数量指标", "培训", "5人", "6人"]),
        ("\t\t产出指标\t数量指标\t培训\t5人\n", ["产出指标", "数量指标", "培训", "5人", "-"]),
        ("产出指标\t数量指标\t培训\t5人\t6人\n", ["产出指标", "数量指标", "培训", "5人", "6人"]),
        ("\t产出指标\t数量指标\t\t\t\n\t质量指标\t合格率\t5%\t6%\n", ["产出指标", "质量指标", "合格率", "5%", "6%"]),
        (
            "\t产出指标\t数量指标\t\t\t\n\t\t\t质量指标\t合格率\t5%\t6%\n",
            ["产出指标", "质量指标", "合格率", "5%", "6%"],
        ),
        ("\t产出指标\t数量指标\t\t\t\n\t\t合格率\t5%\t6%\n", ["产出指标", "数量指标", "合格率", "5%", "6%"]),
        ("\t产出指标\t数量指标\t\t\t\n\t\t\t\t合格率\t5%\t6%\n", ["产出指标", "数量指标", "合格率", "5%", "6%"]),
        ("\t产出指标\t数量指标\t\t\t\n\t合格率\t\t\t5%\t6%\n", ["产出指标", "数量指标", "合格率", "5%", "6%"]),
        ("\t产出指标\t数量指标\t\t\t\n\t合格率\t\t\t\t6%\n", ["产出指标", "数量指标", "合格率", "-", "6%"]),
        ("\t产出指标\t数量指标\t\t\t\n\t合格率\t5%\n", ["产出指标", "数量指标", "合格率", "5%", "-"]),
        ("\t产出指标\t数量指标\t\t\t\n\t合格率\t显著\t\t明显\t\n", ["产出指标", "数量指标", "合格率", "显著", "明显"]),
        ("\t效益指标\t合格率\t5%\t6%\n", ["效益指标", "-", "合格率", "5%", "6%"]),
        ("\t效益指标\t合格率\t\t5%\t6%\n", ["效益指标", "-", "合格率", "5%", "6%"]),
    ] {
        let parsed = table(text);
        assert_eq!(parsed.form.indicators.len(), 1, "{text}");
        assert_eq!(row(&parsed.form, 0), want, "{text} {:?}", parsed.notices);
        assert!(parsed.notices.iter().any(|notice| notice.code == "ROW_SHIFTED"), "{text}");
    }
}

#[test]
fn rows_that_stand_right_are_left_alone() {
    for (text, want) in [
        ("\t产出指标\t创新指标\t甲\t\t\n", ["产出指标", "创新指标", "甲", "-", "-"]),
        ("\t产出指标\t时效指标\t2020年\t2020年\t2020年\n", ["产出指标", "时效指标", "2020年", "2020年", "2020年"]),
        ("\t成效指标\t\t群众满意度\t较好\t较好\n", ["成效指标", "-", "群众满意度", "较好", "较好"]),
        (
            "\t成本指标\t经济成本指标\t总成本\t<5万元\t<5万元\n",
            ["成本指标", "经济成本指标", "总成本", "<5万元", "<5万元"],
        ),
        ("\t满意度指标\t满意度指标\t群众\t\t≥90%\n", ["满意度指标", "满意度指标", "群众", "-", "≥90%"]),
        ("\t产出指标\t质量\t完成率100%\t\t\n", ["产出指标", "质量", "完成率100%", "-", "-"]),
        ("\t产出指标\t创新\t5G基站数\t\t\n", ["产出指标", "创新", "5G基站数", "-", "-"]),
        ("\t产出指标\t数量\t甲\t-\t——\n", ["产出指标", "数量", "甲", "-", "-"]),
        ("绩效指标\t产出指标\t数量指标\t甲\t1\t2\n", ["产出指标", "数量指标", "甲", "1", "2"]),
    ] {
        let parsed = table(text);
        assert_eq!(row(&parsed.form, 0), want, "{text}");
        assert!(!parsed.notices.iter().any(|notice| notice.code == "ROW_SHIFTED"), "{text} {:?}", parsed.notices);
    }
}

#[test]
fn where_it_is_not_certain_nothing_is_invented() {
    let parsed = table("\t产出指标\t数量指标\t\t\t\n\t合格率\t5%\t\t6%\t7%\n");
    assert_eq!(row(&parsed.form, 0), ["产出指标", "数量指标", "合格率", "-", "-"]);
    assert!(has(&parsed.notices, "ROW_UNCLEAR", 4), "{:?}", parsed.notices);
    let parsed = table(&format!("{ROW}\t\t\t\t5%\t6%\n\t某句话\t\t\t\t\n备注：无\n"));
    assert_eq!(parsed.form.indicators.len(), 1);
    for (code, row) in [("INDICATOR_WITHOUT_NAME", 4), ("ROW_UNCLEAR", 5), ("ROW_IGNORED", 6)] {
        assert!(has(&parsed.notices, code, row), "{code} {:?}", parsed.notices);
    }
}

#[test]
fn levels_are_filled_down_and_a_new_level_1_begins_a_group() {
    let parsed =
        table(&format!("{ROW}\t\t\t乙\t1\t1\n\n\t\t时效指标\t丙\t1\t1\n\t效益指标\t\t丁\t1\t1\n\t\t\t戊\t1\t1\n"));
    let levels: Vec<_> = parsed.form.indicators.iter().map(|indicator| (indicator.level1, indicator.level2)).collect();
    assert_eq!(
        levels,
        [
            (Some(Level1::Output), Some(Level2::Quantity)),
            (Some(Level1::Output), Some(Level2::Quantity)),
            (Some(Level1::Output), Some(Level2::Timeliness)),
            (Some(Level1::Outcome), None),
            (Some(Level1::Outcome), None),
        ]
    );
    assert!(parsed.notices.is_empty(), "{:?}", parsed.notices);
}

#[test]
fn level_names_as_real_forms_print_them() {
    for (label1, label2, level1, level2, code) in [
        ("产 出 指 标 (50分)", "数量指标", Some(Level1::Output), Some(Level2::Quantity), None),
        ("产出指标", "成本指标", Some(Level1::Output), Some(Level2::OutputCost), None),
        ("产出指标", "经济成本指标", Some(Level1::Output), Some(Level2::EconomicCost), None),
        ("产出指标", "经济效益指标", Some(Level1::Output), Some(Level2::Economic), Some("LEVEL_MISMATCH")),
        ("效益指标", "社会效益效益指标", Some(Level1::Outcome), Some(Level2::Social), None),
        ("服务对象满意度指标", "", Some(Level1::Satisfaction), None, Some("LEVEL_ALIAS")),
        ("社会效益指标", "", Some(Level1::Outcome), None, Some("LEVEL_ALIAS")),
        ("成本指标", "", Some(Level1::Cost), None, None),
        ("履职情况", "部门履职", None, None, Some("UNKNOWN_LEVEL1")),
        ("产出指标", "创新", Some(Level1::Output), None, Some("UNKNOWN_LEVEL2")),
        ("", "数量指标", None, Some(Level2::Quantity), Some("LEVEL1_MISSING")),
    ] {
        let parsed = table(&format!("\t{label1}\t{label2}\t甲指数\t1\t1\n"));
        let indicator = &parsed.form.indicators[0];
        assert_eq!((indicator.level1, indicator.level2), (level1, level2), "{label1} {label2}");
        assert_eq!(indicator.level1_label, label1);
        assert_eq!(indicator.level2_label.as_deref().unwrap_or_default(), label2);
        match code {
            Some(code) => assert!(has(&parsed.notices, code, 3), "{label1} {label2} {:?}", parsed.notices),
            None => assert!(parsed.notices.is_empty(), "{label1} {label2} {:?}", parsed.notices),
        }
    }
}

#[test]
fn a_level_2_in_the_column_of_level_1() {
    let parsed = table(&format!("{ROW}\t质量指标\t\t合格率\t1\t1\n"));
    assert_eq!(row(&parsed.form, 1), ["产出指标", "质量指标", "合格率", "1", "1"]);
    assert!(has(&parsed.notices, "LEVEL_LABEL_MOVED", 4));
}

#[test]
fn two_indicators_of_one_name_are_kept() {
    let parsed = table(&format!("{ROW}\t\t\t培训人次\t1\t1\n\t\t质量指标\t培训人次\t1\t1\n"));
    assert_eq!(parsed.form.indicators.len(), 3);
    assert_eq!(parsed.notices.iter().filter(|notice| notice.code == "DUPLICATE_INDICATOR").count(), 1);
    assert!(has(&parsed.notices, "DUPLICATE_INDICATOR", 4));
}

#[test]
fn weights() {
    let header = "一级指标\t二级指标\t三级指标\t分值\t年度指标值\n";
    let rows = "产出指标\t数量指标\t甲\t10.3\t1\n\t\t乙\t10分\t1\n\t\t丙\t\t1\n\t\t丁\t十\t1\n总分\t\t\t20.30\t\n";
    let parsed = read(&format!("部门名称\t甲局\n{header}{rows}"));
    let weights: Vec<_> = parsed.form.indicators.iter().map(|indicator| indicator.weight).collect();
    assert_eq!(weights, [Some(Points(1030)), Some(Points(1000)), None, None]);
    assert!(has(&parsed.notices, "WEIGHT_NOT_A_NUMBER", 6) && has(&parsed.notices, "TOTAL_CHECKED", 7));
    let parsed = read(&format!("部门名称\t甲局\n{header}{}", rows.replace("20.30", "100")));
    assert!(has(&parsed.notices, "TOTAL_DIFFERS", 7));
}

#[test]
fn comparator_and_unit_in_columns_of_their_own() {
    let header = "一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\n";
    let parsed = read(&format!(
        "部门名称\t甲局\n{header}产出指标\t数量指标\t甲\t≥\t95\t%\n\t\t乙\t定性\t好\t\n\t\t丙\t≥\t\t%\n"
    ));
    let targets: Vec<_> = parsed.form.indicators.iter().map(|indicator| indicator.annual_target.as_deref()).collect();
    assert_eq!(targets, [Some("≥ 95 %"), Some("定性 好"), None]);
}

#[test]
fn columns_are_found_by_their_headings() {
    let text = "部门名称\t甲局\n序号\t三级指标\t年度指标值\t二级指标\t一级指标\t实施周期指标值\t备注\n1\t甲\t5\t数量指标\t产出指标\t9\t无\n";
    let parsed = read(text);
    assert_eq!(row(&parsed.form, 0), ["产出指标", "数量指标", "甲", "9", "5"]);
    assert!(has(&parsed.notices, "COLUMN_IGNORED", 2));
}

// ── markup, characters, layout ───────────────────────────────────────────────

#[test]
fn markup_becomes_text() {
    let goal =
        "总体绩效目标\t<p>一&nbsp;甲</p><p>二<br/>三 &lt;四&gt;</p><script>alert(\"x\")</script><style>p{}</style>\n";
    let parsed = read(&format!("部门名称\t<b>甲局</b>\n{goal}{TABLE}{ROW}"));
    assert_eq!(parsed.form.department_name.as_deref(), Some("甲局"));
    assert_eq!(parsed.form.overall_goal.as_deref(), Some("一 甲\n二\n三 <四>"));
    assert!(has(&parsed.notices, "MARKUP_REMOVED", 1) && has(&parsed.notices, "MARKUP_REMOVED", 2));
}

#[test]
fn control_characters_are_removed_and_reported() {
    let parsed = read(&format!("部门名称\t甲\u{7}\u{200b}局\n{TABLE}{ROW}"));
    assert_eq!(parsed.form.department_name.as_deref(), Some("甲局"));
    assert!(has(&parsed.notices, "CONTROL_CHARACTERS_REMOVED", 1));
}

#[test]
fn a_goal_over_several_lines() {
    let parsed = read(&format!("部门名称\t甲局\n总体绩效目标\t一\n\t二\n三\n绩效指标\n{TABLE}{ROW}"));
    assert_eq!(parsed.form.overall_goal.as_deref(), Some("一\n二\n三"));
    let quoted = read(&format!("部门名称\t甲局\n总体绩效目标\t\"一\n二\"\n{TABLE}{ROW}\t\t\t\t5\t\n"));
    assert_eq!(quoted.form.overall_goal.as_deref(), Some("一\n二"));
    assert!(has(&quoted.notices, "INDICATOR_WITHOUT_NAME", 6), "lines inside a cell count: {:?}", quoted.notices);
}

#[test]
fn the_layout_of_the_ministry() {
    let text = "部门（单位）整体支出绩效目标申报表\n（2024年度）\n部门（单位）名称\t某部\n\
        年度主要任务\t任务名称\t主要内容\t预算金额（万元）\t\t\n\t\t\t总额\t财政拨款\t其他资金\n\
        \t任务1\t内容1\t120.00\t100.00\t20.00\n\t任务2\t内容2\t30.00\t30.00\t\n\t金额合计\t\t150.00\t130.00\t20.00\n\
        年度总体目标\t目标1：甲\n\t目标2：乙\n年度绩效指标\t一级指标\t二级指标\t三级指标\t指标值\n\
        \t产出指标\t数量指标\t指标1\t≥5个\n\t\t质量指标\t指标2\t100%\n\t效益指标\t经济效益指标\t指标3\t提高\n\
        \t满意度指标\t服务对象满意度指标\t指标4\t≥90%\n";
    let parsed = read(text);
    let form = &parsed.form;
    assert_eq!(form.department_name.as_deref(), Some("某部"));
    assert_eq!((form.publicly_funded_staff_count, form.subordinate_unit_count), (None, None));
    assert!(form.budget.is_empty());
    assert_eq!(form.overall_goal.as_deref(), Some("目标1：甲\n目标2：乙"));
    let funding: Vec<_> = form.key_tasks.iter().map(|task| task.planned_funding).collect();
    assert_eq!(funding, [Some(Money(120_000_000)), Some(Money(30_000_000))]);
    assert_eq!(form.indicators.len(), 4);
    assert_eq!(row(form, 3), ["满意度指标", "服务对象满意度指标", "指标4", "-", "≥90%"]);
    let codes: Vec<_> = parsed.notices.iter().map(|notice| (notice.code.as_str(), notice.row)).collect();
    assert_eq!(
        codes,
        [
            ("ROW_IGNORED", Some(2)),
            ("COLUMN_IGNORED", Some(5)),
            ("COLUMN_IGNORED", Some(5)),
            ("TOTAL_CHECKED", Some(8)),
        ]
    );
}

#[test]
fn a_table_over_two_pages_repeats_its_heading() {
    let parsed = table(&format!("{ROW}{TABLE}\t\t\t乙\t1\t1\n"));
    assert_eq!(row(&parsed.form, 1), ["产出指标", "数量指标", "乙", "1", "1"]);
}

#[test]
fn every_notice_code_is_documented() {
    let page = include_str!("../../../docs/import.md");
    for (code, severity) in form::NOTICE_CODES {
        assert!(page.contains(&format!("| `{code}` | {severity} |")), "{code} {severity} is missing in docs/import.md");
    }
    assert_eq!(
        page.matches("\n| `").count(),
        form::NOTICE_CODES.len(),
        "docs/import.md names a code that does not exist"
    );
}
