//! Assembling a declaration from its tables, in a fixed number of statements.

use std::collections::{BTreeMap, HashMap};

use jixiao_entity::id::{DeclarationId, IndicatorId, KeyTaskId, UserId};
use jixiao_entity::{
    achievement, actual_value, budget_line, declaration, declaration_result, indicator, indicator_task, key_task,
    report, target,
};
use jixiao_rules::actual::read_actual;
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::TargetWhich;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_rules::value::{Money, Points};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};

use super::model::{ActualValue, Declaration, Hands, Indicator, KeyTask, TargetState, ValueEntry};
use super::reported::{Reviews, reports_of, reviews_of};
use crate::ctx::UserRef;
use crate::error::Result;
use crate::{evidence, publication, scheme, user};

/// A declaration as its tables have it; achievements and results as stored, findings left to [`super::derive`].
pub(crate) async fn assemble(db: &impl ConnectionTrait, id: DeclarationId) -> Result<Declaration> {
    let row = declaration::Entity::find_by_id(id).one(db).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("declaration {} is gone", id.0))?;
    let scheme = scheme::by_id(db, row.scheme_id).await?;
    let budget = budget_line::Entity::find().filter(budget_line::Column::DeclarationId.eq(id)).all(db).await?;
    let tasks = key_task::Entity::find()
        .filter(key_task::Column::DeclarationId.eq(id))
        .order_by_asc(key_task::Column::Position)
        .all(db)
        .await?;
    let reports = report::Entity::find().filter(report::Column::DeclarationId.eq(id)).all(db).await?;
    let results = declaration_result::Entity::find().filter(declaration_result::Column::DeclarationId.eq(id));
    let results = results.all(db).await?;
    Ok(Declaration {
        id,
        department_id: row.department_id,
        fiscal_year: row.fiscal_year,
        scope: row.scope.0,
        round: row.round,
        status: row.status.0,
        version: row.version,
        revision: row.revision,
        scheme: scheme.reference(),
        publicly_funded_staff_count: row.publicly_funded_staff_count,
        subordinate_unit_count: row.subordinate_unit_count,
        overall_goal: row.overall_goal,
        budget: budget.into_iter().map(|line| (line.line.0, Money(line.amount))).collect(),
        key_tasks: tasks.into_iter().map(key_task_of).collect(),
        indicators: indicators(db, id, row.fiscal_year, &reports).await?,
        reports: reports_of(db, reports).await?,
        results: results
            .iter()
            .map(|row| Ok((row.period.0, serde_json::from_str(&row.detail)?)))
            .collect::<Result<BTreeMap<Period, DeclarationResult>>>()?,
        findings: Vec::new(),
        hands: Hands {
            edited_by: row.edited_by,
            submitted_by: row.submitted_by,
            forwarded_by: row.forwarded_by,
            accepted_by: row.accepted_by,
            agreed_by: row.agreed_by,
        },
        review_grade: row.review_grade.map(|grade| grade.0),
        review_opinion: row.review_opinion,
        approval_number: row.approval_number,
        approved_on: row.approved_on,
        created_at: row.created_at,
        carried_from: row.carried_from,
        adjustment_no: row.adjustment_no,
        adjustments: crate::adjustment::of_declaration(db, id).await?,
        publications: publication::of_declaration(db, id).await?,
    })
}

fn key_task_of(row: key_task::Model) -> KeyTask {
    KeyTask {
        id: row.id,
        name: row.name,
        description: row.description,
        planned_funding: row.planned_funding.map(Money),
        expected_result: row.expected_result,
    }
}

async fn indicators(
    db: &impl ConnectionTrait,
    id: DeclarationId,
    year: i32,
    reports: &[report::Model],
) -> Result<Vec<Indicator>> {
    let rows = indicator::Entity::find()
        .filter(indicator::Column::DeclarationId.eq(id))
        .order_by_asc(indicator::Column::Position)
        .all(db)
        .await?;
    let mut links = links(db, id).await?;
    let mut targets = targets(db, id).await?;
    let mut values = values(db, id, reports).await?;
    let mut evidence = evidence::of_reports(db, reports).await?;
    let mut quality = publication::statements(db, id).await?;
    let mut achievements: HashMap<IndicatorId, BTreeMap<Period, Achievement>> = HashMap::new();
    for row in achievement::Entity::find().filter(achievement::Column::DeclarationId.eq(id)).all(db).await? {
        let detail = serde_json::from_str(&row.detail)?;
        achievements.entry(row.indicator_id).or_default().insert(row.period.0, detail);
    }
    let indicator = |row: indicator::Model| {
        let mut indicator = Indicator {
            id: row.id,
            level1: row.level1.map(|level| level.0),
            level1_label: row.level1_label,
            level2: row.level2.map(|level| level.0),
            level2_label: row.level2_label,
            name: row.name,
            weight: row.weight.map(Points),
            weight_origin: row.weight_origin.map(|origin| origin.0),
            weight_scheme: row.weight_scheme_id,
            accumulation: row.accumulation.map(|accumulation| accumulation.0),
            key_tasks: links.remove(&row.id).unwrap_or_default(),
            general: row.general,
            carried_from: row.carried_from,
            original_target: row.original_target.as_deref().map(serde_json::from_str).transpose()?,
            cycle_target: targets.remove(&(row.id, TargetWhich::Cycle)),
            annual_target: targets.remove(&(row.id, TargetWhich::Annual)),
            values: values.remove(&row.id).unwrap_or_default(),
            evidence: evidence.remove(&row.id).unwrap_or_default(),
            quality: quality.remove(&row.id),
            achievements: achievements.remove(&row.id).unwrap_or_default(),
        };
        if indicator.original_target.is_some() {
            read_anew(&mut indicator, year);
        }
        Ok(indicator)
    };
    rows.into_iter().map(indicator).collect()
}

