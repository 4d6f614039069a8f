//! The reports of a declaration: assembled from their tables, checked (rules 3.3, 3.4), and added up by finance's scores.

use std::collections::{BTreeMap, HashMap};

use jixiao_entity::id::{IndicatorId, ReportId, UserId};
use jixiao_entity::{indicator_review, rectification, report, report_fund};
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::aggregate::{Aggregate, Unfit, aggregate};
use jixiao_rules::assess::{self, Achievement, Input, Occasion};
use jixiao_rules::check::{self, Amounts, Forecast, ReportRow};
use jixiao_rules::cycle::{Period, ReviewStage};
use jixiao_rules::execution::Execution;
use jixiao_rules::kind::{FundSource, Status};
use jixiao_rules::rollup::{self, DeclarationResult, Reviewed};
use jixiao_rules::scheme::Scheme;
use jixiao_rules::value::{Money, Points};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::derive::{execution, input, maximum_scores, occasion};
use super::model::{ActualValue, Declaration, Hands, Indicator, ValueEntry};
use super::report::{Rectification, Report, ReportedExecution, Review, Summary};
use crate::ctx::UserRef;
use crate::error::Result;
use crate::user;

/// Finance's last words on one indicator in one report.
#[derive(Clone, Debug, Default)]
pub(super) struct Reviews {
    pub(super) review: Option<Review>,
    pub(super) spot_check: Option<Review>,
}

/// The reports as their tables have them; findings left to [`check_reports`].
pub(super) async fn reports_of(
    db: &impl ConnectionTrait,
    rows: Vec<report::Model>,
) -> Result<BTreeMap<Period, Report>> {
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<ReportId> = rows.iter().map(|row| row.id).collect();
    let funds = report_fund::Entity::find().filter(report_fund::Column::ReportId.is_in(ids.iter().copied()));
    let mut parts: HashMap<ReportId, BTreeMap<FundSource, Amounts>> = HashMap::new();
    for row in funds.all(db).await? {
        parts.entry(row.report_id).or_default().insert(
            row.source.0,
            Amounts {
                initial_budget: row.initial_budget.map(Money),
                annual_budget: row.annual_budget.map(Money),
                executed: row.executed.map(Money),
                forecast: row.forecast.map(Money),
            },
        );
    }
    let mut rectifications = rectifications(db, &ids).await?;
    let made = rows.into_iter().map(|row| {
        let id = row.id;
        let parts = parts.remove(&id).unwrap_or_default();
        (row.period.0, report_of(row, parts, rectifications.remove(&id).unwrap_or_default()))
    });
    Ok(made.collect())
}

fn report_of(row: report::Model, parts: BTreeMap<FundSource, Amounts>, rectifications: Vec<Rectification>) -> Report {
    Report {
        status: row.status.0,
        revision: row.revision,
        execution: ReportedExecution {
            initial_budget: row.initial_budget.map(Money),
            annual_budget: row.annual_budget.map(Money),
            executed: row.executed.map(Money),
            forecast: row.forecast.map(Money),
            reason: row.execution_reason,
            parts,
        },
        hands: Hands {
            edited_by: row.edited_by,
            submitted_by: row.submitted_by,
            forwarded_by: row.forwarded_by,
            accepted_by: row.accepted_by,
            agreed_by: None,
        },
        submitted_at: row.submitted_at,
        months: row.months.and_then(|months| u32::try_from(months).ok()),
        late_days: row.late_days.and_then(|days| u32::try_from(days).ok()),
        review_opinion: row.review_opinion,
        summary: Summary {
            overall_goal_result: row.overall_goal_result,
            conclusion: row.conclusion,
            problems: row.problems,
            improvement_measures: row.improvement_measures,
        },
        spot_checked: row.spot_checked_at.map(|at| (row.spot_checked_by, at)),
        rectifications,
        findings: Vec::new(),
    }
}

/// Names of people, as they are today.
pub(crate) struct Names(BTreeMap<UserId, String>);

impl Names {
    pub(crate) async fn load(db: &impl ConnectionTrait, people: impl Iterator<Item = Option<UserId>>) -> Result<Self> {
        let mut ids: Vec<UserId> = people.flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(user::names(db, &ids).await?))
    }

    pub(crate) fn of(&self, id: Option<UserId>) -> UserRef {
        let display_name = id.and_then(|id| self.0.get(&id)).cloned().unwrap_or_default();
        UserRef { id, display_name }
    }
}

impl Rectification {
    /// Who had a part in it.
    pub(crate) fn people(row: &rectification::Model) -> [Option<UserId>; 3] {
        [row.requested_by, row.responded_by, row.concluded_by]
    }

