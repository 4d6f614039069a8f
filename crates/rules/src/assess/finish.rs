//! The second half of an assessment: calendar, light, flags, points and a person's score.

use rust_decimal::Decimal;

use super::exact;
use super::trace::{Plain, Trace, Truth};
use super::{Accumulation, Achievement, By, Flag, Input, Judged, Level, Light, Occasion, Points, Rate, Rule, Status};
use crate::kind::Direction;
use crate::scheme::{BlankTarget, DeductionMode, DeductionTier, Equality, Rounding, Scheme, ScoreRounding};

/// Scores of one indicator.
#[derive(Default)]
struct Scores {
    score: Option<Points>,
    computed: Option<Points>,
    band: Option<(Points, Points)>,
    overridden: bool,
}

pub(super) fn finish<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T, mut judged: Judged) -> Achievement {
    let reported = !matches!(judged.status, Status::NotApplicable | Status::NotReported | Status::Undetermined);
    let mut light = judged.settled_light.flatten();
    let mut status = judged.status;
    let year_end = input.occasion == Occasion::YearEnd;
    if let (Occasion::DuringYear(months), true, None) = (input.occasion, reported, judged.settled_light) {
        let accumulation = super::accumulation(input);
        trace.step("accumulation", "input", accumulation);
        light = crate::light::indicator(input, scheme, trace, &judged, accumulation, months);
        let (settled, expression) = settled(&judged, scheme, accumulation);
        trace.step("settled", expression, Truth(settled));
        if !settled {
            status = Status::InProgress;
        }
        if T::ON {
            judged.status_words = format!("settled ? ({}) : IN_PROGRESS", judged.status_words).into();
        }
    }
    trace.step("status", &judged.status_words, status);
    let deviating = status != Status::InProgress && deviates(scheme, trace, &judged);
    let explanation_required = reported && explain(scheme, trace, &judged, status, light);
    if judged.over && status != Status::InProgress {
        judged.flags.push(Flag::OverAchieved);
    }
    let dropped = status == Status::NotApplicable;
    let zero = dropped && input.target.is_none() && scheme.status.blank_target == BlankTarget::Zero;
    let max_score = input.weight.filter(|_| !dropped || zero);
    let scores = match max_score {
        Some(_) if zero => {
            trace.step("score", "round2(0)", Points(0));
            Scores { score: Some(Points(0)), computed: Some(Points(0)), ..Scores::default() }
        }
        Some(weight) if year_end && reported => score(input, scheme, trace, &mut judged, weight),
        _ => Scores::default(),
    };
    Achievement {
        status,
        rate: judged.rate,
        score: scores.score,
        computed_score: scores.computed,
        score_band: scores.band,
        max_score,
        light,
        deviating,
        explanation_required,
        overridden: scores.overridden,
        certain: input.confirmed
            && input.actual.is_none_or(|actual| actual.certain)
            && !judged.flags.contains(&Flag::YearAssumed),
        flags: judged.flags,
        rule: judged.rule,
    }
}

/// During the year: is the verdict already final, though the target is not due (rules 5.1)?
fn settled(judged: &Judged, scheme: &Scheme, accumulation: Accumulation) -> (bool, &'static str) {
    let numeric = judged.rule != Rule::Words;
    match accumulation {
        Accumulation::Level => (true, "accumulation = LEVEL"),
        Accumulation::EndOfYear if judged.rule == Rule::DateBy || judged.rule == Rule::Words => {
            (judged.satisfied, "satisfied")
        }
        Accumulation::EndOfYear => (false, "FALSE"),
        Accumulation::Cumulative => match judged.direction {
            Direction::LowerIsBetter if numeric => (!judged.satisfied, "not satisfied"),
            Direction::HigherIsBetter => (judged.satisfied, "satisfied"),
            Direction::Exact if scheme.status.equality == Equality::SameAsGte => (judged.satisfied, "satisfied"),
            _ => (false, "FALSE"),
        },
    }
}

