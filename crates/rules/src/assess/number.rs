//! Numbers against numbers: quantities and ranges (rules 4.2, 4.3, 5.1).

use rust_decimal::Decimal;

use super::exact::{common, cut6};
use super::trace::{Plain, Trace, Truth};
use super::words::{Flag, Rule};
use super::{By, Input, Judged, Measure};
use crate::kind::{Comparator, Direction, Status};
use crate::scheme::{Boundary, Equality, LowerFormula, RangeFormula, Scheme, ShareTier};
use crate::target::Target;
use crate::value::Rate;

/// Status from the printed rate.
const BY_RATE: &str = "satisfied ? ACHIEVED : rate >= partialFrom ? PARTIALLY_ACHIEVED : NOT_ACHIEVED";
/// The same where more is better.
const BY_RATE_EXCEEDED: &str =
    "satisfied ? (rate > 1 ? EXCEEDED : ACHIEVED) : rate >= partialFrom ? PARTIALLY_ACHIEVED : NOT_ACHIEVED";
/// Status without a rate.
const NO_RATE: &str = "satisfied ? ACHIEVED : NOT_ACHIEVED";
/// Under STRICT equality.
const BY_CLOSENESS: &str = "satisfied ? ACHIEVED : closeness >= partialFrom ? PARTIALLY_ACHIEVED : NOT_ACHIEVED";

/// Names that speak of a change, for which a negative actual value is no slip of the pen (rules 4.2).
const CHANGE: &[&str] = &[
    "增长", "增幅", "增速", "涨幅", "降幅", "变化", "变动", "增减", "净增", "净利", "净流", "净收", "净额", "净值",
    "净入", "净出", "净结",
];

/// Which way is better; a reading without a direction takes its comparator's.
pub(super) fn direction(target: &Target) -> Direction {
    match (target.direction, target.comparator) {
        (Direction::Unknown, Some(Comparator::Gte | Comparator::Gt)) => Direction::HigherIsBetter,
        (Direction::Unknown, Some(Comparator::Lte | Comparator::Lt)) => Direction::LowerIsBetter,
        (Direction::Unknown, _) => Direction::Exact,
        (known, _) => known,
    }
}

/// A negative value that nothing explains.
pub(super) fn unexplained_negative(input: &Input<'_>, target: &Target, actual: Decimal) -> bool {
    let negative = |bound: Option<Decimal>| bound.is_some_and(|bound| bound.is_sign_negative() && !bound.is_zero());
    actual.is_sign_negative()
        && !actual.is_zero()
        && !negative(target.base_value)
        && !negative(target.base_value_high)
        && !CHANGE.iter().any(|word| input.name.contains(word))
}

/// A percentage of at most 100 % is never over-achieved (rules 4.3).
fn capped_percentage(target: &Target, actual: Decimal) -> bool {
    let whole = match target.base_unit.as_deref() {
        Some("%" | "％") => 100,
        Some("‰") => 1000,
        _ => return false,
    };
    actual <= Decimal::from(whole)
}

/// The share of the first tier that reaches the deviation, with the expression that finds it.
fn tier<T: Trace>(trace: &mut T, tiers: &[ShareTier], deviation: Rate) -> Rate {
    let share = tiers.iter().find(|tier| deviation <= tier.up_to).map_or(Rate(0), |tier| tier.share);
    if T::ON {
        let rungs: String =
            tiers.iter().map(|tier| format!("deviation <= {} ? {} : ", tier.up_to, tier.share)).collect();
        trace.step("tierShare", &format!("cut6({rungs}0)"), share);
    }
    share
}

