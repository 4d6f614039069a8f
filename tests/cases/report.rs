//! Monitoring reports and self-evaluations: everything they hold, their checks, and preview like record.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::harness::reporting::{errors, findings, row};

#[tokio::test]
async fn fund_rows_and_words() {
    let (app, id) = TestApp::approved().await;
    let funds = json!([
        { "source": "CURRENT_YEAR", "annualBudget": "50000.00", "executed": "30000.00" },
        { "source": "OTHER", "annualBudget": "1480.81", "executed": "0.10" },
    ]);
    let execution = json!({ "executed": "30000.00", "forecast": "51000", "funds": funds, "reason": "按进度支付" });
    let summary = json!({ "overallGoalResult": "已完成", "conclusion": "良好", "problems": "进度偏慢", "improvementMeasures": "加快" });
    app.record(&id, "YEAR_END", json!({ "execution": execution, "summary": summary })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!((&report["overallGoalResult"], &report["improvementMeasures"]), (&json!("已完成"), &json!("加快")));
    let executed = &report["execution"];
    assert_eq!((&executed["rate"], &executed["forecast"]), (&json!("0.582741"), &json!("51000.00")));
    assert_eq!(
        executed["funds"][1],
        json!({ "source": "OTHER", "initialBudget": null, "annualBudget": "1480.81", "executed": "0.10", "forecast": null })
    );
    let off: Vec<String> = findings(&report).into_iter().filter(|found| found.starts_with("E1 ")).collect();
    assert_eq!(off, ["E1 ERROR execution.executed"]);
    let message = report["findings"].to_string();
    assert!(message.contains("30,000.10") && message.contains("-0.10"), "{message}");

    // What is not named stays, null withdraws; a part of which nothing is left is gone.
    let parts = json!([{ "source": "OTHER", "annualBudget": null, "executed": null }, { "source": "CURRENT_YEAR", "annualBudget": "51480.81" }]);
    app.record(
        &id,
        "YEAR_END",
        json!({ "execution": { "funds": parts, "reason": null }, "summary": { "problems": null } }),
    )
    .await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!(
        (&report["problems"], &report["conclusion"], &report["execution"]["reason"]),
        (&Value::Null, &json!("良好"), &Value::Null)
    );
    assert_eq!(report["execution"]["funds"].as_array().map(Vec::len), Some(1));
    let checks = findings(&report);
    assert!(!checks.iter().any(|found| found.starts_with("E1 ")), "{checks:?}");
    assert!(checks.contains(&"E8 ERROR execution.reason".to_owned()), "a rate of 58 % needs a reason: {checks:?}");
    // The declaration tells what its reports' checks find, with the path from there.
    let page = app.page("auditor").await;
    assert!(
        page["findings"].to_string().contains(r#"["reports","YEAR_END","execution","reason"]"#),
        "{}",
        page["findings"]
    );
}

#[tokio::test]
async fn monitoring_asks_for_causes_and_measures() {
    let (app, id) = TestApp::approved().await;
    let sheet = app.report("filer", &id, "MID_YEAR").await;
    let (stations_at, stations) = row(&sheet, "颐康服务站数量");
    let (beds_at, beds) = row(&sheet, "家庭养老床位建设数量");
    let (people_at, people) = row(&sheet, "完成申请居家养老服务对象");
    let (stations, beds, people) = (&stations["indicator"]["id"], &beds["indicator"]["id"], &people["indicator"]["id"]);
    // 52 of 150 by July is red, 400 of 587 green but hopeless, 2,000 of 2,300 blue.
    let entries = json!([
        { "indicatorId": stations, "text": "52个", "forecastText": "40个", "outlook": "CERTAIN" },
        { "indicatorId": beds, "text": "400张", "forecastText": "不好说", "outlook": "IMPOSSIBLE" },
        { "indicatorId": people, "text": "2000人" },
    ]);
    let execution = json!({ "executed": "20000.00", "forecast": "19000.00" });
    app.record(&id, "MID_YEAR", json!({ "entries": entries, "execution": execution })).await;
    let report = app.report("filer", &id, "MID_YEAR").await;
    let named = |at: usize, field: &str| format!("rows.{at}.current.{field}");
    let found: Vec<String> = findings(&report).into_iter().filter(|one| !one.starts_with("NOT_REPORTED")).collect();
    assert_eq!(
        found,
        [
            "M3 ERROR execution.forecast".to_owned(),
            format!("M7 ERROR {}", named(stations_at, "outlook")),
            format!("M5 ERROR {}", named(stations_at, "deviations")),
            format!("M5 ERROR {}", named(beds_at, "deviations")),
            format!("M6 ERROR {}", named(beds_at, "correctiveAction")),
            format!("M5 ERROR {}", named(people_at, "deviations")),
            format!("M4 WARNING {}", named(stations_at, "forecastText")),
            format!("FORECAST_UNREAD NOTICE {}", named(beds_at, "forecastText")),
        ]
    );
    let lights = report["result"]["lightCounts"].as_array().expect("lights");
    let count = |light: &str| lights.iter().find(|one| one["light"] == light).map(|one| one["count"].clone());
    assert_eq!((count("RED"), count("GREEN"), count("BLUE")), (Some(json!(1)), Some(json!(1)), Some(json!(1))));
    assert_eq!((&report["result"]["light"], &report["result"]["executionLight"]), (&json!("RED"), &json!("YELLOW")));

    let submit = app.step("filer", &id, "MID_YEAR", "SubmitReport").await;
    let owed = errors(&submit, "reportSubmit");
    assert_eq!(owed.len(), 6 + 11, "{owed:?}");
    assert!(owed.contains(&format!("BLOCKED {}", named(beds_at, "correctiveAction"))));

    let cause = json!([{ "category": "FUNDING", "text": "资金到位较晚" }]);
    let mut entries = app.met("MID_YEAR").await;
    for (entry, text) in [(stations_at, "52个"), (beds_at, "400张"), (people_at, "2000人")] {
        entries[entry]["text"] = json!(text);
    }
    entries.iter_mut().for_each(|entry| entry["deviations"] = cause.clone());
    entries[stations_at]["outlook"] = json!("POSSIBLE");
    entries[beds_at]["correctiveAction"] = json!("申请调减");
    let execution = json!({ "forecast": "51480.81" });
    app.record(&id, "MID_YEAR", json!({ "entries": entries, "execution": execution })).await;
    app.to_finance(&id, "MID_YEAR").await;
}

#[tokio::test]
async fn a_cumulative_value_does_not_fall_silently() {
    let (app, id) = TestApp::approved().await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let (at, stations) = row(&sheet, "颐康服务站数量");
    let (_, rate) = row(&sheet, "火化率");
    let entry = |row: &Value, text: &str| json!({ "indicatorId": row["indicator"]["id"], "text": text });
    app.record(&id, "MID_YEAR", json!({ "entries": [entry(stations, "160个"), entry(rate, "100%")] })).await;
    app.record(&id, "YEAR_END", json!({ "entries": [entry(stations, "155个"), entry(rate, "99%")] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    let fell: Vec<String> = findings(&report).into_iter().filter(|one| one.starts_with("VALUE_FELL")).collect();
    assert_eq!(fell, [format!("VALUE_FELL ERROR rows.{at}.current.deviations")], "a share is a level and may fall");
    let mut mended = entry(stations, "155个");
    mended["deviations"] = json!([{ "category": "OTHER", "text": "撤并五个站点" }]);
    app.record(&id, "YEAR_END", json!({ "entries": [mended] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert!(!findings(&report).iter().any(|one| one.starts_with("VALUE_FELL")));
}

#[tokio::test]
async fn a_share_above_100_is_confirmed_not_a_dead_end() {
    let (app, id) = TestApp::approved().await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let (at, satisfied) = row(&sheet, "救助对象社会救助实施的满意度");
    let satisfied = &satisfied["indicator"]["id"];
    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": satisfied, "text": "103%" }] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!(report["rows"][at]["achievement"]["status"], "UNDETERMINED");
    let path = format!("rows.{at}.current.text");
    assert!(findings(&report).contains(&format!("UNDETERMINED ERROR {path}")));
    assert!(report["findings"].to_string().contains("100%"), "it says why");

    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": satisfied, "confirmed": true }] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    let current = &report["rows"][at]["current"];
    assert_eq!(
        (&current["confirmed"], &current["certain"], &current["notes"][0]["code"]),
        (&json!(true), &json!(true), &json!("ABOVE_100_PERCENT"))
    );
    assert_eq!(report["rows"][at]["achievement"]["status"], "EXCEEDED");
    let found = findings(&report);
    assert!(found.contains(&format!("ABOVE_100_PERCENT WARNING {path}")), "{found:?}");

    // Another text is another reading.
    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": satisfied, "text": "104%" }] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!(report["rows"][at]["achievement"]["status"], "UNDETERMINED");
}

/// A generator that gives the same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).expect("fits")).expect("fits")
    }

    fn pick(&mut self, choices: &[Value]) -> Value {
        choices[self.roll(choices.len())].clone()
    }
}

fn random_entry(dice: &mut Dice, ids: &[Value]) -> Value {
    let fields: [(&str, Vec<Value>); 10] = [
        (
            "text",
            vec![
                json!("100%"),
                json!("148个"),
                json!("103%"),
                json!("-5"),
                json!("完成"),
                json!("未完成"),
                json!(" "),
                json!("≥90%"),
                Value::Null,
            ],
        ),
        ("level", vec![json!("FULL"), json!("PARTIAL"), json!("NONE"), Value::Null]),
        ("score", vec![json!("4.50"), json!("3.00"), json!("99.00"), json!("0.00"), Value::Null]),
        ("scoreReason", vec![json!("核减"), Value::Null, json!("")]),
        ("notApplicableReason", vec![json!("未发生"), Value::Null, Value::Null]),
        ("forecastText", vec![json!("150个"), json!("95%"), Value::Null]),
        ("outlook", vec![json!("CERTAIN"), json!("POSSIBLE"), json!("IMPOSSIBLE"), Value::Null]),
        ("note", vec![json!("备注"), json!("坏\u{1}字"), Value::Null]),
        (
            "deviations",
            vec![
                json!([]),
                json!([{ "category": "TARGET_SET_TOO_LOW", "text": "偏低" }]),
                json!([{ "category": "OTHER", "text": " " }]),
                Value::Null,
            ],
        ),
        ("confirmed", vec![json!(true), json!(false), Value::Null]),
    ];
    let mut entry = json!({ "indicatorId": dice.pick(ids) });
    for (name, choices) in fields {
        if dice.roll(3) == 0 {
            entry[name] = dice.pick(&choices);
        }
    }
    entry
}

#[tokio::test]
async fn preview_and_record_give_the_same_rows() {
    let (app, id) = TestApp::approved().await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let ids: Vec<Value> =
        sheet["rows"].as_array().expect("rows").iter().map(|row| row["indicator"]["id"].clone()).collect();
    let rows = "results { index indicator { id } actualValue { text value unit level score scoreReason notApplicableReason
        forecastText outlook note deviations { category text } correctiveAction certain confirmed givenAgainst recordedAt
        recordedBy { displayName } }
        achievement { status rate score computedScore maxScore light deviating explanationRequired overridden certain flags
            explanation { rule steps { label expression value } } }
        userErrors { code message field } } userErrors { code message field }";
    let preview =
        format!("query($input: ActualValuesRecordInput!) {{ made: actualValuesPreview(input: $input) {{ {rows} }} }}");
    let record = format!(
        "mutation($input: ActualValuesRecordInput!) {{ made: actualValuesRecord(input: $input) {{ {rows} }} }}"
    );
    let mut dice = Dice(42);
    let (mut written, mut refused) = (0, 0);
    for _ in 0..60 {
        let entries: Vec<Value> = (0..=dice.roll(6)).map(|_| random_entry(&mut dice, &ids)).collect();
        let period = dice.pick(&[json!("MID_YEAR"), json!("YEAR_END")]);
        let mode = dice.pick(&[json!("ALL_OR_NOTHING"), json!("VALID_ROWS"), json!("VALID_ROWS")]);
        let input = json!({ "input": { "declarationId": id, "period": period, "mode": mode, "entries": entries } });
        let said = app.query("filer", &preview, input.clone()).await;
        let done = app.query("filer", &record, input.clone()).await;
        assert_eq!(said.data("made").to_string(), done.data("made").to_string(), "{input:#}");
        for row in done.data("made/results").as_array().expect("rows") {
            *(if row["userErrors"] == json!([]) { &mut written } else { &mut refused }) += 1;
        }
        app.advance(1);
    }
    assert!(written > 40 && refused > 40, "both happen: {written} {refused}");
    let examined = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!(examined.differences, Vec::<String>::new());
}

#[tokio::test]
async fn keys_survive_a_restart_and_corrections_supersede() {
    let (mut app, id) = TestApp::approved().await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let (at, stations) = row(&sheet, "颐康服务站数量");
    let stations = stations["indicator"]["id"].clone();
    let input = json!({ "entries": [{ "indicatorId": stations, "text": "148个" }], "idempotencyKey": "one" });
    let first = app.record(&id, "YEAR_END", input.clone()).await;
    let chain = app.chain().await;
    app.restart().await;
    let again = app.record(&id, "YEAR_END", input.clone()).await;
    assert_eq!(again.data("actualValuesRecord/results"), first.data("actualValuesRecord/results"));
    assert_eq!(app.chain().await, chain, "nothing is done again");
    // An absent field and a withdrawn one are two inputs.
    let mut other = input.clone();
    other["entries"][0]["note"] = Value::Null;
    let refused = app.try_record(&id, "YEAR_END", other).await;
    assert_eq!(errors(&refused, "actualValuesRecord"), ["IDEMPOTENCY_KEY_REUSED idempotencyKey"]);

    app.advance(5);
    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": stations, "text": "149个" }] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!((&report["rows"][at]["current"]["text"], &report["revision"]), (&json!("149个"), &json!(2)));
    assert_eq!(report["rows"][at]["current"]["givenAgainst"], "150个");
    let trail = app.run("auditor", "Trail", json!({ "node": report["id"], "first": 10 })).await;
    let last = trail.data("auditTrail/edges/1/node/changes").to_string();
    assert!(last.contains("148个") && last.contains("149个"), "{last}");
}

#[tokio::test]
async fn bad_input_writes_nothing() {
    let (app, id) = TestApp::approved().await;
    app.record(&id, "YEAR_END", json!({ "summary": { "conclusion": "草稿" } })).await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let (_, stations) = row(&sheet, "颐康服务站数量");
    let stations = &stations["indicator"]["id"];
    let entry = |field: &str, value: Value| {
        let mut entry = json!({ "indicatorId": stations, "text": "148个" });
        entry[field] = value;
        json!({ "entries": [entry] })
    };
    let million = "字".repeat(300_000);
    let bad = [
        (entry("text", json!("  ")), "REQUIRED entries.0.text"),
        (entry("text", json!("14\u{7}8")), "INVALID_VALUE entries.0.text"),
        (entry("note", json!(million)), "TOO_LONG entries.0.note"),
        (entry("correctiveAction", json!("")), "REQUIRED entries.0.correctiveAction"),
        (entry("deviations", json!([{ "category": "OTHER", "text": "" }])), "REQUIRED entries.0.deviations.0.text"),
        (entry("score", json!("3.00")), "REASON_REQUIRED entries.0.scoreReason"),
        (entry("score", json!("3.001")), "INVALID_VALUE entries.0.score"),
        (entry("score", json!("9.00")), "SCORE_OUT_OF_BAND entries.0.score"),
        (json!({ "execution": { "executed": "-1" } }), "INVALID_VALUE execution.executed"),
        (json!({ "execution": { "initialBudget": "0.0000001" } }), "INVALID_VALUE execution.initialBudget"),
        (
            json!({ "execution": { "funds": [{ "source": "OTHER", "forecast": "-0.01" }] } }),
            "INVALID_VALUE execution.funds.0.forecast",
        ),
        (
            json!({ "execution": { "funds": [{ "source": "OTHER" }, { "source": "OTHER" }] } }),
            "INVALID_VALUE execution.funds.1.source",
        ),
        (json!({ "summary": { "problems": "x".repeat(4_001) } }), "TOO_LONG summary.problems"),
        (json!({ "summary": { "conclusion": "" } }), "REQUIRED summary.conclusion"),
        (json!({ "expectedRevision": 0, "summary": {} }), "CONFLICT expectedRevision"),
        (json!({}), "REQUIRED entries"),
    ];
    let chain = app.chain().await;
    for (input, want) in bad {
        let refused = app.try_record(&id, "YEAR_END", input.clone()).await;
        assert_eq!(
            errors(&refused, "actualValuesRecord"),
            [want],
            "{}",
            input.to_string().chars().take(200).collect::<String>()
        );
    }
    let wrong = app.try_record(stations.as_str().expect("an id"), "YEAR_END", json!({ "summary": {} })).await;
    assert_eq!(wrong.code(), "INVALID_ID");
    let unset = app.try_record(&id, "Q1", json!({ "summary": {} })).await;
    assert_eq!(errors(&unset, "actualValuesRecord"), ["WRONG_STATE period"]);
    assert_eq!(app.chain().await, chain);
    assert_eq!(app.report("filer", &id, "YEAR_END").await, sheet);
}

#[tokio::test]
async fn each_step_by_its_role_and_no_other() {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    let ways = [
        ("SubmitReport", "reportSubmit", "filer"),
        ("ForwardReport", "reportForward", "department"),
        ("ReturnReport", "reportReturn", "finance"),
        ("AcceptReport", "reportAccept", "finance"),
    ];
    let chain = app.chain().await;
    for (operation, field, able) in ways {
        for name in ["filer", "department", "finance", "auditor", "admin"] {
            // A department's reviewer may return as well, in the state that is theirs.
            if name == able || (operation, name) == ("ReturnReport", "department") {
                continue;
            }
            assert_eq!(app.step(name, &id, "YEAR_END", operation).await.code(), "FORBIDDEN", "{name} {operation}");
        }
        if operation != "SubmitReport" {
            let early = app.step(able, &id, "YEAR_END", operation).await;
            assert_eq!(errors(&early, field), ["WRONG_STATE id"], "{operation}");
        }
    }
    let report = app.report("filer", &id, "YEAR_END").await;
    let stale = app.run("filer", "SubmitReport", json!({ "id": report["id"], "revision": 0 })).await;
    assert_eq!(errors(&stale, "reportSubmit"), ["CONFLICT expectedRevision"]);
    let wrong = app.run("filer", "SubmitReport", json!({ "id": id, "revision": 1 })).await;
    assert_eq!(wrong.code(), "INVALID_ID");
    assert_eq!(app.chain().await, chain);

    app.to_finance(&id, "YEAR_END").await;
    let (chain, report) = (app.chain().await, app.report("finance", &id, "YEAR_END").await);
    for (reason, want) in [
        (" ".to_owned(), "REASON_REQUIRED reason"),
        ("\u{1}".to_owned(), "INVALID_VALUE reason"),
        ("字".repeat(300_000), "TOO_LONG reason"),
    ] {
        let variables = json!({ "id": report["id"], "revision": report["revision"], "reason": reason });
        assert_eq!(errors(&app.run("finance", "ReturnReport", variables).await, "reportReturn"), [want]);
    }
    let late = app.step("department", &id, "YEAR_END", "ReturnReport").await;
    assert_eq!(errors(&late, "reportReturn"), ["WRONG_STATE id"]);
    assert_eq!((app.chain().await, app.report("finance", &id, "YEAR_END").await), (chain, report));
    let returned = app.step("finance", &id, "YEAR_END", "ReturnReport").await;
    assert_eq!(returned.data("reportReturn/report/status"), "RETURNED");
    assert_eq!(app.report("filer", &id, "YEAR_END").await["reviewOpinion"], "请核实");
}
