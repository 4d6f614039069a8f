//! Reporting windows: on time, late and locked over the real router, on a clock that moves.

use serde_json::{Value, json};

use crate::harness::{TestApp, indicators};

const DAY: i64 = 24 * 60;
const FIELDS: &str = "window { id months opensOn dueOn closesOn graceDays lastDay open revision jurisdiction { code }
    extensions { dueBefore dueAfter closesBefore closesAfter reason extendedBy } } userErrors { code field message }";

/// A window over August 2024, the test clock's first day being the first of August.
pub(super) fn august(place: &str) -> Value {
    json!({ "jurisdictionCode": place, "fiscalYear": 2024, "period": "MID_YEAR", "months": 7, "opensOn": "2024-08-01",
        "dueOn": "2024-08-10", "closesOn": "2024-08-20", "graceDays": 2 })
}

pub(super) async fn set(app: &TestApp, name: &str, input: Value) -> crate::harness::Answer {
    let document =
        format!("mutation($input: ReportingWindowSetInput!) {{ reportingWindowSet(input: $input) {{ {FIELDS} }} }}");
    app.query(name, &document, json!({ "input": input })).await
}

async fn extend(app: &TestApp, name: &str, input: Value) -> crate::harness::Answer {
    let document = format!(
        "mutation($input: ReportingWindowExtendInput!) {{ reportingWindowExtend(input: $input) {{ {FIELDS} }} }}"
    );
    app.query(name, &document, json!({ "input": input })).await
}

async fn sheet(app: &TestApp, id: &str, period: &str) -> Value {
    let document = "query($id: ID!, $period: ReportingPeriod!) { report(declarationId: $id, period: $period) {
        status revision dueOn late lateDays locked months window { jurisdiction { code } } } }";
    app.query("filer", document, json!({ "id": id, "period": period })).await.data("report").clone()
}

async fn record(app: &TestApp, id: &str, period: &str, note: &str) -> crate::harness::Answer {
    let entries: Vec<Value> = indicators(&app.page("filer").await)
        .iter()
        .map(|row| {
            json!({ "indicatorId": row["id"], "text": row["annualTarget"]["text"], "level": "FULL", "note": note,
            "deviations": [{ "category": "OTHER", "text": "说明" }] })
        })
        .collect();
    let input =
        json!({ "declarationId": id, "period": period, "entries": entries, "execution": { "executed": "20000" } });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await
}

async fn submit(app: &TestApp, id: &str) -> crate::harness::Answer {
    let document = "query($id: ID!) { report(declarationId: $id, period: MID_YEAR) { id revision } }";
    let report = app.query("filer", document, json!({ "id": id })).await.data("report").clone();
    app.run("filer", "SubmitReport", json!({ "id": report["id"], "revision": report["revision"] })).await
}

#[tokio::test]
async fn on_time_late_and_locked_are_three_facts() {
    let (app, id) = TestApp::approved().await;
    let open = sheet(&app, &id, "MID_YEAR").await;
    assert_eq!((&open["dueOn"], &open["late"], &open["locked"]), (&Value::Null, &json!(false), &json!(false)));

    let mut early = august("440100");
    early["opensOn"] = json!("2024-08-03");
    let made = set(&app, "admin", early).await;
    assert_eq!(made.user_errors("reportingWindowSet"), Vec::<&str>::new(), "{:#}", made.body);
    let locked = record(&app, &id, "MID_YEAR", "100%").await;
    let error = locked.data("actualValuesRecord/userErrors/0");
    assert_eq!((&error["code"], &error["field"]), (&json!("WINDOW_CLOSED"), &json!(["period"])));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("2024-08-03") && text.contains("2024-08-01")));
    let sheet0 = sheet(&app, &id, "MID_YEAR").await;
    assert_eq!(
        (&sheet0["locked"], &sheet0["late"], &sheet0["dueOn"]),
        (&json!(true), &json!(false), &json!("2024-08-10"))
    );
    assert_eq!(sheet0["window"]["jurisdiction"]["code"], "440100");

    // The preview refuses alike.
    let stations = indicators(&app.page("filer").await)[0]["id"].clone();
    let input =
        json!({ "declarationId": id, "period": "MID_YEAR", "entries": [{ "indicatorId": stations, "text": "1" }] });
    let preview = app.run("filer", "PreviewActualValues", json!({ "input": input })).await;
    assert_eq!(preview.user_errors("actualValuesPreview"), ["WINDOW_CLOSED"]);

    app.advance(3 * DAY);
    let done = record(&app, &id, "MID_YEAR", "100%").await;
    assert_eq!(done.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", done.body);
    // The eleventh of August in China begins at 16:00 UTC of the tenth; due was the tenth.
    app.advance(6 * DAY + 16 * 60);
    assert_eq!(sheet(&app, &id, "MID_YEAR").await["late"], json!(true));
    app.advance(12 * DAY);
    let closed = submit(&app, &id).await;
    let error = closed.data("reportSubmit/userErrors/0");
    assert_eq!((&error["code"], &error["field"]), (&json!("WINDOW_CLOSED"), &json!(["id"])), "{:#}", closed.body);
    assert!(error["message"].as_str().is_some_and(|text| text.contains("2024-08-22")));

    let window = made.data("reportingWindowSet/window/id");
    let more = extend(
        &app,
        "admin",
        json!({ "windowId": window, "closesOn": "2024-08-31", "reason": "汛情", "expectedRevision": 1 }),
    )
    .await;
    assert_eq!(more.data("reportingWindowExtend/window/dueOn"), "2024-08-10");
    let kept = more.data("reportingWindowExtend/window/extensions/0");
    assert_eq!(
        (&kept["closesBefore"], &kept["closesAfter"], &kept["reason"]),
        (&json!("2024-08-20"), &json!("2024-08-31"), &json!("汛情"))
    );
    let sent = submit(&app, &id).await;
    assert_eq!(sent.user_errors("reportSubmit"), Vec::<&str>::new(), "{:#}", sent.body);
    let late = sheet(&app, &id, "MID_YEAR").await;
    assert_eq!((&late["late"], &late["lateDays"]), (&json!(true), &json!(13)));
    let trail =
        "query($id: ID!) { auditTrail(nodeId: $id, first: 9) { edges { node { reason changes { path after } } } } }";
    let trail = app.query("auditor", trail, json!({ "id": window })).await;
    assert_eq!(trail.data("auditTrail/edges/1/node/reason"), "汛情");
    assert_eq!(trail.data("auditTrail/edges/1/node/changes/0"), &json!({ "path": "closesOn", "after": "2024-08-31" }));
    // An extension afterwards does not make it on time.
    extend(&app, "admin", json!({ "windowId": window, "dueOn": "2024-08-31", "reason": "补", "expectedRevision": 2 }))
        .await;
    assert_eq!(sheet(&app, &id, "MID_YEAR").await["late"], json!(true));
}

