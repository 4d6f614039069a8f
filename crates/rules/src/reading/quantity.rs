//! The grammar around a number: signs, number, unit, range, signs behind. Works on folded text.

use rust_decimal::Decimal;

use super::comparator::{self, Sign};
use super::doubt::{Doubt, Doubts};
use super::number::{self, Number};
use super::unit::{self, Class, Unit};
use crate::kind::Comparator;

/// Longer words around a number than this are a sentence, not a quantity.
const MAX_WORDS: usize = 36;

/// A demand with a number, or a range of two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quantity {
    /// What the text compares with; `None` for a bare number.
    pub(crate) comparator: Option<Comparator>,
    /// The number (the lower one) as printed.
    pub(crate) low: Option<Decimal>,
    /// The upper one of a range.
    pub(crate) high: Option<Decimal>,
    /// Two numbers.
    pub(crate) is_range: bool,
    /// Unit, and where it begins in the text.
    pub(crate) unit: Option<(usize, Unit)>,
    /// A percentage, however it is written.
    pub(crate) percent: bool,
    /// Unknown words in front of the number, as a span.
    pub(crate) words_before: Option<(usize, usize)>,
    /// 增长 (+1), 下降 (-1), none (0).
    pub(crate) change: i8,
    /// 达到 or 控制在 without a comparator.
    pub(crate) soft: Option<Comparator>,
    /// ¥ stands in front and no unit behind: 元.
    pub(crate) yuan: bool,
    /// What speaks against certainty so far.
    pub(crate) doubts: Doubts,
}

