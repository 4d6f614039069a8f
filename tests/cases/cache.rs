//! Answers from memory: given again when nothing was committed, never when something was, never to somebody else, on two nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::{DEPARTMENT, TestApp, contract, size};

/// A response, its body as text.
struct Sent {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Sent {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

async fn send(router: &Router, token: &str, request: axum::http::request::Builder, body: String) -> Sent {
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::from(body)).expect("a request");
    let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    Sent { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("text") }
}

async fn post(router: &Router, token: &str, query: &str, variables: &Value) -> Sent {
    let request = Request::post("/graphql").header("content-type", "application/json");
    send(router, token, request, json!({ "query": query, "variables": variables }).to_string()).await
}

/// The page of the declaration.
fn page() -> (String, Value) {
    (contract::document("DeclarationPage"), json!({ "department": DEPARTMENT, "year": 2024 }))
}

/// What the server shows of all that was committed in it: the databases of the other tests too.
async fn visible(app: &TestApp) -> Option<String> {
    if app.db.backend() == DbBackend::Sqlite {
        return None;
    }
    let sql = Statement::from_string(DbBackend::Postgres, "SELECT pg_current_snapshot()::text AS visible");
    let row = app.db.read().query_one_raw(sql).await.expect("answers").expect("a row");
    Some(row.try_get("", "visible").expect("text"))
}

#[tokio::test]
async fn what_is_unchanged_is_not_asked_of_the_tables_again() {
    let (app, _) = TestApp::approved().await;
    let (document, variables) = page();
    let token = app.token("auditor");
    let ask = async || {
        let before = app.db.statements();
        let sent = post(&app.router(), &token, &document, &variables).await;
        (app.db.statements() - before, sent)
    };
    let (cold, first) = ask().await;
    let mut quiet = None;
    // The other tests commit in databases of the same server, and its revision is the server's.
    for _ in 0..1_000 {
        let before = visible(&app).await;
        let asked = [ask().await, ask().await];
        if before == visible(&app).await {
            quiet = Some(asked);
            break;
        }
    }
    let [(_, second), (warm, third)] = quiet.expect("a moment in which nobody commits");
    // On PostgreSQL one: whether anything was committed.
    assert!(cold > 1 && warm <= 1 && warm < cold, "{cold} and {warm} statements");
    let mut bodies = [first.body(), second.body(), third.body()];
    let ids = bodies.each_mut().map(|body| body["extensions"].as_object_mut().expect("extensions").remove("requestId"));
    assert!(bodies[0]["data"]["declaration"].is_object() && bodies[0] == bodies[1] && bodies[1] == bodies[2]);
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
    for (sent, id) in [first, second, third].iter().zip(&ids) {
        assert_eq!(Some(sent.headers["x-request-id"].to_str().expect("text")), id.as_ref().and_then(Value::as_str));
        assert_eq!(sent.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn what_has_a_name_need_not_be_sent_again() {
    let app = TestApp::new().await;
    let id = app.import().await;
    let (filer, stranger, router) = (app.token("filer"), app.token("filer2"), app.router());
    let path = format!(
        "/graphql?query=%7B%20declaration(departmentCode:%22{DEPARTMENT}%22,fiscalYear:2024)%20%7BoverallGoal%20revision%7D%7D"
    );
    let get = async |token: &str, etag: &str| {
        send(&router, token, Request::get(&path).header("if-none-match", etag), String::new()).await
    };
    let first = get(&filer, "\"x\"").await;
    let etag = first.headers["etag"].to_str().expect("text").to_owned();
    let revision = first.body()["data"]["declaration"]["revision"].clone();
    assert!(first.status == StatusCode::OK && revision.is_i64(), "{}", first.text);
    assert_eq!(first.headers["cache-control"], "private, no-cache");
    for round in 0..3 {
        let again = get(&filer, &format!("\"y\", {etag}")).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "round {round}");
        assert_eq!(again.headers["etag"], etag.as_str());
    }
    let other = get(&stranger, &etag).await;
    assert_eq!((other.status, &other.body()["data"]["declaration"]), (StatusCode::OK, &Value::Null));
    let edit = json!({ "declarationId": id, "overallGoal": "改", "expectedRevision": revision });
    app.edit("filer", "declarationUpdate", edit).await;
    let changed = get(&filer, &etag).await;
    assert_eq!((changed.status, &changed.body()["data"]["declaration"]["overallGoal"]), (StatusCode::OK, &json!("改")));
}

#[tokio::test]
async fn who_loses_a_right_loses_the_answer() {
    let (app, _) = TestApp::approved().await;
    let (document, variables) = page();
    let token = app.token("auditor");
    for _ in 0..3 {
        assert!(post(&app.router(), &token, &document, &variables).await.body()["data"]["declaration"].is_object());
    }
    let sql = "DELETE FROM role_grant WHERE user_id = (SELECT id FROM user_account WHERE username = 'auditor')";
    app.db.read().execute_unprepared(sql).await.expect("takes it away");
    let after = post(&app.router(), &token, &document, &variables).await.body();
    assert_eq!(after["data"]["declaration"], Value::Null, "{after:#}");
}

#[tokio::test]
async fn a_read_that_is_noted_is_noted_every_time() {
    let app = TestApp::new().await;
    app.import().await;
    let (document, variables) = page();
    for _ in 0..4 {
        post(&app.router(), &app.token("finance"), &document, &variables).await;
    }
    let log = app.query("admin", "{ accessLog(first: 20) { edges { node { act } } } }", json!({})).await;
    assert_eq!(log.data("accessLog/edges").as_array().map(Vec::len), Some(4), "{:#}", log.body);
}

/// Two nodes on one database: whoever reads sees at least what was acknowledged before they asked, and nobody sees what is
/// another's, while somebody writes without pause.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_stale_and_nothing_of_others() {
    const READERS: usize = 6;
    let writes = size("SOAK_CACHE_WRITES", 40);
    let app = TestApp::new().await;
    let id = app.import().await;
    let nodes = [app.router(), app.node().await];
    let read =
        format!("{{ declaration(departmentCode: \"{DEPARTMENT}\", fiscalYear: 2024) {{ overallGoal revision }} }}");
    let edit = "mutation($input: DeclarationUpdateInput!) { declarationUpdate(input: $input) { declaration { revision } userErrors { code } } }";
    let (filer, stranger) = (app.token("filer"), app.token("filer2"));
    let (done, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut revision =
        post(&nodes[0], &filer, &read, &json!({})).await.body()["data"]["declaration"]["revision"].clone();
    let write = async |number: usize, revision: &Value| {
        let input = json!({ "declarationId": id, "overallGoal": number.to_string(), "expectedRevision": revision });
        let sent = post(&nodes[number % 2], &filer, edit, &json!({ "input": input })).await.body();
        assert_eq!(sent["data"]["declarationUpdate"]["userErrors"], json!([]), "{sent:#}");
        sent["data"]["declarationUpdate"]["declaration"]["revision"].clone()
    };
    revision = write(0, &revision).await;
    let readers: Vec<_> = (0..READERS)
        .map(|reader| {
            let (node, read) = (nodes[reader % 2].clone(), read.clone());
            let (filer, stranger) = (filer.clone(), stranger.clone());
            let (done, over) = (Arc::clone(&done), Arc::clone(&over));
            tokio::spawn(async move {
                let mut reads = 0_usize;
                while !over.load(Ordering::SeqCst) {
                    let least = done.load(Ordering::SeqCst);
                    let mine = post(&node, &filer, &read, &json!({})).await.body();
                    let seen = mine["data"]["declaration"]["overallGoal"].as_str().expect("a goal").parse::<usize>();
                    assert!(seen.as_ref().is_ok_and(|seen| *seen >= least), "{seen:?} after {least} was acknowledged");
                    let theirs = post(&node, &stranger, &read, &json!({})).await.body();
                    assert_eq!(theirs["data"]["declaration"], Value::Null, "{theirs:#}");
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    for number in 1..=writes {
        revision = write(number, &revision).await;
        done.store(number, Ordering::SeqCst);
        // Now and then nothing happens for a while, so that answers are kept and must then be given up.
        if number % 4 == 0 {
            for node in nodes.iter().cycle().take(8) {
                let mine = post(node, &filer, &read, &json!({})).await.body();
                assert_eq!(mine["data"]["declaration"]["overallGoal"], number.to_string());
            }
        }
    }
    over.store(true, Ordering::SeqCst);
    let mut reads = 0;
    for reader in readers {
        reads += reader.await.expect("a reader");
    }
    println!("{writes} writes, {reads} reads by {READERS} readers on two nodes, none stale, none of others");
}
