//! Adding up: counts per status, achievement rate, total score and grade (rules 4.1 and 5.1).

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::assess::exact::cut6;
use crate::assess::{Achievement, Flag};
use crate::execution::Execution;
use crate::kind::{Light, ResultGrade, Status, Vocabulary};
use crate::light::worst;
use crate::scheme::Scheme;
use crate::value::{Points, Rate};

/// Counts per status and sums of scores over any set of indicators. Integers only, so that adding is exact and in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Indicators per status, in the order of [`Status`]; they add up to the number of indicators.
    pub counts: [i64; 8],
    /// Sum of the scores there are, hundredths.
    pub score_sum: i64,
    /// Sum of the maximum scores of those, hundredths.
    pub max_score_sum: i64,
}

/// Result of a whole declaration in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationResult {
    /// Counts and sums.
    pub tally: Tally,
    /// Total score; `None` until every applicable indicator has a score and execution is known.
    pub score: Option<Points>,
    /// Code of the grade; `None` as long as there is no total.
    pub grade: Option<ResultGrade>,
    /// Sum of what there is, execution included.
    pub score_so_far: Option<Points>,
    /// Maximum of what there is.
    pub max_score_so_far: Option<Points>,
    /// Satisfied ÷ comparable, cut to six decimals.
    pub achievement_rate: Option<Rate>,
    /// Execution rate.
    pub execution_rate: Option<Rate>,
    /// Execution score.
    pub execution_score: Option<Points>,
    /// Worst light of its indicators and of execution; at year-end the plausibility light.
    pub light: Option<Light>,
    /// Indicators per light, in the order of [`Light`]; the worst light hides the others.
    #[serde(default)]
    pub light_counts: [i64; 4],
    /// Light of budget execution against the time passed; `None` at year-end.
    #[serde(default)]
    pub execution_light: Option<Light>,
    /// The total by finance's review; `None` before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
    /// The total by the spot check; `None` before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot_checked: Option<Reviewed>,
    /// Flags of the document, such as `OVER_EXECUTION`, `SCORE_CAPPED`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// Total and grade by other scores than the filer's; what was not scored again keeps the score it had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reviewed {
    /// Total; `None` while a row that was scored again has been corrected since, or any row has no score at all.
    pub score: Option<Points>,
    /// Grade; `None` without a total.
    pub grade: Option<ResultGrade>,
    /// Rows looked at.
    pub rows: i64,
}

impl Tally {
    /// Counts one achievement.
    pub fn add(&mut self, achievement: &Achievement) {
        self.counts[achievement.status as usize] += 1;
        if let (Some(score), Some(max)) = (achievement.score, achievement.max_score) {
            self.score_sum += score.0;
            self.max_score_sum += max.0;
        }
    }

    /// How many have this status.
    #[must_use]
    pub fn count(&self, status: Status) -> i64 {
        self.counts[status as usize]
    }

    /// Number of indicators.
    #[must_use]
    pub fn indicators(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// All but NOT_REPORTED and NOT_APPLICABLE.
    #[must_use]
    pub fn reported(&self) -> i64 {
        self.indicators() - self.count(Status::NotReported) - self.count(Status::NotApplicable)
    }

    /// EXCEEDED + ACHIEVED.
    #[must_use]
    pub fn satisfied(&self) -> i64 {
        self.count(Status::Exceeded) + self.count(Status::Achieved)
    }

    /// Satisfied + PARTIALLY_ACHIEVED + NOT_ACHIEVED.
    #[must_use]
    pub fn comparable(&self) -> i64 {
        self.satisfied() + self.count(Status::PartiallyAchieved) + self.count(Status::NotAchieved)
    }

    /// Satisfied ÷ comparable, cut to six decimals; `None` when nothing is comparable.
    #[must_use]
    pub fn achievement_rate(&self) -> Option<Rate> {
        (self.comparable() > 0).then(|| Rate(self.satisfied() * 1_000_000 / self.comparable()))
    }

    /// 100 × Σ score / Σ maxScore over the indicators that have a score, half up to two decimals.
    #[must_use]
    pub fn average_score(&self) -> Option<Points> {
        let (score, max) = (i128::from(self.score_sum), i128::from(self.max_score_sum));
        (max > 0).then(|| Points(i64::try_from((score * 20_000 + max) / (2 * max)).unwrap_or(i64::MAX)))
    }

    /// Every status with its count, in order.
    pub fn by_status(&self) -> impl Iterator<Item = (Status, i64)> + '_ {
        Status::ALL.iter().map(|status| (*status, self.count(*status)))
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += theirs;
        }
        self.score_sum += other.score_sum;
        self.max_score_sum += other.max_score_sum;
    }
}

/// A person's score of one extra item of the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraScore {
    /// Code of the item.
    pub code: String,
    /// Score; `None` while nobody gave one.
    pub score: Option<Points>,
}

/// Adds up a declaration: scores, caps, rescaling, grade. `during_year` results carry no score and no grade.
#[must_use]
pub fn declaration(
    achievements: &[Achievement],
    execution: &Execution,
    scheme: &Scheme,
    during_year: bool,
) -> DeclarationResult {
    declaration_with(achievements, execution, &[], scheme, during_year)
}

