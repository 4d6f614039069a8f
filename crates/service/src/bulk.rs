//! Many declarations at once, assembled elsewhere: for measuring and for moving a whole country's data in. They are
//! derived by the same code as everybody's and leave the same rows, documents and audit entries, so that `doctor` finds
//! nothing; only the statements are fewer. For the operator, on a database that nobody else writes to meanwhile.

use jixiao_entity::id::{ActualValueId, DeclarationId, DepartmentId, IndicatorId, JurisdictionId, KeyTaskId, ReportId};
use jixiao_entity::stored::Word;
use jixiao_entity::{
    achievement, actual_value, audit_entry, budget_line, declaration, declaration_document, declaration_result,
    declaration_version, department, indicator, indicator_body, indicator_text, key_task, report, target,
};
use jixiao_rules::cycle::{Act, Period};
use jixiao_rules::kind::TargetWhich;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QuerySelect};

use crate::actual_value::value_row;
use crate::audit::{self, NewEntry, sha256};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::{Declaration, Indicator, achievement_row, derive, result_row, target_row};
use crate::error::{Result, ServiceError};
use crate::{finding, rollup, scheme, search};

/// Values in one statement: SQLite takes 32,766, PostgreSQL twice as many.
const MAX_VALUES: usize = 30_000;

/// A department to be made.
#[derive(Clone, Debug)]
pub struct NewDepartment {
    /// Code, 4 to 12 digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it belongs.
    pub jurisdiction: JurisdictionId,
}