/// A quantity: dispatches by the sign of the target and the direction. `None` when the numbers are out of range.
pub(super) fn quantity<T: Trace>(scheme: &Scheme, trace: &mut T, target: &Target, actual: Decimal) -> Option<Judged> {
    let wanted = target.base_value?;
    let [a, t] = common([actual, wanted])?;
    trace.step("target", "input", Plain(wanted));
    given(trace, target);
    trace.step("actual", "input", Plain(actual));
    let way = direction(target);
    trace.step("direction", "input", way);
    let strict = matches!(target.comparator, Some(Comparator::Gt | Comparator::Lt));
    let at_boundary = strict && a == t && way != Direction::Exact;
    let satisfied = satisfied(scheme, trace, way, strict, a, t);
    let mut judged = if t < 0 {
        plain(Rule::NegativeTarget, satisfied)
    } else if t == 0 {
        zero(scheme, trace, way, satisfied, a)
    } else {
        ratio(scheme, trace, way, satisfied, a, t)?
    };
    judged.direction = way;
    judged.unequal = way == Direction::Exact && a != t;
    judged.light_inside = satisfied;
    if way == Direction::LowerIsBetter || t <= 0 {
        judged.measure = Measure::Inside;
    }
    if at_boundary {
        // Whether it counts as satisfied is a choice for the status and one for the light; the score stays full.
        judged.light_inside = scheme.lights.strict_boundary == Boundary::Satisfied;
        judged.points = By::all_or_nothing(true);
        judged.flags.push(Flag::StrictBoundary);
    }
    if contradicts(way, target.comparator) {
        judged.flags.push(Flag::DirectionContradictsComparator);
    }
    if t > 0 {
        over(scheme, trace, &mut judged, target, actual, (a, t))?;
    }
    Some(judged)
}

fn contradicts(way: Direction, comparator: Option<Comparator>) -> bool {
    matches!(
        (way, comparator),
        (Direction::HigherIsBetter, Some(Comparator::Lte | Comparator::Lt))
            | (Direction::LowerIsBetter, Some(Comparator::Gte | Comparator::Gt))
    )
}

/// Decided on the exact values, never on a rounded one.
fn satisfied<T: Trace>(scheme: &Scheme, trace: &mut T, way: Direction, strict: bool, a: i128, t: i128) -> bool {
    let excluded = strict && scheme.status.strict_boundary == Boundary::NotSatisfied;
    let (satisfied, expression) = match way {
        Direction::LowerIsBetter if excluded => (a < t, "actual < target"),
        Direction::LowerIsBetter => (a <= t, "actual <= target"),
        Direction::HigherIsBetter if excluded => (a > t, "actual > target"),
        Direction::Exact | Direction::Unknown if t == 0 => (a <= 0, "actual <= target"),
        Direction::Exact | Direction::Unknown if scheme.status.equality == Equality::Strict => {
            (a == t, "actual = target")
        }
        _ => (a >= t, "actual >= target"),
    };
    trace.step("satisfied", expression, Truth(satisfied));
    satisfied
}

/// No rate: all or nothing.
fn plain(rule: Rule, satisfied: bool) -> Judged {
    let status = if satisfied { Status::Achieved } else { Status::NotAchieved };
    Judged { satisfied, points: By::all_or_nothing(satisfied), ..Judged::new(status, NO_RATE, rule) }
}

/// T = 0: never a division.
fn zero<T: Trace>(scheme: &Scheme, trace: &mut T, way: Direction, satisfied: bool, a: i128) -> Judged {
    let judged = plain(Rule::ZeroTarget, satisfied);
    if way == Direction::HigherIsBetter {
        return judged;
    }
    let (partial, rate) = (scheme.status.partial_from, if a <= 0 { Rate::ONE } else { Rate(0) });
    trace.step("partialFrom", "scheme", partial);
    trace.step("rate", "cut6(actual <= 0 ? 1 : 0)", rate);
    let status = if !satisfied && rate >= partial { Status::PartiallyAchieved } else { judged.status };
    Judged { rate: Some(rate), status, status_words: BY_RATE.into(), ..judged }
}

