//! Exact numbers: money in 分, rates in millionths, points in hundredths. The only place that rounds.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// An amount of money as a whole number of 分 (0.01 yuan); 1 分 = 0.000001 万元.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

/// A ratio in millionths, cut toward zero: 1.022222 is 102.2222 % (rules 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub i64);

/// Points of a weight or a score, in hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

/// Half up (away from zero) to two decimals: the rounding of every score (rules 4).
#[must_use]
pub fn round2(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Cut toward zero to six decimals: the rounding of every rate (rules 5.1).
#[must_use]
pub fn cut6(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(6, RoundingStrategy::ToZero)
}

/// The median: of an even number of values the mean of the two in the middle, cut to six decimals. Six decimals either way;
/// `None` of nothing.
#[must_use]
pub fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    // Half of the difference, so that no sum can be too large.
    let mut median = cut6(lower + (upper - lower) / Decimal::TWO);
    median.rescale(6);
    Some(median)
}

impl Money {
    /// From yuan; `None` with more than two decimals or out of range.
    #[must_use]
    pub fn from_yuan(yuan: Decimal) -> Option<Self> {
        scaled(yuan, 2).map(Self)
    }

    /// From 万元; `None` with more than six decimals or out of range.
    #[must_use]
    pub fn from_wan_yuan(wan: Decimal) -> Option<Self> {
        scaled(wan, 6).map(Self)
    }

    /// In yuan, exactly two decimals.
    #[must_use]
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// In 万元, two to six decimals.
    #[must_use]
    pub fn wan_yuan(self) -> Decimal {
        let mut value = Decimal::new(self.0, 6).normalize();
        if value.scale() < 2 {
            value.rescale(2);
        }
        value
    }
}

impl Rate {
    /// One, 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// From an exact value; `None` with more than six decimals or out of range.
    #[must_use]
    pub fn exact(value: Decimal) -> Option<Self> {
        scaled(value, 6).map(Self)
    }

    /// Cut to six decimals; `None` when it does not fit.
    #[must_use]
    pub fn cut(value: Decimal) -> Option<Self> {
        scaled(cut6(value), 6).map(Self)
    }

    /// As a decimal with six decimals.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 6)
    }

    /// How many percent, with all its digits and without the sign: 0.874100 is `87.41`.
    #[must_use]
    pub fn percent(self) -> String {
        plain(Decimal::new(self.0, 4))
    }
}

impl Points {
    /// Half up to two decimals; `None` when it does not fit.
    #[must_use]
    pub fn round(value: Decimal) -> Option<Self> {
        scaled(round2(value), 2).map(Self)
    }

    /// From an exact value; `None` with more than two decimals or out of range.
    #[must_use]
    pub fn exact(value: Decimal) -> Option<Self> {
        scaled(value, 2).map(Self)
    }

    /// As a decimal with two decimals.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }
}

/// `value × 10^places` as an integer, `None` when that is not whole or does not fit.
fn scaled(value: Decimal, places: u32) -> Option<i64> {
    let mut value = value.normalize();
    if value.scale() > places {
        return None;
    }
    value.rescale(places);
    if value.scale() != places {
        return None;
    }
    i64::try_from(value.mantissa()).ok()
}

/// A quantity as text without trailing zeros, exponent or separators.
#[must_use]
pub fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn medians_of_few() {
        let of = |values: &[i64], scale| {
            let values = values.iter().map(|value| Decimal::new(*value, scale)).collect();
            median(values).map(|median| median.to_string())
        };
        assert_eq!(of(&[], 0), None);
        assert_eq!(of(&[7], 0).as_deref(), Some("7.000000"));
        assert_eq!(of(&[9_000, 8_725], 2).as_deref(), Some("88.625000"));
        assert_eq!(of(&[3, 1, 2], 0).as_deref(), Some("2.000000"));
        assert_eq!(of(&[1, 4, 2, 9], 6).as_deref(), Some("0.000003"));
        assert_eq!(of(&[0, 1], 6).as_deref(), Some("0.000000"), "cut, not rounded");
    }

    proptest! {
        #[test]
        fn a_median_parts_its_values(values in prop::collection::vec(0..3_000_000_i64, 1..40)) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let middle = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2;
            let found = median(values.into_iter().map(|value| Decimal::new(value, 6)).collect());
            prop_assert_eq!(found, Some(Decimal::new(middle, 6)));
        }
    }
}