/// The same with scores of the scheme's extra items.
#[must_use]
pub fn declaration_with(
    achievements: &[Achievement],
    execution: &Execution,
    extras: &[ExtraScore],
    scheme: &Scheme,
    during_year: bool,
) -> DeclarationResult {
    let mut tally = Tally::default();
    achievements.iter().for_each(|achievement| tally.add(achievement));
    let mut result = DeclarationResult {
        tally,
        score: None,
        grade: None,
        score_so_far: None,
        max_score_so_far: None,
        achievement_rate: tally.achievement_rate(),
        execution_rate: execution.rate,
        execution_score: execution.score,
        light: None,
        light_counts: [0; 4],
        execution_light: execution.light,
        reviewed: None,
        spot_checked: None,
        flags: execution.flags.clone(),
    };
    for light in achievements.iter().filter_map(|achievement| achievement.light) {
        result.light_counts[light as usize] += 1;
    }
    if during_year {
        let lights = achievements.iter().map(|achievement| achievement.light);
        result.light = worst(lights.chain([execution.light]));
    } else {
        totals(&mut result, achievements, execution, extras, scheme);
    }
    result
}

/// Scores there are, then the total when none is missing.
fn totals(
    result: &mut DeclarationResult,
    achievements: &[Achievement],
    execution: &Execution,
    extras: &[ExtraScore],
    scheme: &Scheme,
) {
    let (mut score, mut max) = (result.tally.score_sum, result.tally.max_score_sum);
    let mut known = achievements.iter().any(|achievement| achievement.score.is_some());
    let mut complete = known
        && achievements.iter().all(|it| it.score.is_some() || it.status == Status::NotApplicable)
        && (execution.excluded || execution.score.is_some());
    if let (Some(points), Some(weight)) = (execution.score, execution.max_score) {
        (score, max, known) = (score + points.0, max + weight.0, true);
    }
    for item in &scheme.extra_items {
        match extras.iter().find(|extra| extra.code == item.code).and_then(|extra| extra.score) {
            Some(points) => {
                (score, max, known) = (score + points.0.clamp(0, item.weight.0), max + item.weight.0, true);
            }
            None => {
                complete = false;
                result.flags.push(Flag::ExtraItemsMissing);
            }
        }
    }
    if known {
        result.score_so_far = Some(Points(score));
        result.max_score_so_far = Some(Points(max));
    }
    result.light = plausibility(result, execution, scheme, complete);
    if result.light == Some(Light::Red) && complete {
        result.flags.push(Flag::ScoreAheadOfMoney);
    }
    if !complete {
        return;
    }
    let weight = if execution.excluded { scheme.execution.weight.0 } else { 0 };
    if max + weight != 10_000 {
        result.flags.push(Flag::WeightsNot100);
    }
    let total = capped(result, rescaled(score, weight).clamp(0, 10_000), execution, scheme);
    result.score = Some(Points(total));
    result.grade = scheme.grade(Points(total)).map(|grade| grade.code);
}

/// Total × 100 / (100 − wb), half up, when execution is left out (rules 4.1).
fn rescaled(score: i64, weight: i64) -> i64 {
    let (score, left) = (i128::from(score), i128::from(10_000 - weight));
    if weight == 0 || left <= 0 {
        return i64::try_from(score).unwrap_or(i64::MAX);
    }
    i64::try_from((score * 20_000 + left) / (2 * left)).unwrap_or(i64::MAX)
}

/// The lowest cap that the printed execution rate falls under.
fn capped(result: &mut DeclarationResult, total: i64, execution: &Execution, scheme: &Scheme) -> i64 {
    let Some(rate) = execution.rate else { return total };
    let caps = scheme.execution.caps.iter().filter(|cap| rate < cap.below).map(|cap| cap.at_most.0);
    match caps.min() {
        Some(cap) if cap < total => {
            result.flags.push(Flag::ScoreCapped);
            cap
        }
        _ => total,
    }
}

/// The light of a self-evaluation (rules 5.2, last row): red when the score runs ahead of the money, yellow when much is unspent.
fn plausibility(result: &DeclarationResult, execution: &Execution, scheme: &Scheme, complete: bool) -> Option<Light> {
    let rules = &scheme.lights.plausibility;
    let (s, s_max) = (i128::from(result.tally.score_sum), i128::from(result.tally.max_score_sum));
    if let (true, Some(b), Some(b_max)) = (complete, execution.score, execution.max_score) {
        // (s/S − b/B) ÷ (s/S) = (s·B − b·S) ÷ (s·B)
        let (lead, own) = (s * i128::from(b_max.0) - i128::from(b.0) * s_max, s * i128::from(b_max.0));
        if own > 0 && cut6(lead, own).is_some_and(|lead| lead > rules.lead_above) {
            return Some(Light::Red);
        }
    }
    let unspent = execution.rate.is_some_and(|rate| Rate::ONE.0 - rate.0 > rules.unspent_above.0);
    (unspent || execution.excluded).then_some(Light::Yellow)
}
