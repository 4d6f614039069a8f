//! How an actual value answers a target: number to number across units, day to day, words to words, and the mixtures.

use rust_decimal::Decimal;

use super::comparator;
use super::date;
use super::doubt::{Doubt, Doubts};
use super::fold::Folded;
use super::name::{Cues, Name};
use super::quantity::{self, Quantity};
use super::unit::{self, Class, Unit};
use super::words::{self, StatusWord};
use crate::actual::Actual;
use crate::kind::{Direction, Level, TargetKind};
use crate::target::{Context, MAX_CHARS, PartialDate, Target};

/// A reading of an actual value before its text is put beside it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    value: Option<Decimal>,
    unit: Option<String>,
    base_value: Option<Decimal>,
    date: Option<PartialDate>,
    level: Option<Level>,
    exceeded: bool,
    incomparable: bool,
    doubts: Doubts,
}

impl Answer {
    /// Not comparable, for this reason.
    pub(crate) fn incomparable(doubt: Doubt) -> Self {
        let mut answer = Self { incomparable: true, ..Self::default() };
        answer.doubts.add(doubt);
        answer
    }

    /// A person must judge, for this reason.
    pub(crate) fn open(doubt: Doubt) -> Self {
        Self { incomparable: false, ..Self::incomparable(doubt) }
    }

    /// Plain words of status.
    pub(crate) fn of_status(status: StatusWord) -> Self {
        Self { level: Some(status.level), exceeded: status.exceeded, ..Self::default() }
    }

    /// A level that a person had better confirm.
    fn perhaps(level: Level, doubt: Doubt) -> Self {
        Self { level: Some(level), ..Self::open(doubt) }
    }

    /// With its text.
    pub(crate) fn into_actual(self, text: &str) -> Actual {
        Actual {
            text: text.to_owned(),
            value: self.value,
            unit: self.unit,
            base_value: self.base_value,
            date: self.date,
            level: self.level,
            exceeded: self.exceeded,
            parts: Vec::new(),
            comparable: !self.incomparable,
            certain: self.doubts.is_empty(),
            notes: self.doubts.notes(),
        }
    }
}

/// The target's own text: the commonest answer of all.
pub(crate) fn copy(target: &Target) -> Answer {
    match target.kind {
        TargetKind::Quantity => Answer {
            value: target.value,
            unit: target.unit.clone(),
            base_value: target.base_value,
            incomparable: target.base_value.is_none(),
            ..Answer::default()
        },
        TargetKind::Range => Answer::perhaps(Level::Full, Doubt::BoundRepeated),
        TargetKind::Date => Answer { date: target.deadline, ..Answer::default() },
        _ => Answer { level: Some(Level::Full), ..Answer::default() },
    }
}

/// Against a number or a range.
pub(crate) fn to_number(folded: &Folded, target: &Target, context: &Context<'_>) -> Answer {
    let plain = folded.as_str();
    if let Some(status) = words::status(plain) {
        return status_for_number(status, target);
    }
    if target.base_value.is_some_and(|value| value.is_zero()) && is_none_in_words(plain) {
        return Answer {
            value: Some(Decimal::ZERO),
            base_value: Some(Decimal::ZERO),
            unit: target.unit.clone(),
            ..Answer::default()
        };
    }
    let name = Name::new(context.name);
    if let Some(read) = quantity::parse(plain) {
        return number(folded, read, target, &name);
    }
    // 已完成,100%: one number among status words.
    let pieces: Vec<&str> =
        plain.split(words::SEPARATORS).map(words::trimmed).filter(|piece| !piece.is_empty()).collect();
    let mut numbers = pieces.iter().filter(|piece| words::status(piece).is_none());
    match (numbers.next(), numbers.next()) {
        (Some(piece), None) if pieces.len() > 1 => match quantity::parse(piece) {
            Some(read) => {
                let mut answer = number(&Folded::new(piece), read, target, &name);
                answer.doubts.add(Doubt::UnknownWords);
                answer
            }
            None => Answer::incomparable(Doubt::NotComparable),
        },
        _ => Answer::incomparable(Doubt::NotComparable),
    }
}

/// 完成 satisfies a number; 未完成 against a ceiling may only mean that the money was not spent.
fn status_for_number(status: StatusWord, target: &Target) -> Answer {
    let mut answer = Answer::of_status(status);
    let ceiling = target.direction == Direction::LowerIsBetter;
    answer.doubts.add_if(status.level == Level::Partial, Doubt::WordsForNumber);
    answer.doubts.add_if(ceiling && (status.level == Level::None || status.exceeded), Doubt::WordsForNumber);
    answer
}

