//! The official form goes in: what it says, what was repaired, and nothing half-written.

use proptest::prelude::*;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, FORM, OTHER, TestApp, indicators, operator};

fn input(text: &str) -> Value {
    json!({ "input": { "departmentCode": DEPARTMENT, "fiscalYear": 2024, "text": text } })
}

#[tokio::test]
async fn the_real_form() {
    let app = TestApp::new().await;
    let answer = app.run("filer", "ImportForm", input(FORM)).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
    let notices = answer.data("declarationImport/notices").to_string();
    let page = app.page("filer").await;
    assert_eq!(page["publiclyFundedStaffCount"], 63);
    assert_eq!(page["subordinateUnitCount"], 4);
    for (line, amount) in [
        ("basicExpenditure", "3109.75"),
        ("projectExpenditure", "29567.00"),
        ("fiscalSpecialFunds", "0.00"),
        ("otherDevelopmentExpenditure", "18804.06"),
        ("fiscalAppropriation", "51480.81"),
        ("otherFunds", "5687.39"),
        ("ownLevelFunds", "47135.28"),
        ("plannedTransfersToLowerLevels", "4345.53"),
        ("totalExpenditure", "51480.81"),
        ("totalIncome", "57168.20"),
    ] {
        assert_eq!(page["budget"][line], amount, "{line}");
    }
    let funding = page["keyTasks"].as_array().expect("tasks").iter().map(|task| {
        task["plannedFunding"].as_str().expect("funding").parse::<rust_decimal::Decimal>().expect("a decimal")
    });
    assert_eq!((funding.clone().count(), funding.sum::<rust_decimal::Decimal>().to_string()), (6, "43088.97".into()));
    let tree: Vec<(Value, Value, usize)> = page["indicatorTree"]
        .as_array()
        .expect("a tree")
        .iter()
        .flat_map(|level1| {
            let groups = level1["groups"].as_array().expect("groups").iter();
            groups.map(|group| {
                (level1["level1"].clone(), group["level2"].clone(), group["indicators"].as_array().expect("rows").len())
            })
        })
        .collect();
    assert_eq!(
        json!(tree),
        json!([
            ["OUTPUT", "QUANTITY", 9],
            ["OUTPUT", "QUALITY", 2],
            ["OUTCOME", "SOCIAL", 2],
            ["SATISFACTION", null, 1]
        ])
    );
    let shifted = indicators(&page).into_iter().find(|row| row["name"] == "实现流浪救助全区覆盖率").expect("the row");
    assert_eq!((&shifted["cycleTarget"]["text"], &shifted["annualTarget"]), (&json!("100%"), &Value::Null));
    assert!(notices.contains("\"row\""), "{notices}");
    let findings = page["findings"].as_array().expect("findings");
    let rule = |rule: &str| findings.iter().find(|finding| finding["rule"] == rule);
    assert!(rule("D2").is_none() && rule("D3").is_none());
    let income =
        findings.iter().find(|finding| finding["message"].as_str().is_some_and(|text| text.contains("5,687.39")));
    assert_eq!(income.expect("a finding")["severity"], "NOTICE");
}

#[tokio::test]
async fn dry_run_twice_and_strangers() {
    let app = TestApp::new().await;
    let mut dry = input(FORM);
    dry["input"]["dryRun"] = json!(true);
    let answer = app.run("filer", "ImportForm", dry).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new());
    assert!(app.page("filer").await.is_null());

    app.import().await;
    let again = app.run("filer", "ImportForm", input(FORM)).await;
    assert_eq!(again.user_errors("declarationImport"), ["CONFLICT"]);

    let mut foreign = input(FORM);
    foreign["input"]["departmentCode"] = json!(OTHER);
    let unseen = app.run("filer", "ImportForm", foreign).await;
    assert_eq!(unseen.user_errors("declarationImport"), ["NOT_FOUND"]);
    let refused = app.run("auditor", "ImportForm", input(FORM)).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(refused.body.pointer("/errors/0/extensions/requestId").is_some());
}

#[tokio::test]
async fn what_is_no_form_is_refused_whole() {
    let app = TestApp::new().await;
    let two_names = format!("{FORM}\n部门名称\t另一个部门\n");
    let negative = FORM.replace("29,567.00", "-29,567.00");
    for (text, place) in [("", 0), ("no form at all", 0), (two_names.as_str(), 1), (negative.as_str(), 1)] {
        let answer = app.run("filer", "ImportForm", input(text)).await;
        let errors = answer.user_errors("declarationImport");
        assert!(!errors.is_empty() && errors.iter().all(|code| *code == "FORM_REFUSED"), "{:#}", answer.body);
        let field = answer.data("declarationImport/userErrors/0/field").as_array().expect("a path").clone();
        assert!(field.len() > place, "{field:?}");
        assert!(app.page("filer").await.is_null());
    }
    let named = app.run("filer", "ImportForm", {
        let mut named = input(FORM);
        named["input"]["departmentName"] = json!("别的部门");
        named
    });
    assert_eq!(named.await.user_errors("declarationImport"), ["INVALID_VALUE"]);
}

