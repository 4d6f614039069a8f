//! Declarations: assembling, deriving, reading, and the commands of their way to approval.

mod as_of;
mod assemble;
mod carry;
mod derive;
mod edit;
mod filed;
mod import;
mod import_file;
mod model;
mod read;
mod report;
mod reported;
mod review;
mod settle;

pub use as_of::{Snapshot, as_of};
pub use carry::carry_over;
pub use derive::editable;
pub use edit::{
    Confirmation, Create, DeclarationPatch, IndicatorPatch, KeyTaskPatch, add_indicator, add_key_task, confirm_target,
    create, move_indicator, move_key_task, remove_indicator, remove_key_task, update, update_indicator,
    update_key_task,
};
pub use import::{FISCAL_YEARS, Import, Imported, import};
pub use import_file::{form_in, import_file};
pub use model::{
    ActualValue, Declaration, Deviation, Evidence, Hands, Indicator, KeyTask, SchemeRef, TargetState, ValueEntry,
};
pub use read::{
    DeclarationFilter, Header, Whole, by_department, by_ids, explain, explained, header_by_ids, list, locate_indicator,
    locate_key_task, results,
};
pub use report::{Rectification, Report, ReportedExecution, Review, Summary};
pub use review::{Step, step};

pub(crate) use assemble::assemble;
pub(crate) use derive::{derive, execution, execution_input, input, maximum_scores, occasion, rescored, unconfirmed};
pub(crate) use edit::{check_amount, confirmed};
pub(crate) use import::{context, target_row};
pub(crate) use read::{approved, filter_on, header_of, key_task_in, locate_in, scoped, total};
pub(crate) use reported::Names;
pub use reported::aggregated;
use reported::{check_reports, scored_again};
pub(crate) use review::{Version, check_reason, keep_version};
pub(crate) use settle::{Change, Held, Revision, achievement_row, check_revision, hold, result_row, settle};
