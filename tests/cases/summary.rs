//! Rates over any dimensions, the unmet, and pages that are whole.

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
async fn pages_are_whole_both_ways() {
    let (app, _) = reported().await;
    let document = |arguments: &str, direction: &str| {
        format!(
            "{{ indicators(orderBy: {{ field: RATE, direction: {direction} }}, {arguments}) \
             {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        )
    };
    for direction in ["ASC", "DESC"] {
        let all = app.query("auditor", &document("first: 100", direction), json!({})).await;
        let ids = |answer: &Value| -> Vec<String> {
            let edges = answer["edges"].as_array().expect("edges").iter();
            edges.map(|edge| edge["node"]["id"].as_str().expect("an id").to_owned()).collect()
        };
        let unpaged = ids(all.data("indicators"));
        assert_eq!(unpaged.len(), 14);
        for size in [1, 2, 3, 7] {
            let (mut forward, mut after) = (Vec::new(), String::new());
            loop {
                let page =
                    app.query("auditor", &document(&format!("first: {size}{after}"), direction), json!({})).await;
                forward.extend(ids(page.data("indicators")));
                if page.data("indicators/pageInfo/hasNextPage") == false {
                    break;
                }
                after = format!(", after: {}", page.data("indicators/pageInfo/endCursor"));
            }
            assert_eq!(forward, unpaged, "forward by {size} {direction}");
            let (mut backward, mut before) = (Vec::new(), String::new());
            loop {
                let page =
                    app.query("auditor", &document(&format!("last: {size}{before}"), direction), json!({})).await;
                backward.splice(0..0, ids(page.data("indicators")));
                if page.data("indicators/pageInfo/hasPreviousPage") == false {
                    break;
                }
                before = format!(", before: {}", page.data("indicators/pageInfo/startCursor"));
            }
            assert_eq!(backward, unpaged, "backward by {size} {direction}");
        }
    }
    let all = app.query("auditor", &document("first: 1", "ASC"), json!({})).await;
    let cursor = all.data("indicators/pageInfo/endCursor").as_str().expect("a cursor").to_owned();
    for place in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        let answer =
            app.query("auditor", &document(&format!("first: 1, after: \"{changed}\""), "ASC"), json!({})).await;
        assert_eq!(answer.code(), "INVALID_CURSOR", "{place}");
    }
}
