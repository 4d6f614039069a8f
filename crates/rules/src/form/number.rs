//! Amounts, head counts and weights as forms print them.

use crate::value::{Money, Points};

/// Unit of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// 元.
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元.
    WanYuan,
    /// 百万元.
    MillionYuan,
    /// 亿元.
    YiYuan,
}

impl Unit {
    /// Longest name first, so that 万元 is not taken for 元.
    const ALL: [(Self, &'static str, usize); 5] = [
        (Self::MillionYuan, "百万元", 8),
        (Self::ThousandYuan, "千元", 5),
        (Self::WanYuan, "万元", 6),
        (Self::YiYuan, "亿元", 10),
        (Self::Yuan, "元", 2),
    ];

    /// 中文 name.
    pub(super) fn zh(self) -> &'static str {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or("", |(_, zh, _)| zh)
    }

    /// The unit named in a heading, such as 预算金额（万元）.
    pub(super) fn named_in(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, zh, _)| text.contains(zh)).map(|(unit, ..)| *unit)
    }

    /// Decimals that still are a whole number of 分.
    fn places(self) -> usize {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or(0, |(.., places)| *places)
    }
}

/// What an amount cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Nothing, or a dash.
    Blank,
    /// An exact amount, and the unit written in the cell itself.
    Exact(Money, Option<Unit>),
    /// Words.
    Words,
    /// Below zero.
    Negative,
    /// Finer than 0.01 yuan.
    TooFine,
    /// Beyond what can be held.
    TooLarge,
}

/// Reads an amount that stands under a heading with the unit `unit`.
pub(super) fn amount(cell: &str, unit: Unit) -> Amount {
    let text = halfwidth(cell);
    if is_blank(&text) {
        return Amount::Blank;
    }
    let mut number = text.trim_start_matches(['¥', '￥']);
    let mut own = None;
    for (unit, zh, _) in Unit::ALL {
        if let Some(rest) = number.strip_suffix(zh) {
            (number, own) = (rest, Some(unit));
            break;
        }
    }
    let Some(number) = Number::read(number) else { return Amount::Words };
    let places = own.unwrap_or(unit).places();
    match number.scaled(places) {
        _ if number.fraction.len() > places => Amount::TooFine,
        Some(fen) if number.negative && fen != 0 => Amount::Negative,
        Some(fen) => Amount::Exact(Money(fen), own),
        None if number.negative => Amount::Negative,
        None => Amount::TooLarge,
    }
}

/// An amount of 分 in 万元 with thousands separators, exact, at least two decimals.
pub(crate) fn wan_yuan_grouped(fen: i128) -> String {
    const FEN: u128 = 1_000_000;
    let digits = (fen.unsigned_abs() / FEN).to_string();
    let mut out = String::from(if fen < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let fraction = format!("{:06}", fen.unsigned_abs() % FEN);
    let kept = fraction.trim_end_matches('0').len().max(2);
    out + "." + &fraction[..kept]
}

/// What a head-count cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Nothing, or a dash.
    Blank,
    /// A whole number.
    Exact(i64),
    /// Words, or not a whole number.
    Words,
    /// Below zero.
    Negative,
}

/// Reads a head count; 63人 and 4个 are counts too.
pub(super) fn count(cell: &str) -> Count {
    let text = halfwidth(cell);
    if is_blank(&text) {
        return Count::Blank;
    }
    match Number::read(text.trim_end_matches(['人', '个', '家', '名'])) {
        Some(number) if !number.fraction.is_empty() => Count::Words,
        Some(number) => match number.scaled(0) {
            Some(value) if number.negative && value != 0 => Count::Negative,
            Some(value) => Count::Exact(value),
            None => Count::Words,
        },
        None => Count::Words,
    }
}

/// Reads a weight: points, with or without 分 or %. `Ok(None)` for a blank cell, `Err` for anything else.
pub(super) fn weight(cell: &str) -> Result<Option<Points>, ()> {
    let text = halfwidth(cell);
    if is_blank(&text) {
        return Ok(None);
    }
    let number =
        Number::read(text.trim_end_matches(['分', '%'])).filter(|number| number.fraction.len() <= 2).ok_or(())?;
    let value = number.scaled(2).ok_or(())?;
    Ok(Some(Points(if number.negative { -value } else { value })))
}

/// Whether a cell says nothing: empty or only dashes.
pub(super) fn is_blank(cell: &str) -> bool {
    let is_dash = |c| matches!(c, '-' | '—' | '–' | '―' | '－' | '‐' | '−' | '─' | '/' | '／');
    cell.chars().all(|c| c.is_whitespace() || is_dash(c))
}

