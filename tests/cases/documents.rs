//! Documents by their ids: trusted ones from a manifest, persisted ones that callers leave.

use axum::http::StatusCode;
use jixiao_api::config::Trust;
use serde_json::{Value, json};

use crate::harness::{Answer, DEPARTMENT, TestApp, contract};

fn hash(text: &str) -> String {
    jixiao_service::audit::sha256(text.as_bytes())
}

async fn ask(app: &TestApp, body: Value) -> Answer {
    app.post(Some(&app.token("filer")), "zh", body.to_string()).await
}

/// The whole contract as the manifest of a front end.
fn trusting(app: &mut TestApp, trust: Trust) {
    let texts: serde_json::Map<String, Value> = contract::operations()
        .into_iter()
        .map(|name| contract::document(&name))
        .map(|text| (hash(&text), json!(text)))
        .collect();
    let path = app.folder().join("manifest.json");
    std::fs::write(&path, Value::Object(texts).to_string()).expect("writes");
    app.configured(|config| {
        config.trusted_documents = trust;
        config.trusted_documents_files = vec![path];
    });
}

#[tokio::test]
async fn only_what_the_manifest_holds() {
    let mut app = TestApp::new().await;
    trusting(&mut app, Trust::Enforce);
    let document = contract::document("DeclarationPage");
    app.import().await;
    let variables = json!({ "department": DEPARTMENT, "year": 2024 });
    // More than once: an answer from memory is the same.
    for _ in 0..3 {
        let by_id = ask(&app, json!({ "documentId": hash(&document), "variables": variables })).await;
        assert_eq!(by_id.data("declaration/status"), "DRAFT");
        let prefixed =
            ask(&app, json!({ "documentId": format!("sha256:{}", hash(&document)), "variables": variables })).await;
        assert_eq!(prefixed.body["data"], by_id.body["data"]);
        let by_text = ask(&app, json!({ "query": document, "variables": variables })).await;
        assert_eq!(by_text.body["data"], by_id.body["data"]);
    }
    let other = ask(&app, json!({ "query": "{ viewer { id } }" })).await;
    assert_eq!((other.code(), other.status), ("DOCUMENT_NOT_TRUSTED", StatusCode::OK));
    let unknown = ask(&app, json!({ "documentId": "none" })).await;
    assert_eq!(unknown.code(), "PERSISTED_QUERY_NOT_FOUND");
    let schema = ask(&app, json!({ "query": "{ __schema { queryType { name } } }" })).await;
    assert_eq!(schema.code(), "DOCUMENT_NOT_TRUSTED");
    trusting(&mut app, Trust::Log);
    assert_eq!(ask(&app, json!({ "query": "{ viewer { username } }" })).await.data("viewer/username"), "filer");
}

#[tokio::test]
async fn what_a_caller_leaves_is_found_again() {
    let app = TestApp::new().await;
    let text = "{ viewer { username } }";
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } });
    let unknown = ask(&app, json!({ "extensions": extensions })).await;
    // Clients look for this message before they send the text along.
    assert_eq!(unknown.body["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(unknown.code(), "PERSISTED_QUERY_NOT_FOUND");
    let wrong = ask(&app, json!({ "query": "{ viewer { id } }", "extensions": extensions })).await;
    assert_eq!(wrong.code(), "BAD_REQUEST");
    let left = ask(&app, json!({ "query": text, "extensions": extensions })).await;
    assert_eq!(left.data("viewer/username"), "filer");
    for name in ["filer", "auditor", "filer"] {
        let found = app.post(Some(&app.token(name)), "zh", json!({ "extensions": extensions }).to_string()).await;
        assert_eq!(found.data("viewer/username"), name);
    }
}
