//! Rectifications: asked, answered, verified or asked again; overdue is computed.

use serde_json::{Value, json};

use crate::harness::reporting::errors;
use crate::harness::{Answer, TestApp};

async fn request(app: &TestApp, name: &str, id: &str, change: Value) -> Answer {
    let report = app.report("auditor", id, "MID_YEAR").await;
    let mut input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "request": "请说明滞后原因并整改", "dueOn": "2024-08-15" });
    for (key, value) in change.as_object().expect("an object") {
        input[key] = value.clone();
    }
    app.mutate(name, "rectificationRequest", "RectificationRequestInput", input).await
}

async fn act(app: &TestApp, name: &str, act: &str, rectification: &Value, id: &str, text: &str) -> Answer {
    let revision = app.report("auditor", id, "MID_YEAR").await["revision"].clone();
    let argument = if act == "Respond" { "response" } else { "conclusion" };
    let document = format!(
        "mutation($id: ID!, $revision: Int!, $text: String!) {{ rectification{act}(id: $id, expectedRevision: $revision,
            {argument}: $text) {{ rectification {{ id status overdue reopenedCount response conclusion respondedBy {{ displayName }} }} userErrors {{ code field }} }} }}"
    );
    app.query(name, &document, json!({ "id": rectification, "revision": revision, "text": text })).await
}

/// A mid-year report under finance's review, with causes wherever they are due.
async fn under_review() -> (TestApp, String) {
    let (app, id) = TestApp::approved().await;
    let mut entries = app.met("MID_YEAR").await;
    entries.iter_mut().for_each(|entry| entry["deviations"] = json!([{ "category": "OTHER", "text": "提前完成" }]));
    app.record(&id, "MID_YEAR", json!({ "entries": entries, "execution": { "executed": "30000" } })).await;
    app.to_finance(&id, "MID_YEAR").await;
    (app, id)
}

