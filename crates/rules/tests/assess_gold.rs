//! Real indicators of published forms, assessed as `jixiao assess` does, against what a careful reader made of them.

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

#[test]
fn statuses_and_rates_of_real_indicators() {
    let (_, document) = scheme::shipped().iter().find(|(code, _)| *code == scheme::DEFAULT).expect("is shipped");
    let scheme = scheme::parse(document).expect("is a scheme");
    let table = fixture("indicators.tsv");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = assess_table::run(table.as_bytes(), &mut output, &mut errors, &scheme, Occasion::YearEnd).expect("runs");
    assert_eq!((code, errors.len()), (0, 0));
    let ids = table.lines().skip(1).map(|line| line.split('\t').next().unwrap_or_default());
    let output = String::from_utf8(output).expect("text");
    let answers: BTreeMap<&str, Value> =
        ids.zip(output.lines().map(|line| serde_json::from_str(line).expect("an object"))).collect();

    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for line in fixture("assessments.gold.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (id, status, rate, confident) = (cells[0], cells[7], cells[8], cells[9]);
        if confident != "yes" {
            continue;
        }
        let answer = &answers[id];
        all += 1;
        // The readers' labels do not tell EXCEEDED from ACHIEVED.
        let given = answer["status"].as_str().expect("a status").replace("EXCEEDED", "ACHIEVED");
        if given == status {
            right += 1
        } else {
            wrong.push(format!("{id}: {status}, not {given}"))
        }
        if !rate.is_empty() {
            let printed: Decimal = answer["rate"].as_str().expect("a rate").parse().expect("a decimal");
            let rounded = printed.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
            assert_eq!(rounded, rate.parse::<Decimal>().expect("a decimal"), "row {id}");
        }
    }
    assert!(all > 150 && right * 100 >= all * 98, "{right} of {all} statuses right; {wrong:?}");
}
