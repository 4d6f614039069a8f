//! The frame of every command on a declaration: hold it, change its tables, settle what follows.

use jixiao_entity::id::DeclarationId;
use jixiao_entity::stored::Word;
use jixiao_entity::{achievement, declaration, declaration_document, declaration_result, indicator};
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::{Act, Period, Role};
use jixiao_rules::kind::Status;
use jixiao_rules::rollup::DeclarationResult;
use jixiao_rules::summary::Sums;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use serde_json::Value;

use super::model::{Declaration, Indicator};
use super::read::Whole;
use crate::audit::{self, NewEntry, sha256};
use crate::ctx::Ctx;
use crate::department::{self, Department};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::finding;
use crate::policy::{Scope, Territory};
use crate::rollup;
use crate::scheme::{self, Stored};
use crate::search;

/// A declaration locked for the rest of the transaction, as it stands.
pub(crate) struct Held {
    pub(crate) declaration: Declaration,
    pub(crate) department: Department,
    pub(crate) territory: Territory,
    pub(crate) scheme: Stored,
}

impl Held {
    /// The declaration as it was held.
    pub(crate) fn whole(self) -> Whole {
        Whole { declaration: self.declaration, department: self.department }
    }
}

/// Locks a declaration that the caller may see.
///
/// # Errors
/// `NOT_FOUND` at `field` when there is none.
pub(crate) async fn hold(txn: &DatabaseTransaction, ctx: &Ctx, id: DeclarationId, field: &str) -> Result<Held> {
    let not_found = || ServiceError::not_found(field);
    let row = declaration::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(not_found)?;
    let department = department::by_id(txn, ctx, row.department_id).await?.ok_or_else(not_found)?;
    let territory = Territory::of(txn, department.id, department.jurisdiction_id).await?;
    if !Scope::of(ctx).shows(row.status.0, &territory) {
        return Err(not_found());
    }
    let document = declaration_document::Entity::find_by_id((id, row.document_number)).one(txn).await?;
    let document = document.ok_or_else(|| anyhow::anyhow!("declaration {} has no document", id.0))?;
    Ok(Held {
        declaration: serde_json::from_str(&document.body)?,
        territory,
        department,
        scheme: scheme::by_id(txn, row.scheme_id).await?,
    })
}

/// A revision the caller has seen, and the one in force.
pub(crate) struct Revision<'a> {
    /// What it is of, as the log names it.
    pub(crate) node: &'a str,
    pub(crate) expected: i32,
    pub(crate) actual: i32,
    /// Input field of the expected one.
    pub(crate) field: &'a str,
}

/// Refuses a stale revision, telling who changed what since.
pub(crate) async fn check_revision(txn: &impl ConnectionTrait, revision: Revision<'_>) -> Result<()> {
    let Revision { node, expected, actual, field } = revision;
    if expected == actual {
        return Ok(());
    }
    let since = audit::since(txn, node, expected).await?;
    let told: Vec<(String, String)> = since.iter().take(MAX_TOLD).map(tell).collect();
    let (mut zh, mut en): (Vec<String>, Vec<String>) = told.into_iter().unzip();
    if since.len() > MAX_TOLD {
        zh.push(format!("以及更早的{}次修改", since.len() - MAX_TOLD));
        en.push(format!("and {} earlier changes", since.len() - MAX_TOLD));
    }
    let (zh, en) = (zh.join("; "), en.join("; "));
    let zh = format!("数据已被修改: {zh}。当前修订号为{actual}, 提交的修订号为{expected}, 请刷新后重试");
    let en = format!("changed meanwhile: {en}. The revision is {actual}, {expected} was expected");
    Err(Violation::new(UserErrorCode::Conflict, field, zh, en).into())
}

/// Most changes that a conflict names one by one, the latest first.
const MAX_TOLD: usize = 20;
/// Assessments in one statement: 17 values each, and SQLite takes 32,766.
const ROWS: usize = 1_000;

/// Who, when, and what, in both languages.
fn tell(entry: &audit::Entry) -> (String, String) {
    let name = &entry.actor_name;
    let at = entry.at.date_time().format("%Y-%m-%dT%H:%M:%SZ");
    let count = |path: &str| path == "revision" || path.ends_with(".revision") || path.starts_with("hands.");
    let paths: Vec<&str> =
        entry.changes.iter().map(|change| change.path.as_str()).filter(|path| !count(path)).collect();
    let more = if paths.len() > MAX_PATHS { ", …" } else { "" };
    let paths = format!("{}{more}", paths[..paths.len().min(MAX_PATHS)].join(", "));
    (format!("{name}于{at}修改了 {paths}"), format!("{name} at {at} ({paths})"))
}

/// Most paths named of one change.
const MAX_PATHS: usize = 10;

/// What a command did, for the log.
pub(crate) struct Change<'a> {
    pub(crate) act: Act,
    pub(crate) role: Option<Role>,
    pub(crate) node: String,
    pub(crate) reason: Option<String>,
    pub(crate) before: Option<&'a Declaration>,
}

