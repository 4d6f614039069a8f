//! Finance's scores beside the filer's: the review of a report, and the spot check of an accepted self-evaluation.
//!
//! A review belongs to the value it was given on. Once the filer corrects that value it no longer counts, though it stays
//! to be read, and the total by review is unknown until the row is reviewed anew.

use jixiao_entity::id::{DeclarationId, IndicatorId, UserId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration_version, indicator_review, report};
use jixiao_rules::check;
use jixiao_rules::cycle::{self, Act, DeclarationStatus, Period, ReviewStage, Role};
use jixiao_rules::scheme::Scheme;
use jixiao_rules::value::Points;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::actual_value::{Patch, check_words};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{
    ActualValue, Change, Declaration, Indicator, Review, Revision, Whole, check_revision, hold, settle,
};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::report::{check_duties, wrong_state};

/// Rows in one command.
const MAX_ROWS: usize = 500;

/// Scores to be recorded beside those of one report.
#[derive(Clone, Debug)]
pub struct Record {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period of the report.
    pub period: Period,
    /// Review or spot check.
    pub stage: ReviewStage,
    /// Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// One row per indicator.
    pub rows: Vec<Row>,
}

/// One row: only what is named changes.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Indicator; `None` when its id is of no indicator.
    pub indicator_id: Option<IndicatorId>,
    /// Score; withdrawn, it agrees with the score there is.
    pub score: Patch<Points>,
    /// Opinion.
    pub opinion: Patch<String>,
    /// Accepts the claim that the indicator does not apply.
    pub accept_not_applicable: Patch<bool>,
    /// Records the cause TARGET_SET_TOO_LOW.
    pub target_set_too_low: Patch<bool>,
}