    /// As its row has it.
    pub(crate) fn of(row: rectification::Model, names: &Names) -> Self {
        Self {
            id: row.id,
            indicator_id: row.indicator_id,
            status: row.status.0,
            request: row.request,
            due_on: row.due_on,
            requested: (names.of(row.requested_by), row.requested_at),
            response: row.response,
            responded: row.responded_at.map(|at| (names.of(row.responded_by), at)),
            conclusion: row.conclusion,
            concluded: row.concluded_at.map(|at| (names.of(row.concluded_by), at)),
            reopened: row.reopened,
        }
    }
}

async fn rectifications(
    db: &impl ConnectionTrait,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, Vec<Rectification>>> {
    let rows = rectification::Entity::find()
        .filter(rectification::Column::ReportId.is_in(reports.iter().copied()))
        .order_by_asc(rectification::Column::Id)
        .all(db)
        .await?;
    let names = Names::load(db, rows.iter().flat_map(Rectification::people)).await?;
    let mut found: HashMap<ReportId, Vec<Rectification>> = HashMap::new();
    for row in rows {
        found.entry(row.report_id).or_default().push(Rectification::of(row, &names));
    }
    Ok(found)
}

/// Finance's last words on each indicator of each report.
pub(super) async fn reviews_of(
    db: &impl ConnectionTrait,
    reports: &[report::Model],
) -> Result<HashMap<(ReportId, IndicatorId), Reviews>> {
    let rows = indicator_review::Entity::find()
        .filter(indicator_review::Column::ReportId.is_in(reports.iter().map(|report| report.id)))
        .order_by_asc(indicator_review::Column::Id)
        .all(db)
        .await?;
    let names = Names::load(db, rows.iter().map(|row| row.reviewed_by)).await?;
    let mut found: HashMap<(ReportId, IndicatorId), Reviews> = HashMap::new();
    for row in rows {
        let reviews = found.entry((row.report_id, row.indicator_id)).or_default();
        let said = Review {
            of: row.actual_value_id,
            score: row.score.map(Points),
            opinion: row.opinion,
            accepts_not_applicable: row.accepts_not_applicable,
            target_set_too_low: row.target_set_too_low,
            reviewed_by: names.of(row.reviewed_by),
            reviewed_at: row.reviewed_at,
        };
        match row.stage.0 {
            ReviewStage::Review => reviews.review = Some(said),
            ReviewStage::SpotCheck => reviews.spot_check = Some(said),
        }
    }
    Ok(found)
}

/// Adds the totals by finance's review and by the spot check: a row that was not scored again keeps the score it had.
pub(super) fn scored_again(
    result: &mut DeclarationResult,
    declaration: &Declaration,
    period: Period,
    money: &Execution,
    scheme: &Scheme,
) {
    let values = || declaration.indicators.iter().map(|indicator| indicator.values.get(&period));
    let maximum = maximum_scores(declaration, period, scheme);
    let own: Vec<Achievement> =
        declaration.indicators.iter().filter_map(|indicator| indicator.achievements.get(&period)).cloned().collect();
    let occasion = occasion(declaration, period);
    let reviewed: Vec<Achievement> = declaration
        .indicators
        .iter()
        .zip(&own)
        .zip(maximum)
        .map(|((indicator, own), max)| again(indicator, own, period, input(indicator, period, max, occasion), scheme))
        .collect();
    let checked: Vec<Achievement> = values()
        .zip(&reviewed)
        .map(|(value, made)| rescored(made, value.and_then(ActualValue::spot_checked).and_then(|check| check.score)))
        .collect();
    let during_year = period != Period::YearEnd;
    let total = |rows: &[Achievement], last: fn(&ActualValue) -> Option<&Review>, valid: fn(&ActualValue) -> bool| {
        let looked_at = values().flatten().filter(|value| last(value).is_some()).count();
        if looked_at == 0 {
            return None;
        }
        let made = rollup::declaration(rows, money, scheme, during_year);
        let current = values().flatten().filter(|value| last(value).is_some() && valid(value)).count();
        let whole = current == looked_at;
        Some(Reviewed {
            score: made.score.filter(|_| whole),
            grade: made.grade.filter(|_| whole),
            rows: i64::try_from(current).unwrap_or(i64::MAX),
        })
    };
    result.reviewed = total(&reviewed, |value| value.review.as_ref(), |value| value.reviewed().is_some());
    result.spot_checked = total(&checked, |value| value.spot_check.as_ref(), |value| value.spot_checked().is_some());
}

/// One row with finance's score: given, or computed anew with the cause that finance recorded.
fn again(indicator: &Indicator, own: &Achievement, period: Period, input: Input<'_>, scheme: &Scheme) -> Achievement {
    let Some(review) = indicator.values.get(&period).and_then(ActualValue::reviewed) else { return own.clone() };
    if review.score.is_none() && review.target_set_too_low && own.status != Status::NotApplicable {
        let input = Input { target_set_too_low: true, ..input };
        return rescored(own, assess::assess(&input, scheme).score);
    }
    rescored(own, review.score)
}

fn rescored(own: &Achievement, score: Option<Points>) -> Achievement {
    let mut made = own.clone();
    if let (Some(max), Some(score)) = (made.max_score, score) {
        made.score = Some(score.min(max));
    }
    made
}

/// The checks of every report that was begun.
pub(super) fn check_reports(declaration: &mut Declaration, scheme: &Scheme) {
    let periods: Vec<Period> = declaration.reports.keys().copied().collect();
    for period in periods {
        let findings = findings(declaration, period, scheme);
        if let Some(report) = declaration.reports.get_mut(&period) {
            report.findings = findings;
        }
    }
}

fn findings(declaration: &Declaration, period: Period, scheme: &Scheme) -> Vec<jixiao_rules::message::Finding> {
    let Some(report) = declaration.reports.get(&period) else { return Vec::new() };
    let maximum = maximum_scores(declaration, period, scheme);
    let occasion = occasion(declaration, period);
    let rows = declaration.indicators.iter().zip(maximum).filter_map(|(indicator, max)| {
        let achievement = indicator.achievements.get(&period)?;
        Some(row(declaration, indicator, period, input(indicator, period, max, occasion), achievement, scheme))
    });
    let reported = &report.execution;
    let [initial_budget, annual_budget] = declaration.budgets(period);
    let money = execution(declaration, period, scheme);
    let seen = check::Report {
        rows: rows.collect(),
        total: Amounts { initial_budget, annual_budget, executed: reported.executed, forecast: reported.forecast },
        parts: &reported.parts,
        execution: &money,
        execution_reason: reported.reason.is_some(),
        adjustment_requested: declaration.adjustments.iter().any(|adjustment| !adjustment.status.is_final()),
        occasion,
    };
    check::report(&seen, scheme)
}

fn row<'a>(
    declaration: &'a Declaration,
    indicator: &'a Indicator,
    period: Period,
    input: Input<'a>,
    achievement: &'a Achievement,
    scheme: &Scheme,
) -> ReportRow<'a> {
    let value = indicator.values.get(&period);
    let entry = value.map(|value| &value.entry);
    let earlier = indicator.values.range(..period).filter_map(|(_, value)| value.reading.as_ref()).next_back();
    ReportRow {
        achievement,
        given_against: value.and_then(|value| value.target_text.as_deref()),
        confirmed: entry.is_some_and(|entry| entry.confirmed),
        forecast: forecast(declaration, indicator, period, &input, scheme),
        outlook: entry.and_then(|entry| entry.outlook),
        causes: entry.map_or(0, |entry| entry.deviations.len()),
        corrective_action: entry.is_some_and(|entry| entry.corrective_action.is_some()),
        score_reason: entry.is_some_and(|entry| entry.score_reason.is_some()),
        evidence: indicator.evidence_in(period).len(),
        earlier,
        units: entry.and_then(|entry| aggregated(indicator, entry, declaration.fiscal_year)),
        review_outdated: value.is_some_and(|value| value.review.is_some() && value.reviewed().is_none()),
        input,
    }
}

