//! `docs/reading.md` shows fifteen real targets; what it says about them is what is read.

use std::path::PathBuf;

use jixiao_rules::kind::{TargetKind, Vocabulary as _};
use jixiao_rules::target::{Context, read_target};
use jixiao_rules::value::plain;

fn file(path: &str) -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).expect(path)
}

/// The cells of a page row up to `certain`, as the reader gives them.
fn cells(text: &str, level2: &str, name: &str, year: &str) -> Vec<String> {
    let context = Context { level1: None, level2: Some(level2), name: Some(name), year: year.parse().ok() };
    let target = read_target(text, &context);
    let base =
        target.base_value.map(|value| format!("{} {}", plain(value), target.base_unit.clone().unwrap_or_default()));
    let direction = if target.kind == TargetKind::Quantity { target.direction.as_str() } else { "" };
    let deadline = target.deadline.map(|day| {
        let year = day.year.map_or_else(|| "XXXX".to_owned(), |year| year.to_string());
        format!("{year}-{:02}-{:02}", day.month, day.day)
    });
    let certain = match target.notes.first() {
        None => "yes".to_owned(),
        Some(note) => format!("no: {}", note.code),
    };
    vec![
        text.to_owned(),
        level2.to_owned(),
        name.to_owned(),
        year.to_owned(),
        target.kind.as_str().to_owned(),
        target.comparator.map(|comparator| comparator.to_string()).unwrap_or_default(),
        target.value.map(|value| value.to_string()).unwrap_or_default(),
        target.unit.unwrap_or_default(),
        base.unwrap_or_default().trim().to_owned(),
        direction.to_owned(),
        deadline.unwrap_or_default(),
        certain,
    ]
}

#[test]
fn the_page_tells_the_truth() {
    let page = file("docs/reading.md");
    let indicators = file("tests/fixtures/indicators.tsv");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 15);
    for row in rows {
        let text = row[0].trim_matches('`');
        let real = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            cells.get(6..9) == Some(&[row[1], row[2], text][..]) && cells[2] == row[3]
        };
        assert!(indicators.lines().any(real), "not a real row: {row:?}");
        let mut said: Vec<String> = row[..12].iter().map(|cell| (*cell).to_owned()).collect();
        said[0] = text.to_owned();
        assert_eq!(said, cells(text, row[1], row[2], row[3]));
    }
}