/// T > 0.
fn ratio<T: Trace>(
    scheme: &Scheme,
    trace: &mut T,
    way: Direction,
    satisfied: bool,
    a: i128,
    t: i128,
) -> Option<Judged> {
    let partial = scheme.status.partial_from;
    trace.step("partialFrom", "scheme", partial);
    let lower = way == Direction::LowerIsBetter;
    let rate = match lower {
        true if a <= t => Rate::ONE,
        true => cut6(t, a)?,
        false => cut6(a.max(0), t)?,
    };
    let expression =
        if lower { "cut6(actual <= target ? 1 : target / actual)" } else { "cut6(max(0, actual / target))" };
    trace.step("rate", expression, rate);
    let strict = way == Direction::Exact && scheme.status.equality == Equality::Strict;
    let (mut closeness, mut words) = (rate, if way == Direction::HigherIsBetter { BY_RATE_EXCEEDED } else { BY_RATE });
    if strict {
        // Of the printed rate, so that nobody reads another status from it.
        closeness = if rate > Rate::ONE { cut6(1_000_000, rate.0.into())? } else { rate };
        words = BY_CLOSENESS;
        trace.step("closeness", "cut6(rate > 1 ? 1 / rate : rate)", closeness);
    }
    let status = match satisfied {
        true if way == Direction::HigherIsBetter && rate > Rate::ONE => Status::Exceeded,
        true => Status::Achieved,
        false if closeness >= partial => Status::PartiallyAchieved,
        false => Status::NotAchieved,
    };
    let (rule, missed) = if lower {
        missed_low(scheme, trace, satisfied, a, t)?
    } else if strict && a > t {
        (Rule::ExactStrict, By::Share { top: t, bottom: a, expression: "weight * target / actual" })
    } else {
        let rule = match (way, strict) {
            (Direction::HigherIsBetter, _) => Rule::HigherRatio,
            (_, true) => Rule::ExactStrict,
            (_, false) => Rule::ExactSameAsGte,
        };
        (rule, By::Share { top: a, bottom: t, expression: "max(0, weight * actual / target)" })
    };
    let points = if satisfied { By::all_or_nothing(true) } else { missed };
    Some(Judged {
        satisfied,
        rate: Some(rate),
        points,
        measure: Measure::Ratio(a, t),
        ..Judged::new(status, words, rule)
    })
}

/// Score of a missed lower-is-better target.
fn missed_low<T: Trace>(scheme: &Scheme, trace: &mut T, satisfied: bool, a: i128, t: i128) -> Option<(Rule, By)> {
    Some(match scheme.formula.lower_is_better {
        LowerFormula::Linear => (
            Rule::LowerLinear,
            By::Share { top: 2 * t - a, bottom: t, expression: "max(0, weight * (2 * target - actual) / target)" },
        ),
        LowerFormula::Reciprocal => {
            (Rule::LowerReciprocal, By::Share { top: t, bottom: a, expression: "weight * target / actual" })
        }
        LowerFormula::Tiers if satisfied => (Rule::LowerTiers, By::all_or_nothing(true)),
        LowerFormula::Tiers => {
            let deviation = cut6(a - t, t)?;
            trace.step("deviation", "cut6((actual - target) / target)", deviation);
            (Rule::LowerTiers, By::tier(tier(trace, &scheme.formula.lower_tiers, deviation)))
        }
    })
}

/// 偏离 and over-achievement, both on printed numbers.
fn over<T: Trace>(
    scheme: &Scheme,
    trace: &mut T,
    judged: &mut Judged,
    target: &Target,
    actual: Decimal,
    (a, t): (i128, i128),
) -> Option<()> {
    let ratio = cut6(a, t)?;
    trace.step("ratio", "cut6(actual / target)", ratio);
    judged.ratio = Some(ratio);
    if !judged.satisfied || capped_percentage(target, actual) {
        return Some(());
    }
    let lower = judged.direction == Direction::LowerIsBetter;
    if lower && a <= 0 {
        return Some(());
    }
    let above = if lower { cut6(t, a)? } else { ratio };
    let expression = if lower { "cut6(target / actual)" } else { "cut6(actual / target)" };
    trace.step("above", expression, above);
    trace.step("explainFrom", "scheme", scheme.explanation.high);
    judged.above = Some(above);
    judged.over = above >= scheme.explanation.high;
    trace.step("overAchieved", "above >= explainFrom", Truth(judged.over));
    Some(())
}