#[tokio::test]
async fn the_nearest_window_holds_and_months_are_frozen() {
    let (app, id) = TestApp::approved().await;
    let mut province = august("440000");
    province["months"] = json!(6);
    set(&app, "admin", province).await;
    assert_eq!(sheet(&app, &id, "MID_YEAR").await["months"], 6);
    record(&app, &id, "MID_YEAR", "100%").await;
    let mut district = august("440118");
    district["months"] = json!(8);
    set(&app, "admin", district).await;
    let after = sheet(&app, &id, "MID_YEAR").await;
    assert_eq!((&after["months"], &after["window"]["jurisdiction"]["code"]), (&json!(6), &json!("440118")));
    let again = record(&app, &id, "MID_YEAR", "99%").await;
    assert!(
        again.body.to_string().contains("\"months\"") && again.body.to_string().contains("\"value\":\"6\""),
        "{:#}",
        again.body
    );

    let list = "query($code: String) { reportingWindows(jurisdictionCode: $code, fiscalYear: 2024, first: 10) {
        edges { node { months jurisdiction { code } } } } }";
    let months = |answer: &crate::harness::Answer| -> Vec<Value> {
        let edges = answer.data("reportingWindows/edges").as_array().expect("edges");
        edges.iter().map(|edge| edge["node"]["months"].clone()).collect()
    };
    for (code, expected) in [(Some("440118"), vec![8]), (Some("440106"), vec![6]), (None, vec![6, 8])] {
        let answer = app.query("admin", list, json!({ "code": code })).await;
        assert_eq!(months(&answer), expected, "{code:?}");
    }
    // Who sees 440106 only learns of what holds there.
    assert_eq!(months(&app.query("filer2", list, json!({})).await), [6]);
}

#[tokio::test]
async fn further_periods_exist_only_with_a_window() {
    let (app, id) = TestApp::approved().await;
    assert!(sheet(&app, &id, "Q1").await.is_null());
    let refused = record(&app, &id, "Q1", "100%").await;
    assert_eq!(refused.user_errors("actualValuesRecord"), ["WRONG_STATE"]);
    let mut quarter = august("440118");
    quarter["period"] = json!("Q1");
    quarter["months"] = json!(3);
    set(&app, "admin", quarter).await;
    assert_eq!(sheet(&app, &id, "Q1").await["status"], "NOT_STARTED");
    let stations = indicators(&app.page("filer").await)[0]["id"].clone();
    let input = json!({ "declarationId": id, "period": "Q1", "entries": [{ "indicatorId": stations, "text": "50%" }] });
    let preview = app.run("filer", "PreviewActualValues", json!({ "input": input })).await;
    let done = app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    let made = done.data("actualValuesRecord/results/0/achievement");
    assert!(made.is_object(), "{:#}", done.body);
    assert_eq!(preview.data("actualValuesPreview/results/0/achievement"), made);
}

