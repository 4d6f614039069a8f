//! Everything computed of a declaration, from everything stated: the one place where numbers are made.

use std::collections::BTreeMap;

use jixiao_rules::assess::{self, Achievement, Input, NotApplicable, Occasion};
use jixiao_rules::cycle::{DeclarationStatus, DeviationCategory, Period};
use jixiao_rules::execution::{self, Execution};
use jixiao_rules::kind::WeightOrigin;
use jixiao_rules::scheme::Scheme;
use jixiao_rules::value::Points;
use jixiao_rules::weight::{self, Row};
use jixiao_rules::{check, rollup};

use super::model::{ActualValue, Declaration, Indicator, SchemeRef};

/// Computes weights, achievements, results and findings anew.
pub(crate) fn derive(declaration: &mut Declaration, scheme: &Scheme) {
    // Weights are fixed with the approved target (rules 4.6.5).
    if declaration.version == 0 {
        derive_weights(declaration, scheme);
    }
    let mut periods: Vec<Period> = Period::ALWAYS.to_vec();
    periods.extend(declaration.reports.keys().filter(|period| !Period::ALWAYS.contains(period)));
    declaration.results = BTreeMap::new();
    for period in periods {
        let maximum = maximum_scores(declaration, period, scheme);
        let occasion = occasion(declaration, period);
        for (indicator, max_score) in declaration.indicators.iter_mut().zip(maximum) {
            let achievement = assess::assess(&input(indicator, period, max_score, occasion), scheme);
            indicator.achievements.insert(period, achievement);
        }
        let achievements: Vec<Achievement> = declaration
            .indicators
            .iter()
            .filter_map(|indicator| indicator.achievements.get(&period))
            .cloned()
            .collect();
        let during_year = period != Period::YearEnd;
        let money = execution(declaration, period, scheme);
        let mut result = rollup::declaration(&achievements, &money, scheme, during_year);
        super::scored_again(&mut result, declaration, period, &money, scheme);
        declaration.results.insert(period, result);
    }
    super::check_reports(declaration, scheme);
    declaration.findings = check::filed(&declaration.form(), &declaration.beside(), scheme);
    crate::adjustment::derive(declaration, scheme);
}

/// The declaration as another scheme would have scored it: derived weights are derived anew, stated ones kept. Under the
/// very scheme it has, weights stay as they were fixed.
pub(crate) fn rescored(declaration: &Declaration, reference: SchemeRef, scheme: &Scheme) -> Declaration {
    let mut after = declaration.clone();
    let another = declaration.scheme.sha256 != reference.sha256;
    after.scheme = reference;
    if another {
        derive_weights(&mut after, scheme);
    }
    derive(&mut after, scheme);
    after
}

fn derive_weights(declaration: &mut Declaration, scheme: &Scheme) {
    let rows: Vec<Row> = declaration.indicators.iter().map(|indicator| row(indicator, false)).collect();
    let scheme_id = declaration.scheme.id;
    for (indicator, weight) in declaration.indicators.iter_mut().zip(weight::derive(&rows, scheme)) {
        indicator.weight = weight.map(|(points, _)| points);
        indicator.weight_origin = weight.map(|(_, origin)| origin);
        indicator.weight_scheme =
            indicator.weight_origin.filter(|origin| *origin == WeightOrigin::Derived).map(|_| scheme_id);
    }
}

fn row(indicator: &Indicator, excluded: bool) -> Row {
    let stated = indicator.weight.filter(|_| indicator.weight_origin == Some(WeightOrigin::Stated));
    Row { level1: indicator.level1, level2: indicator.level2, stated, excluded }
}

/// The weights, with those of indicators that do not apply given to their level's others (rules 4.1).
pub(crate) fn maximum_scores(declaration: &Declaration, period: Period, scheme: &Scheme) -> Vec<Option<Points>> {
    let accepted = |indicator: &Indicator| {
        let value = indicator.values.get(&period);
        let accepted = indicator.dropped() || value.is_some_and(ActualValue::not_applicable_accepted);
        let accepted = accepted.then_some(NotApplicable::Accepted);
        weight::excluded(accepted, indicator.annual_target.is_some(), scheme)
    };
    if !declaration.indicators.iter().any(accepted) {
        return declaration.indicators.iter().map(|indicator| indicator.weight).collect();
    }
    let rows: Vec<Row> = declaration
        .indicators
        .iter()
        .map(|indicator| Row { stated: indicator.weight, ..row(indicator, accepted(indicator)) })
        .collect();
    weight::derive(&rows, scheme).into_iter().map(|weight| weight.map(|(points, _)| points)).collect()
}

/// What the assessment of one indicator in one period depends on.
pub(crate) fn input(indicator: &Indicator, period: Period, weight: Option<Points>, occasion: Occasion) -> Input<'_> {
    let value = indicator.values.get(&period);
    let target = indicator.annual_target.as_ref();
    Input {
        level1: indicator.level1,
        level2: indicator.level2,
        name: &indicator.name,
        target: target.map(|target| &target.reading),
        confirmed: target.is_none_or(super::model::TargetState::confirmed),
        actual: value.and_then(|value| value.reading.as_ref()),
        level: value.and_then(|value| value.entry.level),
        score: value.and_then(|value| value.entry.score),
        not_applicable: if indicator.dropped() {
            Some(NotApplicable::Accepted)
        } else {
            value.and_then(not_applicable)
        },
        target_set_too_low: value.is_some_and(|value| {
            value.entry.deviations.iter().any(|deviation| deviation.category == DeviationCategory::TargetSetTooLow)
        }),
        weight,
        accumulation: indicator.accumulation,
        occasion,
        lenient: false,
    }
}

fn not_applicable(value: &ActualValue) -> Option<NotApplicable> {
    value
        .entry
        .not_applicable_reason
        .as_ref()
        .map(|_| if value.not_applicable_accepted() { NotApplicable::Accepted } else { NotApplicable::Claimed })
}

/// Year-end, or the months that the report's data cover.
pub(crate) fn occasion(declaration: &Declaration, period: Period) -> Occasion {
    occasion_of(period, declaration.months(period))
}

/// As [`occasion`], the months being known.
pub(super) fn occasion_of(period: Period, months: u32) -> Occasion {
    if period == Period::YearEnd { Occasion::YearEnd } else { Occasion::DuringYear(months) }
}

/// Execution as reported in a period, assessed.
pub(crate) fn execution(declaration: &Declaration, period: Period, scheme: &Scheme) -> Execution {
    execution::execution(&execution_input(declaration, period), scheme)
}

/// Execution as reported in a period; the declared budget where the report gives none.
pub(crate) fn execution_input(declaration: &Declaration, period: Period) -> execution::Input {
    let [initial_budget, annual_budget] = declaration.budgets(period);
    execution::Input {
        initial_budget,
        annual_budget,
        executed: declaration.reports.get(&period).and_then(|report| report.execution.executed),
        months: (period != Period::YearEnd).then(|| declaration.months(period)),
    }
}

/// What blocks the submit beyond the checks of the form: readings that nobody confirmed.
pub(crate) fn unconfirmed(declaration: &Declaration) -> impl Iterator<Item = (usize, &Indicator)> {
    let open = |indicator: &Indicator| indicator.annual_target.as_ref().is_some_and(|target| !target.confirmed());
    declaration.indicators.iter().enumerate().filter(move |(_, indicator)| open(indicator))
}

/// True while the filer may edit.
#[must_use]
pub fn editable(status: DeclarationStatus) -> bool {
    matches!(status, DeclarationStatus::Draft | DeclarationStatus::Returned)
}