/// Computes everything anew from the tables, stores what differs, writes the document and the audit entry.
/// The last call before commit.
pub(crate) async fn settle(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    id: DeclarationId,
    change: Change<'_>,
) -> Result<Declaration> {
    let stored = super::assemble(txn, id).await?;
    let scheme = scheme::by_id(txn, stored.scheme.id).await?;
    let mut after = stored.clone();
    super::derive(&mut after, &scheme.scheme);
    store_weights(txn, &stored, &after).await?;
    store_achievements(txn, ctx, &stored, &after, change.before).await?;
    store_results(txn, &stored, &after, change.before).await?;
    rollup::record(txn, [(change.before, &after)]).await?;
    search::store(txn, change.before, &after).await?;
    crate::indicator::store(txn, change.before, &after).await?;

    let body = serde_json::to_string(&after)?;
    let sha = sha256(body.as_bytes());
    let number = next_number(txn, ctx, id).await?;
    let document = declaration_document::ActiveModel {
        declaration_id: Set(id),
        number: Set(number),
        at: Set(ctx.now),
        body: Set(body),
        sha256: Set(sha.clone()),
    };
    declaration_document::Entity::insert(document).exec_without_returning(txn).await?;
    finding::settle(txn, ctx, &change, &after, &scheme.scheme).await?;
    let changes = match change.before {
        Some(before) => audit::diff(&stated(before)?, &stated(&after)?),
        None => audit::diff(&Value::Null, &in_short(stated(&after)?)),
    };
    let entry = NewEntry {
        act: change.act,
        role: change.role,
        node: change.node,
        department: Some(after.department_id),
        reason: change.reason,
        changes,
        document_sha256: Some(sha),
    };
    audit::append(txn, ctx, entry).await?;
    finding::current(txn, ctx, change.before, &after).await?;
    Ok(after)
}

/// What people stated, without what follows from it: the log tells the former, the document holds both.
fn stated(declaration: &Declaration) -> Result<Value> {
    let mut value = serde_json::to_value(declaration)?;
    if let Some(fields) = value.as_object_mut() {
        fields.remove("results");
        fields.remove("findings");
        // The log finds items of a list by their key, so that their order needs a line of its own.
        for (list, order) in [("indicators", "indicatorOrder"), ("keyTasks", "keyTaskOrder")] {
            let ids = fields.get(list).and_then(Value::as_array).into_iter().flatten();
            let ids: Vec<String> = ids.filter_map(|item| item.get("id")).map(Value::to_string).collect();
            fields.insert(order.to_owned(), Value::String(ids.join(",")));
        }
    }
    for adjustment in value.get_mut("adjustments").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = adjustment.as_object_mut() {
            fields.remove("findings");
        }
    }
    for indicator in value.get_mut("indicators").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = indicator.as_object_mut() {
            fields.remove("achievements");
        }
    }
    for report in value.get_mut("reports").and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut()) {
        if let Some(fields) = report.as_object_mut() {
            fields.remove("findings");
        }
    }
    Ok(value)
}

/// A new declaration in short: lists as the number of their items. The entry carries the hash of the document, which
/// holds everything.
fn in_short(mut stated: Value) -> Value {
    for field in stated.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        if let Some(items) = field.as_array() {
            *field = items.len().into();
        }
    }
    stated
}

async fn next_number(txn: &DatabaseTransaction, ctx: &Ctx, id: DeclarationId) -> Result<i32> {
    declaration::Entity::update_many()
        .col_expr(declaration::Column::DocumentNumber, Expr::col(declaration::Column::DocumentNumber).add(1))
        .col_expr(declaration::Column::UpdatedAt, Expr::val(ctx.now.0))
        .filter(declaration::Column::Id.eq(id))
        .exec(txn)
        .await?;
    let number = declaration::Entity::find_by_id(id)
        .select_only()
        .column(declaration::Column::DocumentNumber)
        .into_tuple::<i32>()
        .one(txn)
        .await?;
    Ok(number.ok_or_else(|| anyhow::anyhow!("declaration {} is gone", id.0))?)
}

async fn store_weights(txn: &impl ConnectionTrait, before: &Declaration, after: &Declaration) -> Result<()> {
    let weight = |indicator: &Indicator| (indicator.weight, indicator.weight_origin, indicator.weight_scheme);
    for (old, new) in before.indicators.iter().zip(&after.indicators) {
        if weight(old) != weight(new) {
            indicator::Entity::update_many()
                .col_expr(indicator::Column::Weight, Expr::val(new.weight.map(|points| points.0)))
                .col_expr(indicator::Column::WeightOrigin, Expr::val(new.weight_origin.map(Word)))
                .col_expr(indicator::Column::WeightSchemeId, Expr::val(new.weight_scheme))
                .filter(indicator::Column::Id.eq(new.id))
                .exec(txn)
                .await?;
        }
    }
    Ok(())
}

