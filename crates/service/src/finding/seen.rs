//! A declaration as the auditors' checks see it.

use std::collections::BTreeMap;

use jixiao_entity::id::{Timestamp, UserId};
use jixiao_rules::actual::read_actual;
use jixiao_rules::assess::{self, Achievement, Input};
use jixiao_rules::calendar::day_of;
use jixiao_rules::check::audit::{
    Adjusted, Approved, Changed, Declared, Evidence, Filed, FiledRow, Hands, Indicator, Published, Rectified, Task,
    Terms,
};
use jixiao_rules::cycle::{Period, PublicationKind, PublicationStatus, RectificationStatus};
use jixiao_rules::kind::{Accumulation, Light};
use jixiao_rules::scheme::Scheme;
use jixiao_rules::target::Target;
use rust_decimal::Decimal;

use crate::adjustment::{Adjustment, TargetChange};
use crate::declaration::{self, Declaration, Report, TargetState, context, execution, input, occasion};

/// What they look at beside the declaration.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The document of the approved version in force, where it may differ.
    pub(super) approved: Option<Declaration>,
    /// How often it and its reports were returned, by their names in the log.
    pub(super) returned: BTreeMap<String, u32>,
}

/// The terms of `of` in the order of the indicators of `like`.
pub(super) fn approved_terms(of: &Declaration, like: &Declaration) -> Approved {
    let terms = like.indicators.iter().map(|indicator| of.indicator(indicator.id).map(terms));
    Approved { terms: terms.collect(), count: of.indicators.len() }
}

fn reading(target: &TargetState) -> &Target {
    &target.reading
}

fn terms(indicator: &declaration::Indicator) -> Terms {
    Terms::of(indicator.annual_target.as_ref().map(reading), indicator.weight)
}

fn day(moment: Timestamp) -> chrono::NaiveDate {
    day_of(moment.date_time())
}

fn hands(hands: &declaration::Hands) -> Hands {
    let key = |id: Option<UserId>| id.map(|id| id.0);
    Hands {
        edited: key(hands.edited_by),
        submitted: key(hands.submitted_by),
        forwarded: key(hands.forwarded_by),
        accepted: key(hands.accepted_by),
    }
}

/// The declaration as the checks see it.
pub(super) fn declared<'a>(of: &'a Declaration, beside: &Beside, scheme: &Scheme) -> Declared<'a> {
    let returned = |node: &str| beside.returned.get(node).copied().unwrap_or(0);
    let position = |id| of.key_tasks.iter().position(|task| task.id == id);
    let indicators = of.indicators.iter().map(|indicator| Indicator {
        name: &indicator.name,
        level1: indicator.level1,
        level2: indicator.level2,
        annual: indicator.annual_target.as_ref().map(reading),
        cycle: indicator.cycle_target.as_ref().map(reading),
        tasks: indicator.key_tasks.iter().copied().filter_map(position).collect(),
        general: indicator.general,
        method: indicator.quality.is_some(),
        terms: terms(indicator),
    });
    let submitted = of.reports.iter().filter(|(_, report)| report.status.submitted());
    let reports = submitted.filter_map(|(period, report)| {
        let node = crate::report::node(of.id, *period);
        Some((*period, filed(of, *period, report, returned(&node), scheme)?))
    });
    let approved = of.adjustments.iter().enumerate().filter(|(_, adjustment)| adjustment.number.is_some());
    let last_approval = of.adjustments.iter().rev().find(|adjustment| adjustment.number.is_some());
    let mut parts = vec![(Vec::new(), hands(&of.hands))];
    parts.extend(
        of.reports
            .iter()
            .map(|(period, report)| (vec!["reports".to_owned(), period.to_string()], hands(&report.hands))),
    );
    parts.extend(of.adjustments.iter().enumerate().map(|(position, adjustment)| {
        (vec!["adjustments".to_owned(), position.to_string()], hands(&adjustment.hands))
    }));
    Declared {
        fiscal_year: of.fiscal_year,
        in_force: of.status.in_force(),
        version: of.version,
        tasks: of.key_tasks.iter().map(|task| Task { name: &task.name, funding: task.planned_funding }).collect(),
        indicators: indicators.collect(),
        approved: beside.approved.as_ref().map(|approved| approved_terms(approved, of)),
        adjustments: approved.map(|(position, adjustment)| adjusted(of, position, adjustment, scheme)).collect(),
        reports: reports.collect(),
        published: published(of),
        approved_on: last_approval.map_or(of.approved_on, |adjustment| adjustment.approved_on),
        hands: parts,
        returned: returned(&format!("Declaration:{}", of.id.0)),
    }
}

fn published(of: &Declaration) -> Option<Published> {
    let known = of.publications.get(&PublicationKind::Targets)?;
    let version = known.snapshots.last().map(|snapshot| snapshot.version);
    let first = known.snapshots.iter().find(|snapshot| Some(snapshot.version) == version);
    Some(Published {
        withheld: known.status == PublicationStatus::Withheld,
        version,
        on: first.map(|snapshot| day(snapshot.published_at)),
    })
}

