//! Documents that would hurt are refused before they do.

use serde_json::json;

use std::time::Duration;

use jixiao_service::db::{Db, DbConfig};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::harness::{PASSWORD, TestApp, fresh};

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

#[tokio::test]
async fn a_batch_and_huge_texts() {
    let app = TestApp::new().await;
    let batch = json!(vec![json!({ "query": "{ viewer { id } }" }); 1_000]).to_string();
    let answer = app.post(None, "en", batch).await;
    assert_eq!((answer.code(), answer.status.as_u16()), ("LIMIT_EXCEEDED", 400), "{:#}", answer.body);
    assert!(answer.body.to_string().contains("maxBatch"));
    let ten = json!(vec![json!({ "query": "{ viewer { id } }" }); 10]).to_string();
    assert_eq!(app.post(None, "en", ten).await.body.as_array().map(Vec::len), Some(10));
    let long = "长".repeat(100_000);
    for query in
        ["{ interpretTarget(text: $) { kind } }", "{ declaration(departmentCode: $, fiscalYear: 2024) { id } }"]
    {
        let inline = app.query("filer", &query.replace('$', &format!("\"{long}\"")), json!({})).await;
        assert_eq!(inline.code(), "LIMIT_EXCEEDED");
        let named = format!("query($t: String!) {}", query.replace('$', "$t"));
        let answer = app.query("filer", &named, json!({ "t": long })).await;
        assert!(["", "BAD_USER_INPUT"].contains(&answer.code()), "{:#}", answer.body);
    }
}

#[tokio::test]
async fn fifty_megabytes_are_refused_by_name() {
    let app = TestApp::new().await;
    let text = "x".repeat(50_000_000);
    let body = json!({ "query": "{ viewer { id } }", "variables": { "input": { "text": text } } }).to_string();
    let answer = app.post(Some(&app.token("filer")), "en", body).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "LIMIT_EXCEEDED"));
    assert_eq!(answer.body["errors"][0]["extensions"]["limit"], "maxBodyBytes");
}

#[tokio::test]
async fn sign_ins_are_counted_however_they_come() {
    let mut app = TestApp::new().await;
    app.configured(|config| config.limits.sign_ins_per_minute = 5);
    let aliased: String = (0..20)
        .map(|n| format!("a{n}: signIn(username: \"auditor\", password: \"no\") {{ userErrors {{ code }} }} "))
        .collect();
    let answer = app.send(None, &format!("mutation {{ {aliased} }}"), json!({})).await;
    let errors = answer.body["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 15, "{:#}", answer.body);
    for error in errors {
        let extensions = &error["extensions"];
        assert_eq!((&extensions["code"], &extensions["maximum"]), (&json!("RATE_LIMITED"), &json!(5)));
        assert!((1..=60).contains(&extensions["retryAfterSeconds"].as_u64().expect("seconds")), "{error}");
    }
    // The right password does not help who has used up the minute.
    let right = json!({ "username": "auditor", "password": PASSWORD });
    let answer = app.send(None, SIGN_IN, right.clone()).await;
    assert_eq!(answer.code(), "RATE_LIMITED", "{:#}", answer.body);
    app.configured(|config| config.limits.sign_ins_per_minute = 5);
    let answer = app.send(None, SIGN_IN, right).await;
    assert!(answer.data("signIn/accessToken").is_string(), "{:#}", answer.body);
}

/// Who stops waiting does not stop PostgreSQL; the end of statements does. On SQLite a statement runs in this process.
#[tokio::test]
async fn what_nobody_waits_for_comes_to_an_end() {
    let (_folder, url) = fresh().await;
    if url.starts_with("sqlite:") {
        return;
    }
    let timeout = Some(Duration::from_millis(1_500));
    let db = Db::connect(&DbConfig { statement_timeout: timeout, ..DbConfig::new(url, 4) }).await.expect("connects");
    let running = async || {
        let sql = "SELECT count(*) AS found FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(3600)%' \
                   AND datname = current_database() AND pid <> pg_backend_pid()";
        let row = db.read().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("reads");
        row.expect("a row").try_get::<i64>("", "found").expect("a number")
    };
    let asked = db.read().execute_unprepared("SELECT pg_sleep(3600)");
    let waiting = async {
        while running().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    // Given up as soon as it runs.
    tokio::select! { _ = asked => panic!("an hour is long"), () = waiting => {} }
    assert_eq!(running().await, 1, "giving up the wait does not end it");
    while running().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn operations_are_counted_by_caller() {
    let mut app = TestApp::new().await;
    app.configured(|config| config.limits.operations_per_minute = 3);
    for _ in 0..3 {
        assert_eq!(app.query("auditor", "{ viewer { id } }", json!({})).await.code(), "");
    }
    let answer = app.query("auditor", "{ viewer { id } }", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (429, "RATE_LIMITED"), "{:#}", answer.body);
    assert_eq!(app.query("filer", "{ viewer { id } }", json!({})).await.code(), "", "others go on");
    // A batch is as many operations as it holds.
    let batch = json!(vec![json!({ "query": "{ viewer { id } }" }); 5]).to_string();
    let answer = app.post(Some(&app.token("finance")), "en", batch).await;
    let refused = answer.body.as_array().expect("a batch").iter().filter(|one| one["errors"].is_array()).count();
    assert_eq!(refused, 2, "{:#}", answer.body);
}

#[tokio::test]
async fn introspection_passes() {
    let app = TestApp::new().await;
    let answer = app.send(None, INTROSPECTION, json!({})).await;
    assert!(answer.body["errors"].is_null(), "{:#}", answer.body["errors"]);
    let requested = answer.body["extensions"]["cost"]["requested"].as_u64().expect("a cost");
    assert!((2_001..3_000).contains(&requested), "{requested}");
    assert!(answer.data("__schema/types").as_array().expect("types").len() > 100);
}

/// As graphql-js writes it.
const SIGN_IN: &str = "mutation($username: String!, $password: String!) { signIn(username: $username, password: $password) { accessToken userErrors { code } } }";

const INTROSPECTION: &str =
    "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind }
  subscriptionType { name kind } types { ...FullType } directives { name description isRepeatable locations
  args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
  isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";