/// Reads the whole of `text` as one quantity or range; `None` when it is something else.
pub(crate) fn parse(text: &str) -> Option<Quantity> {
    let text = text.trim_end_matches([',', ';', '。', '.', '、', ' ']);
    let mut parser = Parser { text, at: 0, out: Quantity::default(), money_mark: false };
    parser.signs_before()?;
    let first = parser.number()?;
    parser.out.low = first.value;
    parser.hedges();
    parser.unit();
    parser.range(first)?;
    parser.behind()?;
    parser.settle();
    let out = parser.out;
    // 一次性通过 is no count, and 2022年 names a year.
    let is_word = first.chinese
        && (out.doubts.has(Doubt::UnknownWords) || out.doubts.has(Doubt::GradeOpen) || out.words_before.is_some());
    let is_year = out.low.is_some_and(|low| low >= Decimal::from(1900))
        && out.unit.is_some_and(|(at, unit)| text[at..at + unit.len].starts_with('年'));
    (!is_word && !is_year).then_some(out)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    out: Quantity,
    money_mark: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn eat(&mut self, word: &str) -> bool {
        let is = self.rest().starts_with(word);
        self.at += if is { word.len() } else { 0 };
        is
    }

    /// Everything up to the number: comparators, fillers, a unit printed first, the indicator's name repeated.
    fn signs_before(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            if let Some((sign, len)) = comparator::before(rest) {
                self.at += len;
                self.sign(sign);
            } else if self.out.unit.is_none() && self.unit_first() {
                // `万元 ≤ 3584`: taken. Before the numbers, because 千米 and 百分比 begin like one.
            } else if begins_number(rest) {
                return Some(());
            } else if self.eat("¥") {
                self.money_mark = true;
            } else {
                self.unknown_words()?;
            }
        }
    }

    /// A unit in front of a comparator: `万元≤3584`, `人=512`.
    fn unit_first(&mut self) -> bool {
        let Some(unit) = unit::read(self.rest()) else { return false };
        let behind = &self.rest()[unit.len..];
        let is_first = self.at == 0 && behind.starts_with(comparator::is_glyph);
        if is_first {
            self.out.unit = Some((self.at, unit));
            self.at += unit.len;
        }
        is_first
    }

    /// Skips words nobody knows, up to the next comparator or digit; a sentence ends the attempt.
    fn unknown_words(&mut self) -> Option<()> {
        let start = self.at;
        for (offset, c) in self.rest().char_indices() {
            let here = &self.rest()[offset..];
            let known = offset > 0
                && (c.is_ascii_digit()
                    || comparator::is_glyph(c)
                    || here.starts_with("百分之")
                    || is_strong_sign(here));
            if known {
                self.at += offset;
                let span = self.out.words_before.map_or(start, |(first, _)| first);
                self.out.words_before = Some((span, self.at));
                return Some(());
            }
            // A dot, a slash or a letter in front of digits makes them something else than a plain number: GB3838, 1/3.
            if offset > MAX_WORDS
                || matches!(c, ',' | ';' | '。' | '!' | '、' | '.' | '/' | '%' | '-' | '+' | '*' | '×' | '(')
            {
                return None;
            }
            if c.is_ascii_alphabetic() && here[1..].starts_with(|next: char| next.is_ascii_digit()) {
                return None;
            }
        }
        None
    }

    fn sign(&mut self, sign: Sign) {
        let out = &mut self.out;
        match sign {
            Sign::Compares(comparator) => self.compare(comparator),
            Sign::Below => {
                let was = out.comparator;
                self.compare(Comparator::Lte);
                self.out.doubts.add_if(was.is_none(), Doubt::BelowOpen);
            }
            Sign::Hedge => out.doubts.add(Doubt::Approximate),
            Sign::Reach => out.soft = Some(Comparator::Gte),
            Sign::Keep => out.soft = Some(Comparator::Lte),
            Sign::Rise => out.change = 1,
            Sign::Fall => out.change = -1,
            Sign::Inclusive(false) => {
                out.comparator = match out.comparator {
                    Some(Comparator::Gte) => Some(Comparator::Gt),
                    Some(Comparator::Lte) => Some(Comparator::Lt),
                    other => other,
                };
                out.doubts.settle(Doubt::BelowOpen);
            }
            Sign::Inclusive(true) => out.doubts.settle(Doubt::BelowOpen),
            Sign::Filler | Sign::Base | Sign::Done | Sign::Between => {}
        }
    }

    /// A second comparator must say the same; an open and a closed bound on one side are a contradiction too.
    fn compare(&mut self, comparator: Comparator) {
        let disagrees = self.out.comparator.is_some_and(|before| before != comparator);
        self.out.doubts.add_if(disagrees, Doubt::Conflict);
        self.out.comparator.get_or_insert(comparator);
    }

    /// The number itself, with its sign, 百分之 or the words 百分百.
    fn number(&mut self) -> Option<Number> {
        if self.eat("百分百") {
            self.out.percent = true;
            return Some(Number { value: Some(Decimal::ONE_HUNDRED), len: 0, spaced: false, chinese: false });
        }
        let worded_percent = self.eat("百分之");
        self.out.percent |= worded_percent;
        let minus = self.eat("-");
        let _ = !minus && self.eat("+");
        let signed = self.out.comparator.is_some() || self.out.change != 0;
        self.out.doubts.add_if(minus && !signed, Doubt::NegativeOrDash);
        let mut number = number::any(self.rest())?;
        if worded_percent
            && number.chinese
            && number.value == Some(Decimal::ONE_HUNDRED)
            && self.rest().len() > number.len
        {
            return None;
        }
        self.at += number.len;
        self.out.doubts.add_if(number.spaced, Doubt::SpacedDigits);
        self.out.doubts.add_if(number.value.is_none(), Doubt::NumberTooLong);
        if minus {
            number.value = number.value.map(|value| -value);
        }
        Some(number)
    }

    /// 余, 多, + between number and unit.
    fn hedges(&mut self) {
        while let Some((sign @ Sign::Hedge, len)) = comparator::behind(self.rest()) {
            self.at += len;
            self.sign(sign);
        }
    }

    fn unit(&mut self) {
        let open = usize::from(self.rest().starts_with('('));
        let Some(unit) = unit::read(&self.rest()[open..]) else { return };
        if open == 1 && !self.rest()[open + unit.len..].starts_with(')') {
            return;
        }
        let start = self.at + open;
        // 一级 is a grade; and with 3级 nobody knows whether 2级 is better.
        self.out.doubts.add_if(is_grade(&self.text[start..start + unit.len]), Doubt::GradeOpen);
        // A unit printed first wins over a second one.
        let differs = self.out.unit.is_some_and(|(_, first)| first.class != unit.class);
        self.out.doubts.add_if(differs, Doubt::UnknownUnit);
        if self.out.unit.is_none() {
            self.out.unit = Some((start, unit));
        }
        self.at = start + unit.len + open;
    }

    /// A second number behind a dash, a tilde, 至, or between two bounds.
    fn range(&mut self, first: Number) -> Option<()> {
        let start = self.at;
        self.at += range_joint(self.rest());
        if self.at == start {
            return Some(());
        }
        let unit_first = self.out.unit.take();
        let Some(second) = number::any(self.rest()).filter(|second| second.chinese == first.chinese) else {
            self.at = start;
            self.out.unit = unit_first;
            return Some(());
        };
        self.at += second.len;
        self.out.doubts.add_if(second.value.is_none(), Doubt::NumberTooLong);
        self.out.doubts.add_if(second.spaced, Doubt::SpacedDigits);
        self.hedges();
        self.unit();
        self.join_units(unit_first, second);
        self.out.is_range = true;
        self.out.doubts.add_if(self.out.comparator.is_some(), Doubt::Conflict);
        self.out.doubts.add_if(self.out.unit.is_none() && !self.out.percent, Doubt::RangeOpen);
        self.out
            .doubts
            .add_if(matches!((self.out.low, self.out.high), (Some(a), Some(b)) if a > b), Doubt::RangeReversed);
        let calendar = self.out.unit.is_some_and(|(at, _)| self.text[at..].starts_with(['日', '月', '号', '季']));
        self.out.doubts.add_if(calendar, Doubt::RangeOpen);
        Some(())
    }

    /// `8-10万元` scales both numbers, `8万-10万元` each by its own; both must name the same unit.
    fn join_units(&mut self, first: Option<(usize, Unit)>, second: Number) {
        self.out.high = second.value;
        match (first, self.out.unit) {
            (Some((_, a)), Some((_, b))) => {
                let same = a.class == b.class || a.class.is_none() && a.power == b.power;
                self.out.doubts.add_if(!same || a.power != b.power, Doubt::RangeOpen);
            }
            (Some(_), None) => {
                self.out.unit = first;
                self.out.doubts.add(Doubt::RangeOpen);
            }
            _ => {}
        }
    }

    /// Signs behind the number, and what is left over.
    fn behind(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return Some(());
            }
            if let Some((sign, len)) = bound_included(rest) {
                self.at += len;
                self.sign(sign);
                continue;
            }
            match comparator::behind(rest) {
                Some((Sign::Between, len)) if self.out.is_range => self.at += len,
                Some((sign, len)) => {
                    self.at += len;
                    self.sign(sign);
                }
                None if rest.starts_with(comparator::is_glyph) && rest.chars().count() == 1 => {
                    let (sign, len) = comparator::before(rest)?;
                    self.at += len;
                    self.sign(sign);
                    self.out.doubts.add(Doubt::Conflict);
                }
                None => return self.left_over(),
            }
        }
    }

    /// A unit nobody knows, or words that may add a demand.
    fn left_over(&mut self) -> Option<()> {
        let rest = self.rest();
        let foreign = |c: char| {
            c.is_ascii_digit()
                || comparator::is_glyph(c)
                || matches!(c, ',' | ';' | '。' | '%' | '/' | ':' | '、' | '\'')
        };
        if rest.len() > MAX_WORDS || rest.contains(foreign) || holds_numeral(rest) {
            return None;
        }
        let single = rest.chars().next().map_or(0, char::len_utf8);
        let is_unit = self.out.unit.is_none() && !self.out.percent;
        if is_unit && rest.len() <= 6 && rest.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            // 1NTU, 1080P: a unit, whatever it is.
            let class = Some(Class::Measure);
            self.out.unit = Some((
                self.at,
                Unit { power: 0, scale_len: 0, head_len: rest.len(), len: rest.len(), class, per: false },
            ));
            self.out.doubts.add(Doubt::UnknownUnit);
            self.at = self.text.len();
            return Some(());
        }
        let suffix = comparator::behind(&rest[single..]);
        if is_unit && (rest.len() == single || suffix.is_some()) && single == 3 {
            let unit =
                Unit { power: 0, scale_len: 0, head_len: single, len: single, class: Some(Class::Count), per: false };
            self.out.unit = Some((self.at, unit));
            self.at += single;
            self.out.doubts.add(Doubt::UnknownUnit);
            return self.behind();
        }
        self.out.doubts.add(Doubt::UnknownWords);
        self.at = self.text.len();
        Some(())
    }

    /// Decides what the soft words mean and whether the number is a percentage.
    fn settle(&mut self) {
        let out = &mut self.out;
        if let (None, Some(soft), false) = (out.comparator, out.soft, out.is_range) {
            out.comparator = Some(soft);
            out.doubts.add(Doubt::ReachedOnly);
        }
        match out.unit.and_then(|(_, unit)| unit.class) {
            Some(Class::Percent) => out.percent = true,
            Some(Class::Ratio) => {
                out.percent = true;
                out.low = out.low.map(|value| (value * Decimal::ONE_HUNDRED).normalize());
                out.high = out.high.map(|value| (value * Decimal::ONE_HUNDRED).normalize());
            }
            _ => {}
        }
        let money_clash =
            self.money_mark && out.unit.is_some_and(|(_, unit)| unit.class.is_some_and(|c| c != Class::Money));
        out.doubts.add_if(money_clash, Doubt::MoneyLost);
        out.yuan = self.money_mark && out.unit.is_none_or(|(_, unit)| unit.class.is_none());
    }
}

