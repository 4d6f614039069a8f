//! What is said to people, in Chinese and English, beside a stable code for programs.

use std::fmt::Display;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cycle::Period;
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
    /// What was compared, for programs. Not in documents: those were written before it was told.
    #[serde(skip)]
    pub compared: Vec<Compared>,
    /// First day on which it holds, where that is a later one than the day it is known; not in documents.
    #[serde(skip)]
    pub since: Option<NaiveDate>,
}

/// One of the values that a check compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is, a stable name such as `filedScore` or `threshold`.
    pub name: String,
    /// Its value: an exact decimal (money in 万元), a day, a code, or a text verbatim.
    pub value: String,
}

impl Finding {
    /// A finding that compared nothing yet.
    #[must_use]
    pub fn new(rule: &str, severity: Severity, path: Vec<String>, message: Message) -> Self {
        Self { rule: rule.to_owned(), severity, message, path, compared: Vec::new(), since: None }
    }

    /// Adds a value that was compared.
    pub fn compare(&mut self, name: &str, value: impl Display) -> &mut Self {
        self.compared.push(Compared { name: name.to_owned(), value: value.to_string() });
        self
    }

    /// Adds a value that was compared, where there is one.
    pub fn compare_known(&mut self, name: &str, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.compare(name, value);
        }
        self
    }

    /// The period of the report it lies in; `None` when it lies in none.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        match self.path.as_slice() {
            [list, period, ..] if list == "reports" => period.parse().ok(),
            _ => None,
        }
    }

    /// The position of the indicator it lies in; `None` when it lies in none.
    #[must_use]
    pub fn indicator(&self) -> Option<usize> {
        let path = if self.period().is_some() { self.path.get(2..) } else { self.path.get(..) };
        match path {
            Some([list, position, ..]) if list == "rows" || list == "indicators" => position.parse().ok(),
            _ => None,
        }
    }
}