/// What the units of an entry add up to; `None` where it has none, or there is no target.
#[must_use]
pub fn aggregated(indicator: &Indicator, entry: &ValueEntry, year: i32) -> Option<Result<Aggregate, Vec<Unfit>>> {
    let target = indicator.annual_target.as_ref().filter(|_| !entry.unit_values.is_empty())?;
    let (label1, label2) = (&indicator.level1_label, indicator.level2_label.as_deref());
    let context = super::context(label1, label2, &indicator.name, year);
    Some(aggregate(&entry.unit_values, &target.reading, &context))
}

/// The forecast read against the target, and judged as if the year had ended with it.
fn forecast(
    declaration: &Declaration,
    indicator: &Indicator,
    period: Period,
    input: &Input<'_>,
    scheme: &Scheme,
) -> Option<Forecast> {
    let text = indicator.values.get(&period)?.entry.forecast_text.as_deref()?;
    let (label1, label2) = (&indicator.level1_label, indicator.level2_label.as_deref());
    let context = super::context(label1, label2, &indicator.name, declaration.fiscal_year);
    let reading: Actual = read_actual(text, input.target?, &context);
    let judged = Input {
        actual: Some(&reading),
        level: None,
        score: None,
        not_applicable: None,
        occasion: Occasion::YearEnd,
        ..*input
    };
    let achievement = assess::assess(&judged, scheme);
    Some(Forecast { reading, achievement })
}