/// Rows of every table: what a command that wrote nothing leaves as it was.
async fn counts(app: &TestApp) -> Vec<(String, i64)> {
    let db = app.db.read();
    let mut counts = Vec::new();
    for table in super::migration::tables(db).await {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("counts");
        counts.push((table, row.expect("a row").try_get_by_index(0).expect("a number")));
    }
    counts
}

#[tokio::test]
async fn what_is_refused_or_dry_writes_nothing() {
    let app = TestApp::new().await;
    let before = counts(&app).await;
    let mut dry = input(FORM);
    dry["input"]["dryRun"] = json!(true);
    app.run("filer", "ImportForm", dry).await;
    for text in ["", "\0", "部门名称", &FORM.replace("3,109.75", "-1"), &FORM.replace("3,109.75", &"9".repeat(31))]
    {
        let answer = app.run("filer", "ImportForm", input(text)).await;
        assert_eq!(answer.user_errors("declarationImport").first(), Some(&"FORM_REFUSED"), "{text}");
    }
    assert_eq!(counts(&app).await, before);
    app.import().await;
    let once = counts(&app).await;
    let again = app.run("filer", "ImportForm", input(FORM)).await;
    assert_eq!(again.user_errors("declarationImport"), ["CONFLICT"]);
    assert_eq!(counts(&app).await, once);
}

#[tokio::test]
async fn odd_forms_are_read_or_refused() {
    let rows: String = (0..1_000).map(|row| format!("\t\t指标{row}\t{row}个\t{row}个\n")).collect();
    let huge = FORM.replace("29,567.00", "9223372036854.775807").replace("3,109.75", "9223372036854.775807");
    for (name, text, indicators_read) in [
        ("line ends of Windows", FORM.replace('\n', "\r\n"), Some(14)),
        ("line ends of old Macs", FORM.replace('\n', "\r"), Some(14)),
        ("a mark of byte order", format!("\u{feff}{FORM}"), Some(14)),
        (
            "nested markup",
            FORM.replace(
                "颐康服务站数量",
                "<script>alert(1)</script><div><b><i>颐康服务站</i></b><table><tr><td>数量</td></tr></table></div>",
            ),
            Some(14),
        ),
        ("13.5万亿元", FORM.replace("29,567.00", "1350000000.00"), Some(14)),
        ("sums beyond the integers", huge, Some(14)),
        ("0.000001万元", FORM.replace("29,567.00", "29,567.000001"), Some(14)),
        ("finer than 分", FORM.replace("29,567.00", "29,567.0000001"), None),
        ("10^30", FORM.replace("29,567.00", &format!("1{}", "0".repeat(30))), None),
        ("bytes of another encoding", "\u{fffd}\u{fffd}\u{fffd}\t\u{fffd}".repeat(50), None),
        ("a thousand rows more", format!("{}\n{rows}", FORM.trim_end()), Some(1_014)),
    ] {
        let app = TestApp::new().await;
        let answer = app.run("filer", "ImportForm", input(&text)).await;
        assert_eq!(
            answer.user_errors("declarationImport").is_empty(),
            indicators_read.is_some(),
            "{name} {:#}",
            answer.body
        );
        let page = app.page("filer").await;
        assert_eq!((!page.is_null()).then(|| indicators(&page).len()), indicators_read, "{name}");
        let told = answer.body.to_string();
        assert!(!told.contains("<script") && !page.to_string().contains("<script"), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Mutated forms: either refused with a reason, or imported with all that was read; never a panic, never half.
    #[test]
    fn mutated_forms(
        line in 0_usize..34, cut in 0_usize..60, other in 0_usize..34, way in 0_u8..5,
        put in "[\\t0-9,.%≥<>&;一-龥\u{0}\u{1f600}\u{feff}-]{0,12}",
    ) {
        let mut lines: Vec<String> = FORM.lines().map(str::to_owned).collect();
        match way {
            0 => drop(lines.remove(line)),
            1 => lines.swap(line, other),
            2 => lines.insert(line, lines[other].clone()),
            _ => {
                let target = &mut lines[line];
                let at = target.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(target.len());
                target.insert_str(at, &put);
                if way == 3 {
                    target.truncate(at + put.len());
                }
            }
        }
        let text = lines.join("\n");
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
            let app = TestApp::new().await;
            let before = counts(&app).await;
            let answer = app.run("filer", "ImportForm", input(&text)).await;
            let errors = answer.user_errors("declarationImport");
            let page = app.page("filer").await;
            assert_eq!(errors.is_empty(), !page.is_null(), "{:#}", answer.body);
            if errors.is_empty() {
                let told = answer.data("declarationImport/declaration/indicators").as_array().expect("rows").len();
                assert_eq!(indicators(&page).len(), told);
                let examined = jixiao_service::doctor::examine(&app.db, &operator()).await.expect("examines");
                assert_eq!((examined.differences, examined.declarations), (Vec::new(), 1));
            } else {
                assert_eq!(counts(&app).await, before);
            }
        });
    }
}
