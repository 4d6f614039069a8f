//! The one form in which names and targets are searched and names of different years compared.

use crate::reading::fold::{half_width, is_invisible, simplify};

/// The text without white space, in lower case, its look-alike glyphs unified, traditional characters simplified, `≥` as
/// `>=`, and ASCII in full width: so that no character of it means anything to SQL's LIKE or to a tokenizer. Character by
/// character: whatever part of a text a person types is found in it.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c)) {
        // By way of the full width, where a grave accent is taken for an apostrophe: folding twice changes nothing.
        match simplify(half_width(full_width(c))) {
            '≥' => folded.push_str("＞＝"),
            '≤' => folded.push_str("＜＝"),
            c => folded.extend(c.to_lowercase().map(full_width)),
        }
    }
    folded
}

fn full_width(c: char) -> char {
    match c {
        '\u{21}'..='\u{7e}' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::folded;

    #[test]
    fn one_form_for_what_people_take_for_the_same() {
        for (one, other) in [
            ("PM2.5浓度", "ｐｍ２．５ 浓度"),
            ("≥90%", ">= ９０％"),
            ("≧90%", "＞＝90﹪"),
            ("覆蓋率", "覆盖率"),
            ("满意\u{200b}度\n", "满意度"),
            ("2023—2024", "2023-2024"),
            ("【试点】", "（试点）"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("90"), folded("9O"));
        assert_eq!(folded("a_b%"), "ａ＿ｂ％");
        assert_eq!(folded(" \u{feff}\t"), "");
    }

    proptest! {
        #[test]
        fn a_part_folds_as_it_does_inside(before in "\\PC{0,9}", part in "\\PC{0,9}", after in "\\PC{0,9}") {
            let whole = folded(&format!("{before}{part}{after}"));
            prop_assert_eq!(&whole, &format!("{}{}{}", folded(&before), folded(&part), folded(&after)));
            prop_assert_eq!(&folded(&whole), &whole);
            prop_assert!(!whole.bytes().any(|byte| byte.is_ascii()));
        }
    }
}
