//! Contradictions inside a scheme: sums, orders, bands.

use super::fault::Fault;
use super::*;
use crate::value::{Points, Rate};

/// All contradictions, in order of the document.
pub(super) fn faults(scheme: &Scheme) -> Vec<Fault> {
    let mut found = Vec::new();
    sums(scheme, &mut found);
    shares(scheme, &mut found);
    tables(scheme, &mut found);
    thresholds(scheme, &mut found);
    grades(scheme, &mut found);
    found
}

/// Points add up to 100, and codes and versions are there.
fn sums(scheme: &Scheme, found: &mut Vec<Fault>) {
    if scheme.code.is_empty() {
        found.push(Fault::new("code", "不能为空", "must not be empty"));
    }
    if scheme.version == 0 {
        found.push(Fault::new("version", "从 1 起", "starts at 1"));
    }
    let weights = &scheme.weights;
    let parts = [weights.output, weights.cost, weights.outcome, weights.satisfaction, scheme.execution.weight];
    let total: i128 =
        parts.into_iter().chain(scheme.extra_items.iter().map(|item| item.weight)).map(|part| i128::from(part.0)).sum();
    if total != 10_000 {
        let total = rust_decimal::Decimal::try_from_i128_with_scale(total, 2)
            .map_or_else(|_| "?".to_owned(), |sum| sum.to_string());
        found.push(Fault::new(
            "weights",
            format!("各级分值、执行率与附加项目之和为 {total}，应为 100"),
            format!("level-1 points, execution and extra items add up to {total}, not 100"),
        ));
    }
    if scheme.execution.weight.0 >= 10_000 {
        found.push(Fault::new("execution.weight", "须小于 100", "must be below 100"));
    }
}

/// Shares lie between 0 and 1, digits are supported.
fn shares(scheme: &Scheme, found: &mut Vec<Fault>) {
    let bounded = [
        ("execution.reason_below", scheme.execution.reason_below),
        ("status.partial_from", scheme.status.partial_from),
        ("explanation.low", scheme.explanation.low),
        ("qualitative.full_from", scheme.qualitative.full_from),
        ("evidence.from_share", scheme.evidence.from_share),
        ("lights.plausibility.unspent_above", scheme.lights.plausibility.unspent_above),
        ("checks.minimum_task_share", scheme.checks.minimum_task_share),
        ("audit.perfect_execution_below", scheme.audit.perfect_execution_below),
        ("audit.target_below_prior", scheme.audit.target_below_prior),
        ("audit.full_percent_share", scheme.audit.full_percent_share),
        ("audit.single_indicator_share", scheme.audit.single_indicator_share),
        ("audit.execution_warning_below", scheme.audit.execution_warning_below),
    ];
    for (path, share) in bounded {
        if share > Rate::ONE {
            found.push(Fault::new(path, "不能大于 1", "must not be above 1"));
        }
    }
    if scheme.rounding.score_digits > 2 {
        found.push(Fault::new("rounding.score_digits", "只支持 0、1、2", "only 0, 1 and 2 are supported"));
    }
    if scheme.rounding.rate_digits != 6 {
        found.push(Fault::new("rounding.rate_digits", "只支持 6", "only 6 is supported"));
    }
    if scheme.checks.cycle_years == 0 {
        found.push(Fault::new("checks.cycle_years", "从 1 起", "starts at 1"));
    }
    audit(&scheme.audit, found);
}

/// Counts lie where they can be met, and an error is graver than a warning.
fn audit(rules: &AuditRules, found: &mut Vec<Fault>) {
    if !(1..=12).contains(&rules.late_cut_month) {
        found.push(Fault::new("audit.late_cut_month", "应为 1 至 12", "a month is 1 to 12"));
    }
    if !(2..=10).contains(&rules.unchanged_years) {
        found.push(Fault::new("audit.unchanged_years", "应为 2 至 10", "2 to 10 years"));
    }
    if rules.review_gap_error < rules.review_gap_warning {
        found.push(Fault::new("audit.review_gap_error", "不能小于警告值", "must not be below the warning"));
    }
    if rules.execution_error_below > rules.execution_warning_below {
        found.push(Fault::new("audit.execution_error_below", "不能大于警告值", "must not be above the warning"));
    }
}

/// Reports the first row of a table that is out of order.
fn order<T>(path: &str, rows: &[T], right: impl Fn(&T, &T) -> bool, found: &mut Vec<Fault>) {
    if let Some(at) = rows.windows(2).position(|pair| !right(&pair[0], &pair[1])) {
        let path = format!("{path}.{}", at + 1);
        found.push(Fault::new(&path, "顺序不对或区间重叠", "out of order, or overlaps the row before"));
    }
}

