//! Indicators assessed as `jixiao assess` does, against what a careful reader made of them: rows of published forms, and
//! our own.

use std::collections::BTreeMap;
use std::path::Path;

use jixiao_rules::assess::Occasion;
use jixiao_rules::{assess_table, scheme};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name);
    std::fs::read_to_string(path).expect("a fixture")
}

/// The answers to a table, by the cell in its first column.
fn answers(table: &str) -> BTreeMap<&str, Value> {
    let (_, document) = scheme::shipped().iter().find(|(code, _)| *code == scheme::DEFAULT).expect("is shipped");
    let scheme = scheme::parse(document).expect("is a scheme");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = assess_table::run(table.as_bytes(), &mut output, &mut errors, &scheme, Occasion::YearEnd).expect("runs");
    assert_eq!((code, errors.len()), (0, 0));
    let ids = table.lines().skip(1).map(|line| line.split('\t').next().unwrap_or_default());
    let output = String::from_utf8(output).expect("text");
    ids.zip(output.lines().map(|line| serde_json::from_str(line).expect("an object"))).collect()
}

/// Right and all rows of one status.
type Recall<'a> = BTreeMap<&'a str, (u32, u32)>;

/// Statuses right on 98 of 100 clear rows, every labelled rate exact, and nothing certain that a careful reader doubts.
fn measure(answers: &BTreeMap<&str, Value>, labels: &str) {
    let (mut recall, mut certain, mut wrong) = (Recall::new(), 0, Vec::new());
    for line in labels.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (id, status, rate, confident) = (cells[0], cells[7], cells[8], cells[9] == "yes");
        let answer = &answers[id];
        // The labels do not tell EXCEEDED from ACHIEVED.
        let given = answer["status"].as_str().expect("a status").replace("EXCEEDED", "ACHIEVED");
        let printed: Option<Decimal> = answer["rate"].as_str().map(|rate| rate.parse().expect("a decimal"));
        let rounded = printed.map(|rate| rate.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero));
        let labelled = (!rate.is_empty()).then(|| rate.parse::<Decimal>().expect("a decimal"));
        let agrees = given == status && (labelled.is_none() || labelled == rounded);
        let is_certain = answer["certain"] == true;
        if confident {
            let (right, all) = recall.entry(status).or_default();
            *right += u32::from(given == status);
            *all += 1;
            certain += u32::from(is_certain);
        }
        if !agrees && (confident || is_certain) {
            wrong.push(format!("{line}: {given} {rounded:?} certain {is_certain}"));
        }
    }
    let (right, all) = recall.values().fold((0, 0), |(right, all), row| (right + row.0, all + row.1));
    println!(
        "{right} of {all} statuses right, {certain} of them read with certainty; recall {recall:?}\n{}",
        wrong.join("\n")
    );
    assert!(all > 100 && right * 100 >= all * 98, "{right} of {all} statuses right\n{}", wrong.join("\n"));
    let rates_or_rash = wrong.iter().filter(|line| !line.contains("UNDETERMINED")).count();
    assert_eq!(rates_or_rash, 0, "{}", wrong.join("\n"));
}

#[test]
fn statuses_and_rates_of_real_indicators() {
    measure(&answers(&fixture("indicators.tsv")), &fixture("assessments.gold.tsv"));
}

/// Labelled before the reader was looked at.
#[test]
fn statuses_and_rates_of_our_own() {
    let table = fixture("assessments.ours.tsv");
    measure(&answers(&table), &table);
}

/// Labelled after the reader had learned from the others.
#[test]
fn statuses_and_rates_of_fresh_rows() {
    let table = fixture("assessments.fresh.tsv");
    measure(&answers(&table), &table);
}
