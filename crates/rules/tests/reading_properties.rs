//! What must hold for any text: no panic, no dependence on width or white space, nothing certain about nonsense.

mod cells;

use cells::{contexts, pieces};
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::target::{Context, Target, read_target};
use proptest::prelude::*;

/// What is read, without the text itself.
fn reading(target: &Target) -> Target {
    Target { text: String::new(), parts: target.parts.iter().map(reading).collect(), ..target.clone() }
}

#[test]
fn long_texts_are_statements_to_confirm() {
    for piece in ["≥90%，", "(", "12月", "》1", "应", "百", "于", "1,000,", "、", "-", "元/人"] {
        let text = piece.repeat(100_000 / piece.len());
        let context = Context { name: Some(&text), level2: Some(&text), ..Context::default() };
        let target = read_target(&text, &context);
        assert!(!target.certain && target.text == text, "{piece}");
        assert!(!read_actual(&text, &read_target("≥90%", &context), &context).certain);
        let short: String = text.chars().take(1999).collect();
        assert!(!read_target(&short, &context).certain, "{piece}");
    }
}

/// What is read of an answer, without the text itself.
fn answer(actual: &Actual) -> Actual {
    Actual { text: String::new(), parts: Vec::new(), ..actual.clone() }
}

/// White space and full-width forms in places where they change nothing.
fn respelled(tokens: &[&str], choices: &[u8]) -> String {
    let mut text = String::new();
    for (token, choice) in tokens.iter().zip(choices.iter().cycle()) {
        text.push_str(["", " ", "\u{3000}", "\t"][usize::from(choice % 4)]);
        for c in token.chars() {
            let wide = choice & 4 != 0 && ('!'..='~').contains(&c);
            text.push(if wide { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c });
        }
    }
    text
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), answer in any::<String>(), which in 0_usize..4) {
        let context = contexts()[which];
        let target = read_target(&text, &context);
        prop_assert_eq!(target.certain, target.notes.is_empty());
        let _ = read_actual(&answer, &target, &context);
    }

    #[test]
    fn pieces_of_the_language_do_not_panic(picks in proptest::collection::vec(prop::sample::select(pieces()), 0..12), which in 0_usize..4) {
        let text = picks.concat();
        let context = contexts()[which];
        let target = read_target(&text, &context);
        let _ = read_actual(&text, &target, &context);
    }

    #[test]
    fn width_and_white_space_change_nothing(
        sign in prop::sample::select(vec!["", ">=", "<=", "=", ">", "<", "不低于", "达"]),
        number in prop::sample::select(vec!["90", "0.97", "1,200", "1346.0088", "0"]),
        unit in prop::sample::select(vec!["%", "个", "万元", "元/人*月", "人次", "m2", "", "比例"]),
        behind in prop::sample::select(vec!["", "以上", "以内", "(含)"]),
        choices in proptest::collection::vec(0_u8..8, 4),
        which in 0_usize..4,
    ) {
        let tokens = [sign, number, unit, behind];
        let context = contexts()[which];
        let plain = read_target(&tokens.concat(), &context);
        let other = read_target(&respelled(&tokens, &choices), &context);
        prop_assert_eq!(reading(&plain), reading(&other));
    }

    #[test]
    fn width_and_white_space_change_nothing_in_an_answer(
        target in prop::sample::select(vec!["≥90%", "≤30万元", "=8个", "2023年12月31日前", "是", "显著提升", "0起", "3-5次"]),
        sign in prop::sample::select(vec!["", ">=", "<", "达到", "完成", "未"]),
        number in prop::sample::select(vec!["95", "0.97", "1,200", "0", "2023年11月30日", "完成", "是"]),
        unit in prop::sample::select(vec!["%", "个", "万元", "", "余"]),
        choices in proptest::collection::vec(0_u8..8, 3),
    ) {
        let tokens = [sign, number, unit];
        let context = Context::default();
        let target = read_target(target, &context);
        let plain = read_actual(&tokens.concat(), &target, &context);
        let other = read_actual(&respelled(&tokens, &choices), &target, &context);
        prop_assert_eq!(answer(&plain), answer(&other));
    }

    #[test]
    fn dates_do_not_depend_on_width_either(
        year in 2000_u32..2030, month in 1_u32..=12, day in 1_u32..=28, choices in proptest::collection::vec(0_u8..8, 6),
    ) {
        let (year, month, day) = (year.to_string(), month.to_string(), day.to_string());
        let tokens = [year.as_str(), "年", &month, "月", &day, "日前"];
        let plain = read_target(&tokens.concat(), &Context::default());
        prop_assert!(plain.certain);
        prop_assert_eq!(reading(&plain), reading(&read_target(&respelled(&tokens, &choices), &Context::default())));
    }

    #[test]
    fn the_printed_number_comes_back(whole in 0_u32..1_000_000, cents in 0_u32..100) {
        let printed = format!("{whole}.{cents:02}");
        let target = read_target(&format!("≥{printed}万元"), &Context { level2: Some("经济效益指标"), name: Some("营业收入"), ..Context::default() });
        prop_assert_eq!(target.value.map(|value| value.to_string()), Some(printed.clone()));
        let base = u64::from(whole) * 10_000 + u64::from(cents) * 100;
        prop_assert_eq!(target.base_value, Some(rust_decimal::Decimal::from(base)));
        let answer = read_actual(&printed, &target, &Context::default());
        prop_assert_eq!(answer.base_value, Some(rust_decimal::Decimal::from(base)));
    }
}
