//! How far a command is, on a terminal; whoever sends standard error elsewhere sees nothing of it.

use indicatif::{ProgressBar, ProgressStyle};
use jixiao_service::ctx::{Ctx, Progress};

use crate::app::operator;

/// A bar that is gone when the command is done with it.
pub(super) struct Bar(ProgressBar);

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// The circumstances of a command typed on the machine itself, whose progress is shown.
pub(super) fn watched() -> (Ctx, Bar) {
    let bar = ProgressBar::no_length();
    let shown = bar.clone();
    let progress = Progress::to(move |done, of| {
        if let Some(all) = of.filter(|all| shown.length() != Some(*all)) {
            shown.set_length(all);
            shown.set_style(style("{bar:40} {human_pos}/{human_len} {eta}"));
        }
        shown.set_position(done);
    });
    bar.set_style(style("{spinner} {human_pos} {elapsed}"));
    (Ctx { progress, ..operator() }, Bar(bar))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
