//! What another scheme would change: nothing where it is the same, and elsewhere exactly what it would have given from the
//! beginning. Nothing is written.

use jixiao_rules::assess::Occasion;
use jixiao_rules::cycle::Role;
use jixiao_rules::scheme;
use jixiao_rules::{assess_table, weight};
use serde_json::{Value, json};

use super::adjustment;
use crate::harness::{Answer, TestApp, indicators};

const RESULT: &str = "score grade scoreSoFar maxScoreSoFar achievementRate executionRate executionScore light flags";
const MADE: &str = "status rate score maxScore explanationRequired flags";

async fn ask(app: &TestApp, name: &str, more: Value) -> Answer {
    let document = format!(
        "query($scheme: WhatIfScheme!, $filter: WhatIfFilter, $period: ReportingPeriod! = YEAR_END, $first: Int) {{
            schemeWhatIf(scheme: $scheme, filter: $filter, period: $period, first: $first) {{
                scheme {{ code version }} totalCount
                edges {{ node {{ declaration {{ id scheme {{ code }} department {{ code }} }} changed
                    before {{ {RESULT} }} after {{ {RESULT} }}
                    indicators {{ indicator {{ name }} weightBefore weightAfter before {{ {MADE} }}
                        after {{ {MADE} explanation {{ scheme {{ code version }} steps {{ label value }} }} }} }} }} }} }} }}"
    );
    app.query(name, &document, more).await
}

/// The one declaration of an answer.
fn only(answer: &Answer) -> Value {
    let edges = answer.data("schemeWhatIf/edges").as_array().expect("edges");
    assert_eq!(edges.len(), 1, "{:#}", answer.body);
    edges[0]["node"].clone()
}

/// Some targets far exceeded, some missed, two thirds of the money spent.
async fn mixed(app: &TestApp, id: &str) {
    let mut entries = app.met("YEAR_END").await;
    let rows = indicators(&app.page("filer").await);
    for (place, entry) in entries.iter_mut().enumerate() {
        let row = rows.iter().find(|row| row["id"] == entry["indicatorId"]).expect("a row");
        let target = row["annualTarget"]["value"].as_str().and_then(|value| value.parse::<i64>().ok());
        if let (Some(target), Some("QUANTITY")) = (target, row["annualTarget"]["kind"].as_str()) {
            let unit = row["annualTarget"]["unit"].as_str().unwrap_or_default();
            let share = if unit == "%" { [100, 70][place % 2] } else { [140, 100, 65][place % 3] };
            entry["text"] = json!(format!("{}{unit}", target * share / 100));
        }
    }
    app.record(
        id,
        "YEAR_END",
        json!({ "entries": entries, "execution": { "executed": "33462.53", "reason": "进度" } }),
    )
    .await;
}

#[tokio::test]
async fn the_same_scheme_changes_nothing() {
    let (app, id) = TestApp::approved().await;
    // Weights are fixed with the approved target: an adjustment that drops an indicator does not have them derived anew.
    let opened = adjustment::open(&app, &id).await;
    adjustment::approve(&app, &opened["adjustment"]["id"]).await;
    mixed(&app, &id).await;
    for period in ["MID_YEAR", "YEAR_END"] {
        let answer = ask(&app, "auditor", json!({ "scheme": { "code": "CN-2020" }, "period": period })).await;
        let found = only(&answer);
        assert_eq!((&found["changed"], &found["indicators"]), (&json!(false), &json!([])), "{period}: {found:#}");
        assert_eq!(found["before"], found["after"]);
        assert_eq!(answer.data("schemeWhatIf/totalCount"), 1);
    }
}