/// What else of a target decides: its comparator (the boundary), its unit (percentages).
fn given<T: Trace>(trace: &mut T, target: &Target) {
    if let Some(comparator) = target.comparator {
        trace.step("comparator", "input", comparator);
    }
    if let Some(unit) = &target.base_unit {
        trace.step("unit", "input", unit);
    }
}

/// A range `[low, high]`, perhaps with a better side.
pub(super) fn range<T: Trace>(scheme: &Scheme, trace: &mut T, target: &Target, actual: Decimal) -> Option<Judged> {
    let (low, high) = (target.base_value?, target.base_value_high?);
    let [a, l, h] = common([actual, low, high])?;
    trace.step("target", "input", Plain(low));
    trace.step("targetHigh", "input", Plain(high));
    given(trace, target);
    trace.step("actual", "input", Plain(actual));
    trace.step("direction", "input", target.direction);
    let (below, beyond) = match target.direction {
        Direction::HigherIsBetter => (a < l, false),
        Direction::LowerIsBetter => (false, a > h),
        _ => (a < l, a > h),
    };
    let (distance, nearest, words) = match (below, beyond) {
        (true, _) => (l - a, l.abs(), ("target - actual", "abs(target)")),
        (_, true) => (a - h, h.abs(), ("actual - targetHigh", "abs(targetHigh)")),
        _ => (0, l.abs(), ("0", "abs(target)")),
    };
    if T::ON {
        let exact = if below {
            low - actual
        } else if beyond {
            actual - high
        } else {
            Decimal::ZERO
        };
        trace.step("distance", words.0, Plain(exact));
        trace.step("nearest", words.1, Plain(if beyond { high.abs() } else { low.abs() }));
    }
    let satisfied = distance == 0;
    trace.step("satisfied", "distance = 0", Truth(satisfied));
    let left = (nearest - distance).max(0);
    let rate = match satisfied {
        true => Rate::ONE,
        false if nearest == 0 => Rate(0),
        false => cut6(left, nearest)?,
    };
    trace.step("rate", "cut6(distance = 0 ? 1 : nearest = 0 ? 0 : max(0, 1 - distance / nearest))", rate);
    trace.step("partialFrom", "scheme", scheme.status.partial_from);
    let status = match satisfied {
        true => Status::Achieved,
        false if rate >= scheme.status.partial_from => Status::PartiallyAchieved,
        false => Status::NotAchieved,
    };
    let (rule, points) = range_points(scheme, trace, satisfied, distance, nearest, left)?;
    let mut judged = Judged { satisfied, rate: Some(rate), points, ..Judged::new(status, BY_RATE, rule) };
    judged.light_inside = satisfied;
    judged.ratio = Some(rate);
    trace.step("ratio", "cut6(rate)", rate);
    judged.direction = target.direction;
    // Below the range more is to come: while the year runs, the way to its lower bound is what counts.
    judged.measure = if below && l > 0 { Measure::Below(a, l) } else { Measure::Inside };
    Some(judged)
}

fn range_points<T: Trace>(
    scheme: &Scheme,
    trace: &mut T,
    satisfied: bool,
    distance: i128,
    nearest: i128,
    left: i128,
) -> Option<(Rule, By)> {
    Some(match scheme.formula.range {
        RangeFormula::Proportional if satisfied || nearest == 0 => (Rule::RangeDistance, By::all_or_nothing(satisfied)),
        RangeFormula::Proportional => (
            Rule::RangeDistance,
            By::Share { top: left, bottom: nearest, expression: "max(0, weight * (nearest - distance) / nearest)" },
        ),
        RangeFormula::Tiers if satisfied || nearest == 0 => (Rule::RangeTiers, By::all_or_nothing(satisfied)),
        RangeFormula::Tiers => {
            let deviation = cut6(distance, nearest)?;
            trace.step("deviation", "cut6(distance / nearest)", deviation);
            (Rule::RangeTiers, By::tier(tier(trace, &scheme.formula.range_tiers, deviation)))
        }
    })
}
