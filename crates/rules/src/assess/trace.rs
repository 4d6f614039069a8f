//! Where the steps of an assessment go: nowhere, or into an explanation. One code path serves both, so they cannot disagree.

use std::fmt::{self, Display};

use rust_decimal::Decimal;

use crate::explain::Step;

/// Receives the steps of an assessment. The values are `Display`, so that nothing is rendered unless asked for.
pub(crate) trait Trace {
    /// Whether steps are kept; dear expressions are built only then.
    const ON: bool;
    /// A step. `expression` is an expression of `docs/explanations.md`.
    fn step(&mut self, label: &'static str, expression: &str, value: impl Display);
    /// Where the steps of a part of a compound target begin.
    fn mark(&self) -> usize;
    /// Drops the steps since `mark`: the way they took led nowhere.
    fn forget(&mut self, mark: usize);
    /// Renames the steps since `mark` to `part<n>_<label>`.
    fn part(&mut self, mark: usize, n: usize);
}

/// Keeps nothing.
pub(crate) struct Silent;

impl Trace for Silent {
    const ON: bool = false;
    fn step(&mut self, _: &'static str, _: &str, _: impl Display) {}
    fn mark(&self) -> usize {
        0
    }
    fn forget(&mut self, _: usize) {}
    fn part(&mut self, _: usize, _: usize) {}
}

/// Keeps all steps.
#[derive(Default)]
pub(crate) struct Recorder(pub(crate) Vec<Step>);

impl Trace for Recorder {
    const ON: bool = true;

    fn step(&mut self, label: &'static str, expression: &str, value: impl Display) {
        self.0.push(Step { label: label.to_owned(), expression: expression.to_owned(), value: value.to_string() });
    }

    fn mark(&self) -> usize {
        self.0.len()
    }

    fn forget(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    fn part(&mut self, mark: usize, n: usize) {
        let Some(steps) = self.0.get_mut(mark..) else { return };
        let labels: Vec<String> = steps.iter().map(|step| step.label.clone()).collect();
        for step in steps {
            step.label = format!("part{n}_{}", step.label);
            step.expression = renamed(&step.expression, &labels, n);
        }
    }
}

/// The expression with every name among `labels` prefixed.
fn renamed(expression: &str, labels: &[String], n: usize) -> String {
    let mut out = String::with_capacity(expression.len() + 16);
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end.max(first.len_utf8()));
        if labels.iter().any(|label| label == word) {
            out.push_str(&format!("part{n}_"));
        }
        out.push_str(word);
        rest = tail;
    }
    out
}

/// A quantity without trailing zeros.
pub(crate) struct Plain(pub(crate) Decimal);

impl Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::value::plain(self.0))
    }
}

/// `TRUE` or `FALSE`.
pub(crate) struct Truth(pub(crate) bool);

impl Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "TRUE" } else { "FALSE" })
    }
}
