//! What is written as a workbook or page is read back.

use jixiao_rules::form;
use proptest::prelude::*;

use self::strategies::any_form;
use super::{declaration, page, workbook};
use crate::table::{page_as_rows, workbook_as_rows};

#[path = "../../../../rules/tests/strategies/mod.rs"]
mod strategies;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(form in any_form()) {
        let sheet = declaration::sheet(&form);
        let book = workbook_as_rows(workbook::write(&sheet).expect("a workbook"));
        let page = page_as_rows(&page::write(&sheet));
        for rows in [book, page] {
            let parsed = form::parse_grid(&rows).map_err(|notices| TestCaseError::fail(format!("{notices:?}\n{rows:?}")))?;
            prop_assert_eq!(&parsed.form, &form, "{:?}", rows);
        }
    }
}

#[test]
fn the_longest_cell_is_read_back() {
    let indicator = form::FormIndicator { name: "甲".repeat(form::MAX_CELL_CHARS), ..Default::default() };
    let form = form::Form {
        department_name: Some("乙局".to_owned()),
        indicators: vec![form::FormIndicator { level1_label: "产出指标".into(), ..indicator }],
        ..Default::default()
    };
    let sheet = declaration::sheet(&form);
    for rows in [workbook_as_rows(workbook::write(&sheet).expect("a workbook")), page_as_rows(&page::write(&sheet))] {
        let read = form::parse_grid(&rows).expect("a form").form;
        assert_eq!(read.indicators.first().map(|read| read.name.chars().count()), Some(form::MAX_CELL_CHARS));
    }
    // Longer than a spreadsheet program opens: cut, and that said.
    let mut sheet = super::sheet::Sheet::new("表", &[10, 10]);
    sheet.row([("长".repeat(40_000), 1), ("x".to_owned(), 1)]);
    assert!(workbook::write(&sheet).is_ok());
}
