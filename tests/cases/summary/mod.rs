//! Rates over any dimensions, and the unmet.

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
