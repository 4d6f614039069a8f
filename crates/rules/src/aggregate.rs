//! A department's value made of those of its units (rules 3.4, E10): absolute values are added, ratios are weighted by funds,
//! and it is the result that is scored, never the units' scores.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::actual::{Actual, read_actual};
use crate::kind::{TargetKind, vocabulary_words};
use crate::message::Message;
use crate::target::{Context, Target};
use crate::value::Money;

/// What one unit contributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitValue {
    /// 单位名称.
    pub unit_name: String,
    /// Its value, verbatim.
    pub text: String,
    /// The funds a ratio is weighted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funds: Option<Money>,
}

vocabulary_words! {
    /// How units' values become one.
    AggregationMethod {
        Sum = "SUM", "求和", "sum"; WeightedByFunds = "WEIGHTED_BY_FUNDS", "按资金加权", "weighted by funds";
    }
}

/// The value of all units together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// How it was made.
    pub method: AggregationMethod,
    /// In the base unit; a weighted one is cut to six decimals, as every rate.
    pub value: Decimal,
    /// The base unit; empty without one.
    pub unit: String,
    /// How it was made, in numbers.
    pub expression: String,
}

/// What keeps a unit's value from being taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which unit, from 0; `None` when it is about all of them.
    pub index: Option<usize>,
    /// Field of the unit's value.
    pub field: &'static str,
    /// For people.
    pub message: Message,
}

impl Unfit {
    fn new(index: impl Into<Option<usize>>, field: &'static str, zh: &str, en: &str) -> Self {
        Self { index: index.into(), field, message: Message::new(zh, en) }
    }
}

impl Aggregate {
    /// The value as a filer would write it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}", self.value, self.unit)
    }

    /// Whether a stated value is this one, as far as its printed decimals go.
    #[must_use]
    pub fn is_stated_by(&self, stated: &Actual) -> bool {
        let (Some(base), Some(printed)) = (stated.base_value, stated.value) else { return false };
        let factor = if printed.is_zero() { Some(Decimal::ONE) } else { base.checked_div(printed) };
        let last = Decimal::new(1, printed.scale().min(28));
        let place = factor.and_then(|factor| factor.checked_mul(last));
        let difference = base.checked_sub(self.value);
        let within = |(place, difference): (Decimal, Decimal)| difference.is_zero() || difference.abs() < place.abs();
        place.zip(difference).is_some_and(within)
    }
}

/// Adds up what the units report for one target.
///
/// # Errors
/// Every value that cannot take part: words, an unclear reading, a ratio without funds.
pub fn aggregate(units: &[UnitValue], target: &Target, context: &Context<'_>) -> Result<Aggregate, Vec<Unfit>> {
    if !matches!(target.kind, TargetKind::Quantity | TargetKind::Range) {
        let (zh, en) = ("只有数值型指标可以按单位汇总", "only indicators with a number are added up from units");
        return Err(vec![Unfit::new(None, "text", zh, en)]);
    }
    let unit = target.base_unit.clone().or_else(|| target.unit.clone()).unwrap_or_default();
    let ratio = is_ratio(&unit);
    let mut unfit = Vec::new();
    let mut values = Vec::with_capacity(units.len());
    for (index, given) in units.iter().enumerate() {
        let read = read_actual(&given.text, target, context);
        match read.base_value.filter(|_| read.certain && read.comparable) {
            Some(value) => values.push((value, given.funds)),
            None => {
                let (zh, en) = ("识别不出确定的数值", "no certain number is read from it");
                unfit.push(Unfit::new(index, "text", zh, en));
            }
        }
        if ratio && given.funds.is_none() {
            let (zh, en) = ("比率按资金加权, 须填写资金", "a ratio is weighted by funds: give them");
            unfit.push(Unfit::new(index, "funds", zh, en));
        }
    }
    if !unfit.is_empty() {
        return Err(unfit);
    }
    let made = if ratio { weighted(&values) } else { sum(&values) };
    let (value, expression) = made.ok_or_else(|| {
        let (zh, en) =
            ("资金合计须大于0, 且数值不超出可计算范围", "the funds add up to more than 0, and no number is too large");
        vec![Unfit::new(None, if ratio { "funds" } else { "text" }, zh, en)]
    })?;
    let method = if ratio { AggregationMethod::WeightedByFunds } else { AggregationMethod::Sum };
    Ok(Aggregate { method, value, unit, expression })
}

