//! Rates over any dimensions, and the unmet.

mod country;
mod recount;
mod rollup;

use jixiao_api::graphql::connection::encode_cursor;
use jixiao_service::page::KeyValue;
use serde_json::{Value, json};

use crate::harness::TestApp;

async fn reported() -> (TestApp, String) {
    let (app, id) = TestApp::approved().await;
    let entries: Vec<Value> = crate::harness::indicators(&app.page("filer").await)
        .iter()
        .enumerate()
        .map(|(index, row)| json!({ "indicatorId": row["id"], "text": if index % 3 == 0 { "20" } else { "100" } }))
        .collect();
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": entries, "mode": "VALID_ROWS" });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    (app, id)
}

fn check_counts(node: &Value) {
    let sum: i64 = node["counts"].as_array().expect("counts").iter().filter_map(|count| count["count"].as_i64()).sum();
    assert_eq!(json!(sum), node["indicatorCount"]);
    assert_eq!(node["counts"].as_array().expect("counts").len(), 8);
}

#[tokio::test]
async fn groups_add_up() {
    let (app, _) = reported().await;
    let dimensions = ["LEVEL1", "DEPARTMENT", "JURISDICTION", "FISCAL_YEAR", "LEVEL2", "STATUS", "GRADE", "PERIOD"];
    for dimension in dimensions {
        let answer = app.run("auditor", "AchievementBy", json!({ "groupBy": [dimension], "first": 50 })).await;
        let edges = answer.data("achievementSummary/edges").as_array().expect("edges").clone();
        let totals = answer.data("achievementSummary/totals");
        check_counts(totals);
        edges.iter().for_each(|edge| check_counts(&edge["node"]));
        let sum: i64 = edges.iter().filter_map(|edge| edge["node"]["indicatorCount"].as_i64()).sum();
        assert_eq!(json!(sum), totals["indicatorCount"], "{dimension}");
        assert_eq!(totals["indicatorCount"], if dimension == "PERIOD" { 28 } else { 14 });
        let rates: Vec<&str> = edges.iter().filter_map(|edge| edge["node"]["achievementRate"].as_str()).collect();
        assert!(rates.is_sorted(), "{rates:?}");
    }
    let nobody = app.run("filer2", "AchievementBy", json!({ "groupBy": ["DEPARTMENT"], "first": 50 })).await;
    assert_eq!(nobody.data("achievementSummary/totals/indicatorCount"), 0);
    assert!(nobody.data("achievementSummary/totals/achievementRate").is_null());
    let empty = app.run("auditor", "AchievementBy", json!({ "groupBy": [], "first": 50 })).await;
    assert_eq!(empty.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn unmet_worst_first() {
    let (app, _) = reported().await;
    let filter = json!({ "filter": { "statuses": ["PARTIALLY_ACHIEVED", "NOT_ACHIEVED"] }, "first": 50 });
    let answer = app.run("auditor", "Unmet", filter).await;
    let edges = answer.data("indicators/edges").as_array().expect("edges").clone();
    assert_eq!(json!(edges.len()), *answer.data("indicators/totalCount"));
    let rates: Vec<&str> = edges.iter().filter_map(|edge| edge["node"]["achievement"]["rate"].as_str()).collect();
    assert!(!rates.is_empty() && rates.is_sorted(), "{rates:?}");
}

#[tokio::test]
async fn a_changed_cursor_is_refused() {
    let (app, _) = reported().await;
    let document = |arguments: &str| {
        format!(
            "{{ indicators(orderBy: {{ field: RATE, direction: ASC }}, {arguments}) {{ pageInfo {{ endCursor }} }} }}"
        )
    };
    let all = app.query("auditor", &document("first: 1"), json!({})).await;
    let cursor = all.data("indicators/pageInfo/endCursor").as_str().expect("a cursor").to_owned();
    for place in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        let answer = app.query("auditor", &document(&format!("first: 1, after: \"{changed}\"")), json!({})).await;
        assert_eq!(answer.code(), "INVALID_CURSOR", "{place}");
    }
}

/// The first error: its code, the field that it names, and what is wrong with it.
fn told(answer: &crate::harness::Answer) -> (String, String, String) {
    let extensions = &answer.body["errors"][0]["extensions"];
    let field = extensions["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    let reason = extensions["reason"].as_str().unwrap_or("");
    (answer.code().to_owned(), field.join("."), reason.to_owned())
}

#[tokio::test]
async fn bad_input_is_told_where_it_is() {
    let (app, _) = reported().await;
    let cases = [
        ("groupBy: []", "groupBy", "INVALID_VALUE"),
        ("groupBy: [LEVEL1, LEVEL1]", "groupBy", "INVALID_VALUE"),
        ("groupBy: [LEVEL1], filter: { jurisdictionCode: \"999999\" }", "filter.jurisdictionCode", "NOT_FOUND"),
        ("groupBy: [LEVEL1], filter: { jurisdictionCode: \"\" }", "filter.jurisdictionCode", "NOT_FOUND"),
        (
            "groupBy: [DEPARTMENT], having: { achievementRate: { gte: \"0.8\", lt: \"0.8\" } }",
            "having.achievementRate",
            "INVALID_VALUE",
        ),
        (
            "groupBy: [DEPARTMENT], having: { indicatorCount: { gt: \"3\", lt: \"4\" } }",
            "having.indicatorCount",
            "INVALID_VALUE",
        ),
        ("groupBy: [STATUS], having: { executionRate: { lt: \"1\" } }", "having.executionRate", "INVALID_VALUE"),
    ];
    let summary = async |arguments: &str| {
        app.query("auditor", &format!("{{ achievementSummary({arguments}) {{ edges {{ cursor }} }} }}"), json!({}))
            .await
    };
    for (arguments, field, reason) in cases {
        let answer = summary(arguments).await;
        assert_eq!(told(&answer), ("BAD_USER_INPUT".to_owned(), field.to_owned(), reason.to_owned()), "{arguments}");
    }
    // What others have is as unknown as what nobody has; what lies above is not.
    let of = |place: &str| format!("groupBy: [LEVEL1], filter: {{ jurisdictionCode: \"{place}\" }}");
    let answer = app
        .query("filer2", &format!("{{ achievementSummary({}) {{ edges {{ cursor }} }} }}", of("440118")), json!({}))
        .await;
    assert_eq!(told(&answer).2, "NOT_FOUND");
    assert_eq!(summary(&of("440000")).await.code(), "");
    let unmet = app.run("auditor", "Unmet", json!({ "filter": { "jurisdictionCode": "999999" }, "first": 5 })).await;
    assert_eq!(told(&unmet).1, "filter.jurisdictionCode");

    for (arguments, code) in [
        ("groupBy: [LEVEL1], first: 101", "LIMIT_EXCEEDED"),
        ("groupBy: [LEVEL1], first: 0", "BAD_USER_INPUT"),
        ("groupBy: [LEVEL1], first: 1, after: \"AAAA\"", "INVALID_CURSOR"),
    ] {
        assert_eq!(summary(arguments).await.code(), code, "{arguments}");
    }
    // Whole in itself, but with a number where a text belongs, and with keys that are missing.
    let tag = "achievementSummary [Level1] KEY false";
    for place in [vec![KeyValue::Int(1)], vec![KeyValue::Text("OUTPUT".into()), KeyValue::Null], Vec::new()] {
        let forged = encode_cursor(tag, &place);
        assert_eq!(
            summary(&format!("groupBy: [LEVEL1], after: \"{forged}\"")).await.code(),
            "INVALID_CURSOR",
            "{place:?}"
        );
    }
    let good = encode_cursor(tag, &[KeyValue::Text("OUTPUT".into())]);
    assert_eq!(summary(&format!("groupBy: [LEVEL1], after: \"{good}\"")).await.code(), "");
}

#[tokio::test]
async fn measures_of_declarations() {
    let (app, _) = reported().await;
    let measures = "indicatorCount rateCount meanCompletionRate declarationCount executionRate \
                    execution { declarationCount annualBudget executed(unit: YUAN) rate } \
                    filing { onTimeCount lateCount undatedCount notFiledCount onTimeRate }";
    let ask = |by: &str| {
        format!(
            "{{ achievementSummary(groupBy: [{by}]) {{ edges {{ node {{ {measures} }} }} totals {{ {measures} }} }} }}"
        )
    };
    let answer = app.query("auditor", &ask("DEPARTMENT"), json!({})).await;
    let node = answer.data("achievementSummary/edges/0/node");
    assert_eq!(node, answer.data("achievementSummary/totals"));
    assert_eq!(node["declarationCount"], 1);
    assert_eq!(node["filing"]["notFiledCount"], 1);
    // Nothing is 0 for want of data.
    let null = Value::Null;
    assert_eq!(
        (&node["executionRate"], &node["filing"]["onTimeRate"], &node["execution"]["executed"]),
        (&null, &null, &null)
    );
    assert!(node["meanCompletionRate"].is_string() && node["rateCount"].as_i64() > Some(0), "{node:#}");
    let answer = app.query("auditor", &ask("LEVEL1"), json!({})).await;
    let node = answer.data("achievementSummary/edges/0/node");
    for field in ["declarationCount", "executionRate", "execution", "filing"] {
        assert!(node[field].is_null(), "{field}");
        assert!(!answer.data("achievementSummary/totals").is_null());
    }
    assert_eq!(answer.data("achievementSummary/totals/declarationCount"), 1);
}