#[tokio::test]
async fn asked_answered_reopened_verified() {
    let (app, id) = under_review().await;
    let sheet = app.report("finance", &id, "MID_YEAR").await;
    let made = request(&app, "finance", &id, json!({ "indicatorId": sheet["rows"][3]["indicator"]["id"] })).await;
    assert_eq!(errors(&made, "rectificationRequest"), Vec::<String>::new(), "{:#}", made.body);
    let one = made.data("rectificationRequest/rectification/id").clone();
    let listed = app.report("filer", &id, "MID_YEAR").await["rectifications"][0].clone();
    assert_eq!(
        (&listed["status"], &listed["overdue"], &listed["dueOn"], &listed["indicator"]["name"]),
        (&json!("REQUESTED"), &json!(false), &json!("2024-08-15"), &json!("颐康服务站数量"))
    );
    // It runs beside the report, which may be accepted meanwhile.
    app.step("finance", &id, "MID_YEAR", "AcceptReport").await;
    app.advance(60 * 24 * 20);
    assert_eq!(app.report("filer", &id, "MID_YEAR").await["rectifications"][0]["overdue"], true);

    let chain = app.chain().await;
    for (name, step) in [
        ("finance", "Respond"),
        ("department", "Respond"),
        ("filer", "Verify"),
        ("auditor", "Verify"),
        ("admin", "Reopen"),
        ("filer", "Reopen"),
    ] {
        assert_eq!(act(&app, name, step, &one, &id, "x").await.code(), "FORBIDDEN", "{name} {step}");
    }
    for step in ["Verify", "Reopen"] {
        let early = act(&app, "finance", step, &one, &id, "x").await;
        assert_eq!(errors(&early, &format!("rectification{step}")), ["WRONG_STATE id"]);
    }
    let unseen = act(&app, "filer2", "Respond", &one, &id, "x").await;
    assert_eq!(errors(&unseen, "rectificationRespond"), ["NOT_FOUND id"]);
    for (text, want) in [("", "REQUIRED response"), ("\u{1}", "INVALID_VALUE response")] {
        assert_eq!(errors(&act(&app, "filer", "Respond", &one, &id, text).await, "rectificationRespond"), [want]);
    }
    let long = act(&app, "filer", "Respond", &one, &id, &"字".repeat(300_000)).await;
    assert_eq!(errors(&long, "rectificationRespond"), ["TOO_LONG response"]);
    let unknown = act(&app, "filer", "Respond", &json!("UmVjdGlmaWNhdGlvbjo5OQ"), &id, "x").await;
    assert_eq!(errors(&unknown, "rectificationRespond"), ["NOT_FOUND id"]);
    assert_eq!(act(&app, "filer", "Respond", &json!(id), &id, "x").await.code(), "INVALID_ID");
    assert_eq!(app.chain().await, chain);

    let done = act(&app, "filer", "Respond", &one, &id, "已补建三处").await;
    assert_eq!(done.data("rectificationRespond/rectification/overdue"), false, "answered, though late");
    let again = act(&app, "finance", "Reopen", &one, &id, "没有附台账").await;
    let made = again.data("rectificationReopen/rectification");
    assert_eq!(
        (&made["status"], &made["reopenedCount"], &made["overdue"]),
        (&json!("REOPENED"), &json!(1), &json!(true))
    );
    act(&app, "filer", "Respond", &one, &id, "台账已补").await;
    let verified = act(&app, "finance", "Verify", &one, &id, "属实").await;
    let made = verified.data("rectificationVerify/rectification");
    assert_eq!(
        (&made["status"], &made["response"], &made["conclusion"]),
        (&json!("VERIFIED"), &json!("台账已补"), &json!("属实"))
    );
    let over = act(&app, "filer", "Respond", &one, &id, "x").await;
    assert_eq!(errors(&over, "rectificationRespond"), ["WRONG_STATE id"]);

    let trail = app.run("auditor", "Trail", json!({ "node": sheet["id"], "first": 50 })).await;
    let edges = trail.data("auditTrail/edges").as_array().expect("edges").clone();
    let acts: Vec<&str> =
        edges.iter().filter_map(|edge| edge["node"]["action"].as_str()).filter(|act| act.starts_with("RECT")).collect();
    assert_eq!(
        acts,
        [
            "RECTIFICATION_REQUEST",
            "RECTIFICATION_RESPOND",
            "RECTIFICATION_REOPEN",
            "RECTIFICATION_RESPOND",
            "RECTIFICATION_VERIFY"
        ]
    );
    let node = app
        .query(
            "auditor",
            "query($id: ID!) { node(id: $id) { id ... on Rectification { status report { id } } } }",
            json!({ "id": one }),
        )
        .await;
    assert_eq!(node.data("node/report/id"), &sheet["id"]);
    let hidden = app.query("filer2", "query($id: ID!) { node(id: $id) { id } }", json!({ "id": one })).await;
    assert!(hidden.data("node").is_null());
    let examined = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!(examined.differences, Vec::<String>::new());
}

#[tokio::test]
async fn requests_that_are_refused() {
    let (app, id) = TestApp::approved().await;
    let none = request(&app, "finance", &id, json!({})).await;
    assert_eq!(errors(&none, "rectificationRequest"), ["WRONG_STATE reportId"], "nothing is reported yet");
    let (app, id) = under_review().await;
    let chain = app.chain().await;
    for name in ["filer", "department", "auditor", "admin"] {
        assert_eq!(request(&app, name, &id, json!({})).await.code(), "FORBIDDEN", "{name}");
    }
    let unseen = request(&app, "filer2", &id, json!({})).await;
    assert_eq!(errors(&unseen, "rectificationRequest"), ["NOT_FOUND reportId"]);
    let bad = [
        (json!({ "request": " " }), "REQUIRED request"),
        (json!({ "request": "字".repeat(2_001) }), "TOO_LONG request"),
        (json!({ "request": "\u{1b}" }), "INVALID_VALUE request"),
        (json!({ "dueOn": "2024-07-31" }), "INVALID_VALUE dueOn"),
        (json!({ "dueOn": "2999-01-01" }), "INVALID_VALUE dueOn"),
        (json!({ "indicatorId": "SW5kaWNhdG9yOjk5OTk5" }), "NOT_FOUND indicatorId"),
        (json!({ "expectedRevision": 1 }), "CONFLICT expectedRevision"),
    ];
    for (change, want) in bad {
        assert_eq!(errors(&request(&app, "finance", &id, change).await, "rectificationRequest"), [want]);
    }
    assert_eq!(request(&app, "finance", &id, json!({ "reportId": id })).await.code(), "INVALID_ID");
    assert_eq!(app.chain().await, chain);
}
