//! Recording: the changed achievement in the same answer, preview like record, nothing lost.

use serde_json::{Value, json};

use crate::harness::{TestApp, indicators};

async fn row(app: &TestApp, name: &str) -> Value {
    indicators(&app.page("filer").await).into_iter().find(|row| row["name"] == name).expect("the indicator")
}

fn input(id: &str, entries: Value) -> Value {
    json!({ "input": { "declarationId": id, "period": "YEAR_END", "entries": entries } })
}

#[tokio::test]
async fn record_preview_and_refusals() {
    let (app, id) = TestApp::approved().await;
    let stations = row(&app, "颐康服务站数量").await["id"].clone();
    let values = input(&id, json!([{ "indicatorId": stations, "text": "148个" }]));
    let preview = app.run("filer", "PreviewActualValues", values.clone()).await;
    let answer = app.run("filer", "RecordActualValues", values.clone()).await;
    let made = answer.data("actualValuesRecord/results/0/achievement");
    assert_eq!(preview.data("actualValuesPreview/results/0/achievement"), made);
    assert_eq!(
        (&made["rate"], &made["score"], &made["status"]),
        (&json!("0.986666"), &json!("4.49"), &json!("PARTIALLY_ACHIEVED"))
    );
    let steps = made["explanation"]["steps"].as_array().expect("steps");
    let value = |label: &str| steps.iter().rfind(|step| step["label"] == label).map(|step| step["value"].clone());
    assert_eq!(
        (value("rate"), value("score"), value("status")),
        (Some(json!("0.986666")), Some(json!("4.49")), Some(json!("PARTIALLY_ACHIEVED")))
    );
    assert_eq!(answer.data("actualValuesRecord/report/revision"), 1);
    assert_eq!(row(&app, "颐康服务站数量").await["achievement"]["score"], "4.49");

    for name in ["auditor", "finance", "department", "admin"] {
        let refused = app.run(name, "RecordActualValues", values.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{name}");
        assert!(refused.data("actualValuesRecord").is_null());
    }
    let unseen = app.run("filer2", "RecordActualValues", values.clone()).await;
    assert_eq!(unseen.user_errors("actualValuesRecord"), ["NOT_FOUND"]);

    let mut stale = values.clone();
    stale["input"]["expectedRevision"] = json!(0);
    let foreseen = app.run("filer", "PreviewActualValues", stale.clone()).await;
    assert_eq!(foreseen.user_errors("actualValuesPreview"), ["CONFLICT"]);
    let conflict = app.run("filer", "RecordActualValues", stale).await;
    assert_eq!(conflict.user_errors("actualValuesRecord"), ["CONFLICT"]);
    assert!(conflict.body.to_string().contains("用户filer"), "a conflict names who");

    let withdrawn =
        app.run("filer", "RecordActualValues", input(&id, json!([{ "indicatorId": stations, "text": null }]))).await;
    assert_eq!(withdrawn.data("actualValuesRecord/results/0/achievement/status"), "NOT_REPORTED");
    assert!(withdrawn.data("actualValuesRecord/results/0/achievement/score").is_null());
}

#[tokio::test]
async fn batches_and_keys() {
    let (app, id) = TestApp::approved().await;
    let (good, bad) = (row(&app, "火化率").await["id"].clone(), row(&app, "颐康服务站数量").await["id"].clone());
    let entries = json!([{ "indicatorId": good, "text": "99%" }, { "indicatorId": bad, "text": "-5个" }]);
    let whole = app.run("filer", "RecordActualValues", input(&id, entries.clone())).await;
    let path = whole.data("actualValuesRecord/results/1/userErrors/0/field");
    assert_eq!(
        (path, whole.data("actualValuesRecord/report")),
        (&json!(["entries", "1", "text"]), &Value::Null),
        "{:#}",
        whole.body
    );
    assert!(row(&app, "火化率").await["yearEnd"].is_null());

    let mut valid = input(&id, entries);
    valid["input"]["mode"] = json!("VALID_ROWS");
    valid["input"]["idempotencyKey"] = json!("key-1");
    let some = app.run("filer", "RecordActualValues", valid.clone()).await;
    assert_eq!(some.data("actualValuesRecord/report/revision"), 1);
    assert_eq!(row(&app, "火化率").await["yearEnd"]["text"], "99%");
    assert!(row(&app, "颐康服务站数量").await["yearEnd"].is_null());

    let again = app.run("filer", "RecordActualValues", valid.clone()).await;
    assert_eq!(again.data("actualValuesRecord"), some.data("actualValuesRecord"));
    valid["input"]["entries"][0]["text"] = json!("98%");
    let other = app.run("filer", "RecordActualValues", valid).await;
    assert_eq!(other.user_errors("actualValuesRecord"), ["IDEMPOTENCY_KEY_REUSED"]);
}

#[tokio::test]
async fn a_whole_report() {
    let (app, id) = TestApp::approved().await;
    let sheet = json!({ "declaration": id, "period": "YEAR_END" });
    let empty = app.run("filer", "ReportingSheet", sheet.clone()).await;
    assert_eq!((empty.data("report/status"), empty.data("report/revision")), (&json!("NOT_STARTED"), &json!(0)));
    let report = empty.data("report/id").clone();
    let entries: Vec<Value> = indicators(&app.page("filer").await)
        .iter()
        .map(|row| {
            let statement = row["annualTarget"]["kind"] == "STATEMENT";
            let text = row["annualTarget"]["text"].clone();
            if statement {
                json!({ "indicatorId": row["id"], "text": text, "level": "FULL", "score": "4.50" })
            } else {
                json!({ "indicatorId": row["id"], "text": text })
            }
        })
        .collect();
    let half = app.run("filer", "RecordActualValues", input(&id, json!(entries[..3]))).await;
    assert_eq!(half.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", half.body);
    let early = app.run("filer", "SubmitReport", json!({ "id": report, "revision": 1 })).await;
    let owed = early.user_errors("reportSubmit");
    assert_eq!((owed.len(), owed[0]), (12, "BLOCKED"), "eleven values and the executed amount: {owed:?}");
    let page = app.page("filer").await;
    assert!(page["result"]["score"].is_null() && page["result"]["scoreSoFar"].is_string());

    let mut rest = input(&id, json!(entries[3..]));
    rest["input"]["execution"] = json!({ "executed": "51480.81" });
    let answer = app.run("filer", "RecordActualValues", rest).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
    let page = app.page("filer").await;
    assert_eq!(
        (&page["result"]["executionRate"], &page["result"]["achievementRate"]),
        (&json!("1.000000"), &json!("1.000000"))
    );
    assert_eq!((&page["result"]["score"], &page["result"]["grade"]), (&json!("99.91"), &json!("EXCELLENT")));
    let revision = answer.data("actualValuesRecord/report/revision").clone();
    let sent = app.run("filer", "SubmitReport", json!({ "id": report, "revision": revision })).await;
    assert_eq!(sent.data("reportSubmit/report/status"), "DEPARTMENT_REVIEW");
    let revision = sent.data("reportSubmit/report/revision").clone();
    let sent = app.run("department", "ForwardReport", json!({ "id": report, "revision": revision })).await;
    let revision = sent.data("reportForward/report/revision").clone();
    let sent = app.run("finance", "AcceptReport", json!({ "id": report, "revision": revision })).await;
    assert_eq!(sent.data("reportAccept/report/status"), "ACCEPTED");
    let closed = app.run("filer", "RecordActualValues", input(&id, json!(entries[..1]))).await;
    assert_eq!(closed.user_errors("actualValuesRecord"), ["WRONG_STATE"]);
}
