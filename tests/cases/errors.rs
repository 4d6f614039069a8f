//! The catalogue of error codes: `docs/errors.md` holds every one, and every one is given.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jixiao_api::config::Trust;
use jixiao_api::graphql::error::code;
use jixiao_rules::kind::Vocabulary;
use jixiao_service::error::UserErrorCode;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::harness::TestApp;

const CATALOGUE: &str = include_str!("../../docs/errors.md");

/// The codes of a table of the catalogue.
fn listed(heading: &str) -> BTreeSet<&'static str> {
    let (_, rest) = CATALOGUE.split_once(heading).expect("the heading");
    let section = rest.split("\n## ").next().unwrap_or_default();
    section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

#[test]
fn the_catalogue_is_whole() {
    assert_eq!(listed("## 顶层错误"), code::ALL.into_iter().collect());
    assert_eq!(listed("## 可由用户更正"), UserErrorCode::ALL.iter().map(|code| code.as_str()).collect());
}

/// Those that need another configuration, another transport or a broken database come after.
const GIVEN: [(&str, Option<&str>, &str); 9] = [
    ("UNAUTHENTICATED", None, "{ declarations(first: 1) { totalCount } }"),
    ("FORBIDDEN", Some("filer"), "{ users(first: 1) { edges { node { id } } } }"),
    ("INVALID_ID", Some("filer"), "{ node(id: \"x\") { id } }"),
    ("INVALID_CURSOR", Some("filer"), "{ declarations(first: 1, after: \"x\") { totalCount } }"),
    ("LIMIT_EXCEEDED", Some("filer"), "{ declarations(first: 101) { totalCount } }"),
    ("BAD_REQUEST", None, ""),
    ("BAD_USER_INPUT", Some("filer"), "{ declarations(first: 1, last: 1) { totalCount } }"),
    ("GRAPHQL_PARSE_FAILED", None, "{"),
    ("GRAPHQL_VALIDATION_FAILED", None, "{ nothing }"),
];

#[tokio::test]
async fn every_top_level_code_is_given() {
    let mut app = TestApp::new().await;
    let mut given = BTreeSet::new();
    for (code, name, document) in GIVEN {
        let token = name.map(|name| app.token(name));
        let answer = app.send(token.as_deref(), document, json!({})).await;
        assert_eq!(answer.code(), code, "{document}: {:#}", answer.body);
        for lang in ["zh", "en"] {
            let body = json!({ "query": document }).to_string();
            let answer = app.post(token.as_deref(), lang, body).await;
            assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|text| !text.is_empty()), "{code}");
        }
        given.insert(code);
    }
    let (_, _, missing) = app.download(Some(&app.token("admin")), "/evidence/x").await;
    assert!(String::from_utf8_lossy(&missing).contains("\"NOT_FOUND\""));
    let unknown = app.post(None, "zh", json!({ "documentId": "none" }).to_string()).await;
    assert_eq!(unknown.code(), "PERSISTED_QUERY_NOT_FOUND");
    given.extend(["NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"]);
    let manifest = app.folder().join("one.json");
    fs::write(&manifest, r#"{ "one": "{ viewer { id } }" }"#).expect("writes");
    app.configured(|config| {
        config.limits.operations_per_minute = 1;
        config.trusted_documents = Trust::Enforce;
        config.trusted_documents_files = vec![manifest];
    });
    // The first of the minute, and one too many.
    for code in ["DOCUMENT_NOT_TRUSTED", "RATE_LIMITED"] {
        assert_eq!(app.query("filer", "{ viewer { username } }", json!({})).await.code(), code);
        given.insert(code);
    }
    app.configured(|_| {});
    app.db.read().execute_unprepared("ALTER TABLE jurisdiction RENAME TO gone").await.expect("breaks it");
    let broken = app.query("filer", "{ jurisdictions(first: 1) { edges { node { code } } } }", json!({})).await;
    assert_eq!(broken.code(), "INTERNAL");
    given.insert("INTERNAL");
    // In `live.rs`, over a WebSocket.
    given.insert("SLOW_CONSUMER");
    assert_eq!(given, code::ALL.into_iter().collect());
}

/// Somewhere a test expects it.
#[test]
fn every_user_error_code_is_expected_by_a_test() {
    let mut texts = String::new();
    for folder in ["cases", "cases/bad_input", "cases/summary", "cases/year", "cases/finding", "harness"] {
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder").flatten() {
            if file.path().extension().is_some_and(|ending| ending == "rs") && !file.path().ends_with("errors.rs") {
                texts.push_str(&fs::read_to_string(file.path()).expect("a file"));
            }
        }
    }
    let missing: Vec<&str> = UserErrorCode::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| *code != "NOT_READABLE" && !texts.contains(&format!("\"{code}")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert!(texts.contains("SLOW_CONSUMER"), "in live.rs");
}
