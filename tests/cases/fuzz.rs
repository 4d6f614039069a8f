//! Mutated documents and variables over HTTP: never our fault, and nothing of our insides in any answer.

use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, TestApp, contract, indicators};

/// How many requests; `scripts/soak.sh` is for more.
const REQUESTS: usize = 500;
const LEAKS: &[&str] = &[
    "INTERNAL",
    "panicked",
    "sqlx",
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "no such",
    "near \"",
    "at or near",
    "constraint",
    "UNIQUE",
    "user_account",
    "audit_entry",
    "declaration_document",
    "role_grant",
    "refresh_token",
    ".rs:",
    "/src/",
    "crates/",
    "stack",
    "password_hash",
];
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "\\u0000",
    "\\",
    "$",
    "!",
    ":",
    "...",
    "@skip(if: true)",
    "__typename",
    "null",
    "-1",
    "99999999999999999999",
    "1e400",
    "0.1",
    "' OR 1=1 --",
    "\u{1f600}",
    "\u{202e}",
    "first: 101",
    "last: 1",
    "after: \"x\"",
    "YEAR_END",
    "true",
    "#",
    ",",
    "\n",
];

/// A small generator with a seed of its own, so that every run sends the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).expect("fits")).expect("fits")
    }

    fn text(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.roll(3) {
            let at = self.roll(chars.len());
            match self.roll(4) {
                0 if !chars.is_empty() => drop(chars.drain(at..(at + 1 + self.roll(8)).min(chars.len()))),
                1 => {
                    let end = (at + self.roll(30)).min(chars.len());
                    let copy: Vec<char> = chars.get(at..end).unwrap_or_default().to_vec();
                    chars.splice(at..at, copy);
                }
                2 => {
                    let other = self.roll(chars.len());
                    if !chars.is_empty() {
                        chars.swap(at, other);
                    }
                }
                _ => {
                    let piece = PIECES[self.roll(PIECES.len())];
                    chars.splice(at..at, piece.chars());
                }
            }
        }
        chars.into_iter().collect()
    }

    /// The value with one leaf made odd.
    fn value(&mut self, value: &mut Value) {
        let odd = [
            json!(null),
            json!(-1),
            json!(1e308),
            json!("\0"),
            json!("x".repeat(5_000)),
            json!([]),
            json!({}),
            json!("2024-13-01"),
        ];
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                let at = self.roll(fields.len());
                if let Some(field) = fields.values_mut().nth(at) {
                    self.value(field);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.roll(items.len());
                self.value(&mut items[at]);
            }
            Value::String(text) if self.roll(2) == 0 => *text = self.text(text),
            leaf => *leaf = odd[self.roll(odd.len())].clone(),
        }
    }
}

fn variables(id: &Value, indicator: &Value, report: &Value) -> Value {
    let entries = json!([{ "indicatorId": indicator, "text": "120个", "level": "FULL", "note": "x", "deviations": [{ "category": "OTHER", "text": "x" }] }]);
    json!({
        "username": "filer", "password": "x", "token": "x", "parent": "440100", "jurisdiction": "440118",
        "first": 2, "after": "x", "department": DEPARTMENT, "year": 2024, "text": "≥90%", "level2": "数量指标", "name": "x",
        "filter": { "fiscalYears": [2024], "jurisdictionCode": "440100" }, "groupBy": ["LEVEL1"],
        "declaration": id, "period": "YEAR_END", "id": id, "revision": 1, "opinion": "x", "grade": "GOOD", "reason": "x",
        "number": "x", "on": "2024-01-01", "node": report,
        "input": { "declarationId": id, "period": "YEAR_END", "entries": entries, "execution": { "executed": "12.50" }, "mode": "VALID_ROWS" },
    })
}

#[tokio::test]
async fn nothing_of_ours_shows() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[3]["id"].clone();
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let all = variables(&json!(id), &indicator, sheet.data("report/id"));
    let operations = contract::operations();
    let users = ["filer", "finance", "auditor", "admin"];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..REQUESTS {
        let operation = &operations[dice.roll(operations.len())];
        let (mut document, mut given) = (contract::document(operation), all.clone());
        match dice.roll(3) {
            0 => document = dice.text(&document),
            1 => dice.value(&mut given),
            _ => {
                document = dice.text(&document);
                dice.value(&mut given);
            }
        }
        let mut body = json!({ "query": document, "variables": given }).to_string();
        if dice.roll(10) == 0 {
            body = dice.text(&body);
        }
        let token = app.token(users[dice.roll(users.len())]);
        let answer = app.post(Some(&token), "en", body.clone()).await;
        let told = answer.body.to_string();
        let leaks: Vec<&&str> = LEAKS.iter().filter(|word| told.contains(**word) && !body.contains(**word)).collect();
        assert!(answer.status.as_u16() < 500 && leaks.is_empty(), "{leaks:?} {} {told}\n{body}", answer.status);
    }
    let examined = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!((examined.differences, examined.chain.intact), (Vec::new(), true));
}