async fn store_achievements(
    txn: &impl ConnectionTrait,
    ctx: &Ctx,
    stored: &Declaration,
    after: &Declaration,
    before: Option<&Declaration>,
) -> Result<()> {
    let mut rows = Vec::new();
    for (old, new) in stored.indicators.iter().zip(&after.indicators) {
        let was = before.and_then(|before| before.indicator(new.id));
        for (period, achievement) in &new.achievements {
            // The same result can come of another value: the row names the value it judges.
            let judged = |of: &Indicator| of.values.get(period).map(|value| value.id);
            let moved = before.is_some_and(|before| before.in_force_year() != after.in_force_year());
            if moved || old.achievements.get(period) != Some(achievement) || was.and_then(judged) != judged(new) {
                rows.push(achievement_row(ctx, after, new, *period, achievement)?);
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    use achievement::Column as C;
    let update = OnConflict::columns([C::IndicatorId, C::Period])
        .update_columns([
            C::ActualValueId,
            C::SchemeId,
            C::Status,
            C::Rate,
            C::Score,
            C::ComputedScore,
            C::MaxScore,
            C::Light,
            C::Deviating,
            C::ExplanationRequired,
            C::Overridden,
            C::Detail,
            C::AssessedAt,
            C::InForceYear,
        ])
        .to_owned();
    for some in rows.chunks(ROWS) {
        let insert = achievement::Entity::insert_many(some.to_vec()).on_conflict(update.clone());
        insert.exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The row of an achievement.
pub(crate) fn achievement_row(
    ctx: &Ctx,
    declaration: &Declaration,
    indicator: &Indicator,
    period: Period,
    made: &Achievement,
) -> Result<achievement::ActiveModel> {
    Ok(achievement::ActiveModel {
        indicator_id: Set(indicator.id),
        period: Set(Word(period)),
        declaration_id: Set(declaration.id),
        actual_value_id: Set(indicator.values.get(&period).map(|value| value.id)),
        scheme_id: Set(declaration.scheme.id),
        status: Set(Word(made.status)),
        rate: Set(made.rate.map(|rate| rate.0)),
        score: Set(made.score.map(|score| score.0)),
        computed_score: Set(made.computed_score.map(|score| score.0)),
        max_score: Set(made.max_score.map(|score| score.0)),
        light: Set(made.light.map(Word)),
        deviating: Set(made.deviating),
        explanation_required: Set(made.explanation_required),
        overridden: Set(made.overridden),
        detail: Set(serde_json::to_string(made)?),
        assessed_at: Set(ctx.now),
        in_force_year: Set(declaration.in_force_year()),
    })
}

async fn store_results(
    txn: &impl ConnectionTrait,
    stored: &Declaration,
    after: &Declaration,
    before: Option<&Declaration>,
) -> Result<()> {
    let mut rows = Vec::new();
    for (period, result) in &after.results {
        let whole = |of: &Declaration| rollup::of_result(of, *period);
        if stored.results.get(period) != Some(result) || before.map(whole) != Some(whole(after)) {
            rows.push(result_row(after, *period, result)?);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    use declaration_result::Column as C;
    use sea_orm::Iterable as _;
    let update = OnConflict::columns([C::DeclarationId, C::Period])
        .update_columns(C::iter().filter(|column| !matches!(column, C::DeclarationId | C::Period)))
        .to_owned();
    declaration_result::Entity::insert_many(rows).on_conflict(update).exec_without_returning(txn).await?;
    Ok(())
}

/// The row of a result.
pub(crate) fn result_row(
    declaration: &Declaration,
    period: Period,
    result: &DeclarationResult,
) -> Result<declaration_result::ActiveModel> {
    let count = |status| Set(result.tally.count(status));
    let Sums { rate_count, rates, declared, .. } = rollup::of_result(declaration, period);
    Ok(declaration_result::ActiveModel {
        declaration_id: Set(declaration.id),
        period: Set(Word(period)),
        score: Set(result.score.map(|score| score.0)),
        grade: Set(result.grade.map(Word)),
        achievement_rate: Set(result.achievement_rate.map(|rate| rate.0)),
        execution_rate: Set(result.execution_rate.map(|rate| rate.0)),
        light: Set(result.light.map(Word)),
        detail: Set(serde_json::to_string(result)?),
        n_exceeded: count(Status::Exceeded),
        n_achieved: count(Status::Achieved),
        n_partially_achieved: count(Status::PartiallyAchieved),
        n_not_achieved: count(Status::NotAchieved),
        n_in_progress: count(Status::InProgress),
        n_not_reported: count(Status::NotReported),
        n_not_applicable: count(Status::NotApplicable),
        n_undetermined: count(Status::Undetermined),
        score_sum: Set(result.tally.score_sum),
        max_score_sum: Set(result.tally.max_score_sum),
        rate_count: Set(rate_count),
        rate_high: Set(rates.high),
        rate_low: Set(rates.low),
        execution_count: Set(declared.execution_count),
        budget_high: Set(declared.budget.high),
        budget_low: Set(declared.budget.low),
        executed_high: Set(declared.executed.high),
        executed_low: Set(declared.executed.low),
        filed_on_time: Set(declared.filed_on_time),
        filed_late: Set(declared.filed_late),
        filed_undated: Set(declared.filed_undated),
        not_filed: Set(declared.not_filed),
    })
}
