//! Exact scalars: decimals as strings in both directions, dates, and moments in UTC to the microsecond.

use async_graphql::{Enum, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as ChronoDateTime, NaiveDate, SecondsFormat, Timelike, Utc};
use jixiao_rules::value::{Money, Points, Rate};
use jixiao_service::id::Timestamp;
use rust_decimal::Decimal as Exact;

/// 金额单位。 — Unit of an amount of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub enum MoneyUnit {
    /// 万元，两至六位小数。 — 10,000 yuan, two to six decimals.
    #[default]
    WanYuan,
    /// 元，两位小数。 — Yuan, two decimals.
    Yuan,
}

impl MoneyUnit {
    /// Reads an amount in this unit; `None` when it is finer than 分 or too large.
    #[must_use]
    pub fn read(self, amount: Exact) -> Option<Money> {
        match self {
            Self::WanYuan => Money::from_wan_yuan(amount),
            Self::Yuan => Money::from_yuan(amount),
        }
    }
}

/// An exact decimal number; what it is written with is what it was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(pub Exact);

impl Decimal {
    /// Money: in 万元 two to six decimals, in 元 two.
    #[must_use]
    pub fn money(amount: Money, unit: MoneyUnit) -> Self {
        Self(match unit {
            MoneyUnit::WanYuan => amount.wan_yuan(),
            MoneyUnit::Yuan => amount.yuan(),
        })
    }

    /// A weight or a score: two decimals.
    #[must_use]
    pub fn points(points: Points) -> Self {
        Self(points.decimal())
    }

    /// A rate: six decimals.
    #[must_use]
    pub fn rate(rate: Rate) -> Self {
        Self(rate.decimal())
    }

    /// A quantity: no trailing zeros.
    #[must_use]
    pub fn plain(value: Exact) -> Self {
        Self(value.normalize())
    }

    /// Reads the canonical text: an optional minus, digits without separators or leading zeros, an optional fraction.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        Exact::from_str_exact(text).ok().map(Self)
    }
}

/// 精确的十进制数，输入输出均为字符串（不接受数字）：无指数、无千位分隔符，如 "43088.97"。 —
/// An exact decimal, a string in both directions (numbers are refused): no exponent, no separators, such as "43088.97".
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Self::read(&text).ok_or_else(|| {
                InputValueError::custom(
                    "不是规范的十进制数 — not a canonical decimal such as \"43088.97\" (at most 28 digits)",
                )
            }),
            Value::Number(_) => Err(InputValueError::custom(
                "数值须写成字符串 — write decimals as strings, such as \"43088.97\": JSON numbers lose digits",
            )),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        let mut exact = self.0;
        if exact.is_zero() {
            exact.set_sign_positive(true);
        }
        Value::String(exact.to_string())
    }
}

/// 日期，如 "2024-07-31"。 — A date, such as "2024-07-31".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// 日期，ISO 8601，如 "2024-07-31"。 — A date in ISO 8601, such as "2024-07-31".
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .ok()
            // The parser also takes `2024-7-1`.
            .filter(|date| date.to_string() == text)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("不是日期 — not a date such as \"2024-07-31\""))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment in UTC, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub Timestamp);

impl From<Timestamp> for DateTime {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}

/// 时刻，ISO 8601，UTC，精确到微秒，如 "2024-07-31T08:00:00.000000Z"；输入可带其他时区。 —
/// A moment in ISO 8601, UTC to the microsecond, such as "2024-07-31T08:00:00.000000Z"; input may have another offset.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        ChronoDateTime::parse_from_rfc3339(&text)
            .ok()
            .map(|moment| moment.with_timezone(&Utc))
            // Finer than a microsecond would be cut, and then mean another moment.
            .filter(|moment| moment.nanosecond() % 1_000 == 0)
            .map(|moment| Self(moment.into()))
            .ok_or_else(|| {
                InputValueError::custom(
                    "不是时刻 — not a moment such as \"2024-07-31T08:00:00Z\", at most six decimals",
                )
            })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.date_time().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &impl ScalarType) -> String {
        match value.to_value() {
            Value::String(text) => text,
            other => panic!("{other} is no string"),
        }
    }

    #[test]
    fn decimals_are_canonical_strings() {
        for good in ["0", "-1", "43088.97", "0.000001", "135000000000000", "1.50", "9999999999999999999999999999"] {
            let decimal = <Decimal as ScalarType>::parse(Value::String(good.to_owned())).expect(good);
            assert_eq!(text(&decimal), good);
        }
        assert_eq!(text(&Decimal::read("-0.00").expect("zero")), "0.00");
    }

    #[test]
    fn anything_else_is_refused() {
        let bad =
            ["", "-", "+1", "1e3", "1,000", " 1", "1 ", ".5", "5.", "01", "-01", "1.2.3", "0x1", "１", "NaN", "1_0"];
        let long = ["99999999999999999999999999999999", "0.00000000000000000000000000000001"];
        for text in bad.iter().chain(&long) {
            assert!(Decimal::read(text).is_none(), "{text:?}");
        }
        let error = <Decimal as ScalarType>::parse(Value::from(1.5)).expect_err("numbers are refused");
        let error = error.into_server_error(async_graphql::Pos::default());
        assert!(error.message.contains("strings"), "{}", error.message);
    }

    #[test]
    fn each_kind_of_number_has_its_decimals() {
        assert_eq!(text(&Decimal::money(Money(430_889_700_000), MoneyUnit::WanYuan)), "430889.70");
        assert_eq!(text(&Decimal::money(Money(1), MoneyUnit::WanYuan)), "0.000001");
        assert_eq!(text(&Decimal::money(Money(150), MoneyUnit::Yuan)), "1.50");
        assert_eq!(text(&Decimal::points(Points(9_550))), "95.50");
        assert_eq!(text(&Decimal::rate(Rate(1_022_222))), "1.022222");
        assert_eq!(text(&Decimal::plain(Exact::new(1_500, 2))), "15");
    }

    #[test]
    fn dates_and_moments() {
        let parse = |text: &str| <Date as ScalarType>::parse(Value::String(text.to_owned()));
        assert_eq!(text(&parse("2024-02-29").expect("a date")), "2024-02-29");
        for bad in ["2023-02-29", "2024-7-1", "2024/07/01", "20240701", "2024-07-01T00:00:00Z", ""] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let parse = |text: &str| <DateTime as ScalarType>::parse(Value::String(text.to_owned()));
        assert_eq!(text(&parse("2024-07-31T16:00:00+08:00").expect("a moment")), "2024-07-31T08:00:00.000000Z");
        assert_eq!(text(&parse("2024-07-31T08:00:00.123456Z").expect("a moment")), "2024-07-31T08:00:00.123456Z");
        for bad in ["2024-07-31", "2024-07-31T08:00:00", "2024-07-31T08:00:00.1234567Z"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
