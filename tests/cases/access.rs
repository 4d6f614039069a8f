//! The access log: restricted reads are noted, all others pay nothing, and no read goes unlogged.

use jixiao_rules::cycle::Role;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::harness::upload::acts;
use crate::harness::{DEPARTMENT, TestApp};

#[tokio::test]
async fn anothers_draft_is_noted() {
    let mut app = TestApp::new().await;
    // Statements are counted: none is to be spared by an answer from memory.
    app.configured(|config| config.answer_cache_bytes = 0);
    let id = app.import().await;
    let cost = async |name: &'static str| {
        let before = app.db.statements();
        app.page(name).await;
        app.db.statements() - before
    };
    let own = cost("filer").await;
    assert_eq!(cost("department").await, own);
    assert!(acts(&app.access_log("admin").await).is_empty(), "the department's own pages are nobody's business");
    assert!(cost("finance").await > own);
    app.run("admin", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    app.run("finance", "Trail", json!({ "node": id, "first": 1 })).await;
    app.run("finance", "Declarations", json!({ "first": 10 })).await;
    let log = app.access_log("admin").await;
    let found: Vec<String> = acts(&log).into_iter().map(|(act, who)| format!("{act} {who}")).collect();
    assert_eq!(found, ["DRAFT_READ 用户finance", "DRAFT_READ 用户admin", "DRAFT_READ 用户finance"]);
    assert_eq!(
        (log.data("accessLog/edges/0/node/nodeId"), log.data("accessLog/edges/0/node/detail")),
        (&json!(id), &json!("DRAFT"))
    );

    app.approve(&id).await;
    let noted = acts(&app.access_log("admin").await).len();
    assert_eq!(cost("finance").await, own, "what is approved is read as an ordinary page");
    assert_eq!(acts(&app.access_log("admin").await).len(), noted);
}

#[tokio::test]
async fn who_reads_the_log() {
    let mut app = TestApp::new().await;
    app.import().await;
    app.page("finance").await;
    app.add_user("elsewhere", &[(Role::Auditor, None, Some("440106")), (Role::FinanceReviewer, None, Some("440118"))])
        .await;
    app.add_user("here", &[(Role::Auditor, Some(DEPARTMENT), None)]).await;
    for (name, seen) in [("admin", 1), ("auditor", 1), ("here", 1), ("elsewhere", 0)] {
        assert_eq!(acts(&app.access_log(name).await).len(), seen, "{name}");
    }
    for name in ["filer", "department", "finance", "filer2"] {
        assert_eq!(app.access_log(name).await.code(), "FORBIDDEN", "{name}");
    }
    app.page("finance").await;
    let page = "query($after: String, $acts: [AccessAct!]) { accessLog(first: 1, after: $after, filter: { acts: $acts, departmentCodes: [\"440118001\"] }) {
        edges { node { requestId } } pageInfo { hasNextPage endCursor } } }";
    let first = app.query("auditor", page, json!({ "acts": ["DRAFT_READ"] })).await;
    assert_eq!(first.data("accessLog/pageInfo/hasNextPage"), true);
    let rest = app.query("auditor", page, json!({ "after": first.data("accessLog/pageInfo/endCursor") })).await;
    assert_eq!(rest.data("accessLog/pageInfo/hasNextPage"), false);
    assert_ne!(rest.data("accessLog/pageInfo/endCursor"), first.data("accessLog/pageInfo/endCursor"));
    let none = app.query("auditor", page, json!({ "acts": ["AS_OF_READ"] })).await;
    assert_eq!(none.data("accessLog/edges"), &json!([]));
}

#[tokio::test]
async fn there_is_no_unlogged_read() {
    let app = TestApp::new().await;
    let id = app.import().await;
    app.page("finance").await;
    let db = app.db.read();
    for statement in ["UPDATE access_entry SET actor_name = 'x'", "DELETE FROM access_entry"] {
        assert!(db.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    db.execute_unprepared("ALTER TABLE access_entry RENAME TO elsewhere").await.expect("hides the log");
    let read = app.run("finance", "DeclarationPage", json!({ "department": DEPARTMENT, "year": 2024 })).await;
    assert_eq!((read.code(), read.data("declaration")), ("INTERNAL", &json!(null)));
    let past = app.run("filer", "AsOf", json!({ "id": id, "at": app.moment() })).await;
    assert_eq!((past.code(), past.data("declarationAsOf")), ("INTERNAL", &json!(null)));
    assert_eq!(app.page("filer").await["status"], "DRAFT");
}
