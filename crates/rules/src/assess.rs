//! From target and actual value to status, rate, score and light (rules 4 and 5).

pub(crate) mod exact;
mod finish;
mod number;
mod plain;
pub(crate) mod trace;
mod words;

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::actual::Actual;
use crate::aggregate::is_ratio;
use crate::kind::{Accumulation, Direction, Level, Level1, Level2, Light, Status, TargetKind};
use crate::message::Message;
use crate::scheme::Scheme;
use crate::target::Target;
use crate::value::{Points, Rate};

use trace::{Plain, Silent, Trace, Truth};
pub use words::{Flag, Rule};

/// What the actual value is judged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Year-end self-evaluation.
    YearEnd,
    /// A report during the year; holds the number of months that have passed at its cut-off (July: 7).
    DuringYear(u32),
}

/// A claim that the indicator does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotApplicable {
    /// Claimed by the filer: UNDETERMINED until finance accepts it.
    Claimed,
    /// Accepted by finance, or dropped by an approved adjustment.
    Accepted,
}

/// Everything one assessment depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Level 1 of the indicator.
    pub level1: Option<Level1>,
    /// Level 2 of the indicator.
    pub level2: Option<Level2>,
    /// Level-3 name.
    pub name: &'a str,
    /// The annual target; `None` when blank.
    pub target: Option<&'a Target>,
    /// The target's reading is certain, or a person confirmed it.
    pub confirmed: bool,
    /// The actual value; `None` when nothing is reported.
    pub actual: Option<&'a Actual>,
    /// Qualitative level given by a person; overrides the words' own.
    pub level: Option<Level>,
    /// Score given by a person: needed for statements, elsewhere an override.
    pub score: Option<Points>,
    /// Claim that the indicator does not apply.
    pub not_applicable: Option<NotApplicable>,
    /// The cause TARGET_SET_TOO_LOW is recorded (rules 4.3).
    pub target_set_too_low: bool,
    /// Maximum score.
    pub weight: Option<Points>,
    /// Set by a person; `None` takes the default of rules 5.1.
    pub accumulation: Option<Accumulation>,
    /// What it is judged for.
    pub occasion: Occasion,
    /// Nobody can be asked (`jixiao assess`): an unconfirmed reading gives the status of its best reading instead of UNDETERMINED.
    pub lenient: bool,
}

/// The result of one assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Achievement {
    /// Status.
    pub status: Status,
    /// Printed rate; `None` when there is no ratio.
    pub rate: Option<Rate>,
    /// Score that counts: computed, or a person's.
    pub score: Option<Points>,
    /// Score by the formula; `None` where only a person can score.
    pub computed_score: Option<Points>,
    /// Lowest and highest score a person may give; `None` where no band applies.
    pub score_band: Option<(Points, Points)>,
    /// Maximum score; `None` without a weight, or when not applicable.
    pub max_score: Option<Points>,
    /// Light.
    pub light: Option<Light>,
    /// 偏离: the rate is far from 1 (rules 5.1).
    pub deviating: bool,
    /// A reason is due.
    pub explanation_required: bool,
    /// A person's score stands beside a computed one.
    pub overridden: bool,
    /// Further flags such as `STRICT_BOUNDARY`, `NEGATIVE_ACTUAL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The rule that decided.
    pub rule: Rule,
    /// Target and actual were both read with certainty (or confirmed).
    pub certain: bool,
}

/// Why an input is refused in the service; `assess` then gives UNDETERMINED.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, such as `SCORE_OUT_OF_BAND`.
    pub code: &'static str,
    /// Input field it concerns: `text`, `score`, `level`, `scoreReason`.
    pub field: &'static str,
    /// For people.
    pub message: Message,
}

/// What the scoring formula says; `expression` is what the explanation shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    /// `weight × top ÷ bottom`, kept in `[0, weight]`.
    Share { top: i128, bottom: i128, expression: &'static str },
    /// A person scores inside the band of the level.
    Band(Level),
    /// No score.
    Nothing,
}

/// What a light looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Measure {
    /// Value and target.
    Ratio(i128, i128),
    /// Value and the lower bound of a range that it has not reached.
    Below(i128, i128),
    /// Inside or outside only.
    Inside,
    /// A level.
    Level(Level),
    /// Nothing.
    None,
}

