//! D11: each key task has an indicator, each indicator a key task, or serves the work in general.

use std::collections::BTreeSet;

use super::{Beside, Findings};
use crate::form::Form;
use crate::kind::Severity;

/// Where nothing is linked at all, as on an imported form, that is said once.
pub(super) fn links(form: &Form, beside: &[Beside<'_>], findings: &mut Findings) {
    if form.key_tasks.is_empty() || form.indicators.is_empty() {
        return;
    }
    let linked: BTreeSet<usize> = beside.iter().flat_map(|beside| beside.tasks.iter().copied()).collect();
    if linked.is_empty() && !beside.iter().any(|beside| beside.general) {
        let zh = "重点工作任务与绩效指标尚未关联".to_owned();
        let en = "no indicator is linked to a key task yet".to_owned();
        findings.add("D11", Severity::Warning, &["keyTasks"], zh, en);
        return;
    }
    for (index, task) in form.key_tasks.iter().enumerate().filter(|(index, _)| !linked.contains(index)) {
        let zh = format!("任务“{}”没有关联任何指标", task.name);
        let en = format!("no indicator is linked to the task {}", task.name);
        findings.add("D11", Severity::Warning, &["keyTasks", &index.to_string()], zh, en);
    }
    for (index, (indicator, beside)) in form.indicators.iter().zip(beside).enumerate() {
        if beside.tasks.is_empty() && !beside.general {
            let zh = format!("指标“{}”没有关联任务，也未标为综合性指标", indicator.name);
            let en = format!("{} is linked to no task and not marked as general", indicator.name);
            findings.add("D11", Severity::Warning, &["indicators", &index.to_string()], zh, en);
        }
    }
}