/// 偏离, on the printed ratio.
fn deviates<T: Trace>(scheme: &Scheme, trace: &mut T, judged: &Judged) -> bool {
    let Some(ratio) = judged.ratio else { return false };
    let deviating = ratio.0.abs_diff(Rate::ONE.0) >= scheme.status.deviating_from.0.unsigned_abs();
    trace.step("deviatingFrom", "scheme", scheme.status.deviating_from);
    trace.step("deviating", "abs(ratio - 1) >= deviatingFrom", Truth(deviating));
    deviating
}

/// Is a reason due? While the verdict is open, only the light can ask for one.
fn explain<T: Trace>(scheme: &Scheme, trace: &mut T, judged: &Judged, status: Status, light: Option<Light>) -> bool {
    let low = scheme.explanation.low;
    let excused = judged.rate.is_some_and(|rate| rate >= low && rate < Rate::ONE);
    let missed = !judged.satisfied && !excused;
    let by_light = light.is_some_and(|light| scheme.explanation.lights.contains(&light));
    let open = status == Status::InProgress;
    let required = by_light || !open && (missed || judged.over || judged.unequal);
    if T::ON {
        let mut terms = Vec::new();
        if !open && judged.rate.is_some() {
            trace.step("explainBelow", "scheme", low);
            terms.push("not satisfied and not (rate >= explainBelow and rate < 1)".to_owned());
        } else if !open {
            terms.push("not satisfied".to_owned());
        }
        if !open && judged.above.is_some() {
            terms.push("overAchieved".to_owned());
        }
        if !open && judged.unequal {
            terms.push("actual != target".to_owned());
        }
        if light.is_some() {
            terms.extend(scheme.explanation.lights.iter().map(|light| format!("light = {light}")));
        }
        let expression = if terms.is_empty() { "FALSE".to_owned() } else { terms.join(" or ") };
        trace.step("explanationRequired", &expression, Truth(required));
    }
    required
}

/// Lowest and highest score of a level; bounds rounded first, the upper one open (rules 4.4).
fn band(scheme: &Scheme, weight: Points, level: Level) -> (Points, Points) {
    let full = exact::share_of(weight, scheme.qualitative.full_from);
    let partial = exact::share_of(weight, scheme.qualitative.partial_from);
    match level {
        Level::Full => (full, weight),
        Level::Partial => (partial, Points((full.0 - 1).max(partial.0))),
        Level::None => (Points(0), Points((partial.0 - 1).max(0))),
    }
}

/// The level whose band holds a score; `None` outside all.
pub(super) fn level_of(scheme: &Scheme, weight: Points, score: Points) -> Option<Level> {
    [Level::Full, Level::Partial, Level::None].into_iter().find(|level| {
        let (low, high) = band(scheme, weight, *level);
        (low..=high).contains(&score)
    })
}

fn score<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T, judged: &mut Judged, weight: Points) -> Scores {
    trace.step("weight", "input", weight);
    match judged.points {
        By::Nothing => Scores::default(),
        By::Band(level) => {
            let band = band(scheme, weight, level);
            band_steps(scheme, trace, level, band);
            let given = input.score;
            let inside = given.filter(|score| (band.0..=band.1).contains(score));
            match (given, inside) {
                (Some(_), None) => judged.flags.push(Flag::ScoreOutOfBand),
                (None, _) => judged.flags.push(Flag::ScoreRequired),
                _ => {}
            }
            if let Some(score) = inside {
                person(trace, score);
            }
            Scores { score: inside, band: Some(band), ..Scores::default() }
        }
        By::Share { top, bottom, expression } => {
            let deduction = deduction(input, scheme, trace, judged, weight);
            let (computed, expression) = match deduction {
                Some(lost) => {
                    judged.flags.push(Flag::Deducted);
                    // A weight of 0 has nothing to lose and would divide by itself.
                    let whole = i128::from(weight.0).saturating_mul(1_000_000).max(1);
                    (
                        exact::score(weight, whole.saturating_sub(lost), whole, &scheme.rounding),
                        "max(0, weight - deduction)",
                    )
                }
                None => (exact::score(weight, top, bottom, &scheme.rounding), expression),
            };
            if computed.is_none() {
                judged.flags.push(Flag::OutOfRange);
            }
            computed_or_person(input, scheme, trace, judged, weight, computed, expression)
        }
    }
}

