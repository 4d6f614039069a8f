//! `[audit]`: the thresholds of what auditors ask (rules 6). What is left out is as rules 6 gives it.

use serde::{Deserialize, Serialize};

use super::number;
use crate::value::{Points, Rate};

/// `[audit]`: parameters of the checks A1-A31 (rules 6). The table, and each of its keys, may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditRules {
    /// A2: a warning from this lead of the filer's total over finance's on.
    #[serde(with = "number::points")]
    pub review_gap_warning: Points,
    /// A2: an error from this lead on.
    #[serde(with = "number::points")]
    pub review_gap_error: Points,
    /// A5: full marks everywhere are suspect below this execution rate.
    #[serde(with = "number::rate")]
    pub perfect_execution_below: Rate,
    /// A7: largest share by which a value may differ from what its evidence states.
    #[serde(with = "number::rate")]
    pub evidence_tolerance: Rate,
    /// A9: a target cut after the first day of this month is late.
    #[serde(with = "number::whole")]
    pub late_cut_month: u32,
    /// A9: a target moved this near to the later actual value.
    #[serde(with = "number::rate")]
    pub cut_near_actual: Rate,
    /// A10: largest share by which a target may fall short of last year's actual value.
    #[serde(with = "number::rate")]
    pub target_below_prior: Rate,
    /// A11: so many years with the same target.
    #[serde(with = "number::whole")]
    pub unchanged_years: u32,
    /// A13: largest share of targets that are 100 %.
    #[serde(with = "number::rate")]
    pub full_percent_share: Rate,
    /// A16: a task with this share of the funding needs more than one indicator.
    #[serde(with = "number::rate")]
    pub single_indicator_share: Rate,
    /// A19: execution below this is a warning.
    #[serde(with = "number::rate")]
    pub execution_warning_below: Rate,
    /// A19: execution below this is an error.
    #[serde(with = "number::rate")]
    pub execution_error_below: Rate,
    /// A21: returned so often.
    #[serde(with = "number::whole")]
    pub returned_from: u32,
    /// A26: an explanation shorter than this says nothing.
    #[serde(with = "number::whole")]
    pub explanation_characters: u32,
    /// A26: most rows that may share one text.
    #[serde(with = "number::whole")]
    pub repeated_rows: u32,
    /// A27: days from the approval to the publication of budget and targets.
    #[serde(with = "number::whole")]
    pub publication_days: u32,
    /// A29: reopened so often.
    #[serde(with = "number::whole")]
    pub reopened_from: u32,
    /// A31: fewest people a survey asks; 0: no number is set, and only a sample that is not told is a finding.
    #[serde(with = "number::whole")]
    pub minimum_sample: u32,
}

impl Default for AuditRules {
    fn default() -> Self {
        Self {
            review_gap_warning: Points(500),
            review_gap_error: Points(1_000),
            perfect_execution_below: Rate(900_000),
            evidence_tolerance: Rate(0),
            late_cut_month: 10,
            cut_near_actual: Rate(50_000),
            target_below_prior: Rate(100_000),
            unchanged_years: 3,
            full_percent_share: Rate(400_000),
            single_indicator_share: Rate(200_000),
            execution_warning_below: Rate(800_000),
            execution_error_below: Rate(600_000),
            returned_from: 3,
            explanation_characters: 10,
            repeated_rows: 3,
            publication_days: 20,
            reopened_from: 2,
            minimum_sample: 0,
        }
    }
}

impl AuditRules {
    /// As where the table is left out.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
