//! A declaration taken apart into the lines of a pack: what its last document says, with keys in camelCase, points and
//! money as decimal text of two places (money in yuan) and rates of six.

use jixiao_rules::scheme::Scheme;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::declaration::{Declaration, explained};
use crate::error::Result;

/// Keys of numbers that documents hold in hundredths: points, and money in 分. `before` and `after` are amounts.
const HUNDREDTHS: [&str; 21] = [
    "after",
    "annualBudget",
    "before",
    "budget",
    "computed_score",
    "executed",
    "execution_score",
    "forecast",
    "funds",
    "initialBudget",
    "max_score",
    "max_score_so_far",
    "max_score_sum",
    "plannedFunding",
    "score",
    "score_band",
    "score_so_far",
    "score_sum",
    "weight",
    "weightAfter",
    "weightBefore",
];
/// Keys of numbers that documents hold in millionths.
const MILLIONTHS: [&str; 3] = ["achievement_rate", "execution_rate", "rate"];

/// The lines of a declaration, each with the name of its file, in order.
pub(super) fn rows(
    declaration: &Declaration,
    department_code: &str,
    documents: i32,
    scheme: &Scheme,
) -> Result<Vec<(&'static str, Value)>> {
    let mut lines = Lines { id: declaration.id.0, rows: Vec::new() };
    let mut whole = decimals("", serde_json::to_value(declaration)?);
    let (indicators, reports) = (take(&mut whole, "indicators"), take(&mut whole, "reports"));
    for (position, indicator) in items(indicators).into_iter().enumerate() {
        lines.indicator(indicator, position)?;
    }
    for indicator in &declaration.indicators {
        for (period, made) in &indicator.achievements {
            let explanation = explained(indicator, (*period, declaration.months(*period)), made, scheme);
            let row = json!({ "indicatorId": indicator.id, "period": period, "explanation": explanation });
            lines.add("achievements", row, decimals("", serde_json::to_value(made)?));
        }
    }
    for (period, mut report) in fields(reports) {
        lines.findings(take(&mut report, "findings"), json!({ "period": period, "adjustmentId": null }));
        for rectification in items(take(&mut report, "rectifications")) {
            lines.add("rectifications", json!({ "period": period }), rectification);
        }
        lines.add("reports", json!({ "period": period }), report);
    }
    for (period, result) in fields(take(&mut whole, "results")) {
        lines.add("results", json!({ "period": period }), result);
    }
    for mut adjustment in items(take(&mut whole, "adjustments")) {
        let place = json!({ "period": null, "adjustmentId": adjustment.get("id") });
        lines.findings(take(&mut adjustment, "findings"), place);
        lines.add("adjustments", json!({}), adjustment);
    }
    for (kind, publication) in fields(take(&mut whole, "publications")) {
        lines.add("publications", json!({ "kind": kind }), publication);
    }
    lines.findings(take(&mut whole, "findings"), json!({ "period": null, "adjustmentId": null }));
    let more = json!({ "departmentCode": department_code, "documents": documents });
    lines.rows.push(("declarations", joined(more, whole)));
    Ok(lines.rows)
}

/// Lines as they are collected, each with the declaration it is of.
struct Lines {
    id: i64,
    rows: Vec<(&'static str, Value)>,
}

impl Lines {
    fn add(&mut self, file: &'static str, place: Value, said: Value) {
        self.rows.push((file, joined(joined(json!({ "declarationId": self.id }), place), said)));
    }

    fn findings(&mut self, findings: Value, place: Value) {
        for finding in items(findings) {
            self.add("findings", place.clone(), finding);
        }
    }

    fn indicator(&mut self, mut indicator: Value, position: usize) -> Result<()> {
        let id = indicator.get("id").cloned();
        let place = |period: &str| json!({ "indicatorId": id, "period": period });
        take(&mut indicator, "achievements");
        for (period, mut value) in fields(take(&mut indicator, "values")) {
            for (stage, key) in [("REVIEW", "review"), ("SPOT_CHECK", "spotCheck")] {
                let said = take(&mut value, key);
                if !said.is_null() {
                    self.add("reviews", joined(place(&period), json!({ "stage": stage })), said);
                }
            }
            self.add("actual-values", place(&period), value);
        }
        for (period, files) in fields(take(&mut indicator, "evidence")) {
            for file in items(files) {
                self.add("evidence", place(&period), file);
            }
        }
        self.add("indicators", json!({ "position": position + 1 }), indicator);
        Ok(())
    }
}

/// A field, taken out; null where there is none.
fn take(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().and_then(|fields| fields.remove(key)).unwrap_or_default()
}

fn items(value: Value) -> Vec<Value> {
    if let Value::Array(items) = value { items } else { Vec::new() }
}

fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

fn joined(one: Value, other: Value) -> Value {
    let mut all = fields(one);
    all.extend(fields(other));
    Value::Object(all)
}

/// A value with its numbers as exact decimal text where they stand for decimals, and its keys in camelCase. Below a code
/// (a period, a budget line) the key above says what a number is.
fn decimals(key: &str, value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let places = match key {
                key if HUNDREDTHS.contains(&key) => 2,
                key if MILLIONTHS.contains(&key) => 6,
                _ => return Value::Number(number),
            };
            match number.as_i64() {
                Some(number) => Value::String(Decimal::new(number, places).to_string()),
                None => Value::Number(number),
            }
        }
        Value::Array(items) => items.into_iter().map(|item| decimals(key, item)).collect(),
        Value::Object(fields) => {
            let own =
                |name: &str| if name.bytes().any(|byte| byte.is_ascii_lowercase()) { name } else { key }.to_owned();
            let field = |(name, value): (String, Value)| (camel(&name), decimals(&own(&name), value));
            Value::Object(fields.into_iter().map(field).collect())
        }
        other => other,
    }
}

/// `max_score` is `maxScore`; codes such as `MID_YEAR` stay.
fn camel(name: &str) -> String {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name.to_owned();
    }
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let (head, tail) = part.split_at(part.len().min(1));
        all + &head.to_ascii_uppercase() + tail
    })
}