/// Full-width digits and signs made half-width, blanks dropped.
fn halfwidth(cell: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' | '．' | '，' | '％' | '＋' | '－' | '（' | '）' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        '−' => '-',
        '﹪' => '%',
        c => c,
    };
    cell.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// A plain decimal number, thousands separators removed.
struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Number {
    /// `None` for everything that is not plainly one number; a separator out of place makes it words.
    fn read(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(text) => (true, text),
            None => match text.strip_prefix('-') {
                Some(text) => (true, text),
                None => (false, text.strip_prefix('+').unwrap_or(text)),
            },
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(fraction) || (text.ends_with('.')) {
            return None;
        }
        let mut groups = whole.split(',');
        let first = groups.next().filter(|first| !first.is_empty() && digits(first))?;
        let mut joined = first.to_owned();
        for group in groups {
            if first.len() > 3 || group.len() != 3 || !digits(group) {
                return None;
            }
            joined.push_str(group);
        }
        Some(Self { negative, whole: joined, fraction: fraction.trim_end_matches('0').to_owned() })
    }

    /// Absolute value × 10^places; `None` when it does not fit or has more decimals.
    fn scaled(&self, places: usize) -> Option<i64> {
        let missing = places.checked_sub(self.fraction.len())?;
        let mut value = 0_i64;
        for digit in self.whole.bytes().chain(self.fraction.bytes()).chain(std::iter::repeat_n(b'0', missing)) {
            value = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let wan = |fen: i64| Amount::Exact(Money(fen), None);
        for (cell, want) in [
            ("3,109.75", wan(3_109_750_000)),
            ("３，１０９．７５", wan(3_109_750_000)),
            ("0.00", wan(0)),
            ("-0.00", wan(0)),
            ("1 111.19", wan(1_111_190_000)),
            ("0.000001", wan(1)),
            ("0.0000010", wan(1)),
            ("0.0000001", Amount::TooFine),
            ("-5", Amount::Negative),
            ("（5.00）", Amount::Negative),
            ("−5", Amount::Negative),
            ("—", Amount::Blank),
            ("--", Amount::Blank),
            ("/", Amount::Blank),
            ("", Amount::Blank),
            ("约100", Amount::Words),
            ("1,11.19", Amount::Words),
            ("1.", Amount::Words),
            ("1.2.3", Amount::Words),
            ("1e5", Amount::Words),
            ("100%", Amount::Words),
            ("5元", Amount::Exact(Money(500), Some(Unit::Yuan))),
            ("¥5万元", Amount::Exact(Money(5_000_000), Some(Unit::WanYuan))),
            ("2.6亿元", Amount::Exact(Money(26_000_000_000), Some(Unit::YiYuan))),
            ("9223372036854.775807", wan(i64::MAX)),
            ("9223372036854.775808", Amount::TooLarge),
            ("99999999999999999999999999999999999999999999", Amount::TooLarge),
        ] {
            assert_eq!(amount(cell, Unit::WanYuan), want, "{cell}");
        }
        assert_eq!(amount("31,097,500.00", Unit::Yuan), wan(3_109_750_000));
        assert_eq!(amount("0.001", Unit::Yuan), Amount::TooFine);
    }

    #[test]
    fn amounts_are_printed_exactly() {
        for (fen, want) in [
            (0, "0.00"),
            (1, "0.000001"),
            (5_687_390_000, "5,687.39"),
            (-13_521_970_000, "-13,521.97"),
            (1_234_567_100_000, "1,234,567.10"),
            (i128::from(i64::MAX) * 3, "27,670,116,110,564.327421"),
        ] {
            assert_eq!(wan_yuan_grouped(fen), want);
        }
    }

    #[test]
    fn counts_and_weights() {
        assert_eq!(count("６３人"), Count::Exact(63));
        assert_eq!(count("4"), Count::Exact(4));
        assert_eq!(count("-1"), Count::Negative);
        assert_eq!(count("6.5"), Count::Words);
        assert_eq!(count("若干"), Count::Words);
        assert_eq!(count("99999999999999999999"), Count::Words);
        assert_eq!(weight("10分"), Ok(Some(Points(1000))));
        assert_eq!(weight("9.3"), Ok(Some(Points(930))));
        assert_eq!(weight("20%"), Ok(Some(Points(2000))));
        assert_eq!(weight(""), Ok(None));
        assert_eq!(weight("9.333"), Err(()));
        assert_eq!(weight("十"), Err(()));
    }
}
