//! From target and actual value to status, rate, score and light (rules 4 and 5).

use serde::{Deserialize, Serialize};

use crate::actual::Actual;
use crate::kind::{Accumulation, Level, Level1, Level2, Light, Status};
use crate::scheme::Scheme;
use crate::target::Target;
use crate::value::{Points, Rate};

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
    pub flags: Vec<String>,
    /// The rule that decided, stable code such as `HIGHER_RATIO`.
    pub rule: String,
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
    pub message: crate::message::Message,
}

/// Assesses one indicator; never fails: what cannot be judged is UNDETERMINED.
#[must_use]
pub fn assess(input: &Input<'_>, scheme: &Scheme) -> Achievement {
    let _ = (input, scheme);
    Achievement {
        status: Status::NotReported,
        rate: None,
        score: None,
        computed_score: None,
        score_band: None,
        max_score: input.weight,
        light: None,
        deviating: false,
        explanation_required: false,
        overridden: false,
        flags: Vec::new(),
        rule: "NOT_REPORTED".into(),
        certain: true,
    }
}

/// What a person must mend before the value can be recorded (score outside its band, negative actual, …).
#[must_use]
pub fn refusals(input: &Input<'_>, scheme: &Scheme) -> Vec<Refusal> {
    let _ = (input, scheme);
    Vec::new()
}