/// The judgement of one target, before calendar, weight and person come in.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) status: Status,
    pub(crate) status_words: Cow<'static, str>,
    pub(crate) rule: Rule,
    pub(crate) satisfied: bool,
    pub(crate) rate: Option<Rate>,
    pub(crate) points: By,
    /// A/T, for `deviating`.
    pub(crate) ratio: Option<Rate>,
    /// How far above target, for deductions; `None` where over-achievement cannot be.
    pub(crate) above: Option<Rate>,
    pub(crate) over: bool,
    /// `=` with another value.
    pub(crate) unequal: bool,
    pub(crate) direction: Direction,
    pub(crate) measure: Measure,
    pub(crate) light_inside: bool,
    pub(crate) flags: Vec<Flag>,
    /// Light of a compound target, whose parts the calendar has already judged.
    pub(crate) settled_light: Option<Option<Light>>,
}

impl By {
    /// Full points or none.
    fn all_or_nothing(full: bool) -> Self {
        let (top, expression) = if full { (1, "weight") } else { (0, "0") };
        Self::Share { top, bottom: 1, expression }
    }

    /// A share out of a table.
    fn tier(share: Rate) -> Self {
        Self::Share { top: i128::from(share.0), bottom: 1_000_000, expression: "weight * tierShare" }
    }
}

impl Judged {
    fn new(status: Status, words: impl Into<Cow<'static, str>>, rule: Rule) -> Self {
        Self {
            status,
            status_words: words.into(),
            rule,
            satisfied: false,
            rate: None,
            points: By::Nothing,
            ratio: None,
            above: None,
            over: false,
            unequal: false,
            direction: Direction::Unknown,
            measure: Measure::None,
            light_inside: false,
            flags: Vec::new(),
            settled_light: None,
        }
    }

    fn undetermined(rule: Rule) -> Self {
        Self::new(Status::Undetermined, "UNDETERMINED", rule)
    }
}

/// Assesses one indicator; never fails: what cannot be judged is UNDETERMINED.
#[must_use]
pub fn assess(input: &Input<'_>, scheme: &Scheme) -> Achievement {
    run(input, scheme, &mut Silent)
}

/// The one code path of [`assess`] and [`crate::explain::explain`].
pub(crate) fn run<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T) -> Achievement {
    if let Some(target) = input.target {
        trace.step("targetText", "input", target.text.as_str());
    }
    if let Some(actual) = input.actual {
        trace.step("actualText", "input", actual.text.as_str());
    }
    let judged = judge(input, scheme, trace, true);
    finish::finish(input, scheme, trace, judged)
}

/// What stands before any comparison, then the comparison by kind.
fn judge<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T, whole: bool) -> Judged {
    match input.not_applicable {
        Some(NotApplicable::Accepted) => {
            trace.step("notApplicable", "input", "ACCEPTED");
            return Judged::new(Status::NotApplicable, "NOT_APPLICABLE", Rule::NotApplicable);
        }
        Some(NotApplicable::Claimed) => {
            trace.step("notApplicable", "input", "CLAIMED");
            return Judged::undetermined(Rule::NotApplicableClaimed);
        }
        None => {}
    }
    let Some(actual) = input.actual else {
        return Judged::new(Status::NotReported, "NOT_REPORTED", Rule::NotReported);
    };
    let Some(target) = input.target else { return Judged::undetermined(Rule::NoTarget) };
    // A person's level settles words that were not plain, but no number.
    let settled = input.level.is_some() && actual.base_value.is_none() && actual.date.is_none();
    if !input.lenient && !(input.confirmed && (actual.certain || settled)) {
        trace.step("confirmed", "input", Truth(false));
        return Judged::undetermined(Rule::Unconfirmed);
    }
    if !actual.comparable && !settled {
        return incomparable(trace, Judged::undetermined(Rule::NotComparable));
    }
    if target.kind == TargetKind::Compound && whole {
        return compound(input, scheme, trace, target, actual);
    }
    single(input, scheme, trace, target, actual)
}