#[tokio::test]
async fn as_if_it_had_held_from_the_beginning() {
    let (app, id) = TestApp::approved().await;
    mixed(&app, &id).await;
    for code in ["CAPPED", "GRADES-80-70-60"] {
        let what_if = only(&ask(&app, "finance", json!({ "scheme": { "code": code } })).await);
        assert_eq!(what_if["changed"], true, "{code}");
        assert_eq!(what_if["declaration"]["scheme"]["code"], "CN-2020", "as it is");

        let other = TestApp::new().await;
        let assign = format!(
            "mutation {{ schemeAssign(input: {{ jurisdictionCode: \"440118\", fiscalYear: 2024, schemeCode: \"{code}\", \
             schemeVersion: 1 }}) {{ userErrors {{ code }} }} }}"
        );
        other.query("admin", &assign, json!({})).await;
        let there = other.import().await;
        other.approve(&there).await;
        mixed(&other, &there).await;
        let query = format!(
            "{{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) {{ scheme {{ code }} result(period: YEAR_END) {{ {RESULT} }}
                indicators {{ name weight achievement(period: YEAR_END) {{ {MADE} }} }} }} }}"
        );
        let truth = other.query("auditor", &query, json!({})).await.data("declaration").clone();
        assert_eq!(truth["scheme"]["code"], code);
        assert_eq!(what_if["after"], truth["result"], "{code}");
        let listed = what_if["indicators"].as_array().expect("rows");
        let own = app.query("auditor", &query, json!({})).await.data("declaration/indicators").clone();
        let mut differing = 0;
        for (row, mine) in truth["indicators"].as_array().expect("rows").iter().zip(own.as_array().expect("rows")) {
            let found = listed.iter().find(|found| found["indicator"]["name"] == row["name"]);
            if row["achievement"] == mine["achievement"] && row["weight"] == mine["weight"] {
                assert!(found.is_none(), "{code} {row:#}");
                continue;
            }
            differing += 1;
            let mut after = found.unwrap_or_else(|| panic!("{code} leaves out {row:#}"))["after"].clone();
            assert_eq!(after["explanation"]["scheme"], json!({ "code": code, "version": 1 }));
            after.as_object_mut().expect("an object").remove("explanation");
            assert_eq!(after, row["achievement"], "{code} {}", row["name"]);
        }
        assert_eq!(differing, listed.len());
        if code == "CAPPED" {
            assert!(differing > 0, "some are 30 % above");
        }
    }
}

/// The rows that `jixiao assess` answers for these targets, values and weights under a scheme.
fn assessed(rows: &[(Value, String)], scheme: &scheme::Scheme) -> Vec<Value> {
    let mut table = "target\tlevel1\tlevel2\tlevel3\tyear\tactual\tweight\n".to_owned();
    for (row, weight) in rows {
        let cell = |field: &str| row.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let cells = [cell("/annualTarget/text"), cell("/level1Label"), cell("/level2Label"), cell("/name")];
        table += &format!("{}\t2024\t{}\t{weight}\n", cells.join("\t"), cell("/actualValue/text"));
    }
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = assess_table::run(table.as_bytes(), &mut output, &mut errors, scheme, Occasion::YearEnd);
    assert_eq!(code.expect("runs"), 0, "{}", String::from_utf8_lossy(&errors));
    let text = String::from_utf8(output).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect()
}