fn filed<'a>(
    of: &'a Declaration,
    period: Period,
    report: &'a Report,
    returned: u32,
    scheme: &Scheme,
) -> Option<Filed<'a>> {
    let asked = report.rectifications.iter().map(|asked| Rectified {
        indicator: asked.indicator_id.and_then(|id| of.indicators.iter().position(|indicator| indicator.id == id)),
        due_on: asked.due_on,
        open: matches!(asked.status, RectificationStatus::Requested | RectificationStatus::Reopened),
        verified_on: (asked.status == RectificationStatus::Verified)
            .then(|| asked.concluded.as_ref().map(|(_, at)| day(*at)))
            .flatten(),
        reopened: u32::try_from(asked.reopened).unwrap_or(0),
    });
    Some(Filed {
        rows: of.indicators.iter().filter_map(|indicator| row(of, indicator, period)).collect(),
        result: of.results.get(&period)?,
        execution: execution(of, period, scheme),
        submitted_on: day(report.submitted_at?),
        late_days: report.late_days,
        returned,
        rectifications: asked.collect(),
    })
}

fn row<'a>(of: &Declaration, indicator: &'a declaration::Indicator, period: Period) -> Option<FiledRow<'a>> {
    let achievement: &Achievement = indicator.achievements.get(&period)?;
    let value = indicator.values.get(&period);
    let entry = value.map(|value| &value.entry);
    let judged = input(indicator, period, None, occasion(of, period));
    let context = context(&indicator.level1_label, indicator.level2_label.as_deref(), &indicator.name, of.fiscal_year);
    let target = indicator.annual_target.as_ref().map(reading);
    let stated = |text: &str| -> Option<Decimal> {
        target.map(|target| read_actual(text, target, &context)).and_then(|read| read.base_value)
    };
    let evidence = indicator.evidence_in(period).iter().map(|file| Evidence {
        file_name: &file.file_name,
        issued_on: file.issued_on,
        stated: file.stated_value.as_deref().and_then(stated),
    });
    Some(FiledRow {
        name: &indicator.name,
        achievement,
        score: entry.and_then(|entry| entry.score),
        actual: value.and_then(|value| value.reading.as_ref()),
        cumulative: assess::accumulation(&judged) == Accumulation::Cumulative,
        outlook: entry.and_then(|entry| entry.outlook),
        causes: entry
            .map(|entry| entry.deviations.iter().map(|cause| cause.text.as_str()).collect())
            .unwrap_or_default(),
        corrective_action: entry.is_some_and(|entry| entry.corrective_action.is_some()),
        sample_size: entry.and_then(|entry| entry.sample_size),
        evidence: evidence.collect(),
    })
}

fn adjusted<'a>(of: &'a Declaration, position: usize, adjustment: &'a Adjustment, scheme: &Scheme) -> Adjusted<'a> {
    let made = adjustment.submitted_at.unwrap_or(adjustment.created_at);
    let targets = adjustment.targets.iter().enumerate().filter_map(|(place, change)| {
        let indicator = of.indicator(change.indicator_id)?;
        let filed = of.report_status(Period::YearEnd).submitted();
        let later = indicator.values.get(&Period::YearEnd).filter(|_| filed);
        Some(Changed {
            position: place,
            name: &indicator.name,
            before: change.before.as_ref().map(reading),
            after: change.after.as_ref().map(reading),
            red: red(of, indicator, change, made, scheme),
            later: later.and_then(|value| value.reading.as_ref()).and_then(|read| read.base_value),
        })
    });
    Adjusted { position, made_on: day(made), targets: targets.collect() }
}

/// The last period whose report was submitted before, and red against the target as it was then.
fn red(
    of: &Declaration,
    indicator: &declaration::Indicator,
    change: &TargetChange,
    made: Timestamp,
    scheme: &Scheme,
) -> Option<Period> {
    let target = change.before.as_ref().map(reading)?;
    let context = context(&indicator.level1_label, indicator.level2_label.as_deref(), &indicator.name, of.fiscal_year);
    let shown_red = |period: Period, text: &str| {
        let read = read_actual(text, target, &context);
        let judged = input(indicator, period, None, occasion(of, period));
        let judged =
            Input { target: Some(target), actual: Some(&read), not_applicable: None, confirmed: true, ..judged };
        assess::assess(&judged, scheme).light == Some(Light::Red)
    };
    let before = of.reports.range(..Period::YearEnd).rev();
    let before = before.filter(|(_, report)| report.submitted_at.is_some_and(|submitted| submitted < made));
    before.map(|(period, _)| *period).find(|period| {
        let value = indicator.values.get(period).filter(|value| value.recorded_at < made);
        value.and_then(|value| value.entry.text.as_deref()).is_some_and(|text| shown_red(*period, text))
    })
}