/// The formula's score, and a person's beside it.
fn computed_or_person<T: Trace>(
    input: &Input<'_>,
    scheme: &Scheme,
    trace: &mut T,
    judged: &mut Judged,
    weight: Points,
    computed: Option<Points>,
    expression: &str,
) -> Scores {
    let inside = input.score.filter(|score| (Points(0)..=weight).contains(score));
    if input.score.is_some() && inside.is_none() {
        judged.flags.push(Flag::ScoreOutOfBand);
    }
    let overriding = inside.filter(|score| computed.is_some() && computed != Some(*score));
    if T::ON
        && let Some(computed) = computed
    {
        let label = if overriding.is_some() { "computedScore" } else { "score" };
        trace.step(label, &rounded(expression, &scheme.rounding), computed);
    }
    if let Some(score) = overriding {
        person(trace, score);
    }
    Scores { score: overriding.or(computed), computed, band: None, overridden: overriding.is_some() }
}

fn person<T: Trace>(trace: &mut T, score: Points) {
    trace.step("personScore", "input", score);
    trace.step("score", "round2(personScore)", score);
}

fn band_steps<T: Trace>(scheme: &Scheme, trace: &mut T, level: Level, band: (Points, Points)) {
    let (full, partial) = (scheme.qualitative.full_from, scheme.qualitative.partial_from);
    trace.step("fullShare", "scheme", full);
    trace.step("partialShare", "scheme", partial);
    let (low, high) = match level {
        Level::Full => ("round2(fullShare * weight)", "round2(weight)"),
        Level::Partial => (
            "round2(partialShare * weight)",
            "round2(max(round2(partialShare * weight), round2(fullShare * weight) - 0.01))",
        ),
        Level::None => ("round2(0)", "round2(max(0, round2(partialShare * weight) - 0.01))"),
    };
    trace.step("bandLow", low, band.0);
    trace.step("bandHigh", high, band.1);
}

/// The score's rounding around its formula.
fn rounded(expression: &str, rounding: &Rounding) -> String {
    match (rounding.score_mode, rounding.score_digits) {
        (ScoreRounding::HalfUp, 2) => format!("round2({expression})"),
        (ScoreRounding::HalfUp, digits) => format!("round2(min(weight, round{digits}({expression})))"),
        (ScoreRounding::Truncate, digits) => format!("round2(cut{digits}({expression}))"),
    }
}

/// Hundredths of points × 1,000,000 lost by over-achievement; `None` when nothing is.
fn deduction<T: Trace>(
    input: &Input<'_>,
    scheme: &Scheme,
    trace: &mut T,
    judged: &Judged,
    weight: Points,
) -> Option<i128> {
    let rules = &scheme.over_achievement;
    let applies = match rules.mode {
        DeductionMode::Never => false,
        DeductionMode::Automatic => true,
        DeductionMode::OnCause => input.target_set_too_low,
    };
    let above = judged.above.filter(|_| applies && judged.satisfied)?;
    if rules.mode == DeductionMode::OnCause {
        trace.step("targetSetTooLow", "input", Truth(true));
    }
    let tier = rules.tiers.iter().rev().find(|tier| above >= tier.from)?;
    let by_share = i128::from(weight.0).checked_mul(i128::from(tier.share.0))?;
    let lost = i128::from(tier.points.0).checked_mul(1_000_000)?.checked_add(by_share)?;
    if lost == 0 {
        return None;
    }
    if T::ON {
        let rung =
            |tier: &DeductionTier| format!("above >= {} ? weight * {} + {} : ", tier.from, tier.share, tier.points);
        let rungs: String = rules.tiers.iter().rev().map(rung).collect();
        let value = Decimal::try_from_i128_with_scale(lost, 8).unwrap_or_default();
        trace.step("deduction", &format!("{rungs}0"), Plain(value));
    }
    Some(lost)
}
