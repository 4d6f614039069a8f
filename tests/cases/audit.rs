//! The log: who did what, a chain that proves itself, and a database that keeps it.

use jixiao_service::doctor;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::harness::{TestApp, indicators, operator};

#[tokio::test]
async fn trail_chain_and_doctor() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[3]["id"].clone();
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": [{ "indicatorId": indicator, "text": "120个" }] });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;

    let answer = app.run("auditor", "Trail", json!({ "node": id, "first": 100 })).await;
    let edges = answer.data("auditTrail/edges").as_array().expect("edges").clone();
    let last = &edges.last().expect("an entry")["node"];
    assert_eq!((&last["action"], &last["actor"]["role"]), (&json!("ACTUAL_VALUES_RECORD"), &json!("UNIT_FILER")));
    assert!(last["changes"].to_string().contains("120个"));
    assert_eq!(answer.data("auditLogVerification/intact"), true);
    let refused = app.query("filer", "{ auditLogVerification { intact } }", json!({})).await;
    assert_eq!(refused.code(), "FORBIDDEN");

    // Another value with the same result is judged anew.
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    let examined = doctor::examine(&app.db, &operator()).await.expect("examines");
    assert_eq!((examined.differences, examined.declarations, examined.chain.intact), (Vec::new(), 1, true));
    let db = app.db.read();
    for statement in [
        "UPDATE audit_entry SET actor_name = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE actual_value SET text = '150个'",
        "DELETE FROM declaration_document",
        "UPDATE scoring_scheme SET document = ''",
    ] {
        assert!(db.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    // A number changed past the service is found, and where: each column that summaries add up.
    for (change, back, found) in [
        ("achievement SET score = 100", "achievement SET score = 364", "achievement YEAR_END"),
        (
            "achievement SET status = 'ACHIEVED'",
            "achievement SET status = 'PARTIALLY_ACHIEVED'",
            "achievement YEAR_END",
        ),
        ("achievement SET rate = 1000000", "achievement SET rate = 800000", "achievement YEAR_END"),
        ("declaration_result SET execution_rate = 1", "declaration_result SET execution_rate = NULL", "results"),
    ] {
        let only = if change.starts_with("achievement") { " WHERE score IS NOT NULL" } else { "" };
        db.execute_unprepared(&format!("UPDATE {change}{only}")).await.expect("changes");
        let examined = doctor::examine(&app.db, &operator()).await.expect("examines");
        let (sums, numbers): (Vec<_>, Vec<_>) =
            examined.differences.into_iter().partition(|one| one.starts_with("rollup_cell"));
        assert!(numbers.len() == 1 && numbers[0].ends_with(found), "{change}: {numbers:?}");
        // A score or a status stands in the sums of the jurisdiction and of all above it.
        assert!(sums.is_empty() || sums.len() >= 3, "{change}: {sums:?}");
        db.execute_unprepared(&format!("UPDATE {back}{only}")).await.expect("changes back");
    }
    let examined = doctor::examine(&app.db, &operator()).await.expect("examines");
    assert_eq!(examined.differences, Vec::<String>::new());
}