/// Records finance's scores. All rows or none.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`,
/// `LIMIT_EXCEEDED`, `SCORE_OUT_OF_BAND`, `REASON_REQUIRED`, `INVALID_VALUE`, `TOO_LONG`.
pub async fn record(db: &Db, ctx: &Ctx, cmd: &Record) -> Result<Whole> {
    let act = match cmd.stage {
        ReviewStage::Review => Act::ReportReview,
        ReviewStage::SpotCheck => Act::ReportSpotCheck,
    };
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "reportId").await?;
    let (before, scheme) = (held.declaration, &held.scheme.scheme);
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let node = format!("Report:{}:{}", cmd.declaration_id.0, cmd.period);
    let (expected, actual) = (cmd.expected_revision, before.report_revision(cmd.period));
    check_revision(&txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    let status = before.report_status(cmd.period);
    let open = cycle::next(cycle::REPORT, &roles, act, status).is_some()
        && before.status == DeclarationStatus::Approved
        && (cmd.stage == ReviewStage::Review || cmd.period == Period::YearEnd);
    let report = before.reports.get(&cmd.period).filter(|_| open);
    let report = report.ok_or_else(|| wrong_state(status, act, "reportId"))?;
    check_duties(ctx, act, &report.hands)?;
    if cmd.stage == ReviewStage::SpotCheck && !scheme.duties.spot_check_by_approver {
        check_independent(&txn, ctx, &before).await?;
    }
    let made = reviews(ctx, cmd, &before, scheme)?;
    write(&txn, ctx, cmd, made).await?;
    let change = Change { act, role: roles.first().copied(), node, reason: None, before: Some(&before) };
    let after = settle(&txn, ctx, cmd.declaration_id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

/// Who accepted or approved the targets does not spot-check their results (rules 2.5.3).
async fn check_independent(txn: &DatabaseTransaction, ctx: &Ctx, before: &Declaration) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let approvals = declaration_version::Entity::find()
        .filter(declaration_version::Column::DeclarationId.eq(before.id))
        .all(txn)
        .await?;
    let mut hands = approvals.iter().map(|version| version.approved_by).chain([before.hands.accepted_by]);
    if me.is_some() && hands.any(|hand| hand == me) { Err(ServiceError::Forbidden) } else { Ok(()) }
}

/// The reviews the rows make, or everything that is wrong with them.
fn reviews(ctx: &Ctx, cmd: &Record, before: &Declaration, scheme: &Scheme) -> Result<Vec<(IndicatorId, Review)>> {
    if cmd.rows.is_empty() {
        return Err(ServiceError::invalid(UserErrorCode::Required, "rows", "没有要评分的内容", "nothing to score"));
    }
    if cmd.rows.len() > MAX_ROWS {
        let (zh, en) = (format!("一次最多{MAX_ROWS}行"), format!("at most {MAX_ROWS} rows at once"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "rows", zh, en));
    }
    let (mut made, mut violations) = (Vec::new(), Vec::new());
    for (index, row) in cmd.rows.iter().enumerate() {
        let field = |name: &str| format!("rows.{index}.{name}");
        let Some(indicator) = row.indicator_id.and_then(|id| before.indicator(id)) else {
            violations.push(Violation::not_found(&field("indicatorId")));
            continue;
        };
        if made.iter().any(|(id, _)| *id == indicator.id) {
            let (zh, en) = ("同一指标出现了两次", "the indicator is named twice");
            violations.push(Violation::new(UserErrorCode::InvalidValue, &field("indicatorId"), zh, en));
        }
        let Some(value) = indicator.values.get(&cmd.period) else {
            let (zh, en) = ("该指标没有填报", "nothing is reported for this indicator");
            violations.push(Violation::new(UserErrorCode::InvalidValue, &field("indicatorId"), zh, en));
            continue;
        };
        let review = merged(ctx, cmd, row, value);
        violations.extend(check_row(cmd, indicator, value, &review, scheme, &field));
        made.push((indicator.id, review));
    }
    if violations.is_empty() { Ok(made) } else { Err(ServiceError::Invalid(violations)) }
}

/// The review in force with what the row names.
fn merged(ctx: &Ctx, cmd: &Record, row: &Row, value: &ActualValue) -> Review {
    let old = match cmd.stage {
        ReviewStage::Review => value.reviewed(),
        ReviewStage::SpotCheck => value.spot_checked(),
    };
    let flag = |given: Patch<bool>, old: Option<bool>| given.map_or(old.unwrap_or_default(), Option::unwrap_or_default);
    Review {
        of: value.id,
        score: row.score.unwrap_or_else(|| old.and_then(|old| old.score)),
        opinion: row.opinion.clone().unwrap_or_else(|| old.and_then(|old| old.opinion.clone())),
        accepts_not_applicable: flag(row.accept_not_applicable, old.map(|old| old.accepts_not_applicable)),
        target_set_too_low: flag(row.target_set_too_low, old.map(|old| old.target_set_too_low)),
        reviewed_by: crate::ctx::UserRef { id: ctx.user_id(), display_name: ctx.actor_name().to_owned() },
        reviewed_at: ctx.now,
    }
}

fn check_row(
    cmd: &Record,
    indicator: &Indicator,
    value: &ActualValue,
    review: &Review,
    scheme: &Scheme,
    field: &impl Fn(&str) -> String,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut add = |code, name: &str, zh: &str, en: &str| violations.push(Violation::new(code, &field(name), zh, en));
    if review.accepts_not_applicable && value.entry.not_applicable_reason.is_none() {
        let (zh, en) = ("填报人没有申请不适用", "nobody claims that the indicator does not apply");
        add(UserErrorCode::InvalidValue, "acceptNotApplicable", zh, en);
    }
    if let Some(score) = review.score {
        let achievement = indicator.achievements.get(&cmd.period);
        let max = achievement.and_then(|made| made.max_score);
        if cmd.period != Period::YearEnd {
            add(UserErrorCode::InvalidValue, "score", "年中监控不打分", "no scores are given during the year");
        } else if review.accepts_not_applicable {
            let (zh, en) = ("不适用的指标不打分", "what does not apply has no score");
            add(UserErrorCode::InvalidValue, "score", zh, en);
        } else if max.is_none_or(|max| score > max) {
            let max = max.unwrap_or_default();
            let (zh, en) = (
                format!("得分 {score} 须在 0.00 与 {max} 之间"),
                format!("the score {score} must lie between 0.00 and {max}"),
            );
            add(UserErrorCode::ScoreOutOfBand, "score", &zh, &en);
        }
        let own = achievement.and_then(|made| made.score);
        let computed = achievement.is_some_and(|made| made.computed_score.is_some());
        if own.is_some_and(|own| own != score) {
            if computed && !check::may_override(scheme, Role::FinanceReviewer) {
                let (zh, en) =
                    ("评分方案不允许修改计算得分", "the scheme does not let this role change a computed score");
                add(UserErrorCode::InvalidValue, "score", zh, en);
            }
            if review.opinion.is_none() {
                let (zh, en) =
                    ("与自评得分不同，需要说明意见", "a score that differs from the filer's needs an opinion");
                add(UserErrorCode::ReasonRequired, "opinion", zh, en);
            }
        }
    }
    violations.extend(review.opinion.iter().flat_map(|text| check_words(text, 2_000, &field("opinion"))));
    violations
}

async fn write(txn: &DatabaseTransaction, ctx: &Ctx, cmd: &Record, made: Vec<(IndicatorId, Review)>) -> Result<()> {
    let known = report::Entity::find()
        .filter(report::Column::DeclarationId.eq(cmd.declaration_id))
        .filter(report::Column::Period.eq(Word(cmd.period)))
        .one(txn)
        .await?;
    let known = known.ok_or_else(|| anyhow::anyhow!("the report is gone"))?;
    let (id, revision) = (known.id, known.revision);
    let mut row: report::ActiveModel = known.into();
    row.revision = Set(revision + 1);
    row.updated_at = Set(ctx.now);
    if cmd.stage == ReviewStage::SpotCheck {
        row.spot_checked_by = Set(ctx.user_id());
        row.spot_checked_at = Set(Some(ctx.now));
    }
    row.update(txn).await?;
    let rows = made.into_iter().map(|(indicator, review)| indicator_review::ActiveModel {
        id: NotSet,
        report_id: Set(id),
        indicator_id: Set(indicator),
        stage: Set(Word(cmd.stage)),
        actual_value_id: Set(review.of),
        score: Set(review.score.map(|score| score.0)),
        opinion: Set(review.opinion),
        accepts_not_applicable: Set(review.accepts_not_applicable),
        target_set_too_low: Set(review.target_set_too_low),
        reviewed_by: Set(ctx.user_id()),
        reviewed_at: Set(ctx.now),
    });
    indicator_review::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}
