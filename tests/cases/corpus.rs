//! The same bytes from SQLite and PostgreSQL: a corpus of reads, as different people, on the same history in both.

use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, TestApp, contract};

/// Answers to every read of the contract, errors among them, in order.
async fn answers() -> [Vec<String>; 2] {
    let mut both = Vec::new();
    for sqlite in [true, false] {
        let (app, id) = super::paging::reported_on(sqlite).await;
        both.push(ask(&app, &id).await);
    }
    [both.remove(0), both.remove(0)]
}

/// Every read of the contract: operation and variables.
pub(super) fn reads(id: &str) -> Vec<(&'static str, Value)> {
    let page = json!({ "department": DEPARTMENT, "year": 2024 });
    let preview =
        json!({ "input": { "declarationId": id, "period": "MID_YEAR", "execution": { "executed": "13500000000" } } });
    let mut reads = vec![
        ("Me", json!({})),
        ("Limits", json!({})),
        ("Jurisdictions", json!({ "first": 10 })),
        ("Jurisdictions", json!({ "parent": "440100", "first": 1 })),
        ("Departments", json!({ "first": 10 })),
        ("Departments", json!({ "jurisdiction": "440118", "first": 10 })),
        ("Declarations", json!({ "first": 10 })),
        ("Declarations", json!({ "first": 1, "filter": { "statuses": ["DRAFT"] } })),
        ("DeclarationPage", page),
        ("DeclarationPage", json!({ "department": "9999", "year": 2024 })),
        ("ReportingSheet", json!({ "declaration": id, "period": "MID_YEAR" })),
        ("ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })),
        ("ReportingSheet", json!({ "declaration": "x", "period": "YEAR_END" })),
        ("PreviewActualValues", preview),
        ("Trail", json!({ "node": id, "first": 3 })),
        ("Trail", json!({ "node": id, "first": 100 })),
        ("Departments", json!({ "first": 1, "after": "x" })),
        ("AsOf", json!({ "id": id, "at": "2024-08-01T00:00:00Z" })),
        ("AsOf", json!({ "id": id, "at": "2024-07-31T23:59:59Z" })),
    ];
    for filter in
        [json!(null), json!({ "severities": ["WARNING"], "dismissed": false }), json!({ "rules": ["A18", "A12"] })]
    {
        reads.push(("Findings", json!({ "first": 40, "filter": filter })));
    }
    for text in ["≥90%", "13.5万亿元", "0.000001万元", "12月底前完成", "不低于上年或全国平均水平", "", "控制在0.9‰以内"]
    {
        reads.push(("ReadTarget", json!({ "text": text, "level2": "QUANTITY", "year": 2024 })));
    }
    for dimension in ["FISCAL_YEAR", "JURISDICTION", "DEPARTMENT", "LEVEL1", "LEVEL2", "STATUS", "GRADE", "PERIOD"] {
        reads.push(("AchievementBy", json!({ "groupBy": [dimension], "first": 50 })));
        reads.push((
            "AchievementBy",
            json!({ "groupBy": [dimension, "STATUS"], "first": 50, "filter": { "jurisdictionCode": "440100" } }),
        ));
    }
    for statuses in [json!(null), json!(["NOT_ACHIEVED", "PARTIALLY_ACHIEVED"]), json!(["UNDETERMINED"])] {
        reads.push(("Unmet", json!({ "first": 7, "filter": { "statuses": statuses } })));
    }
    reads
}

async fn ask(app: &TestApp, id: &str) -> Vec<String> {
    let mut told = Vec::new();
    for user in ["admin", "filer", "finance", "auditor", "filer2"] {
        for (operation, variables) in reads(id) {
            let body = json!({ "query": contract::document(operation), "variables": variables }).to_string();
            for lang in ["zh", "en"] {
                let answer = app.post(Some(&app.token(user)), lang, body.clone()).await;
                told.push(format!("{user} {operation} {variables} {lang}: {} {}", answer.status, answer.body));
            }
        }
    }
    told
}

#[tokio::test]
async fn both_databases_give_the_same_bytes() {
    let [sqlite, other] = answers().await;
    assert!(sqlite.len() > 400 && sqlite.iter().all(|text| !text.contains("INTERNAL")));
    for (left, right) in sqlite.iter().zip(&other) {
        assert_eq!(left, right);
    }
}
