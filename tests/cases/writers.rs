//! Many writers on one report: one winner a revision, everybody else is told who changed what, and nothing is lost.

use futures_util::future::join_all;
use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use crate::harness::reporting::row;
use crate::harness::{Answer, DEPARTMENT, TestApp, size};

const PEOPLE: usize = 4;

/// One write of one writer, against a revision: its own text in one of two rows, and its mark in the summary.
async fn write(app: &TestApp, id: &str, rows: &[Value; 2], writer: usize, round: usize, revision: &Value) -> Answer {
    let input = json!({ "declarationId": id, "period": "YEAR_END", "expectedRevision": revision,
        "entries": [{ "indicatorId": rows[writer % 2], "text": format!("{}个", 1 + writer) }],
        "summary": { "problems": format!("第{round}轮{writer}") } });
    app.run(&format!("w{}", writer % PEOPLE), "RecordActualValues", json!({ "input": input })).await
}

#[tokio::test]
async fn one_winner_a_revision_and_nothing_lost() {
    let (writers, rounds) = (size("SOAK_WRITERS", 24), size("SOAK_ROUNDS", 3));
    let (mut app, id) = TestApp::approved().await;
    for person in 0..PEOPLE {
        app.add_user(&format!("w{person}"), &[(Role::UnitFiler, Some(DEPARTMENT), None)]).await;
    }
    let sheet = app.report("w0", &id, "YEAR_END").await;
    let rows = ["颐康服务站数量", "家庭养老床位建设数量"].map(|name| row(&sheet, name).1["indicator"]["id"].clone());
    let (chain, mut winners, mut conflicts) = (app.chain().await, Vec::new(), 0);
    for round in 0..rounds {
        let revision = json!(round);
        let writes = (0..writers).map(|writer| write(&app, &id, &rows, writer, round, &revision));
        let answers = join_all(writes).await;
        let won: Vec<usize> = answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| answer.user_errors("actualValuesRecord").is_empty())
            .map(|(writer, _)| writer)
            .collect();
        assert_eq!(won.len(), 1, "round {round}: {won:?}");
        let winner = won[0];
        assert_eq!(answers[winner].data("actualValuesRecord/report/revision"), &json!(round + 1));
        for (_, lost) in answers.iter().enumerate().filter(|(writer, _)| *writer != winner) {
            let error = lost.data("actualValuesRecord/userErrors/0");
            assert_eq!((&error["code"], &error["field"]), (&json!("CONFLICT"), &json!(["expectedRevision"])));
            let told = error["message"].as_str().expect("a message");
            assert!(told.contains(&format!("用户w{}", winner % PEOPLE)), "who: {told}");
            assert!(told.contains(".values.YEAR_END."), "what: {told}");
            conflicts += 1;
        }
        winners.push(winner);
    }
    assert_eq!((winners.len(), conflicts), (rounds, rounds * (writers - 1)));
    let report = app.report("w0", &id, "YEAR_END").await;
    assert_eq!(report["revision"], json!(rounds));
    assert_eq!(report["problems"], format!("第{}轮{}", rounds - 1, winners[rounds - 1]));
    // Each winner is in the log, in order, and nobody else is.
    assert_eq!(app.chain().await, chain + i64::try_from(rounds).expect("fits"));
    let mut logged = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = app.run("auditor", "Trail", json!({ "node": report["id"], "first": 100, "after": after })).await;
        let edges = page.data("auditTrail/edges").as_array().expect("edges").clone();
        logged.extend(edges.iter().map(|edge| edge["node"]["actor"]["displayName"].clone()));
        if page.data("auditTrail/pageInfo/hasNextPage") == false {
            break;
        }
        after = page.data("auditTrail/pageInfo/endCursor").clone();
    }
    let names: Vec<Value> = winners.iter().map(|winner| json!(format!("用户w{}", winner % PEOPLE))).collect();
    assert_eq!(logged, names);
    app.healthy().await;
    println!("{writers} writers, {rounds} rounds: {} winners, {conflicts} conflicts, revision {rounds}", winners.len());
}
