//! Auditors' notes: who may write them, what they hold for, and where they are told.

use serde_json::{Value, json};

use super::plan::{Made, approve, clean, draft, mid_year};
use super::{NONE, all, found};
use crate::harness::reporting::errors;
use crate::harness::{Answer, TestApp};

async fn note(app: &TestApp, name: &str, act: &str, id: &Value, note: &str) -> Answer {
    let document = format!(
        "mutation($input: Finding{act}Input!) {{ finding{act}(input: $input) {{ finding {{ id rule dismissal {{ note by {{ displayName }} at }} }} userErrors {{ code field message }} }} }}"
    );
    app.query(name, &document, json!({ "input": { "id": id, "note": note } })).await
}

/// An approved declaration whose mid-year report was missed.
async fn missed() -> (TestApp, Made, Value) {
    let app = TestApp::new().await;
    let made = draft(&app, &clean(2024)).await;
    approve(&app, &clean(2024), &made).await;
    app.today("2024-10-01");
    let open = all(&app, "auditor", json!({})).await;
    assert_eq!(open.len(), 1);
    (app, made, open[0]["id"].clone())
}

#[tokio::test]
async fn dismissed_shown_and_reopened() {
    let (app, made, id) = missed().await;
    let chain = app.chain().await;
    for name in ["filer", "department", "finance", "admin"] {
        for act in ["Dismiss", "Reopen"] {
            assert_eq!(note(&app, name, act, &id, "x").await.code(), "FORBIDDEN", "{name} {act}");
        }
    }
    assert_eq!(errors(&note(&app, "filer2", "Dismiss", &id, "x").await, "findingDismiss"), ["NOT_FOUND id"]);
    assert_eq!(errors(&note(&app, "auditor", "Reopen", &id, "x").await, "findingReopen"), ["WRONG_STATE id"]);
    for (text, want) in [(" ", "REQUIRED note"), ("a\u{1}", "INVALID_VALUE note")] {
        assert_eq!(errors(&note(&app, "auditor", "Dismiss", &id, text).await, "findingDismiss"), [want]);
    }
    let long = note(&app, "auditor", "Dismiss", &id, &"字".repeat(2_001)).await;
    assert_eq!(errors(&long, "findingDismiss"), ["TOO_LONG note"]);
    assert_eq!(note(&app, "auditor", "Dismiss", &json!(made.id), "x").await.code(), "INVALID_ID");
    assert_eq!(app.chain().await, chain);

    let done = note(&app, "auditor", "Dismiss", &id, "机构改革，上半年未运转").await;
    assert_eq!(errors(&done, "findingDismiss"), NONE);
    assert_eq!(app.chain().await, chain + 1);
    let dismissal = done.data("findingDismiss/finding/dismissal");
    assert_eq!(
        (&dismissal["note"], &dismissal["by"]["displayName"], &dismissal["at"]),
        (&json!("机构改革，上半年未运转"), &json!("用户auditor"), &json!("2024-10-01T01:00:00.000000Z"))
    );
    // It stays listed, to everybody who sees it.
    for name in ["auditor", "filer", "finance"] {
        let listed = all(&app, name, json!({ "rules": ["A22"] })).await;
        assert_eq!((&listed[0]["id"], &listed[0]["dismissal"]), (&id, dismissal), "{name}");
    }
    assert_eq!(found(&app, json!({ "dismissed": false })).await, NONE);
    assert_eq!(found(&app, json!({ "dismissed": true })).await.len(), 1);
    assert_eq!(errors(&note(&app, "auditor", "Dismiss", &id, "x").await, "findingDismiss"), ["WRONG_STATE id"]);
    let (_, _, file) = app.download(Some(&app.token("auditor")), "/export/findings.csv").await;
    let file = String::from_utf8(file).expect("UTF-8");
    let (heading, row) = file.trim_start_matches('\u{feff}').split_once("\r\n").expect("two lines");
    assert!(heading.ends_with("搁置理由,搁置人,搁置时间"), "{heading}");
    assert!(row.contains("A22,错误,年中监控,") && row.contains("期限=2024-08-31；已设填报期=false"), "{row}");
    assert!(row.ends_with("机构改革，上半年未运转,用户auditor,2024-10-01T01:00:00.000000Z\r\n"), "{row}");
    let trail = app.run("auditor", "Trail", json!({ "node": made.id, "first": 100 })).await;
    let last = trail.data("auditTrail/edges").as_array().expect("edges").last().expect("an entry")["node"].clone();
    assert_eq!(
        (&last["action"], &last["actor"]["role"], &last["reason"]),
        (&json!("FINDING_DISMISS"), &json!("AUDITOR"), &json!("机构改革，上半年未运转"))
    );
    assert_eq!(last["changes"][0]["path"], "findings.A22.reports.MID_YEAR");

    let back = note(&app, "auditor", "Reopen", &id, "核实后不成立").await;
    assert!(back.data("findingReopen/finding/dismissal").is_null());
    assert_eq!(found(&app, json!({ "dismissed": false })).await.len(), 1);
    app.healthy().await;
}

#[tokio::test]
async fn a_dismissal_holds_for_what_was_compared() {
    let (app, made, id) = missed().await;
    assert_eq!(errors(&note(&app, "auditor", "Dismiss", &id, "已知").await, "findingDismiss"), NONE);
    // The window moves the due day: what was compared is another.
    let mut window = super::super::window::august("440118");
    (window["dueOn"], window["closesOn"]) = (json!("2024-08-15"), json!("2024-12-31"));
    super::super::window::set(&app, "admin", window).await;
    let listed = all(&app, "auditor", json!({})).await;
    assert_eq!((&listed[0]["id"], &listed[0]["dismissal"]), (&id, &Value::Null), "the same finding, judged anew");
    assert_eq!(errors(&note(&app, "auditor", "Dismiss", &id, "仍然").await, "findingDismiss"), NONE);
    // What is mended is gone, and with it what could be dismissed.
    mid_year(&app, &clean(2024), &made).await;
    assert_eq!(found(&app, json!({ "rules": ["A22"] })).await, NONE);
    assert_eq!(errors(&note(&app, "auditor", "Reopen", &id, "x").await, "findingReopen"), ["NOT_FOUND id"]);
    app.healthy().await;
}
