//! Scoring schemes: versioned data, one TOML document each. The format is described in `docs/schemes.md`.

mod audit;
mod fault;
mod number;
mod parts;
mod verify;

use serde::{Deserialize, Serialize};

pub use audit::AuditRules;
pub use parts::*;

/// A scoring scheme, read and checked. Serialises back to the same document (without its comments).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Code, such as `CN-2020`.
    pub code: String,
    /// Version, from 1.
    #[serde(with = "number::whole")]
    pub version: u32,
    /// 名称.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Level-1 points and how they reach the indicators.
    pub weights: Weights,
    /// Score of budget execution.
    pub execution: ExecutionRules,
    /// Thresholds of status and flags.
    pub status: StatusRules,
    /// When a reason is due.
    pub explanation: ExplanationRules,
    /// Scores of missed targets.
    pub formula: Formula,
    /// Points lost by over-achievement.
    pub over_achievement: OverAchievement,
    /// Bands of a person's score.
    pub qualitative: Qualitative,
    /// Rounding.
    pub rounding: Rounding,
    /// Monitoring lights.
    pub lights: Lights,
    /// Evidence policy.
    pub evidence: EvidenceRules,
    /// Who may override.
    pub overrides: Overrides,
    /// Parameters of the checks D1-D13.
    pub checks: Checks,
    /// Thresholds of the checks A1-A31.
    #[serde(default, skip_serializing_if = "AuditRules::is_default")]
    pub audit: AuditRules,
    /// Separation of duties where places differ.
    #[serde(default, skip_serializing_if = "Duties::is_default")]
    pub duties: Duties,
    /// Grades, best first.
    pub grades: Vec<Grade>,
    /// Scored items that are no declared indicators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_items: Vec<ExtraItem>,
}

/// Why a scheme document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeError {
    /// Line of the document, from 1.
    pub line: u32,
    /// Reason, in both languages.
    pub message: crate::message::Message,
}

impl std::fmt::Display for SchemeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {} / {}", self.line, self.message.en, self.message.zh)
    }
}

impl std::error::Error for SchemeError {}

/// Code of the scheme used where nothing else is assigned.
pub const DEFAULT: &str = "CN-2020";

/// The scheme documents shipped with the binary, each with its code; the default first.
#[must_use]
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    &[
        (DEFAULT, include_str!("../schemes/CN-2020.toml")),
        ("CN-2021-COST", include_str!("../schemes/CN-2021-COST.toml")),
        ("EXECUTION-20", include_str!("../schemes/EXECUTION-20.toml")),
        ("GRADES-80-70-60", include_str!("../schemes/GRADES-80-70-60.toml")),
        ("CAPPED", include_str!("../schemes/CAPPED.toml")),
        ("LIGHTS-BY-MONTH", include_str!("../schemes/LIGHTS-BY-MONTH.toml")),
    ]
}

/// The shipped scheme of this code; `None` when there is none.
#[must_use]
pub fn named(code: &str) -> Option<Scheme> {
    shipped().iter().find(|(known, _)| *known == code).and_then(|(_, document)| parse(document).ok())
}

/// Reads and checks a scheme document.
///
/// # Errors
/// The first fault, with its line.
pub fn parse(document: &str) -> Result<Scheme, SchemeError> {
    let scheme: Scheme = toml::from_str(document).map_err(|error| fault::of_toml(document, &error))?;
    match verify::faults(&scheme).into_iter().next() {
        Some(found) => Err(found.locate(document)),
        None => Ok(scheme),
    }
}

impl Scheme {
    /// The scheme as a TOML document; `None` never happens for a scheme that [`parse`] gave.
    #[must_use]
    pub fn document(&self) -> Option<String> {
        toml::to_string(self).ok()
    }

    /// Points of all indicators together: 100 less those of budget execution.
    #[must_use]
    pub fn indicator_points(&self) -> crate::value::Points {
        crate::value::Points(10_000 - self.execution.weight.0)
    }

    /// The grade of a total with two decimals; `None` when it lies below every grade.
    #[must_use]
    pub fn grade(&self, total: crate::value::Points) -> Option<&Grade> {
        self.grades.iter().find(|grade| total >= grade.from)
    }
}
