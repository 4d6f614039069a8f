//! The explanations of the API, replayed and recomputed by a program in another language.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{TestApp, indicators};

#[expect(clippy::disallowed_methods, reason = "only the runner knows whether this is CI")]
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// What `python3 tests/verifier page` says of a page: its output and whether all agrees. `None`, loudly, without python3.
fn verify(page: &Value) -> Option<(String, bool)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier");
    let child = Command::new("python3")
        .args([".", "page"])
        .current_dir(directory)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            assert!(!in_ci(), "python3: {error}");
            eprintln!("== SKIPPED: no python3 ({error}); nothing was verified independently ==");
            return None;
        }
    };
    child.stdin.take().expect("a pipe").write_all(page.to_string().as_bytes()).expect("reads all");
    let output = child.wait_with_output().expect("ends");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((told, output.status.success()))
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

async fn record(app: &TestApp, id: &str, period: &str) {
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
