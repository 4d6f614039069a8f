//! Documents that would hurt are refused before they do.

use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn traps_are_refused() {
    let app = TestApp::new().await;
    let nested = format!(
        "{{ declarations(filter: {{ fiscalYears: {}{} }}, first: 1) {{ totalCount }} }}",
        "[".repeat(2_000),
        "]".repeat(2_000)
    );
    let mut doubled = String::from("{ ...f0 }");
    for index in 0..20 {
        doubled.push_str(&format!(" fragment f{index} on Query {{ ...f{} ...f{} }}", index + 1, index + 1));
    }
    doubled.push_str(" fragment f20 on Query { viewer { id } }");
    let cyclic = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned();
    let aliases: String = (0..5_000).map(|index| format!("a{index}: viewer {{ id }} ")).collect();
    for (document, limit) in [(nested, "maxNesting"), (doubled, ""), (format!("{{ {aliases} }}"), "")] {
        let answer = app.send(None, &document, json!({})).await;
        assert_eq!(answer.code(), "LIMIT_EXCEEDED", "{:#}", answer.body);
        assert!(answer.body.to_string().contains(limit));
    }
    let answer = app.send(None, &cyclic, json!({})).await;
    assert!(!answer.code().is_empty() && answer.code() != "INTERNAL", "{:#}", answer.body);
}

#[tokio::test]
async fn a_page_over_the_maximum_is_an_error() {
    let app = TestApp::new().await;
    let answer = app.run("auditor", "Departments", json!({ "first": 101 })).await;
    assert_eq!(answer.code(), "LIMIT_EXCEEDED");
    let answer = app.run("auditor", "Departments", json!({ "first": 0 })).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT");
}