#[tokio::test]
async fn what_was_returned_may_be_mended_after_the_close() {
    let (app, id) = TestApp::approved().await;
    set(&app, "admin", august("440118")).await;
    record(&app, &id, "MID_YEAR", "100%").await;
    let sent = submit(&app, &id).await;
    assert_eq!(sent.user_errors("reportSubmit"), Vec::<&str>::new(), "{:#}", sent.body);
    app.advance(60 * DAY);
    let report = sent.data("reportSubmit/report");
    let back = json!({ "id": report["id"], "revision": report["revision"], "reason": "请核实" });
    app.run("department", "ReturnReport", back).await;
    let open = sheet(&app, &id, "MID_YEAR").await;
    assert_eq!((&open["status"], &open["locked"], &open["late"]), (&json!("RETURNED"), &json!(false), &json!(false)));
    let mended = record(&app, &id, "MID_YEAR", "98%").await;
    assert_eq!(mended.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", mended.body);
    assert_eq!(submit(&app, &id).await.user_errors("reportSubmit"), Vec::<&str>::new());
    assert_eq!(sheet(&app, &id, "MID_YEAR").await["lateDays"], 0);
}

#[tokio::test]
async fn bad_input_for_windows() {
    let app = TestApp::new().await;
    for name in ["filer", "department", "finance", "auditor"] {
        assert_eq!(set(&app, name, august("440118")).await.code(), "FORBIDDEN", "{name}");
        let any = json!({ "windowId": "UmVwb3J0aW5nV2luZG93OjE", "reason": "x", "expectedRevision": 1 });
        assert_eq!(extend(&app, name, any).await.code(), "FORBIDDEN", "{name}");
    }
    for (field, value, code) in [
        ("jurisdictionCode", json!("999999"), "NOT_FOUND"),
        ("fiscalYear", json!(1999), "INVALID_VALUE"),
        ("months", json!(0), "INVALID_VALUE"),
        ("months", json!(-1), "INVALID_VALUE"),
        ("dueOn", json!("2024-07-01"), "INVALID_VALUE"),
        ("closesOn", json!("2024-08-09"), "INVALID_VALUE"),
        ("graceDays", json!(-1), "INVALID_VALUE"),
        ("expectedRevision", json!(3), "CONFLICT"),
    ] {
        let mut input = august("440118");
        input[field] = value;
        let answer = set(&app, "admin", input).await;
        let error = answer.data("reportingWindowSet/userErrors/0");
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!([field])), "{:#}", answer.body);
    }
    let made = set(&app, "admin", august("440118")).await;
    let window = made.data("reportingWindowSet/window/id").clone();
    assert_eq!(set(&app, "admin", august("440118")).await.user_errors("reportingWindowSet"), ["CONFLICT"], "exists");
    let mut moved = august("440118");
    moved["expectedRevision"] = json!(1);
    moved["closesOn"] = json!("2024-08-11");
    assert_eq!(set(&app, "admin", moved).await.user_errors("reportingWindowSet"), ["WRONG_STATE"], "it has opened");
    let mut corrected = august("440118");
    corrected["expectedRevision"] = json!(1);
    corrected["months"] = json!(6);
    assert_eq!(set(&app, "admin", corrected).await.data("reportingWindowSet/window/revision"), 2);

    let base = json!({ "windowId": window, "closesOn": "2024-09-01", "reason": "理由", "expectedRevision": 2 });
    for (field, value, code, at) in [
        ("reason", json!(" "), "REASON_REQUIRED", "reason"),
        ("reason", json!("长".repeat(2_001)), "TOO_LONG", "reason"),
        ("reason", json!("a\u{7}b"), "INVALID_VALUE", "reason"),
        ("expectedRevision", json!(1), "CONFLICT", "expectedRevision"),
        ("closesOn", json!("2024-08-19"), "INVALID_VALUE", "closesOn"),
        ("dueOn", json!("2024-08-09"), "INVALID_VALUE", "dueOn"),
        ("dueOn", json!("2024-09-02"), "INVALID_VALUE", "closesOn"),
        ("closesOn", Value::Null, "INVALID_VALUE", "closesOn"),
        ("windowId", json!("UmVwb3J0aW5nV2luZG93Ojk5"), "NOT_FOUND", "windowId"),
    ] {
        let mut input = base.clone();
        input[field] = value;
        let answer = extend(&app, "admin", input).await;
        let error = answer.data("reportingWindowExtend/userErrors/0");
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!([at])), "{:#}", answer.body);
    }
    let mut wrong = base.clone();
    wrong["windowId"] = json!("VXNlcjoy");
    assert_eq!(extend(&app, "admin", wrong).await.code(), "INVALID_ID");
    assert_eq!(extend(&app, "admin", base).await.data("reportingWindowExtend/window/revision"), 3);
    let log = "SELECT count(*) AS n FROM audit_entry WHERE node LIKE 'ReportingWindow:%'";
    let row =
        sea_orm::ConnectionTrait::query_one_raw(app.db.read(), sea_orm::Statement::from_string(app.db.backend(), log))
            .await
            .expect("answers")
            .expect("a row");
    assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 3, "refusals leave no entry");
    let kept = sea_orm::ConnectionTrait::execute_unprepared(
        app.db.read(),
        "UPDATE reporting_window_extension SET reason = ''",
    )
    .await;
    assert!(kept.is_err(), "extensions are append-only");
}
