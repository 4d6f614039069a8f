//! The checks D1-D13 of a declaration (rules 3.2).

use crate::form::Form;
use crate::message::Finding;
use crate::scheme::Scheme;

/// All findings on a declaration's content, `ERROR`s first in the order of the rules.
#[must_use]
pub fn declaration(form: &Form, scheme: &Scheme) -> Vec<Finding> {
    let _ = (form, scheme);
    Vec::new()
}