/// A target of one demand.
fn single<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T, target: &Target, actual: &Actual) -> Judged {
    let number = actual.base_value;
    trace.step("kind", "input", target.kind);
    match target.kind {
        TargetKind::Quantity | TargetKind::Range => {
            if let Some(value) = number {
                if number::unexplained_negative(input, target, value) {
                    trace.step("actual", "input", Plain(value));
                    let mut judged = Judged::undetermined(Rule::NegativeActual);
                    judged.flags.push(Flag::NegativeActual);
                    return judged;
                }
                let read = target.base_value.is_some()
                    && (target.kind == TargetKind::Quantity || target.base_value_high.is_some());
                if !read {
                    return incomparable(trace, Judged::undetermined(Rule::NotComparable));
                }
                let mark = trace.mark();
                let judged = match target.kind {
                    TargetKind::Quantity => number::quantity(scheme, trace, target, value),
                    _ => number::range(scheme, trace, target, value),
                };
                return judged.unwrap_or_else(|| out_of_range(trace, mark, target, value));
            }
            let direction = number::direction(target);
            trace.step("direction", "input", direction);
            Judged { direction, ..words(input, scheme, trace, actual, Rule::Words, plain::Style::FullByRule) }
        }
        TargetKind::Date => match (target.deadline, actual.date) {
            (Some(wanted), Some(done)) => {
                plain::date(scheme, trace, wanted, done).unwrap_or_else(|| Judged::undetermined(Rule::NotComparable))
            }
            _ => {
                let style =
                    if scheme.formula.grace_days == 0 { plain::Style::Binary } else { plain::Style::FullByRule };
                words(input, scheme, trace, actual, Rule::Words, style)
            }
        },
        TargetKind::YesNo => words(input, scheme, trace, actual, Rule::YesNo, plain::Style::Binary),
        TargetKind::Statement => words(input, scheme, trace, actual, Rule::Qualitative, plain::Style::Person),
        TargetKind::Compound => words(input, scheme, trace, actual, Rule::Compound, plain::Style::Person),
    }
}

/// What stopped the comparison belongs to the inputs: nobody can find it in the numbers.
fn incomparable<T: Trace>(trace: &mut T, judged: Judged) -> Judged {
    trace.step("comparable", "input", Truth(false));
    judged
}

/// Numbers too far apart for a rate in millionths: a result that is null has no step.
fn out_of_range<T: Trace>(trace: &mut T, mark: usize, target: &Target, actual: Decimal) -> Judged {
    trace.forget(mark);
    for (label, bound) in [("target", target.base_value), ("targetHigh", target.base_value_high)] {
        if let Some(bound) = bound {
            trace.step(label, "input", Plain(bound));
        }
    }
    trace.step("actual", "input", Plain(actual));
    trace.step("outOfRange", "input", Truth(true));
    let mut judged = Judged::undetermined(Rule::OutOfRange);
    judged.flags.push(Flag::OutOfRange);
    judged
}

/// Judged by a level: a person's, else the words' own, else the one whose band holds the person's score.
fn words<T: Trace>(
    input: &Input<'_>,
    scheme: &Scheme,
    trace: &mut T,
    actual: &Actual,
    rule: Rule,
    style: plain::Style,
) -> Judged {
    if actual.exceeded && input.level.is_none() && rule == Rule::Words {
        return plain::exceeded(trace);
    }
    let by_score = || {
        let (weight, score) = (input.weight?, input.score?);
        (style == plain::Style::Person).then(|| finish::level_of(scheme, weight, score))?
    };
    let read = actual.level.or(actual.exceeded.then_some(Level::Full));
    match input.level.or(read).or_else(by_score) {
        Some(level) => plain::level(trace, level, rule, style),
        None => Judged::undetermined(Rule::LevelRequired),
    }
}

/// Several demands in one cell: each is judged, the worst counts, a person scores.
fn compound<T: Trace>(input: &Input<'_>, scheme: &Scheme, trace: &mut T, target: &Target, actual: &Actual) -> Judged {
    let answered = !target.parts.is_empty() && actual.parts.len() == target.parts.len();
    if !answered || actual.parts.iter().any(Option::is_none) {
        return single(input, scheme, trace, target, actual);
    }
    trace.step("kind", "input", target.kind);
    let (mut statuses, mut lights) = (Vec::with_capacity(target.parts.len()), Vec::new());
    for (n, (part, answer)) in target.parts.iter().zip(&actual.parts).enumerate() {
        let part =
            Input { target: Some(part), actual: answer.as_ref(), level: None, score: None, weight: None, ..*input };
        let mark = trace.mark();
        let judged = judge(&part, scheme, trace, false);
        let achievement = finish::finish(&part, scheme, trace, judged);
        trace.part(mark, n + 1);
        lights.extend(achievement.light.map(|light| (n + 1, light)));
        statuses.push(achievement.status);
    }
    let worst_first = [
        Status::Undetermined,
        Status::NotAchieved,
        Status::PartiallyAchieved,
        Status::InProgress,
        Status::Achieved,
        Status::Exceeded,
    ];
    let status = worst_first.into_iter().find(|status| statuses.contains(status)).unwrap_or(Status::Undetermined);
    let satisfied = matches!(status, Status::Achieved | Status::Exceeded);
    let expression = if T::ON { worst_expression(&worst_first, statuses.len()) } else { String::new() };
    if T::ON {
        trace.step("worst", &expression, status);
        trace.step("satisfied", "worst = ACHIEVED or worst = EXCEEDED", Truth(satisfied));
    }
    let light = crate::light::worst(lights.iter().map(|(_, light)| Some(*light)));
    if let Some(light) = light
        && T::ON
    {
        trace.step("light", &worst_light(&lights), light);
    }
    let points = match status {
        Status::Achieved | Status::Exceeded => By::Band(Level::Full),
        Status::PartiallyAchieved => By::Band(Level::Partial),
        Status::NotAchieved => By::Band(Level::None),
        _ => By::Nothing,
    };
    Judged { satisfied, points, settled_light: Some(light), ..Judged::new(status, "worst", Rule::Compound) }
}

