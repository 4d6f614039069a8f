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