/// 无, 未发生, 零 against a target of zero.
fn is_none_in_words(plain: &str) -> bool {
    let plain = words::trimmed(plain);
    matches!(plain, "无" | "没有" | "零" | "未发生" | "没有发生" | "无发生" | "暂无")
        || plain.starts_with('零') && plain.chars().count() <= 5
        || (plain.starts_with('无') || plain.starts_with("未发生")) && plain.chars().count() <= 8
}

/// A number, converted into the target's base unit.
fn number(folded: &Folded, read: Quantity, target: &Target, name: &Name) -> Answer {
    let mut doubts = read.doubts.clone();
    doubts.settle(Doubt::ReachedOnly);
    if read.soft.is_none() || doubts.has(Doubt::Conflict) {
        doubts.add_if(read.comparator.is_some(), Doubt::BoundRepeated);
    }
    let picked = if target.direction == Direction::LowerIsBetter { read.high.or(read.low) } else { read.low };
    doubts.add_if(read.is_range, Doubt::RangeOpen);
    let strange = read.words_before.is_some_and(|(from, to)| !name.text().contains(&folded.as_str()[from..to]));
    doubts.add_if(strange, Doubt::UnknownWords);
    let Some(mut value) = picked else { return Answer::incomparable(Doubt::NumberTooLong) };
    if read.change < 0 && (name.cues.has(Cues::CHANGE) || rises(&target.text)) && !falls(&target.text) {
        value = -value;
        doubts.add(Doubt::ChangeOpen);
    }
    negative(value, target, name, &mut doubts);
    let unit = read.unit.map(|(at, unit)| (folded.printed(at..at + unit.len).to_owned(), unit));
    let converted = match &unit {
        _ if read.percent => percent(value, target),
        Some((text, unit)) => with_unit(value, text, *unit, target),
        None => without_unit(value, target, &mut doubts),
    };
    let printed = if read.percent { Some("%".to_owned()) } else { unit.map(|(text, _)| text) };
    let Some((base_value, doubt)) = converted else {
        return Answer { value: Some(value), unit: printed, ..Answer::incomparable(Doubt::NotComparable) };
    };
    if let Some(doubt) = doubt {
        doubts.add(doubt);
    }
    impossible(base_value, read.comparator.is_none() && folded.as_str().starts_with('2'), target, name, &mut doubts);
    Answer {
        value: Some(value),
        unit: printed.or_else(|| target.unit.clone()),
        base_value: Some(base_value.normalize()),
        doubts,
        ..Answer::default()
    }
}

fn rises(text: &str) -> bool {
    ["增长", "提高", "提升", "上升", "增加"].iter().any(|word| text.contains(word))
}

fn falls(text: &str) -> bool {
    ["下降", "降低", "减少", "压减"].iter().any(|word| text.contains(word))
}

/// Below zero only where the target or the name speaks of a change.
fn negative(value: Decimal, target: &Target, name: &Name, doubts: &mut Doubts) {
    if value.is_sign_negative() && !value.is_zero() {
        doubts.settle(Doubt::NegativeOrDash);
        let may_be = target.value.is_some_and(|t| t.is_sign_negative()) || name.cues.has(Cues::CHANGE);
        doubts.add_if(!may_be, Doubt::NegativeActual);
    }
}

/// Shares above 100 %, and the look of a scanning error.
fn impossible(base: Decimal, starts_with_two: bool, target: &Target, name: &Name, doubts: &mut Doubts) {
    if target.base_unit.as_deref() == Some("%") && base > Decimal::ONE_HUNDRED {
        doubts.add_if(name.cues.has(Cues::SHARE), Doubt::OverHundred);
        let target_share = target.base_value.is_some_and(|value| value <= Decimal::ONE_HUNDRED);
        doubts.add_if(
            starts_with_two && target_share && base < Decimal::from(300) && !name.cues.has(Cues::CHANGE),
            Doubt::Ocr,
        );
    }
}

/// A percentage answers only a percentage (or per-mille), or a target that names no unit.
fn percent(value: Decimal, target: &Target) -> Option<(Decimal, Option<Doubt>)> {
    match target.base_unit.as_deref() {
        Some("%") => Some((value, None)),
        Some("‰" | "千分比") => Some((value * Decimal::TEN, None)),
        Some("百分点" | "个百分点") => Some((value, Some(Doubt::UnitAssumed))),
        None => Some((value, Some(Doubt::UnitAssumed))),
        Some(_) => None,
    }
}