/// The same over the lights of the parts that have one.
fn worst_light(lights: &[(usize, Light)]) -> String {
    let rung = |light| {
        let any: Vec<String> = lights.iter().map(|(n, _)| format!("part{n}_light = {light}")).collect();
        format!("{} ? {light} : ", any.join(" or "))
    };
    let rungs: String = [Light::Red, Light::Yellow, Light::Green].into_iter().map(rung).collect();
    format!("{rungs}{}", Light::Blue)
}

/// `part1_status = X or part2_status = X ? X : …`, worst first.
fn worst_expression(order: &[Status], parts: usize) -> String {
    let rungs: String = order
        .iter()
        .map(|status| {
            let any: Vec<String> = (1..=parts).map(|n| format!("part{n}_status = {status}")).collect();
            format!("{} ? {status} : ", any.join(" or "))
        })
        .collect();
    format!("{rungs}UNDETERMINED")
}

/// How values of this indicator add up over the year: a person's word, else the default of rules 5.1.
#[must_use]
pub fn accumulation(input: &Input<'_>) -> Accumulation {
    if let Some(given) = input.accumulation {
        return given;
    }
    let Some(target) = input.target else { return Accumulation::Level };
    match target.kind {
        TargetKind::Date => Accumulation::EndOfYear,
        TargetKind::YesNo | TargetKind::Statement | TargetKind::Compound => Accumulation::Level,
        TargetKind::Quantity | TargetKind::Range => {
            let satisfaction =
                input.level1 == Some(Level1::Satisfaction) || input.level2 == Some(Level2::BeneficiarySatisfaction);
            let unit = target.base_unit.as_deref().or(target.unit.as_deref()).unwrap_or_default();
            if satisfaction || is_ratio(unit) { Accumulation::Level } else { Accumulation::Cumulative }
        }
    }
}

/// What a person must mend before the value can be recorded (score outside its band, negative actual, …).
#[must_use]
pub fn refusals(input: &Input<'_>, scheme: &Scheme) -> Vec<Refusal> {
    let result = assess(&Input { lenient: true, ..*input }, scheme);
    let mut found = Vec::new();
    let mut refuse =
        |code, field, zh: String, en: String| found.push(Refusal { code, field, message: Message::new(zh, en) });
    if result.flags.contains(&Flag::NegativeActual) {
        refuse("NEGATIVE_ACTUAL", "text", "实际完成值不能为负".into(), "the actual value must not be negative".into());
    }
    if result.flags.contains(&Flag::OutOfRange) {
        refuse("OUT_OF_RANGE", "text", "数值超出可计算范围".into(), "the number is out of range".into());
    }
    let Some(score) = input.score else { return found };
    if matches!(input.occasion, Occasion::DuringYear(_)) {
        refuse("SCORE_NOT_DUE", "score", "年中监控不打分".into(), "no scores are given during the year".into());
    } else if let Some(weight) = input.weight {
        if result.flags.contains(&Flag::ScoreOutOfBand) {
            let (low, high) = result.score_band.unwrap_or((Points(0), weight));
            refuse(
                "SCORE_OUT_OF_BAND",
                "score",
                format!("得分 {score} 须在 {low} 与 {high} 之间"),
                format!("the score {score} must lie between {low} and {high}"),
            );
        }
    } else {
        refuse("SCORE_WITHOUT_WEIGHT", "score", "该指标没有分值".into(), "the indicator has no weight".into());
    }
    found
}
