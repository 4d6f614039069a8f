//! Rectifications: finance asks, the filer answers, finance verifies or asks again (rules 2.3). They run beside the
//! report and count in its revision.

use chrono::{Days, NaiveDate};
use jixiao_entity::id::{DeclarationId, IndicatorId, RectificationId, ReportId, Timestamp};
use jixiao_entity::stored::Word;
use jixiao_entity::{rectification, report};
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, RectificationStatus};
use jixiao_rules::kind::Vocabulary;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::actual_value::check_words;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{Change, Held, Rectification, Revision, Whole, check_revision, hold, settle};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::report::{check_duties, wrong_state};

/// What finance asks to be put right.
#[derive(Clone, Debug)]
pub struct Request {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period of the report.
    pub period: Period,
    /// Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// Indicator; `None` for the whole report.
    pub indicator_id: Option<IndicatorId>,
    /// 整改要求和建议.
    pub text: String,
    /// Last day for the response.
    pub due_on: NaiveDate,
}

/// A response, or a verdict on it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub act: Act,
    /// Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// Response, or conclusion.
    pub text: String,
    /// Another last day for the response (reopen).
    pub due_on: Option<NaiveDate>,
}

/// Today in China, where days of the calendar are counted.
#[must_use]
pub fn today(now: Timestamp) -> NaiveDate {
    (now.date_time() + chrono::TimeDelta::hours(8)).date_naive()
}

