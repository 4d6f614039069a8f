//! The schema: committed, described, and serving the contract.

use jixiao_api::graphql;
use serde_json::{Value, json};

use crate::harness::{TestApp, contract};

#[test]
fn schema_is_current() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == graphql::sdl(), "run: cargo run --bin jixiao -- schema > schema.graphql");
}

#[tokio::test]
async fn contract_documents_validate() {
    let app = TestApp::new().await;
    let mut failing = Vec::new();
    for operation in contract::operations() {
        let document = contract::document(&operation);
        let answer = if document.starts_with("subscription") {
            let mut events = app.stream("admin", "text/event-stream", &document, variables(&document)).await;
            events.until("\n\n").await.expect("an event")
        } else {
            app.send(None, &document, variables(&document)).await.body.to_string()
        };
        if answer.contains("GRAPHQL_VALIDATION_FAILED") {
            failing.push(operation);
        }
    }
    assert_eq!(failing, Vec::<String>::new());
}

/// Values for the variables of a document, by their types.
fn variables(document: &str) -> Value {
    let mut values = json!({});
    let header = document.split('{').next().unwrap_or_default();
    for variable in header.split('$').skip(1) {
        let (name, kind) = variable.split_once(':').expect("a name and a type");
        let kind = kind.trim_start().split([',', ')', ' ']).next().unwrap_or_default();
        values[name] = match kind.trim_end_matches('!') {
            "String" => json!("x"),
            "Int" => json!(1),
            "ID" => json!("x"),
            "Date" => json!("2024-01-01"),
            "DateTime" => json!("2024-01-01T00:00:00Z"),
            "ReportingPeriod" => json!("YEAR_END"),
            "TargetReviewGrade" => json!("GOOD"),
            "[AchievementDimension" => json!(["LEVEL1"]),
            "DeclarationImportInput" => json!({ "departmentCode": "4401", "fiscalYear": 2024, "text": "x" }),
            "TargetConfirmInput" => json!({ "indicatorId": "x", "which": "ANNUAL", "expectedRevision": 1 }),
            "ActualValuesRecordInput" => json!({ "declarationId": "x", "period": "YEAR_END", "entries": [] }),
            "ReportReviewInput" => json!({ "reportId": "x", "expectedRevision": 1, "rows": [] }),
            "IndicatorFilter" => json!({}),
            _ => Value::Null,
        };
    }
    values
}

#[tokio::test]
async fn everything_is_described_in_both_languages() {
    let app = TestApp::new().await;
    let introspection = "{ __schema { types { name kind description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let answer = app.query("auditor", introspection, json!({})).await;
    let mut bare = Vec::new();
    for kind in answer.data("__schema/types").as_array().expect("types") {
        let name = kind["name"].as_str().unwrap_or_default();
        let builtin = ["String", "Int", "Float", "Boolean", "ID"].contains(&name) || name.starts_with("__");
        if builtin {
            continue;
        }
        check(&mut bare, name, kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for item in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", item["name"].as_str().unwrap_or_default());
                check(&mut bare, &path, item);
                for argument in item["args"].as_array().into_iter().flatten() {
                    check(&mut bare, &format!("{path}({})", argument["name"].as_str().unwrap_or_default()), argument);
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

fn check(bare: &mut Vec<String>, path: &str, item: &Value) {
    let text = item["description"].as_str().unwrap_or_default();
    let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let english = text.chars().filter(char::is_ascii_alphabetic).count() >= 3;
    // Glyphs such as ≥ are the Chinese label of a comparator.
    if !(chinese || path.starts_with("Comparator.")) || !english {
        bare.push(path.to_owned());
    }
}
