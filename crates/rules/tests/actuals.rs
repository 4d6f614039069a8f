//! Reading actual values against their targets: measured on real rows, and on further variants.

use std::collections::HashMap;
use std::path::PathBuf;

use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::kind::{Comparator, Direction, Level, TargetKind};
use jixiao_rules::target::{Context, Target, read_target};
use rust_decimal::Decimal;

fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(file);
    let text = std::fs::read_to_string(path).expect("fixture");
    let mut lines = text.lines();
    let header: Vec<String> = lines.next().expect("header").split('\t').map(str::to_owned).collect();
    lines.map(|line| header.iter().cloned().zip(line.split('\t').map(str::to_owned)).collect()).collect()
}

fn filled(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

/// The plain part of rules 5.1, enough to see whether the readings lead to the right status.
fn status(target: &Target, actual: &Actual) -> &'static str {
    if !actual.comparable {
        return "UNDETERMINED";
    }
    if let Some(level) = actual.level {
        return match level {
            Level::Full => "ACHIEVED",
            Level::Partial => "PARTIALLY_ACHIEVED",
            Level::None => "NOT_ACHIEVED",
        };
    }
    match target.kind {
        TargetKind::Quantity => by_number(target, actual),
        TargetKind::Date => match (target.deadline, actual.date) {
            (Some(wanted), Some(done)) => {
                if (done.year, done.month, done.day) <= (wanted.year, wanted.month, wanted.day) {
                    "ACHIEVED"
                } else {
                    "NOT_ACHIEVED"
                }
            }
            _ => "UNDETERMINED",
        },
        _ => "UNDETERMINED",
    }
}

fn by_number(target: &Target, actual: &Actual) -> &'static str {
    let (Some(wanted), Some(done)) = (target.base_value, actual.base_value) else { return "UNDETERMINED" };
    let lower = target.direction == Direction::LowerIsBetter || target.comparator == Some(Comparator::Lte);
    let (met, rate) = if lower {
        (done <= wanted, if done.is_zero() { Decimal::ZERO } else { wanted / done })
    } else {
        (done >= wanted, if wanted.is_zero() { Decimal::ZERO } else { done / wanted })
    };
    match () {
        () if met => "ACHIEVED",
        () if rate >= Decimal::new(6, 1) => "PARTIALLY_ACHIEVED",
        () => "NOT_ACHIEVED",
    }
}

#[test]
fn real_actual_values() {
    let indicators: HashMap<String, HashMap<String, String>> =
        rows("indicators.tsv").into_iter().map(|row| (row["row_id"].clone(), row)).collect();
    let (mut confident, mut right, mut certain, mut faults) = (0, 0, 0, Vec::new());
    for row in rows("assessments.gold.tsv") {
        let indicator = &indicators[&row["row_id"]];
        let context = Context {
            level1: filled(&indicator["level1"]),
            level2: filled(&indicator["level2"]),
            name: filled(&indicator["level3"]),
            year: indicator["year"].parse().ok(),
        };
        let target = read_target(&row["target"], &context);
        let actual = read_actual(&row["actual"], &target, &context);
        assert_eq!(actual.certain, actual.notes.is_empty(), "{}", row["actual"]);
        let agrees = status(&target, &actual) == row["status"];
        if row["confident"] == "yes" {
            confident += 1;
            right += usize::from(agrees);
            certain += usize::from(actual.certain);
        }
        if !agrees
            || !actual.certain && row["confident"] == "yes"
            || actual.certain && target.certain && row["confident"] != "yes"
        {
            let notes: Vec<&str> = actual.notes.iter().map(|note| note.code.as_str()).collect();
            faults.push(format!(
                "{} -> {} | {} | {} gold {} confident {} certain {} {notes:?}",
                row["target"],
                row["actual"],
                row["level3"],
                status(&target, &actual),
                row["status"],
                row["confident"],
                actual.certain
            ));
        }
        assert!(agrees || !actual.certain || !target.certain, "certain and wrong: {}", faults.join("\n"));
    }
    println!("confident {confident}, status right {right}, certain {certain}\n{}", faults.join("\n"));
    assert!(right * 100 >= confident * 98, "{right} of {confident}\n{}", faults.join("\n"));
}