/// Asks for something to be put right; gives the declaration and the period.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`,
/// `TOO_LONG`, `INVALID_VALUE`.
pub async fn request(db: &Db, ctx: &Ctx, cmd: &Request) -> Result<Whole> {
    let act = Act::RectificationRequest;
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "reportId").await?;
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = held_at(&txn, &held, cmd.period, cmd.expected_revision).await?;
    let before = &held.declaration;
    let status = before.report_status(cmd.period);
    let open =
        before.status == DeclarationStatus::Approved && cycle::next(cycle::REPORT, &roles, act, status).is_some();
    let report = before.reports.get(&cmd.period).filter(|_| open);
    let report = report.ok_or_else(|| wrong_state(status, act, "reportId"))?;
    check_duties(ctx, act, &report.hands)?;
    let mut violations = check_words(&cmd.text, 2_000, "request");
    violations.extend(check_due(ctx, cmd.due_on));
    if cmd.indicator_id.is_some_and(|id| before.indicator(id).is_none()) {
        violations.push(Violation::not_found("indicatorId"));
    }
    if !violations.is_empty() {
        return Err(ServiceError::Invalid(violations));
    }
    let report_id = touch(&txn, ctx, cmd.declaration_id, cmd.period).await?;
    let row = new_row(ctx, cmd, report_id);
    rectification::Entity::insert(row).exec_without_returning(&txn).await?;
    let role = roles.first().copied();
    let change = Change { act, role, node, reason: Some(cmd.text.clone()), before: Some(before) };
    let after = settle(&txn, ctx, cmd.declaration_id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

fn new_row(ctx: &Ctx, cmd: &Request, report_id: ReportId) -> rectification::ActiveModel {
    rectification::ActiveModel {
        id: NotSet,
        report_id: Set(report_id),
        indicator_id: Set(cmd.indicator_id),
        status: Set(Word(RectificationStatus::Requested)),
        request: Set(cmd.text.clone()),
        due_on: Set(cmd.due_on),
        requested_by: Set(ctx.user_id()),
        requested_at: Set(ctx.now),
        response: Set(None),
        responded_by: Set(None),
        responded_at: Set(None),
        conclusion: Set(None),
        concluded_by: Set(None),
        concluded_at: Set(None),
        reopened: Set(0),
    }
}

/// Responds, verifies or reopens; gives the declaration and the period of its report.
///
/// # Errors
/// As [`request`].
pub async fn step(db: &Db, ctx: &Ctx, id: RectificationId, step: &Step) -> Result<(Whole, Period)> {
    let txn = db.begin_write().await?;
    let (declaration, period) = locate_in(&txn, id).await?.ok_or_else(|| ServiceError::not_found("id"))?;
    let held = hold(&txn, ctx, declaration, "id").await?;
    let roles = policy::allow(ctx, step.act, Some(&held.territory))?;
    let node = held_at(&txn, &held, period, step.expected_revision).await?;
    let before = &held.declaration;
    let report = before.reports.get(&period).ok_or_else(|| ServiceError::not_found("id"))?;
    let known = report.rectifications.iter().find(|known| known.id == id);
    let known = known.ok_or_else(|| ServiceError::not_found("id"))?;
    let to = cycle::next(cycle::RECTIFICATION, &roles, step.act, known.status)
        .filter(|_| before.status == DeclarationStatus::Approved);
    let to = to.ok_or_else(|| {
        let zh = format!("整改当前状态为“{}”, 不能{}", known.status.zh(), step.act.zh());
        let en = format!("the rectification is in state {}: cannot {}", known.status, step.act.en());
        ServiceError::invalid(UserErrorCode::WrongState, "id", zh, en)
    })?;
    check_duties(ctx, step.act, &report.hands)?;
    check_verdict(ctx, step.act, known)?;
    let responding = step.act == Act::RectificationRespond;
    let mut violations = check_words(&step.text, 2_000, if responding { "response" } else { "conclusion" });
    violations.extend(step.due_on.and_then(|due| check_due(ctx, due)));
    if !violations.is_empty() {
        return Err(ServiceError::Invalid(violations));
    }
    touch(&txn, ctx, declaration, period).await?;
    let row = rectification::Entity::find_by_id(id).one(&txn).await?;
    let mut row: rectification::ActiveModel = row.ok_or_else(|| anyhow::anyhow!("the rectification is gone"))?.into();
    put(&mut row, ctx, step, known, to);
    row.update(&txn).await?;
    let role = roles.first().copied();
    let change = Change { act: step.act, role, node, reason: Some(step.text.clone()), before: Some(before) };
    let after = settle(&txn, ctx, declaration, change).await?;
    txn.commit().await?;
    Ok((Whole { declaration: after, department: held.department }, period))
}

/// The response or verdict, in its columns.
fn put(row: &mut rectification::ActiveModel, ctx: &Ctx, step: &Step, known: &Rectification, to: RectificationStatus) {
    row.status = Set(Word(to));
    if step.act == Act::RectificationRespond {
        row.response = Set(Some(step.text.clone()));
        row.responded_by = Set(ctx.user_id());
        row.responded_at = Set(Some(ctx.now));
    } else {
        row.conclusion = Set(Some(step.text.clone()));
        row.concluded_by = Set(ctx.user_id());
        row.concluded_at = Set(Some(ctx.now));
    }
    if to == RectificationStatus::Reopened {
        row.reopened = Set(known.reopened + 1);
        row.due_on = Set(step.due_on.unwrap_or(known.due_on));
    }
}

/// The log's name of the report, whose revision is the one the caller has seen.
async fn held_at(txn: &DatabaseTransaction, held: &Held, period: Period, expected: i32) -> Result<String> {
    let node = format!("Report:{}:{period}", held.declaration.id.0);
    let actual = held.declaration.report_revision(period);
    check_revision(txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    Ok(node)
}

/// Nobody judges an answer of their own.
fn check_verdict(ctx: &Ctx, act: Act, known: &Rectification) -> Result<()> {
    let mine = known.responded.as_ref().is_some_and(|(who, _)| who.id.is_some() && who.id == ctx.user_id());
    if mine && act != Act::RectificationRespond { Err(ServiceError::Forbidden) } else { Ok(()) }
}

/// From today on, within ten years.
fn check_due(ctx: &Ctx, due_on: NaiveDate) -> Option<Violation> {
    let today = today(ctx.now);
    let last = today.checked_add_days(Days::new(3_660)).unwrap_or(NaiveDate::MAX);
    (due_on < today || due_on > last).then(|| {
        let (zh, en) = ("整改期限不能早于今天", "the due day must not lie in the past");
        Violation::new(UserErrorCode::InvalidValue, "dueOn", zh, en)
    })
}

/// Counts the change in the report's revision.
async fn touch(txn: &DatabaseTransaction, ctx: &Ctx, declaration: DeclarationId, period: Period) -> Result<ReportId> {
    let row = report::Entity::find()
        .filter(report::Column::DeclarationId.eq(declaration))
        .filter(report::Column::Period.eq(Word(period)))
        .one(txn)
        .await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the report is gone"))?;
    let (id, revision) = (row.id, row.revision);
    let mut row: report::ActiveModel = row.into();
    row.revision = Set(revision + 1);
    row.updated_at = Set(ctx.now);
    row.update(txn).await?;
    Ok(id)
}

/// The declaration and period a rectification belongs to; `None` when there is none.
async fn locate_in(db: &impl sea_orm::ConnectionTrait, id: RectificationId) -> Result<Option<(DeclarationId, Period)>> {
    let Some(row) = rectification::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let report = report::Entity::find_by_id(row.report_id).one(db).await?;
    Ok(report.map(|report| (report.declaration_id, report.period.0)))
}

/// As `locate_in`, outside any transaction.
///
/// # Errors
/// When the database fails.
pub async fn locate(db: &Db, id: RectificationId) -> Result<Option<(DeclarationId, Period)>> {
    locate_in(db.read(), id).await
}