/// A unit of measure that says a share or a standard: it is not added up.
pub(crate) fn is_ratio(unit: &str) -> bool {
    unit.contains(['%', '％', '‰', '/', '每'])
}

type Made = Option<(Decimal, String)>;

fn sum(values: &[(Decimal, Option<Money>)]) -> Made {
    let total = values.iter().try_fold(Decimal::ZERO, |total, (value, _)| total.checked_add(*value))?;
    let terms: Vec<String> = values.iter().map(|(value, _)| value.normalize().to_string()).collect();
    Some((total.normalize(), terms.join(" + ")))
}

fn weighted(values: &[(Decimal, Option<Money>)]) -> Made {
    let mut products = Decimal::ZERO;
    let mut funds = Decimal::ZERO;
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for (value, given) in values {
        let weight = (*given)?.wan_yuan();
        products = products.checked_add(value.checked_mul(weight)?)?;
        funds = funds.checked_add(weight)?;
        above.push(format!("{} × {weight}", value.normalize()));
        below.push(weight.to_string());
    }
    if funds <= Decimal::ZERO {
        return None;
    }
    let value = products.checked_div(funds)?.trunc_with_scale(6).normalize();
    Some((value, format!("({}) ÷ ({})", above.join(" + "), below.join(" + "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::read_target;

    fn units(values: &[(&str, Option<i64>)]) -> Vec<UnitValue> {
        let unit = |(text, funds): &(&str, Option<i64>)| UnitValue {
            unit_name: "单位".into(),
            text: (*text).into(),
            funds: funds.map(Money),
        };
        values.iter().map(unit).collect()
    }

    fn of(target: &str, values: &[(&str, Option<i64>)]) -> Result<Aggregate, Vec<Unfit>> {
        let context = Context::default();
        aggregate(&units(values), &read_target(target, &context), &context)
    }

    #[test]
    fn counts_are_added() {
        let made = of("≥150个", &[("70个", None), ("50个", None), ("30个", None)]).expect("adds up");
        assert_eq!((made.method, made.text().as_str()), (AggregationMethod::Sum, "150个"));
        assert_eq!(made.expression, "70 + 50 + 30");
        let made = of("≥10万元", &[("4.5万元", None), ("60000元", None)]).expect("adds up");
        assert_eq!(made.text(), "105000元");
    }

    #[test]
    fn ratios_are_weighted_by_funds() {
        let made = of("≥90%", &[("97%", Some(100_000_000)), ("90%", Some(50_000_000))]).expect("adds up");
        assert_eq!((made.method, made.text().as_str()), (AggregationMethod::WeightedByFunds, "94.666666%"));
        assert_eq!(made.expression, "(97 × 100.00 + 90 × 50.00) ÷ (100.00 + 50.00)");
        // The plain mean would be 93.5.
        let context = Context::default();
        let target = read_target("≥90%", &context);
        for (stated, same) in [
            ("94.666666%", true),
            ("94.67%", true),
            ("94.66%", true),
            ("94.68%", false),
            ("93.5%", false),
            ("94%", true),
            ("95%", true),
            ("96%", false),
        ] {
            assert_eq!(made.is_stated_by(&read_actual(stated, &target, &context)), same, "{stated}");
        }
    }

    #[test]
    fn what_cannot_take_part_is_named() {
        let unfit = of("≥90%", &[("97%", None), ("很好", Some(1))]).expect_err("neither fits");
        let places: Vec<_> = unfit.iter().map(|one| (one.index, one.field)).collect();
        assert_eq!(places, [(Some(0), "funds"), (Some(1), "text")]);
        assert_eq!(of("≥90%", &[("97%", Some(0))]).expect_err("no funds")[0].index, None);
        assert_eq!(of("12月底前完成", &[("11月", None)]).expect_err("a date")[0].index, None);
        let large = "79228162514264337593543950335个";
        assert!(of("≥150个", &[(large, None), (large, None)]).is_err());
    }
}