/// Length of what joins the numbers of a range: `-`, `~`, 至, 和 in 介于…和…之间, `≤X≤`.
fn range_joint(text: &str) -> usize {
    let dashes = text.len() - text.trim_start_matches(['-', '~']).len();
    if dashes > 0 {
        return dashes;
    }
    let between = text.ends_with("之间");
    let word = ["至", "到", "和", "与"].iter().find(|word| text.starts_with(**word));
    if let Some(word) = word.filter(|word| between || !matches!(**word, "和" | "与")) {
        return word.len();
    }
    let Some(middle) = text.strip_prefix('≤') else { return 0 };
    let quantity = middle.find('≤').filter(|len| *len <= 24 && !middle[..*len].contains(|c: char| c.is_ascii_digit()));
    quantity.map_or(0, |len| len + 2 * '≤'.len_utf8())
}

/// Digits, a sign, 百分之, or a Chinese numeral with its measure word.
fn begins_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
        || text.starts_with("百分之")
        || text.starts_with("百分百")
        || number::chinese(text).is_some_and(|number| unit::read(&text[number.len..]).is_some())
}

/// 级, 类, 档: the number is a rank.
fn is_grade(unit: &str) -> bool {
    matches!(unit, "级" | "类" | "档")
}

/// `(含90%)`, `(不含)`: whether the number itself belongs.
fn bound_included(text: &str) -> Option<(Sign, usize)> {
    let inclusive = text.starts_with("(含") || text.starts_with("(包含");
    if !inclusive && !text.starts_with("(不含") {
        return None;
    }
    text.char_indices().take(12).find(|(_, c)| *c == ')').map(|(end, _)| (Sign::Inclusive(inclusive), end + 1))
}