/// A number with a unit of its own.
fn with_unit(value: Decimal, text: &str, unit: Unit, target: &Target) -> Option<(Decimal, Option<Doubt>)> {
    let value = value.checked_mul(unit::ten_to(unit.power))?;
    let Some(wanted) = target.base_unit.as_deref() else { return Some((value, Some(Doubt::UnitAssumed))) };
    let base = text.get(unit.scale_len..).unwrap_or_default();
    let per = text.get(unit.scale_len + unit.head_len..).unwrap_or_default();
    if unit.class.is_none() {
        // `2.5万` takes the target's own unit.
        return Some((value, (!wanted.starts_with('元') || !per.is_empty()).then_some(Doubt::UnitAssumed)));
    }
    let base = if unit.class == Some(Class::Money) { format!("元{per}") } else { base.to_owned() };
    if base == wanted {
        return Some((value, None));
    }
    let ((mine, my_factor), (theirs, their_factor)) = (unit::dimension(&base), unit::dimension(wanted));
    if mine == theirs {
        return Some((value.checked_mul(my_factor)?.checked_div(their_factor)?, None));
    }
    let wanted_unit = unit::read(wanted)?;
    let alike = match (unit.class?, wanted_unit.class?) {
        (Class::Count | Class::Incident, Class::Count | Class::Incident) => {
            unit.per == wanted_unit.per || Some(value) == target.base_value
        }
        (Class::Money, Class::Money) => true,
        _ => false,
    };
    alike.then_some((value, Some(Doubt::UnitAssumed)))
}

/// The unit is dropped: the target's own is meant, unless the magnitude says otherwise.
fn without_unit(value: Decimal, target: &Target, doubts: &mut Doubts) -> Option<(Decimal, Option<Doubt>)> {
    if target.base_unit.as_deref() == Some("%") {
        let fraction =
            value > Decimal::ZERO && value <= Decimal::ONE && target.base_value.is_some_and(|t| t >= Decimal::TEN);
        let printed_as_ratio = target.text.contains("比例");
        doubts.add_if(fraction && !printed_as_ratio, Doubt::RatioOrPercent);
        return Some((if fraction { value * Decimal::ONE_HUNDRED } else { value }, None));
    }
    let power = power_of(target);
    let base = value.checked_mul(unit::ten_to(power))?;
    let Some(wanted) = target.base_value.filter(|t| !t.is_zero() && !base.is_zero()) else { return Some((base, None)) };
    let (base, wanted) = (base.abs(), wanted.abs());
    // Where not even the target names a unit, ten times more or less is enough to ask.
    let limit = Decimal::from(if target.base_unit.is_some() { 1000 } else { 10 });
    let far = base.checked_div(wanted).is_none_or(|ratio| ratio >= limit)
        || wanted.checked_div(base).is_none_or(|ratio| ratio >= limit);
    let money = target.base_unit.as_deref().is_some_and(|unit| unit.starts_with('元'));
    if far && money && power > 0 && base > wanted {
        return Some((value, Some(Doubt::Magnitude)));
    }
    let signed = value.checked_mul(unit::ten_to(power))?;
    Some((signed, far.then_some(Doubt::Magnitude)))
}

/// The scale of the target's unit, printed in the cell or in the name.
fn power_of(target: &Target) -> u32 {
    if let Some(unit) = target.unit.as_deref().and_then(unit::read) {
        return unit.power;
    }
    let (Some(value), Some(base)) = (target.value, target.base_value) else { return 0 };
    (0..=12).find(|power| value.checked_mul(unit::ten_to(*power)) == Some(base)).unwrap_or(0)
}

/// Against a deadline.
pub(crate) fn to_date(plain: &str, target: &Target, context: &Context<'_>) -> Answer {
    let year = target.deadline.and_then(|deadline| deadline.year).or(context.year);
    if let Some(status) = words::status(plain) {
        // 未完成 is plain; 完成 does not say when.
        let mut answer = Answer::of_status(status);
        let punctual = ["提前", "按时", "按期", "如期", "及时", "按计划"].iter().any(|word| plain.contains(word));
        answer.doubts.add_if(status.level != Level::None && !punctual, Doubt::LevelOpen);
        return answer;
    }
    if let Some(span) = date::read(plain, year) {
        let rest = words::trimmed(&plain[span.end..]);
        let mut doubts = span.doubts;
        doubts.add_if(!rest.is_empty(), Doubt::DateWords);
        let known = target.deadline.is_some_and(|deadline| deadline.year.is_some()) == span.deadline.year.is_some();
        doubts.add_if(!known, Doubt::YearShort);
        return Answer { date: Some(span.deadline), doubts, ..Answer::default() };
    }
    match quantity::parse(plain).filter(|read| read.percent).and_then(|read| read.low) {
        Some(value) if value >= Decimal::ONE_HUNDRED => Answer::perhaps(Level::Full, Doubt::NumberForWords),
        Some(_) => Answer::perhaps(Level::Partial, Doubt::NumberForWords),
        None => Answer::incomparable(Doubt::NotComparable),
    }
}

