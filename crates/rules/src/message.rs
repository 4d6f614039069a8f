//! What is said to people, in Chinese and English, beside a stable code for programs.

use serde::{Deserialize, Serialize};

use crate::kind::Severity;

/// One sentence in both languages of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Message {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Why a reading is not certain, or what else it could mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable, SCREAMING_SNAKE_CASE.
    pub code: String,
    /// For people.
    pub message: Message,
}

impl Note {
    /// A note.
    pub fn new(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: Message::new(zh, en) }
    }
}

/// Result of one check (D, M, E, A of the rules) on one place of a declaration or report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the check, such as `D2`, or a named flag such as `OVER_EXECUTION`.
    pub rule: String,
    /// How grave it is; `ERROR` blocks the submit.
    pub severity: Severity,
    /// For people.
    pub message: Message,
    /// Where it lies: path from the declaration, such as `["budget", "otherFunds"]` or `["indicators", "3", "annualTarget"]`.
    pub path: Vec<String>,
}
