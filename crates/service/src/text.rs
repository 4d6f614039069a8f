//! Texts that people give: bounded, without control characters, markup stripped.

use jixiao_rules::form::plain_text;

use crate::actual_value::Patch;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};

/// Collects everything that is wrong with an input.
#[derive(Debug, Default)]
pub(crate) struct Checked(Vec<Violation>);

impl Checked {
    /// Notes a violation.
    pub(crate) fn fail(&mut self, code: UserErrorCode, field: &str, zh: &str, en: &str) {
        self.0.push(Violation::new(code, field, zh, en));
    }

    /// Notes a violation when there is one.
    pub(crate) fn check<T: Default>(&mut self, result: Result<T, Violation>) -> T {
        result.unwrap_or_else(|violation| {
            self.0.push(violation);
            T::default()
        })
    }

    /// The text as it is stored.
    pub(crate) fn text(&mut self, text: &str, limit: usize, field: &str) -> String {
        self.check(clean(text, limit, field))
    }

    /// The texts of a patch as they are stored.
    pub(crate) fn patch(&mut self, patch: &Patch<String>, limit: usize, field: &str) -> Patch<String> {
        patch.as_ref().map(|given| given.as_ref().map(|text| self.text(text, limit, field)))
    }

    /// Everything that was noted, as an error.
    pub(crate) fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(self.0)) }
    }
}

/// The text without markup. Too long, control characters, and nothing but blanks are refused; `null` empties a field.
pub(crate) fn clean(text: &str, limit: usize, field: &str) -> Result<String, Violation> {
    if text.chars().nth(limit).is_some() {
        let (zh, en) = (format!("不能超过{limit}个字符"), format!("at most {limit} characters"));
        return Err(Violation::new(UserErrorCode::TooLong, field, zh, en));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        let (zh, en) = ("不能含有控制字符", "must not hold control characters");
        return Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    }
    let text = plain_text(text);
    if text.is_empty() {
        let (zh, en) = ("不能为空; 清除请填null", "must not be empty; null empties it");
        return Err(Violation::new(UserErrorCode::Required, field, zh, en));
    }
    Ok(text)
}
