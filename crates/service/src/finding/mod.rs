//! What the checks find (rules 3 and 6), kept in rows and searched across declarations; and the auditors' notes on it.
//!
//! A row follows from a declaration as it stands (`Group::Own`), from those of the department's other years
//! (`Group::Years`), or from a reporting window (`Group::Due`). Whoever changes one of them brings the rows up to date in the
//! same transaction. A finding that holds only from a day on carries that day, so that none comes or goes without a write.

mod due;
mod list;
mod note;
mod seen;
mod store;
mod years;

pub use list::{Dismissal, FindingFilter, Kept, by_id, list, of_declaration};
pub use note::{Note, note};
pub use store::{ids, refresh};

pub(crate) use due::window_moved;
pub(crate) use store::{current, examine, fresh, settle};

use jixiao_entity::id::{DeclarationId, FindingId};
use jixiao_rules::kind::{Severity, Vocabulary};

/// What a row follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// The declaration alone.
    Own,
    /// The department's years before.
    Years,
    /// The windows in force.
    Due,
}

impl Group {
    fn of(rule: &str) -> Self {
        match rule {
            "A10" | "A11" | "A30" => Self::Years,
            "A22" => Self::Due,
            _ => Self::Own,
        }
    }
}

/// The rules that A18 of the rules stands for.
const SUMS: [&str; 6] = ["D2", "D3", "D4", "M1", "E1", "E3"];

/// A severity as the rows keep it: sorts by gravity.
fn gravity(severity: Severity) -> i32 {
    Severity::ALL.iter().position(|known| *known == severity).and_then(|at| i32::try_from(at).ok()).unwrap_or(0)
}

/// The key of a finding: positive, from where it lies. `nth` tells findings of one rule and place apart.
fn key(declaration: DeclarationId, rule: &str, path: &[String], nth: usize) -> FindingId {
    let text = format!("{}\0{rule}\0{}\0{nth}", declaration.0, path.join("\0"));
    let hex = crate::audit::sha256(text.as_bytes());
    let first = hex.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
    FindingId(i64::try_from(first >> 1).unwrap_or(i64::MAX))
}