#[tokio::test]
async fn every_shipped_scheme_gives_what_the_rules_give() {
    let (app, id) = TestApp::approved().await;
    mixed(&app, &id).await;
    let query = "{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) { indicators { name level1 level2 level1Label
        level2Label weight weightOrigin annualTarget { text certain kind } actualValue(period: YEAR_END) { text } } } }";
    let rows = app.query("auditor", query, json!({})).await.data("declaration/indicators").clone();
    let rows = rows.as_array().expect("rows").clone();
    assert!(rows.iter().all(|row| row["weightOrigin"] == "DERIVED"));
    let mut compared = 0;
    for (code, document) in scheme::shipped() {
        let other = scheme::parse(document).unwrap_or_else(|fault| panic!("{code}: {}", fault.message.en));
        let found = only(&ask(&app, "admin", json!({ "scheme": { "code": code } })).await);
        let word = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let level = |row: &Value| weight::Row {
            level1: word(row, "level1").parse().ok(),
            level2: word(row, "level2").parse().ok(),
            stated: None,
            excluded: false,
        };
        let weights = weight::derive(&rows.iter().map(level).collect::<Vec<_>>(), &other);
        let text = |weight: &weight::Weight| weight.map(|(points, _)| points.to_string()).unwrap_or_default();
        let rows: Vec<(Value, String)> = rows.iter().cloned().zip(weights.iter().map(text)).collect();
        for ((row, weight), made) in rows.iter().zip(assessed(&rows, &other)) {
            let changed = found["indicators"].as_array().expect("rows").iter();
            let Some(changed) = changed.clone().find(|one| one["indicator"]["name"] == row["name"]) else { continue };
            assert_eq!(changed["weightBefore"], row["weight"]);
            assert_eq!(changed["weightAfter"].as_str().unwrap_or_default(), weight, "{code} {}", row["name"]);
            // Of a statement a person gave the score, and of an uncertain reading the table knows no confirmation.
            if row["annualTarget"]["certain"] == true && row["annualTarget"]["kind"] != "STATEMENT" {
                for field in ["status", "rate", "score", "maxScore"] {
                    assert_eq!(changed["after"][field], made[field], "{code} {} {field}", row["name"]);
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 15, "{compared}");
}

#[tokio::test]
async fn nothing_is_written_and_not_everybody_may() {
    let (mut app, id) = TestApp::approved().await;
    mixed(&app, &id).await;
    let before = (app.marks().await, app.access_log("admin").await.body.to_string());
    let own = include_str!("../../crates/rules/schemes/CN-2020.toml");
    let own = own.replace("code = \"CN-2020\"", "code = \"试行\"").replace("from = \"90\"", "from = \"99\"");
    let answer = ask(&app, "auditor", json!({ "scheme": { "document": own } })).await;
    assert_eq!(answer.data("schemeWhatIf/scheme"), &json!({ "code": "试行", "version": 1 }));
    assert_eq!(only(&answer)["before"]["score"], only(&answer)["after"]["score"]);
    for code in ["CAPPED", "EXECUTION-20", "CN-2021-COST"] {
        ask(&app, "admin", json!({ "scheme": { "code": code, "version": 1 } })).await;
    }
    let after = (app.marks().await, app.access_log("admin").await.body.to_string());
    assert_eq!(before, after);
    app.healthy().await;
    let schemes = app.query("admin", "{ scoringSchemes(first: 50) { edges { node { code } } } }", json!({})).await;
    assert!(!schemes.body.to_string().contains("试行"), "it was not kept");

    let capped = json!({ "scheme": { "code": "CAPPED" } });
    for name in ["filer", "department"] {
        assert_eq!(ask(&app, name, capped.clone()).await.code(), "FORBIDDEN", "{name}");
    }
    // What is seen as a filer is not tried as an auditor of somewhere else.
    let grants = [(Role::UnitFiler, Some("440118001"), None), (Role::Auditor, None, Some("440106"))];
    app.add_user("both", &grants).await;
    assert_eq!(ask(&app, "both", capped.clone()).await.data("schemeWhatIf/totalCount"), 0);
    for (filter, count) in
        [(json!({ "fiscalYears": [2024], "jurisdictionCode": "440100" }), 1), (json!({ "fiscalYears": [2023] }), 0)]
    {
        let answer = ask(&app, "auditor", json!({ "scheme": { "code": "CAPPED" }, "filter": filter })).await;
        assert_eq!(answer.data("schemeWhatIf/totalCount"), count, "{filter}");
    }
    for unseen in [json!({ "departmentCodes": ["999999001"] }), json!({ "jurisdictionCode": "999999" })] {
        let answer = ask(&app, "auditor", json!({ "scheme": { "code": "CAPPED" }, "filter": unseen })).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["reason"], "NOT_FOUND", "{unseen}");
    }
    for bad in [
        json!({}),
        json!({ "code": "CAPPED", "document": own }),
        json!({ "document": own, "version": 1 }),
        json!({ "version": 1 }),
        json!({ "code": "NONE" }),
        json!({ "code": "CAPPED", "version": 99 }),
        json!({ "document": "code = 1" }),
        json!({ "document": "x".repeat(70_000) }),
    ] {
        let short = bad.to_string().chars().take(80).collect::<String>();
        let answer = ask(&app, "auditor", json!({ "scheme": bad })).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{short}: {:#}", answer.body);
    }
    assert_eq!(
        ask(&app, "auditor", json!({ "scheme": { "code": "CAPPED" }, "first": 1000 })).await.code(),
        "LIMIT_EXCEEDED"
    );
}
