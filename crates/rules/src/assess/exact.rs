//! Exact fractions over `i128`. Whatever does not fit gives `None`, never a wrong number and never a panic.

use rust_decimal::Decimal;

use crate::scheme::{Rounding, ScoreRounding};
use crate::value::{Points, Rate};

/// No scaled value may exceed this; products with points, months and millionths then fit.
const LIMIT: u128 = 10_u128.pow(28);

/// The values as whole numbers of one common unit.
pub(crate) fn common<const N: usize>(values: [Decimal; N]) -> Option<[i128; N]> {
    let scale = values.iter().map(Decimal::scale).max().unwrap_or(0);
    at_scale(values, scale).or_else(|| {
        let values = values.map(|value| value.normalize());
        let scale = values.iter().map(Decimal::scale).max().unwrap_or(0);
        at_scale(values, scale)
    })
}

fn at_scale<const N: usize>(values: [Decimal; N], scale: u32) -> Option<[i128; N]> {
    let mut out = [0; N];
    for (out, value) in out.iter_mut().zip(values) {
        let scaled = value.mantissa().checked_mul(10_i128.checked_pow(scale - value.scale())?)?;
        if scaled.unsigned_abs() > LIMIT {
            return None;
        }
        *out = scaled;
    }
    Some(out)
}

/// `numerator ÷ denominator` cut toward zero to six decimals.
pub(crate) fn cut6(numerator: i128, denominator: i128) -> Option<Rate> {
    let cut = match (i64::try_from(numerator), i64::try_from(denominator)) {
        // The common case spares a 128-bit division.
        (Ok(n), Ok(d)) if n.unsigned_abs() < 9_000_000_000_000 && d != 0 => i128::from(n * 1_000_000 / d),
        _ => numerator.checked_mul(1_000_000)?.checked_div(denominator)?,
    };
    i64::try_from(cut).ok().map(Rate)
}

/// `weight × numerator ÷ denominator` kept in `[0, weight]` and rounded as the scheme says: multiplied first, divided once.
pub(crate) fn score(weight: Points, numerator: i128, denominator: i128, rounding: &Rounding) -> Option<Points> {
    if denominator <= 0 {
        return None;
    }
    let numerator = numerator.clamp(0, denominator);
    let unit = match rounding.score_digits {
        0 => 100,
        1 => 10,
        _ => 1,
    };
    let (top, bottom) = (i128::from(weight.0).checked_mul(numerator)?, denominator.checked_mul(unit)?);
    let units = match rounding.score_mode {
        ScoreRounding::HalfUp => top.checked_mul(2)?.checked_add(bottom)?.checked_div(bottom.checked_mul(2)?)?,
        ScoreRounding::Truncate => top.checked_div(bottom)?,
    };
    // Rounding to whole points may lift a score over a weight such as 4.55.
    i64::try_from(units.checked_mul(unit)?).ok().map(|points| Points(points.min(weight.0)))
}

/// `round2(share × weight)`.
pub(crate) fn share_of(weight: Points, share: Rate) -> Points {
    let exact = i128::from(weight.0) * i128::from(share.0);
    Points(i64::try_from((exact * 2 + 1_000_000).div_euclid(2_000_000)).unwrap_or(i64::MAX))
}
