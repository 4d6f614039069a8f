//! Properties of reading and writing: what is written is read back, and no damage to a form makes it panic.

mod strategies;

use jixiao_rules::form;
use jixiao_rules::kind::Severity;
use proptest::prelude::*;
use proptest::sample::Index;
use strategies::any_form;

const REAL: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");

/// One kind of damage, with the places it strikes.
#[derive(Clone, Debug)]
enum Damage {
    DropCell(Index, Index),
    DoubleCell(Index, Index),
    InsertBlank(Index, Index),
    Replace(Index, Index, String),
    SwapLines(Index, Index),
    DropLine(Index),
    DoubleLine(Index),
    Truncate(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = || any::<Index>();
    prop_oneof![
        (place(), place()).prop_map(|(line, cell)| Damage::DropCell(line, cell)),
        (place(), place()).prop_map(|(line, cell)| Damage::DoubleCell(line, cell)),
        (place(), place()).prop_map(|(line, cell)| Damage::InsertBlank(line, cell)),
        (place(), place(), any::<String>()).prop_map(|(line, cell, text)| Damage::Replace(line, cell, text)),
        (place(), place()).prop_map(|(one, other)| Damage::SwapLines(one, other)),
        place().prop_map(Damage::DropLine),
        place().prop_map(Damage::DoubleLine),
        place().prop_map(Damage::Truncate),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut rows: Vec<Vec<String>> = text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    let mut cut = None;
    for damage in damages {
        if rows.is_empty() {
            break;
        }
        let count = rows.len();
        match damage {
            Damage::DropCell(line, cell) => {
                let row = &mut rows[line.index(count)];
                let cell = cell.index(row.len());
                if row.len() > 1 {
                    row.remove(cell);
                }
            }
            Damage::DoubleCell(line, cell) => {
                let row = &mut rows[line.index(count)];
                let cell = cell.index(row.len());
                row.insert(cell, row[cell].clone());
            }
            Damage::InsertBlank(line, cell) => {
                let row = &mut rows[line.index(count)];
                let cell = cell.index(row.len());
                row.insert(cell, String::new());
            }
            Damage::Replace(line, cell, text) => {
                let row = &mut rows[line.index(count)];
                let cell = cell.index(row.len());
                row[cell].clone_from(text);
            }
            Damage::SwapLines(one, other) => rows.swap(one.index(count), other.index(count)),
            Damage::DropLine(line) => {
                rows.remove(line.index(count));
            }
            Damage::DoubleLine(line) => {
                let line = line.index(count);
                rows.insert(line, rows[line].clone());
            }
            Damage::Truncate(at) => cut = Some(*at),
        }
    }
    let text = rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
    match cut {
        Some(at) => text.chars().take(at.index(text.chars().count() + 1)).collect(),
        None => text,
    }
}

/// A result is whole: either reasons for a refusal, or a form that holds something and names its department.
fn is_whole(text: &str) -> Result<(), TestCaseError> {
    match form::parse(text) {
        Ok(parsed) => {
            prop_assert!(parsed.form.department_name.as_deref().is_some_and(|name| !name.is_empty()));
            prop_assert!(!parsed.form.indicators.is_empty() || !parsed.form.key_tasks.is_empty());
            prop_assert!(parsed.form.indicators.iter().all(|indicator| !indicator.name.is_empty()));
            prop_assert!(parsed.form.budget.values().all(|money| money.0 >= 0));
            prop_assert!(parsed.notices.iter().all(|notice| notice.severity != Severity::Error));
            prop_assert!(parsed.notices.is_sorted_by_key(|notice| notice.row));
        }
        Err(notices) => {
            prop_assert!(!notices.is_empty());
            prop_assert!(notices.iter().all(|notice| notice.severity == Severity::Error));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(form in any_form()) {
        let text = form::write(&form);
        let parsed = form::parse(&text).map_err(|notices| TestCaseError::fail(format!("{notices:?}\n{text}")))?;
        prop_assert_eq!(&parsed.form, &form, "{}", text);
        // As cells, where no line has to be told from a line break.
        let rows: Vec<form::Row> = (1..).zip(form::write_grid(&form)).map(|(line, cells)| form::Row { line, cells }).collect();
        let parsed = form::parse_grid(&rows).map_err(|notices| TestCaseError::fail(format!("{notices:?}\n{rows:?}")))?;
        prop_assert_eq!(&parsed.form, &form, "{:?}", rows);
    }

    #[test]
    fn a_damaged_form_is_read_whole_or_refused(damages in proptest::collection::vec(damage(), 1..12)) {
        is_whole(&damaged(REAL, &damages))?;
    }

    #[test]
    fn a_damaged_form_that_is_read_is_written_and_read_again(damages in proptest::collection::vec(damage(), 1..4)) {
        if let Ok(parsed) = form::parse(&damaged(REAL, &damages)) {
            let count = (parsed.form.indicators.len(), parsed.form.key_tasks.len());
            let again = form::parse(&form::write(&parsed.form));
            is_whole(&form::write(&parsed.form))?;
            if let Ok(again) = again {
                prop_assert!(again.form.indicators.len() <= count.0 && again.form.key_tasks.len() <= count.1);
            }
        }
    }

    #[test]
    fn any_text_at_all(text in any::<String>(), cells in proptest::collection::vec("[\\t\\n\"<>&a-z/!-]{0,40}|绩效指标|一级指标|三级指标|指标值|部门名称", 0..40)) {
        is_whole(&text)?;
        is_whole(&cells.join("\t"))?;
        is_whole(&cells.join("\n"))?;
    }
}

/// Texts that make a careless scanner look at the rest again for every character. They would not end in the time of a test run.
#[test]
fn hostile_texts_take_linear_work() {
    let size = form::MAX_TEXT_BYTES / 8;
    for piece in ["<script>", "<!--", "<", "\"a\t", "\"", "\"\"\t", "&#", "<p ", "<style\t", "\"a\n", "(", "\t"] {
        let text = piece.repeat(size / piece.len());
        assert!(form::parse(&text).is_err(), "{piece}");
    }
}
