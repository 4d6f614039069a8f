//! Declarations: assembling, deriving, reading, and the commands of their way to approval.

mod as_of;
mod assemble;
mod derive;
mod edit;
mod import;
mod import_file;
mod model;
mod read;
mod report;
mod reported;
mod review;
mod settle;

pub use as_of::{Snapshot, as_of};
pub use derive::editable;
pub use edit::{Confirmation, IndicatorPatch, confirm_target, update_indicator};
pub use import::{FISCAL_YEARS, Import, Imported, import};
pub use import_file::import_file;
pub use model::{
    ActualValue, Declaration, Deviation, Evidence, Hands, Indicator, KeyTask, Report, ReportedExecution, SchemeRef,
    TargetState, ValueEntry,
};
pub use read::{
    DeclarationFilter, Header, Whole, by_department, by_ids, explain, header_by_ids, list, locate_indicator,
    locate_key_task, results,
};
pub use report::{Rectification, Review, Summary};
pub use review::{Step, step};

pub(crate) use assemble::assemble;
pub(crate) use derive::{derive, input, maximum_scores, occasion, unconfirmed};
pub(crate) use import::{context, target_row};
pub(crate) use read::{approved, filter_on, locate_in, total};
use reported::{check_reports, scored_again};
pub(crate) use settle::{Change, Held, Revision, achievement_row, check_revision, hold, result_row, settle};