/// A comparator of several characters, or one that cannot be part of another word.
fn is_strong_sign(text: &str) -> bool {
    matches!(comparator::before(text), Some((Sign::Compares(_) | Sign::Reach | Sign::Rise | Sign::Fall | Sign::Base, len)) if len >= 6)
        || matches!(comparator::before(text), Some((Sign::Reach, _)))
}

/// A Chinese numeral in front of a measure word: perhaps a second number. 一 counts only at the end, as in 每年一次.
pub(crate) fn holds_numeral(text: &str) -> bool {
    text.char_indices().any(|(at, _)| {
        let rest = &text[at..];
        let Some(number) = number::chinese(rest) else { return false };
        let mut behind = &rest[number.len..];
        while let Some((Sign::Hedge, len)) = comparator::behind(behind) {
            behind = &behind[len..];
        }
        let Some(unit) = unit::read(behind) else { return false };
        let after = &behind[unit.len..];
        let idiom = number.value == Some(Decimal::ONE) || number.value == Some(Decimal::from(1000));
        !idiom || after.is_empty() || comparator::behind(after).is_some()
    }) || ["半年", "半个", "半月", "过半", "翻番", "翻一番"].iter().any(|word| text.contains(word))
        || holds_bare_numeral(text)
}

/// 九成, 九十五以上: a numeral without a measure word, at the end or in front of a sign.
fn holds_bare_numeral(text: &str) -> bool {
    text.char_indices().any(|(at, _)| {
        let Some(number) = number::chinese(&text[at..]) else { return false };
        let rest = &text[at + number.len..];
        let (tenths, rest) = rest.strip_prefix('成').map_or((false, rest), |rest| (true, rest));
        let closed = rest.is_empty() || comparator::behind(rest).is_some();
        closed && (tenths || number.len > 3 && number.value.is_some_and(|value| value > Decimal::TEN))
    })
}
