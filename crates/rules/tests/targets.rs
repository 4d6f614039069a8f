//! Reading targets: measured on real rows that nobody here wrote, and on further variants of the same language.

use std::path::PathBuf;

use jixiao_rules::kind::{Direction, TargetKind, Vocabulary as _};
use jixiao_rules::target::{Context, PartialDate, Target, read_target};
use jixiao_rules::value::plain;

/// Rows of a tab-separated fixture, cells by column name.
fn rows(file: &str) -> Vec<std::collections::HashMap<String, String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(file);
    let text = std::fs::read_to_string(path).expect("fixture");
    let mut lines = text.lines();
    let header: Vec<String> = lines.next().expect("header").split('\t').map(str::to_owned).collect();
    lines.map(|line| header.iter().cloned().zip(line.split('\t').map(str::to_owned)).collect()).collect()
}

fn filled(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

/// What the gold compares, in its own words.
fn summary(target: &Target) -> [String; 6] {
    let quantity = matches!(target.kind, TargetKind::Quantity);
    let comparator = if quantity { target.comparator.map_or("NONE", |c| c.as_str()) } else { "" };
    let direction = match target.direction {
        _ if !quantity => "",
        Direction::HigherIsBetter => "HIGHER",
        Direction::LowerIsBetter => "LOWER",
        Direction::Exact => "EXACT",
        Direction::Unknown => "UNKNOWN",
    };
    [
        target.kind.as_str().to_owned(),
        comparator.to_owned(),
        target.base_value.map(plain).unwrap_or_default(),
        target.base_unit.clone().unwrap_or_default(),
        direction.to_owned(),
        target.deadline.map(day).unwrap_or_default(),
    ]
}

fn day(date: PartialDate) -> String {
    let year = date.year.map_or_else(|| "XXXX".to_owned(), |year| format!("{year:04}"));
    format!("{year}-{:02}-{:02}", date.month, date.day)
}

/// How the reader does on a table of labelled targets.
#[derive(Debug, Default)]
struct Marks {
    rows: usize,
    confident: usize,
    certain: usize,
    right: usize,
    /// Certain, though two careful readers could differ, and not what the label says.
    rash: usize,
    faults: Vec<String>,
}

impl Marks {
    /// The demands on rows of any source: nearly all certain readings right, nearly all clear rows certain, no rash one.
    fn hold(&self) {
        let Self { rows, confident, certain, right, rash, faults } = self;
        let faults = faults.join("\n");
        println!("{rows} rows, {confident} confident, {certain} certain, {right} right, {rash} rash\n{faults}");
        assert!(right * 1000 >= certain * 995, "{right} of {certain} certain readings are right\n{faults}");
        assert!(certain * 100 >= confident * 90, "{certain} of {confident} confident rows are certain\n{faults}");
        assert_eq!(*rash, 0, "certain on a row that is not confident\n{faults}");
    }
}

/// Reads every row of a table and puts the reading beside its label; `year` gives a row's fiscal year.
fn measure(file: &str, year: impl Fn(&std::collections::HashMap<String, String>) -> Option<i32>) -> Marks {
    let mut marks = Marks::default();
    for row in rows(file) {
        let context = Context {
            level1: filled(&row["level1"]),
            level2: filled(&row["level2"]),
            name: filled(&row["level3"]),
            year: year(&row),
        };
        let target = read_target(&row["target"], &context);
        let label = ["kind", "comparator", "base_value", "base_unit", "direction", "deadline"]
            .map(|column| row[column].clone());
        let agrees = summary(&target) == label;
        let is_confident = row["confident"] == "yes";
        marks.rows += 1;
        marks.confident += usize::from(is_confident);
        marks.certain += usize::from(is_confident && target.certain);
        marks.right += usize::from(is_confident && target.certain && agrees);
        marks.rash += usize::from(!is_confident && target.certain && !agrees);
        if target.certain && !agrees || is_confident && !target.certain {
            let notes: Vec<&str> = target.notes.iter().map(|note| note.code.as_str()).collect();
            marks.faults.push(format!(
                "{} | {} | {} | read {:?} label {label:?} certain {} {notes:?}",
                row["target"],
                row["level2"],
                row["level3"],
                summary(&target),
                target.certain
            ));
        }
        assert_eq!(target.certain, target.notes.is_empty(), "{}", row["target"]);
        assert_eq!(target.text, row["target"]);
    }
    marks
}

#[test]
fn real_targets() {
    let years: std::collections::HashMap<String, String> =
        rows("indicators.tsv").into_iter().map(|row| (row["row_id"].clone(), row["year"].clone())).collect();
    measure("targets.gold.tsv", |row| {
        let first = row["row_ids"].split(',').next().unwrap_or_default().trim();
        years.get(first)?.parse().ok()
    })
    .hold();
}

/// Labelled before the reader was looked at, as such forms are written elsewhere.
#[test]
fn targets_of_our_own() {
    measure("targets.ours.tsv", |row| row["year"].parse().ok()).hold();
}

/// Labelled after the reader had learned from the others.
#[test]
fn fresh_targets() {
    measure("targets.fresh.tsv", |row| row["year"].parse().ok()).hold();
}
