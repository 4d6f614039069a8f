//! How a number was made, step by step, as exact decimal text. The grammar is in `docs/explanations.md`.

use serde::{Deserialize, Serialize};

use crate::assess::trace::Recorder;
use crate::assess::{Input, Rule};
use crate::scheme::Scheme;

/// The trace of one achievement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The rule that decided, as in [`crate::assess::Achievement::rule`].
    pub rule: Rule,
    /// Code of the scheme.
    pub scheme_code: String,
    /// Version of the scheme.
    pub scheme_version: u32,
    /// Each step in order; a later step may use the label of an earlier one.
    pub steps: Vec<Step>,
}

/// One step: an expression that anyone can compute again, and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Name of the step, such as `rate`.
    pub label: String,
    /// Exact decimal text and operators, such as `cut6(148 / 150)`.
    pub expression: String,
    /// Result as exact decimal text, or a word.
    pub value: String,
}

/// Renders the trace of the assessment of `input`: the same code path as [`crate::assess::assess`], with its steps kept.
#[must_use]
pub fn explain(input: &Input<'_>, scheme: &Scheme) -> Explanation {
    let mut recorder = Recorder::default();
    let achievement = crate::assess::run(input, scheme, &mut recorder);
    Explanation {
        rule: achievement.rule,
        scheme_code: scheme.code.clone(),
        scheme_version: scheme.version,
        steps: recorder.0,
    }
}
