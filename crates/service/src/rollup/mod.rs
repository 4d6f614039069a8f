//! Roll-ups: the sums that summaries read, so that these do not grow with the number of indicators.
//!
//! One declaration counts in a few *cells*: period, year, level 1, level 2, status and grade, each with its counts and
//! sums; and once as a whole, in a cell without levels and status. A write that changes a declaration in force compares its
//! cells before and after ([`record`]) and, in the same transaction, adds the difference to the rows of its department
//! (`department_result`: this year and all years) and appends it, at the department's jurisdiction, to `rollup_delta`. No
//! two departments' writers ever touch one row. [`fold`] moves what was appended into the cells of the jurisdiction and of
//! all above it (`rollup_cell`); a read adds the cells of a jurisdiction and what is still pending below it.
//!
//! Departments and jurisdictions never move: no command changes where they belong. One that will must call [`rebuild`].

mod cells;
mod fold;
mod recount;
mod store;

pub use fold::{fold, fold_all};
pub use recount::rebuild;

pub(crate) use cells::of_result;
pub(crate) use fold::values;
pub(crate) use recount::differences;
pub(crate) use store::{COLUMNS, record, sums_of};
