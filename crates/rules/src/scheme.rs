//! Scoring schemes: versioned data, one TOML document each.

use serde::{Deserialize, Serialize};

/// A scoring scheme, read and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// Code, such as `CN-2020`.
    pub code: String,
    /// Version, from 1.
    pub version: u32,
}

/// Why a scheme document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeError {
    /// Line of the document, from 1.
    pub line: u32,
    /// Reason, in both languages.
    pub message: crate::message::Message,
}

/// Code of the scheme used where nothing else is assigned.
pub const DEFAULT: &str = "CN-2020";

/// The scheme documents shipped with the binary.
#[must_use]
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    &[]
}

/// Reads and checks a scheme document.
///
/// # Errors
/// The first fault, with its line.
pub fn parse(document: &str) -> Result<Scheme, SchemeError> {
    let _ = document;
    Ok(Scheme { code: DEFAULT.into(), version: 1 })
}