/// Against 是 or 否.
pub(crate) fn to_yes_no(plain: &str, target: &Target) -> Answer {
    let wished = target.wished.unwrap_or(true);
    if let Some(answer) = words::yes_no(plain) {
        let level = if answer == wished { Level::Full } else { Level::None };
        return Answer { level: Some(level), ..Answer::default() };
    }
    if let Some(status) = words::status(plain) {
        let mut answer = Answer::of_status(status);
        let of_the_target = ["指标", "预期", "目标"].iter().any(|word| plain.contains(word));
        answer.doubts.add_if(!wished && !of_the_target, Doubt::LevelOpen);
        return answer;
    }
    let denied = ["未", "无", "没", "不"].iter().any(|word| plain.starts_with(word));
    if denied || words::tone(plain).is_some() && wished {
        let good = denied != wished && (denied || words::tone(plain) == Some(true));
        return Answer::perhaps(if good { Level::Full } else { Level::None }, Doubt::LevelOpen);
    }
    match quantity::parse(plain).filter(|read| read.percent).and_then(|read| read.low) {
        Some(value) if wished && value >= Decimal::ONE_HUNDRED => Answer::perhaps(Level::Full, Doubt::NumberForWords),
        _ => Answer::incomparable(Doubt::NotComparable),
    }
}

/// Against words.
pub(crate) fn to_statement(plain: &str, target: &Target) -> Answer {
    if let Some(place) = target.scale.iter().position(|grade| grade == words::trimmed(plain)) {
        return match place {
            0 if target.scale[0] != "高" => Answer { level: Some(Level::Full), ..Answer::default() },
            0 => Answer::perhaps(Level::Full, Doubt::LevelOpen),
            last if last + 1 == target.scale.len() => Answer::perhaps(Level::None, Doubt::LevelOpen),
            _ => Answer::perhaps(Level::Partial, Doubt::LevelOpen),
        };
    }
    let folded = Folded::new(if target.text.len() > 4 * MAX_CHARS { "" } else { &target.text });
    let wanted = folded.as_str().trim_start_matches("定性").trim_start_matches([':', '=']);
    if wanted == plain {
        return Answer { level: Some(Level::Full), ..Answer::default() };
    }
    if let Some(level) = words::compared(wanted, plain) {
        return Answer::perhaps(level, Doubt::LevelOpen);
    }
    if let Some(status) = words::status(plain) {
        return Answer::of_status(status);
    }
    let prose = |read: &Quantity| read.doubts.has(Doubt::UnknownWords) || read.words_before.is_some();
    if let Some(read) = quantity::parse(plain).filter(|read| !prose(read)) {
        return match read.low {
            Some(value) if read.percent && value == Decimal::ONE_HUNDRED && read.comparator.is_none_or(is_not_less) => {
                Answer::perhaps(Level::Full, Doubt::NumberForWords)
            }
            _ => Answer::incomparable(Doubt::NumberForWords),
        };
    }
    if words::yes_no(plain) == Some(true) {
        return Answer::perhaps(Level::Full, Doubt::LevelOpen);
    }
    if target.text.len() > 4 * MAX_CHARS {
        return Answer::open(Doubt::LevelOpen);
    }
    match words::tone(plain) {
        _ if words::agrees(wanted, plain) => Answer::perhaps(Level::Full, Doubt::LevelOpen),
        Some(true) => Answer::perhaps(Level::Full, Doubt::LevelOpen),
        Some(false) if plain.contains("一般") => Answer::perhaps(Level::Partial, Doubt::LevelOpen),
        Some(false) => Answer::perhaps(Level::None, Doubt::LevelOpen),
        None => Answer::open(Doubt::LevelOpen),
    }
}

fn is_not_less(comparator: crate::kind::Comparator) -> bool {
    comparator::side(comparator) >= 0
}
