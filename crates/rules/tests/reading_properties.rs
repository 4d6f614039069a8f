//! What must hold for any text: no panic, no dependence on width or white space, nothing certain about nonsense.

use jixiao_rules::actual::read_actual;
use jixiao_rules::kind::{Direction, TargetKind};
use jixiao_rules::target::{Context, Target, read_target};
use proptest::prelude::*;

/// Cells of every kind, as a seed for mutations; the pieces are shuffled, cut and glued.
const PIECES: &str = r"≥ >= ≤ = < 》 ﹦ 90 100 0 3.5 1,200 2023 12 % ％ ‰ 万 亿 万元 元 元/人·月 人 人次 个 户 平方米 ㎡ 年 月 日 月底 前 年底 季度
    上半年 以上 以内 以下 左右 约 达到 控制在 不低于 不超过 至 - ~ -- 、 ， ； 。 ( ) （ 是 否 定性 优良中低差 完成 未完成 基本 达成预期指标 显著提升 有所
    百分之 九十 三 十二 一 两 百分比 比例 同比 下降 增长 较上年 无 零 / * · . + ¥ 每 2 9 个月 小时 天 次/月 第 内 起 含 不含 戶 萬 é 🙂 -0
    99999999999999999999";

/// Pieces that are white space themselves, or invisible.
const SPACES: [&str; 6] = [" ", "\u{3000}", "\n", "\t", "\u{200b}", "\u{301}"];

fn pieces() -> Vec<&'static str> {
    PIECES.split_ascii_whitespace().chain(SPACES).collect()
}

fn contexts() -> [Context<'static>; 4] {
    [
        Context::default(),
        Context {
            level1: Some("产出指标"),
            level2: Some("成本指标"),
            name: Some("项目总成本(≤**万元)"),
            year: Some(2023),
        },
        Context {
            level1: Some("产 出 指 标 (50分)"), level2: Some("时效指标"), name: Some("完成时间"), year: None
        },
        Context { level1: None, level2: Some("数量指标"), name: Some("逾期发放率"), year: Some(2020) },
    ]
}

/// What is read, without the text itself.
fn reading(target: &Target) -> Target {
    Target { text: String::new(), parts: target.parts.iter().map(reading).collect(), ..target.clone() }
}

/// A small generator with a fixed seed, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}

/// What a certain reading always has.
fn is_whole(target: &Target) -> bool {
    let whole = match target.kind {
        TargetKind::Quantity => target.base_value.is_some() && target.direction != Direction::Unknown,
        TargetKind::Range => {
            matches!((target.base_value, target.base_value_high), (Some(low), Some(high)) if low <= high)
        }
        TargetKind::Date => {
            target.deadline.is_some_and(|day| (1..=12).contains(&day.month) && (1..=31).contains(&day.day))
        }
        TargetKind::YesNo => target.wished.is_some(),
        TargetKind::Statement => target.value.is_none() && target.comparator.is_none(),
        TargetKind::Compound => false,
    };
    let in_parts = target.parts.is_empty() == (target.kind != TargetKind::Compound);
    in_parts && target.certain == target.notes.is_empty() && (whole || !target.certain)
}

#[test]
fn twenty_thousand_mutated_cells() {
    let mut dice = Dice(20_260_704);
    let (contexts, pieces) = (contexts(), pieces());
    for _ in 0..20_000 {
        let text: String = (0..=dice.roll(8)).map(|_| pieces[dice.roll(pieces.len())]).collect();
        let answer: String = (0..=dice.roll(4)).map(|_| pieces[dice.roll(pieces.len())]).collect();
        let context = &contexts[dice.roll(contexts.len())];
        let target = read_target(&text, context);
        assert_eq!(target.text, text);
        assert!(is_whole(&target), "{text}: {target:?}");
        let actual = read_actual(&answer, &target, context);
        assert_eq!(actual.certain, actual.notes.is_empty(), "{text} -> {answer}");
        let copy = read_actual(&text, &target, context);
        assert!(copy.text == text);
    }
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
