//! What a declaration says beyond its form: readings, links, what was dropped.

use jixiao_entity::id::KeyTaskId;
use jixiao_rules::check::{Beside, Reading};

use super::model::{Declaration, Indicator, KeyTask, TargetState};

impl Declaration {
    /// A key task by key.
    #[must_use]
    pub fn key_task(&self, id: KeyTaskId) -> Option<&KeyTask> {
        self.key_tasks.iter().find(|task| task.id == id)
    }

    /// What the checks look at beside the form, per indicator.
    #[must_use]
    pub fn beside(&self) -> Vec<Beside<'_>> {
        let position = |id: &KeyTaskId| self.key_tasks.iter().position(|task| task.id == *id);
        let beside = self.indicators.iter().map(|indicator| Beside {
            annual: indicator.annual_target.as_ref().map(reading),
            cycle: indicator.cycle_target.as_ref().map(reading),
            tasks: indicator.key_tasks.iter().filter_map(position).collect(),
            general: indicator.general,
            dropped: indicator.dropped(),
        });
        beside.collect()
    }
}

fn reading(target: &TargetState) -> Reading<'_> {
    Reading { target: &target.reading, confirmed: target.confirmed() }
}

impl Indicator {
    /// Dropped by an approved adjustment, which left its target blank (rules 2.3).
    #[must_use]
    pub fn dropped(&self) -> bool {
        self.original_target.is_some() && self.annual_target.is_none()
    }

    /// The annual target as first approved.
    #[must_use]
    pub fn opening_target(&self) -> Option<&TargetState> {
        self.original_target.as_ref().or(self.annual_target.as_ref())
    }
}
