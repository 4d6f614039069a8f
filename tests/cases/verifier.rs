//! The explanations of the API, replayed and recomputed by a program in another language.

use serde_json::{Value, json};

use crate::harness::verifier::verifier;
use crate::harness::{TestApp, indicators};

fn verify(page: &Value) -> Option<(String, bool)> {
    verifier(&["page"], page.to_string().as_bytes())
}

/// An answer to a target: short of it, met or beyond, in turn; words where words are asked for.
fn answer(n: usize, target: &Value) -> Value {
    let text = target["text"].as_str().expect("a text");
    if target["kind"] == "STATEMENT" {
        let level = ["FULL", "PARTIAL", "NONE"][n % 3];
        return json!({ "text": text, "level": level });
    }
    let value: i64 = target["value"].as_str().and_then(|value| value.parse().ok()).expect("a whole number");
    let unit = target["unit"].as_str().unwrap_or("");
    let reached = if unit == "%" { (value - (n as i64 * 7) % 60).max(0) } else { value * (n as i64 % 5 + 1) / 3 };
    json!({ "text": format!("{reached}{unit}") })
}

pub(super) async fn record(app: &TestApp, id: &str, period: &str) {
    let rows = indicators(&app.page("filer").await);
    let entries: Vec<Value> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let mut entry = answer(n, &row["annualTarget"]);
            entry["indicatorId"] = row["id"].clone();
            if period == "YEAR_END" && entry["level"] == "FULL" {
                entry["score"] = row["weight"].clone();
            }
            entry
        })
        .collect();
    let input = json!({ "declarationId": id, "period": period, "entries": entries });
    let answer = app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
}

#[tokio::test]
async fn the_real_declaration() {
    let (app, id) = TestApp::approved().await;
    record(&app, &id, "MID_YEAR").await;
    record(&app, &id, "YEAR_END").await;
    let mut page = app.page("filer").await;
    let Some((told, agrees)) = verify(&json!({ "declaration": page })) else { return };
    assert!(agrees, "{told}");
    assert!(told.starts_with("28 indicators"), "{told}");

    let score = page.pointer_mut("/indicatorTree/0/groups/0/indicators/0/achievement/score").expect("a score");
    *score = json!("0.01");
    let (told, agrees) = verify(&json!({ "declaration": page })).expect("python3 was there");
    assert!(!agrees && told.contains("score: given 0.01"), "an altered score is found: {told}");
}