/// What was recorded before an adjustment is read against the target in force: the stored reading is of the old one.
fn read_anew(indicator: &mut Indicator, year: i32) {
    let context = super::context(&indicator.level1_label, indicator.level2_label.as_deref(), &indicator.name, year);
    let target = indicator.annual_target.as_ref().map(|target| &target.reading);
    for value in indicator.values.values_mut() {
        value.reading =
            value.entry.text.as_deref().zip(target).map(|(text, target)| read_actual(text, target, &context));
    }
}

async fn links(db: &impl ConnectionTrait, id: DeclarationId) -> Result<HashMap<IndicatorId, Vec<KeyTaskId>>> {
    let of_task: RelationDef = indicator_task::Entity::belongs_to(key_task::Entity)
        .from(indicator_task::Column::KeyTaskId)
        .to(key_task::Column::Id)
        .into();
    let rows = indicator_task::Entity::find()
        .join(JoinType::InnerJoin, of_task)
        .filter(key_task::Column::DeclarationId.eq(id))
        .order_by_asc(indicator_task::Column::KeyTaskId)
        .all(db)
        .await?;
    let mut links: HashMap<IndicatorId, Vec<KeyTaskId>> = HashMap::new();
    for row in rows {
        links.entry(row.indicator_id).or_default().push(row.key_task_id);
    }
    Ok(links)
}

async fn targets(
    db: &impl ConnectionTrait,
    id: DeclarationId,
) -> Result<HashMap<(IndicatorId, TargetWhich), TargetState>> {
    let rows = target::Entity::find()
        .join(JoinType::InnerJoin, of_indicator())
        .filter(indicator::Column::DeclarationId.eq(id))
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let reading = serde_json::from_str(&row.detail)?;
            let state = TargetState { reading, confirmed_by: row.confirmed_by, confirmed_at: row.confirmed_at };
            Ok(((row.indicator_id, row.which.0), state))
        })
        .collect()
}

fn of_indicator() -> RelationDef {
    target::Entity::belongs_to(indicator::Entity).from(target::Column::IndicatorId).to(indicator::Column::Id).into()
}

/// The values in force: of each indicator and period the last recorded.
async fn values(
    db: &impl ConnectionTrait,
    _id: DeclarationId,
    reports: &[report::Model],
) -> Result<HashMap<IndicatorId, BTreeMap<Period, ActualValue>>> {
    let mut values: HashMap<IndicatorId, BTreeMap<Period, ActualValue>> = HashMap::new();
    if reports.is_empty() {
        return Ok(values);
    }
    let rows = actual_value::Entity::find()
        .filter(actual_value::Column::ReportId.is_in(reports.iter().map(|report| report.id)))
        .order_by_asc(actual_value::Column::Id)
        .all(db)
        .await?;
    let mut people: Vec<UserId> = rows.iter().filter_map(|row| row.recorded_by).collect();
    people.sort_unstable();
    people.dedup();
    let names = user::names(db, &people).await?;
    let reviews = reviews_of(db, reports).await?;
    for row in rows {
        let Some(report) = reports.iter().find(|report| report.id == row.report_id) else { continue };
        let name = row.recorded_by.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        let (indicator, period) = (row.indicator_id, report.period.0);
        let reviews = reviews.get(&(report.id, indicator)).cloned().unwrap_or_default();
        values.entry(indicator).or_default().insert(period, value_of(row, name, reviews)?);
    }
    Ok(values)
}

fn value_of(row: actual_value::Model, recorded_by: String, reviews: Reviews) -> Result<ActualValue> {
    Ok(ActualValue {
        id: row.id,
        entry: ValueEntry {
            text: row.text,
            level: row.level.map(|level| level.0),
            score: row.score.map(Points),
            score_reason: row.score_reason,
            not_applicable_reason: row.not_applicable_reason,
            forecast_text: row.forecast_text,
            outlook: row.outlook.map(|outlook| outlook.0),
            note: row.note,
            deviations: serde_json::from_str(&row.deviations)?,
            unit_values: row.unit_values.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default(),
            corrective_action: row.corrective_action,
            sample_size: row.sample_size,
            confirmed: row.confirmed,
        },
        reading: row.detail.as_deref().map(serde_json::from_str).transpose()?,
        target_text: row.target_text,
        review: reviews.review,
        spot_check: reviews.spot_check,
        recorded_at: row.recorded_at,
        recorded_by: UserRef { id: row.recorded_by, display_name: recorded_by },
    })
}
