//! A value made of those of a department's units (rules 3.4, E10).

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::harness::reporting::{findings, row};

/// The value of an indicator with its units.
async fn value(app: &TestApp, id: &str, name: &str) -> Value {
    let query = "query($id: ID!) { report(declarationId: $id, period: YEAR_END) { rows { indicator { name }
        current { text value unitValues { unitName text funds yuan: funds(unit: YUAN) } aggregate { method value unit expression } }
        achievement { status rate } } } }";
    let answer = app.query("filer", query, json!({ "id": id })).await;
    let sheet = answer.data("report").clone();
    row(&sheet, name).1.clone()
}

async fn indicator(app: &TestApp, id: &str, name: &str) -> Value {
    row(&app.report("filer", id, "YEAR_END").await, name).1["indicator"]["id"].clone()
}

#[tokio::test]
async fn counts_are_added_and_ratios_weighted() {
    let (app, id) = TestApp::approved().await;
    let (stations, paid) =
        (indicator(&app, &id, "颐康服务站数量").await, indicator(&app, &id, "低保资金社会化发放率").await);
    let entries = json!([
        { "indicatorId": stations, "unitValues": [
            { "unitName": "荔城街", "text": "70个" }, { "unitName": "新塘镇", "text": "81个" } ] },
        { "indicatorId": paid, "unitValues": [
            { "unitName": "荔城街", "text": "97%", "funds": "100.00" },
            { "unitName": "新塘镇", "text": "90%", "funds": "500000", "unit": "YUAN" } ] },
    ]);
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": entries });
    let preview = app.run("filer", "PreviewActualValues", json!({ "input": input.clone() })).await;
    let done = app.record(&id, "YEAR_END", json!({ "entries": input["entries"] })).await;
    assert_eq!(
        preview.data("actualValuesPreview/results/0/achievement"),
        done.data("actualValuesRecord/results/0/achievement")
    );
    let counted = value(&app, &id, "颐康服务站数量").await;
    assert_eq!(counted["current"]["text"], "151个");
    assert_eq!(counted["achievement"], json!({ "status": "EXCEEDED", "rate": "1.006666" }), "150 were planned");
    let made = json!({ "method": "SUM", "value": "151", "unit": "个", "expression": "70 + 81" });
    assert_eq!(counted["current"]["aggregate"], made);

    let weighted = value(&app, &id, "低保资金社会化发放率").await;
    assert_eq!(weighted["current"]["text"], "94.666666%");
    let made = json!({ "method": "WEIGHTED_BY_FUNDS", "value": "94.666666", "unit": "%",
        "expression": "(97 × 100.00 + 90 × 50.00) ÷ (100.00 + 50.00)" });
    assert_eq!(weighted["current"]["aggregate"], made);
    let unit = json!({ "unitName": "新塘镇", "text": "90%", "funds": "50.00", "yuan": "500000.00" });
    assert_eq!(weighted["current"]["unitValues"][1], unit);

    // What is not named stays; null takes the units away and leaves the text.
    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": stations, "note": "已核对" }] })).await;
    assert_eq!(value(&app, &id, "颐康服务站数量").await["current"]["unitValues"].as_array().map(Vec::len), Some(2));
    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": stations, "unitValues": null }] })).await;
    let left = value(&app, &id, "颐康服务站数量").await;
    assert_eq!(
        (&left["current"]["text"], &left["current"]["unitValues"], &left["current"]["aggregate"]),
        (&json!("151个"), &json!([]), &Value::Null)
    );
}

#[tokio::test]
async fn a_value_that_its_units_do_not_add_up_to_blocks_the_submit() {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    let beds = indicator(&app, &id, "家庭养老床位建设数量").await;
    let units = json!([{ "unitName": "甲", "text": "300张" }, { "unitName": "乙", "text": "286张" }]);
    let entry = json!({ "indicatorId": beds, "text": "587张", "unitValues": units });
    app.record(&id, "YEAR_END", json!({ "entries": [entry] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    let at = row(&report, "家庭养老床位建设数量").0;
    assert!(findings(&report).contains(&format!("E10 ERROR rows.{at}.current.text")), "{:?}", findings(&report));
    assert!(report["findings"].to_string().contains("586张 = 300 + 286"), "{}", report["findings"]);
    let sent = app.step("filer", &id, "YEAR_END", "SubmitReport").await;
    assert!(sent.user_errors("reportSubmit").contains(&"BLOCKED"), "{:#}", sent.body);

    app.record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": beds, "unitValues": units }] })).await;
    let report = app.report("filer", &id, "YEAR_END").await;
    assert!(!findings(&report).iter().any(|found| found.starts_with("E10")), "{:?}", findings(&report));
    assert_eq!(row(&report, "家庭养老床位建设数量").1["current"]["text"], "586张");
}

#[tokio::test]
async fn units_that_cannot_be_added_are_refused() {
    let (app, id) = TestApp::approved().await;
    let paid = indicator(&app, &id, "低保资金社会化发放率").await;
    let units = json!([{ "unitName": "甲", "text": "97%" }, { "unitName": " ", "text": "很好", "funds": "-1" }]);
    let entries = json!([{ "indicatorId": paid, "unitValues": units }]);
    let paths = |answer: &crate::harness::Answer| -> Vec<String> {
        let errors = answer.data("actualValuesRecord/userErrors").as_array().cloned().unwrap_or_default();
        let path = |error: &Value| {
            let path: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            format!("{} {}", error["code"].as_str().unwrap_or_default(), path.join("."))
        };
        errors.iter().map(path).collect()
    };
    let refused = app.try_record(&id, "YEAR_END", json!({ "entries": entries })).await;
    assert_eq!(
        paths(&refused),
        ["REQUIRED entries.0.unitValues.1.unitName", "INVALID_VALUE entries.0.unitValues.1.funds"]
    );
    let units = json!([{ "unitName": "甲", "text": "97%" }, { "unitName": "乙", "text": "很好", "funds": "1" }]);
    let refused =
        app.try_record(&id, "YEAR_END", json!({ "entries": [{ "indicatorId": paid, "unitValues": units }] })).await;
    assert_eq!(
        paths(&refused),
        ["INVALID_VALUE entries.0.unitValues.0.funds", "INVALID_VALUE entries.0.unitValues.1.text"]
    );
    assert_eq!(app.report("filer", &id, "YEAR_END").await["status"], "NOT_STARTED");
}