fn operator_only(ctx: &Ctx) -> Result<()> {
    if ctx.actor == Actor::Operator { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Makes departments; gives their keys in order. One audit entry tells how many.
///
/// # Errors
/// `Forbidden` for everybody but the operator; when a code exists.
pub async fn departments(db: &Db, ctx: &Ctx, new: &[NewDepartment]) -> Result<Vec<DepartmentId>> {
    operator_only(ctx)?;
    let txn = db.begin_write().await?;
    let first = next_key::<department::Entity>(&txn, department::Column::Id).await?;
    let keys: Vec<DepartmentId> = (first..).map(DepartmentId).take(new.len()).collect();
    let rows = new.iter().zip(&keys).map(|(new, id)| department::ActiveModel {
        id: Set(*id),
        code: Set(new.code.clone()),
        name: Set(new.name.clone()),
        jurisdiction_id: Set(new.jurisdiction),
        review_level: Set(true),
    });
    insert(&txn, rows.collect()).await?;
    advance(&txn, &["department"]).await?;
    let entry = entry(Act::Administer, format!("Department:{first}"), format!("{} departments", new.len()));
    audit::append(&txn, ctx, entry).await?;
    txn.commit().await?;
    Ok(keys)
}

fn entry(act: Act, node: String, reason: String) -> NewEntry {
    let reason = Some(reason);
    NewEntry { act, role: None, node, department: None, reason, changes: Vec::new(), document_sha256: None }
}

/// Rows of all tables for some declarations.
#[derive(Default)]
struct Rows {
    declarations: Vec<declaration::ActiveModel>,
    versions: Vec<declaration_version::ActiveModel>,
    documents: Vec<declaration_document::ActiveModel>,
    budget: Vec<budget_line::ActiveModel>,
    tasks: Vec<key_task::ActiveModel>,
    indicators: Vec<indicator::ActiveModel>,
    texts: Vec<indicator_text::ActiveModel>,
    bodies: Vec<indicator_body::ActiveModel>,
    targets: Vec<target::ActiveModel>,
    reports: Vec<report::ActiveModel>,
    values: Vec<actual_value::ActiveModel>,
    achievements: Vec<achievement::ActiveModel>,
    results: Vec<declaration_result::ActiveModel>,
    entries: Vec<NewEntry>,
}

/// The next free keys.
struct Keys {
    declaration: i64,
    task: i64,
    indicator: i64,
    report: i64,
    value: i64,
}

/// Takes a key.
fn take(next: &mut i64) -> i64 {
    *next += 1;
    *next - 1
}

/// Writes declarations in one transaction; whatever keys they carry are replaced, and everything computed is computed.
/// Gives them back as stored.
///
/// # Errors
/// `Forbidden` for everybody but the operator; when one exists already.
pub async fn declarations(db: &Db, ctx: &Ctx, mut made: Vec<Declaration>) -> Result<Vec<Declaration>> {
    operator_only(ctx)?;
    let txn = db.begin_write().await?;
    let mut keys = Keys {
        declaration: next_key::<declaration::Entity>(&txn, declaration::Column::Id).await?,
        task: next_key::<key_task::Entity>(&txn, key_task::Column::Id).await?,
        indicator: next_key::<indicator::Entity>(&txn, indicator::Column::Id).await?,
        report: next_key::<report::Entity>(&txn, report::Column::Id).await?,
        value: next_key::<actual_value::Entity>(&txn, actual_value::Column::Id).await?,
    };
    let mut rows = Rows::default();
    for declaration in &mut made {
        let scheme = scheme::by_id(&txn, declaration.scheme.id).await?;
        number(declaration, &mut keys);
        // Weights are fixed with the approved target; here they are derived as in the draft before it.
        let version = std::mem::take(&mut declaration.version);
        derive(declaration, &scheme.scheme);
        declaration.version = version;
        collect(ctx, &mut rows, declaration, &mut keys)?;
    }
    rows.write(&txn, ctx).await?;
    rollup::record(&txn, made.iter().map(|declaration| (None, declaration))).await?;
    advance(&txn, &["declaration", "key_task", "indicator", "report", "actual_value"]).await?;
    finding::fresh(&txn, ctx, &made).await?;
    txn.commit().await?;
    Ok(made)
}

/// Gives a declaration and all that has a key its own.
fn number(declaration: &mut Declaration, keys: &mut Keys) {
    declaration.id = DeclarationId(take(&mut keys.declaration));
    // What only commands make has no place in a template.
    (declaration.adjustments, declaration.adjustment_no, declaration.carried_from) = (Vec::new(), 0, None);
    declaration.publications.clear();
    declaration.hands.agreed_by = None;
    for task in &mut declaration.key_tasks {
        task.id = KeyTaskId(take(&mut keys.task));
    }
    for indicator in &mut declaration.indicators {
        indicator.id = IndicatorId(take(&mut keys.indicator));
        (indicator.key_tasks, indicator.original_target, indicator.quality) = (Vec::new(), None, None);
        indicator.carried_from = None;
        for value in indicator.values.values_mut() {
            value.id = ActualValueId(take(&mut keys.value));
            (value.review, value.spot_check) = (None, None);
        }
    }
    // Scores of reviewers, fund rows by source and rectifications have keys of their own and are not carried.
    for report in declaration.reports.values_mut() {
        report.rectifications.clear();
        report.execution.parts.clear();
        report.spot_checked = None;
    }
}

fn collect(ctx: &Ctx, rows: &mut Rows, made: &Declaration, keys: &mut Keys) -> Result<()> {
    let id = made.id;
    rows.declarations.push(declaration_row(ctx, made));
    if let (true, Some(number), Some(on)) = (made.version > 0, &made.approval_number, made.approved_on) {
        rows.versions.push(declaration_version::ActiveModel {
            declaration_id: Set(id),
            version: Set(made.version),
            document_number: Set(1),
            approval_number: Set(number.clone()),
            approved_on: Set(on),
            approved_by: Set(made.hands.accepted_by),
            approved_at: Set(ctx.now),
        });
    }
    rows.budget.extend(made.budget.iter().map(|(line, amount)| budget_line::ActiveModel {
        declaration_id: Set(id),
        line: Set(Word(*line)),
        amount: Set(amount.0),
    }));
    rows.tasks.extend(made.key_tasks.iter().zip(1..).map(|(task, position)| key_task::ActiveModel {
        id: Set(task.id),
        declaration_id: Set(id),
        position: Set(position),
        name: Set(task.name.clone()),
        description: Set(task.description.clone()),
        planned_funding: Set(task.planned_funding.map(|amount| amount.0)),
        expected_result: Set(task.expected_result.clone()),
    }));
    let mut reports = Vec::new();
    for period in made.reports.keys() {
        let key = ReportId(take(&mut keys.report));
        reports.push((*period, key));
        rows.reports.push(report_row(ctx, made, *period, key));
    }
    for (indicator, position) in made.indicators.iter().zip(1..) {
        collect_indicator(ctx, rows, made, indicator, position, &reports)?;
    }
    for (period, result) in &made.results {
        rows.results.push(result_row(made, *period, result)?);
    }
    let body = serde_json::to_string(made)?;
    let sha = sha256(body.as_bytes());
    let mut entry = entry(Act::DeclarationImport, format!("Declaration:{}", id.0), "bulk".to_owned());
    (entry.department, entry.document_sha256) = (Some(made.department_id), Some(sha.clone()));
    rows.entries.push(entry);
    rows.documents.push(declaration_document::ActiveModel {
        declaration_id: Set(id),
        number: Set(1),
        at: Set(ctx.now),
        body: Set(body),
        sha256: Set(sha),
    });
    Ok(())
}

fn collect_indicator(
    ctx: &Ctx,
    rows: &mut Rows,
    made: &Declaration,
    indicator: &Indicator,
    position: i32,
    reports: &[(Period, ReportId)],
) -> Result<()> {
    rows.indicators.push(indicator::ActiveModel {
        id: Set(indicator.id),
        declaration_id: Set(made.id),
        position: Set(position),
        level1: Set(indicator.level1.map(Word)),
        level1_label: Set(indicator.level1_label.clone()),
        level2: Set(indicator.level2.map(Word)),
        level2_label: Set(indicator.level2_label.clone()),
        name: Set(indicator.name.clone()),
        weight: Set(indicator.weight.map(|points| points.0)),
        weight_origin: Set(indicator.weight_origin.map(Word)),
        weight_scheme_id: Set(indicator.weight_scheme),
        accumulation: Set(indicator.accumulation.map(Word)),
        general: Set(indicator.general),
        original_target: Set(None),
        carried_from: Set(None),
    });
    rows.texts.push(search::text_row(indicator));
    rows.bodies.push(crate::indicator::body_row(indicator)?);
    for which in [TargetWhich::Annual, TargetWhich::Cycle] {
        if let Some(state) = indicator.target(which) {
            let mut row = target_row(indicator.id, which, &state.reading)?;
            row.confirmed_by = Set(state.confirmed_by);
            row.confirmed_at = Set(state.confirmed_at);
            rows.targets.push(row);
        }
    }
    for (period, key) in reports {
        if let Some(value) = indicator.values.get(period) {
            let mut row = value_row(ctx, *key, indicator.id, value, None)?;
            row.id = Set(value.id);
            row.recorded_by = Set(value.recorded_by.id);
            row.recorded_at = Set(value.recorded_at);
            rows.values.push(row);
        }
    }
    for (period, achievement) in &indicator.achievements {
        rows.achievements.push(achievement_row(ctx, made, indicator, *period, achievement)?);
    }
    Ok(())
}

fn declaration_row(ctx: &Ctx, made: &Declaration) -> declaration::ActiveModel {
    declaration::ActiveModel {
        id: Set(made.id),
        department_id: Set(made.department_id),
        fiscal_year: Set(made.fiscal_year),
        scope: Set(Word(made.scope)),
        round: Set(made.round),
        status: Set(Word(made.status)),
        version: Set(made.version),
        revision: Set(made.revision),
        document_number: Set(1),
        scheme_id: Set(made.scheme.id),
        publicly_funded_staff_count: Set(made.publicly_funded_staff_count),
        subordinate_unit_count: Set(made.subordinate_unit_count),
        overall_goal: Set(made.overall_goal.clone()),
        edited_by: Set(made.hands.edited_by),
        submitted_by: Set(made.hands.submitted_by),
        forwarded_by: Set(made.hands.forwarded_by),
        accepted_by: Set(made.hands.accepted_by),
        agreed_by: Set(None),
        carried_from: Set(None),
        adjustment_no: Set(0),
        review_grade: Set(made.review_grade.map(Word)),
        review_opinion: Set(made.review_opinion.clone()),
        approval_number: Set(made.approval_number.clone()),
        approved_on: Set(made.approved_on),
        created_at: Set(made.created_at),
        updated_at: Set(ctx.now),
    }
}

fn report_row(ctx: &Ctx, made: &Declaration, period: Period, key: ReportId) -> report::ActiveModel {
    let Some(report) = made.reports.get(&period) else {
        return report::ActiveModel { id: NotSet, ..Default::default() };
    };
    let execution = &report.execution;
    report::ActiveModel {
        id: Set(key),
        declaration_id: Set(made.id),
        period: Set(Word(period)),
        status: Set(Word(report.status)),
        revision: Set(report.revision),
        initial_budget: Set(execution.initial_budget.map(|amount| amount.0)),
        annual_budget: Set(execution.annual_budget.map(|amount| amount.0)),
        executed: Set(execution.executed.map(|amount| amount.0)),
        forecast: Set(execution.forecast.map(|amount| amount.0)),
        execution_reason: Set(execution.reason.clone()),
        edited_by: Set(report.hands.edited_by),
        submitted_by: Set(report.hands.submitted_by),
        submitted_at: Set(report.submitted_at),
        forwarded_by: Set(report.hands.forwarded_by),
        accepted_by: Set(report.hands.accepted_by),
        review_opinion: Set(report.review_opinion.clone()),
        months: Set(report.months.and_then(|months| i32::try_from(months).ok())),
        late_days: Set(report.late_days.and_then(|days| i32::try_from(days).ok())),
        overall_goal_result: Set(report.summary.overall_goal_result.clone()),
        conclusion: Set(report.summary.conclusion.clone()),
        problems: Set(report.summary.problems.clone()),
        improvement_measures: Set(report.summary.improvement_measures.clone()),
        spot_checked_by: Set(None),
        spot_checked_at: Set(None),
        updated_at: Set(ctx.now),
    }
}

impl Rows {
    async fn write(self, txn: &DatabaseTransaction, ctx: &Ctx) -> Result<()> {
        insert(txn, self.declarations).await?;
        insert(txn, self.versions).await?;
        insert(txn, self.budget).await?;
        insert(txn, self.tasks).await?;
        insert(txn, self.indicators).await?;
        insert(txn, self.texts).await?;
        insert(txn, self.bodies).await?;
        insert(txn, self.targets).await?;
        insert(txn, self.reports).await?;
        insert(txn, self.values).await?;
        insert(txn, self.achievements).await?;
        insert(txn, self.results).await?;
        insert(txn, self.documents).await?;
        insert(
            txn,
            audit::chained(txn, ctx, self.entries)
                .await?
                .into_iter()
                .map(Into::into)
                .collect::<Vec<audit_entry::ActiveModel>>(),
        )
        .await
    }
}

/// Inserts rows in as few statements as the database takes.
async fn insert<A: ActiveModelTrait>(txn: &DatabaseTransaction, rows: Vec<A>) -> Result<()> {
    use sea_orm::Iterable as _;
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<A> = rows.by_ref().take(MAX_VALUES / columns).collect();
        A::Entity::insert_many(some).exec_without_returning(txn).await?;
    }
    Ok(())
}

async fn next_key<E: EntityTrait>(txn: &DatabaseTransaction, id: E::Column) -> Result<i64> {
    let last: Option<Option<i64>> =
        E::find().select_only().column_as(sea_orm::ColumnTrait::max(&id), "last").into_tuple().one(txn).await?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// On PostgreSQL the counters must be told of keys that were given; SQLite sees them by itself.
async fn advance(txn: &DatabaseTransaction, tables: &[&str]) -> Result<()> {
    if txn.get_database_backend() == DbBackend::Postgres {
        for table in tables {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT MAX(id) FROM {table}), 1))"
            );
            txn.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}
