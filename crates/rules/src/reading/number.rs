//! Numbers as printed: Arabic digits with thousands separators, Chinese numerals.

use rust_decimal::Decimal;

/// More significant digits than this are not read: scaled by 万亿 they would no longer be exact.
const MAX_DIGITS: usize = 16;

/// A number at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// The value; `None` when it has too many digits to be kept exactly.
    pub(crate) value: Option<Decimal>,
    /// Bytes it takes.
    pub(crate) len: usize,
    /// Written with spaces between the digits, so it may be two numbers.
    pub(crate) spaced: bool,
    /// Written in Chinese numerals.
    pub(crate) chinese: bool,
}

/// Reads an unsigned number in Arabic digits: `95.00`, `1,234.5`, `12 000`, and what a scanner makes of it: `1 0 0`.
pub(crate) fn arabic(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    let torn = torn_apart(bytes);
    let mut digits = [0_u8; MAX_DIGITS + 1];
    let mut kept = 0;
    let (mut scale, mut fits, mut spaced, mut point) = (0_u32, true, false, false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                if kept > 0 || byte != b'0' || point {
                    fits &= kept < MAX_DIGITS;
                    digits[kept.min(MAX_DIGITS)] = byte - b'0';
                    kept = (kept + 1).min(MAX_DIGITS + 1);
                }
                scale += u32::from(point && fits);
            }
            b'.' if !point && at > 0 && next_is_digit(bytes, at) => point = true,
            b',' if !point && is_group(bytes, at, b',') => {}
            b' ' if at < torn.len => spaced |= !torn.plain,
            b' ' if !point && is_group(bytes, at, b' ') => spaced = true,
            _ => break,
        }
        at += 1;
    }
    if at == 0 {
        return None;
    }
    let value = fits.then(|| {
        let mantissa = digits[..kept].iter().fold(0_i64, |sum, digit| sum * 10 + i64::from(*digit));
        Decimal::new(mantissa, scale)
    });
    Some(Number { value, len: at, spaced, chinese: false })
}

/// Digits that stand one by one.
#[derive(Default)]
struct Torn {
    len: usize,
    /// Three or more cannot be three numbers; two could be.
    plain: bool,
}

/// `1 0 0`: single digits with one space between each two.
fn torn_apart(bytes: &[u8]) -> Torn {
    let single = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut digits = 0;
    while single(2 * digits) && !single(2 * digits + 1) {
        digits += 1;
        if bytes.get(2 * digits - 1) != Some(&b' ') {
            break;
        }
    }
    // `1 0 05` breaks off in the middle: no single digits after all.
    let len = (2 * digits).saturating_sub(1);
    let whole = digits > 1 && bytes.get(len) != Some(&b' ');
    if whole { Torn { len, plain: digits > 2 } } else { Torn::default() }
}

fn next_is_digit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// A separator groups thousands when one to three digits stand before the first one and exactly three behind each.
fn is_group(bytes: &[u8], at: usize, separator: u8) -> bool {
    let behind = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let head = bytes[..at].iter().position(|b| *b == separator).unwrap_or(at);
    behind == 3 && (1..=3).contains(&head) && bytes[0] != b'0'
}

/// Reads a Chinese numeral below ten thousand: 三, 两, 十二, 二十, 一百零五, or digits in a row (二〇二三).
pub(crate) fn chinese(text: &str) -> Option<Number> {
    let (mut total, mut digit, mut run, mut len) = (0_i64, None, 0_i64, 0);
    let mut plain_digits = 0;
    for c in text.chars() {
        match numeral(c) {
            Some(Numeral::Digit(value)) => {
                run = run.saturating_mul(10).saturating_add(value);
                plain_digits += 1;
                digit = Some(value);
            }
            Some(Numeral::Power(power)) => {
                total += digit.unwrap_or(1) * power;
                (digit, run) = (None, 0);
                plain_digits = 0;
            }
            None => break,
        }
        len += c.len_utf8();
        if plain_digits > 4 || len > 30 {
            return None;
        }
    }
    let value = if total == 0 { run } else { total + digit.unwrap_or(0) };
    (len > 0).then(|| Number { value: Some(Decimal::from(value)), len, spaced: false, chinese: true })
}

enum Numeral {
    Digit(i64),
    Power(i64),
}

fn numeral(c: char) -> Option<Numeral> {
    Some(match c {
        '零' | '〇' => Numeral::Digit(0),
        '一' => Numeral::Digit(1),
        '二' | '两' => Numeral::Digit(2),
        '三' => Numeral::Digit(3),
        '四' => Numeral::Digit(4),
        '五' => Numeral::Digit(5),
        '六' => Numeral::Digit(6),
        '七' => Numeral::Digit(7),
        '八' => Numeral::Digit(8),
        '九' => Numeral::Digit(9),
        '十' => Numeral::Power(10),
        '百' => Numeral::Power(100),
        '千' => Numeral::Power(1000),
        _ => return None,
    })
}

/// Reads a number in either script.
pub(crate) fn any(text: &str) -> Option<Number> {
    arabic(text).or_else(|| chinese(text))
}

/// Reads a small whole number in either script, such as a month; returns it with its length.
pub(crate) fn small(text: &str) -> Option<(u32, usize)> {
    let number = any(text)?;
    let value = number.value.filter(|value| value.scale() == 0)?;
    u32::try_from(value.mantissa()).ok().filter(|_| !number.spaced).map(|value| (value, number.len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_scripts() {
        for (text, value, len) in [
            ("95.00%", "95.00", 5),
            ("1,234.5元", "1234.5", 7),
            ("12 000人", "12000", 6),
            ("12 5", "12", 2),
            ("1 0 0%", "100", 5),
            ("1 0 05%", "1", 1),
            ("1 0 0 元", "1", 1),
            ("1,23", "1", 1),
            ("0,123", "0", 1),
            ("0.050", "0.050", 5),
            ("007", "7", 3),
            ("三次", "3", 3),
            ("十二月", "12", 6),
            ("二十", "20", 6),
            ("一百零五户", "105", 12),
            ("二〇二三年", "2023", 12),
            ("2023.07-", "2023.07", 7),
        ] {
            let number = any(text).expect(text);
            assert_eq!((number.value.map(|v| v.to_string()).as_deref(), number.len), (Some(value), len), "{text}");
        }
        assert_eq!(any("12345678901234567890").map(|n| n.value), Some(None));
        assert_eq!(any("万无一失"), None);
    }
}