/// A table stands exactly where its method asks for it.
fn wanted(path: &str, wanted: bool, present: bool, found: &mut Vec<Fault>) {
    if wanted && !present {
        let parent = path.rsplit_once('.').map_or(path, |(parent, _)| parent);
        found.push(Fault::new(parent, format!("缺少 {path}"), format!("{path} is missing")));
    } else if present && !wanted {
        found.push(Fault::new(path, "所选方法不用此表", "the chosen method does not use this table"));
    }
}

fn tables(scheme: &Scheme, found: &mut Vec<Fault>) {
    let (execution, formula) = (&scheme.execution, &scheme.formula);
    let bands = &execution.bands;
    wanted("execution.bands", execution.method == ExecutionMethod::Banded, !bands.is_empty(), found);
    order("execution.bands", bands, |a, b| a.from > b.from && a.points >= b.points, found);
    if bands.iter().any(|band| band.points > execution.weight) || bands.last().is_some_and(|band| band.from.0 != 0) {
        found.push(Fault::new(
            "execution.bands",
            "最后一档须从 0 起，各档不超过执行率分值",
            "the last band starts at 0, and none exceeds the execution weight",
        ));
    }
    order("execution.caps", &execution.caps, |a, b| a.below > b.below && a.at_most > b.at_most, found);
    wanted(
        "formula.lower_tiers",
        formula.lower_is_better == LowerFormula::Tiers,
        !formula.lower_tiers.is_empty(),
        found,
    );
    wanted("formula.range_tiers", formula.range == RangeFormula::Tiers, !formula.range_tiers.is_empty(), found);
    for (path, tiers) in [("formula.lower_tiers", &formula.lower_tiers), ("formula.range_tiers", &formula.range_tiers)]
    {
        order(path, tiers, |a, b| a.up_to < b.up_to && a.share >= b.share, found);
        if let Some(at) = tiers.iter().position(|tier| tier.share > Rate::ONE) {
            found.push(Fault::new(&format!("{path}.{at}.share"), "不能大于 1", "must not be above 1"));
        }
    }
    let over = &scheme.over_achievement;
    wanted("over_achievement.tiers", over.mode != DeductionMode::Never, !over.tiers.is_empty(), found);
    order(
        "over_achievement.tiers",
        &over.tiers,
        |a, b| a.from < b.from && a.share <= b.share && a.points <= b.points,
        found,
    );
    if over.tiers.first().is_some_and(|tier| tier.from <= Rate::ONE) {
        found.push(Fault::new("over_achievement.tiers.0.from", "须大于 1", "must be above 1"));
    }
}

fn thresholds(scheme: &Scheme, found: &mut Vec<Fault>) {
    let lights = &scheme.lights;
    let zero = Rate::default();
    let pairs = [
        ("status.partial_from", zero, scheme.status.partial_from),
        ("status.deviating_from", zero, scheme.status.deviating_from),
        ("explanation.high", Rate::ONE, scheme.explanation.high),
        ("qualitative.partial_from", zero, scheme.qualitative.partial_from),
        ("qualitative.full_from", scheme.qualitative.partial_from, scheme.qualitative.full_from),
        ("lights.yellow_from", zero, lights.yellow_from),
        ("lights.green_from", lights.yellow_from, lights.green_from),
        ("lights.blue_from", lights.green_from, lights.blue_from),
        ("lights.execution.yellow_from", zero, lights.execution.yellow_from),
        ("lights.execution.green_from", lights.execution.yellow_from, lights.execution.green_from),
    ];
    for (path, low, high) in pairs {
        if high <= low {
            found.push(Fault::new(path, format!("须大于 {low}"), format!("must be above {low}")));
        }
    }
}

fn grades(scheme: &Scheme, found: &mut Vec<Fault>) {
    let grades = &scheme.grades;
    order("grades", grades, |a, b| a.from > b.from && a.code < b.code, found);
    if grades.last().is_none_or(|grade| grade.from.0 != 0) {
        found.push(Fault::new("grades", "最低一档须从 0 起", "the lowest grade starts at 0"));
    }
    if let Some(at) = grades.iter().position(|grade| grade.from > Points(10_000)) {
        found.push(Fault::new(&format!("grades.{at}.from"), "不能大于 100", "must not be above 100"));
    }
}
