//! Publications (公开): what of a declaration everybody may see, as an immutable snapshot with its hash (rules 2.3).
//!
//! The department publishes, by one who neither filed nor stated the quality of the data (rules 2.5). A correction makes a
//! new snapshot and keeps the earlier ones; what is withheld shows its reason and nothing else, and stays so.

mod content;
mod model;
mod read;

pub use content::{Content, Indicator, IndicatorResult, KeyTask, Quality, Results, Target};
pub use model::{Publication, QualityStatement, Snapshot, Withheld};
pub(crate) use model::{of_declaration, statements};
pub use read::{Public, PublicSnapshot, PublicationFilter, by_department, by_id, list};

use jixiao_entity::id::{DeclarationId, IndicatorId, PublicationId, UserId};
use jixiao_entity::stored::Word;
use jixiao_entity::{declaration_document, declaration_version, publication, publication_snapshot, quality_statement};
use jixiao_rules::cycle::{self, Act, Period, PublicationKind, PublicationStatus, ReportStatus, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait};

use crate::audit::sha256;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{
    Change, Declaration, Hands, Held, Revision, Whole, check_reason, check_revision, hold, settle,
};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::text::Checked;
use content::{Approval, reported};

/// Name of a publication in the log.
#[must_use]
pub fn node_of(declaration: DeclarationId, kind: PublicationKind) -> String {
    format!("Publication:{}:{kind}", declaration.0)
}

/// The declaration of a publication and what of it is published, whoever may see them; `None` when there is none.
///
/// # Errors
/// When the database fails.
pub async fn locate(db: &Db, id: PublicationId) -> Result<Option<(DeclarationId, PublicationKind)>> {
    let row = publication::Entity::find_by_id(id).one(db.read()).await?;
    Ok(row.map(|row| (row.declaration_id, row.kind.0)))
}

/// Statements in one command.
const MAX_STATEMENTS: usize = 500;

/// Statements of data quality, one per indicator; what was stated before is superseded.
#[derive(Clone, Debug)]
pub struct State {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Revision of the publication of results the caller has seen.
    pub expected_revision: i32,
    /// One per indicator.
    pub statements: Vec<Statement>,
}

/// What is stated of the data of one indicator.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// Source of the data.
    pub source: String,
    /// How they were gathered and computed.
    pub method: String,
    /// Known limits; `None` when none is known.
    pub limits: Option<String>,
}

/// Publishes, corrects or withholds.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub act: Act,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Targets or results.
    pub kind: PublicationKind,
    /// Revision of the publication the caller has seen.
    pub expected_revision: i32,
    /// The approved version meant (publish, correct).
    pub version: Option<i32>,
    /// Why (correct, withhold).
    pub reason: Option<String>,
}

/// States the quality of the data of indicators. All rows or none.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REQUIRED`, `TOO_LONG`, `INVALID_VALUE`, `LIMIT_EXCEEDED`.
pub async fn state(db: &Db, ctx: &Ctx, cmd: &State) -> Result<Whole> {
    let (act, kind) = (Act::PublicationState, PublicationKind::Results);
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "declarationId").await?;
    let begun = begin(&txn, ctx, &held, (act, kind), cmd.expected_revision).await?;
    let rows = statement_rows(ctx, cmd, &held.declaration)?;
    put(&txn, &held.declaration, kind, begun.to, None).await?;
    quality_statement::Entity::insert_many(rows).exec_without_returning(&txn).await?;
    finish(txn, ctx, held, begun, (act, None)).await
}

fn statement_rows(ctx: &Ctx, cmd: &State, before: &Declaration) -> Result<Vec<quality_statement::ActiveModel>> {
    if cmd.statements.is_empty() {
        let (zh, en) = ("没有要填写的说明", "nothing is stated");
        return Err(ServiceError::invalid(UserErrorCode::Required, "statements", zh, en));
    }
    if cmd.statements.len() > MAX_STATEMENTS {
        let (zh, en) = (format!("一次最多{MAX_STATEMENTS}条"), format!("at most {MAX_STATEMENTS} at once"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "statements", zh, en));
    }
    let mut checked = Checked::default();
    let mut rows = Vec::new();
    for (index, stated) in cmd.statements.iter().enumerate() {
        let field = |name: &str| format!("statements.{index}.{name}");
        if before.indicator(stated.indicator_id).is_none() {
            checked.fail(UserErrorCode::NotFound, &field("indicatorId"), "不存在或无权查看", "not found");
        } else if cmd.statements[..index].iter().any(|other| other.indicator_id == stated.indicator_id) {
            let (zh, en) = ("同一指标出现了两次", "the indicator is named twice");
            checked.fail(UserErrorCode::InvalidValue, &field("indicatorId"), zh, en);
        }
        rows.push(quality_statement::ActiveModel {
            id: NotSet,
            declaration_id: Set(before.id),
            indicator_id: Set(stated.indicator_id),
            source: Set(checked.text(&stated.source, 2_000, &field("source"))),
            method: Set(checked.text(&stated.method, 2_000, &field("method"))),
            limits: Set(stated.limits.as_deref().map(|limits| checked.text(limits, 2_000, &field("limits")))),
            stated_by: Set(ctx.user_id()),
            stated_at: Set(ctx.now),
        });
    }
    checked.done()?;
    Ok(rows)
}

/// Publishes, corrects or withholds.
///
/// # Errors
/// `Forbidden` by role or separation of duties; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `REASON_REQUIRED`,
/// `TOO_LONG`, `INVALID_VALUE` for another version than the one in force or a text that cannot be, `ALREADY_EXISTS` for a
/// correction that changes nothing, `REQUIRED` for every statement of quality that is missing.
pub async fn step(db: &Db, ctx: &Ctx, cmd: &Step) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let held = hold(&txn, ctx, cmd.declaration_id, "declarationId").await?;
    let begun = begin(&txn, ctx, &held, (cmd.act, cmd.kind), cmd.expected_revision).await?;
    let before = &held.declaration;
    check_duties(ctx, before, cmd.kind)?;
    check_reason(cmd.reason.as_deref(), cmd.act != Act::PublicationPublish, "reason")?;
    if cmd.act == Act::PublicationWithhold {
        put(&txn, before, cmd.kind, begun.to, cmd.reason.as_deref().map(|reason| (ctx, reason))).await?;
    } else {
        check_version(cmd, before)?;
        let content = content(&txn, &held, cmd.kind).await?;
        let body = serde_json::to_string(&content)?;
        let sha = sha256(body.as_bytes());
        let known = before.publications.get(&cmd.kind);
        if known.and_then(|known| known.snapshots.last()).is_some_and(|last| last.sha256 == sha) {
            let (zh, en) = ("与已公开的内容相同, 无需更正", "the same is published already");
            return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "declarationId", zh, en));
        }
        let id = put(&txn, before, cmd.kind, begun.to, None).await?;
        let snapshot = publication_snapshot::ActiveModel {
            publication_id: Set(id),
            number: Set(known.map_or(0, |known| known.snapshots.last().map_or(0, |last| last.number)) + 1),
            version: Set(before.version),
            body: Set(body),
            sha256: Set(sha),
            reason: Set(cmd.reason.clone()),
            published_by: Set(ctx.user_id()),
            published_at: Set(ctx.now),
        };
        publication_snapshot::Entity::insert(snapshot).exec_without_returning(&txn).await?;
    }
    finish(txn, ctx, held, begun, (cmd.act, cmd.reason.clone())).await
}

/// What an act may lead to, once its role, revision and state are checked.
struct Begun {
    role: Option<Role>,
    node: String,
    to: PublicationStatus,
}

async fn begin(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    held: &Held,
    (act, kind): (Act, PublicationKind),
    expected: i32,
) -> Result<Begun> {
    let roles = policy::allow(ctx, act, Some(&held.territory))?;
    let before = &held.declaration;
    let node = node_of(before.id, kind);
    let known = before.publications.get(&kind);
    let actual = known.map_or(0, |known| known.revision);
    check_revision(txn, Revision { node: &node, expected, actual, field: "expectedRevision" }).await?;
    let status = known.map_or(PublicationStatus::Pending, |known| known.status);
    let to =
        cycle::next(cycle::PUBLICATION, &roles, act, status).filter(|_| before.status.in_force()).ok_or_else(|| {
            let zh = format!("申报状态为“{}”、公开状态为“{}”, 不能{}", before.status.zh(), status.zh(), act.zh());
            let en = format!("the declaration is {}, the publication {status}: cannot {}", before.status, act.en());
            ServiceError::invalid(UserErrorCode::WrongState, "declarationId", zh, en)
        })?;
    Ok(Begun { role: roles.first().copied(), node, to })
}

async fn finish(
    txn: DatabaseTransaction,
    ctx: &Ctx,
    held: Held,
    begun: Begun,
    (act, reason): (Act, Option<String>),
) -> Result<Whole> {
    let change = Change { act, role: begun.role, node: begun.node, reason, before: Some(&held.declaration) };
    let after = settle(&txn, ctx, held.declaration.id, change).await?;
    txn.commit().await?;
    Ok(Whole { declaration: after, department: held.department })
}

/// Who filed what is published, or stated the quality of its data, does not publish it alone (rules 2.5).
fn check_duties(ctx: &Ctx, before: &Declaration, kind: PublicationKind) -> Result<()> {
    let me: Option<UserId> = ctx.user_id();
    let filed = |hands: &Hands| [hands.edited_by, hands.submitted_by];
    let approved = before.adjustments.iter().filter(|adjustment| adjustment.number.is_some());
    let mut hands: Vec<Option<UserId>> = approved.flat_map(|adjustment| filed(&adjustment.hands)).collect();
    hands.extend(filed(&before.hands));
    if kind == PublicationKind::Results {
        hands.extend(before.reports.get(&Period::YearEnd).into_iter().flat_map(|report| filed(&report.hands)));
        let stated = before.indicators.iter().filter_map(|row| row.quality.as_ref());
        hands.extend(stated.map(|stated| stated.stated_by.id));
    }
    if me.is_some() && hands.contains(&me) { Err(ServiceError::Forbidden) } else { Ok(()) }
}

/// What is published is the version in force, and for results all that must come before.
fn check_version(cmd: &Step, before: &Declaration) -> Result<()> {
    if cmd.version != Some(before.version) {
        let zh = format!("现行批复版本为{}, 只能公开现行版本", before.version);
        let en = format!("version {} is in force; only that can be published", before.version);
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, "version", zh, en));
    }
    if cmd.kind == PublicationKind::Targets {
        return Ok(());
    }
    if before.report_status(Period::YearEnd) != ReportStatus::Accepted {
        let (zh, en) = ("年终自评审核通过后才能公开", "the self-evaluation must be accepted first");
        return Err(ServiceError::invalid(UserErrorCode::WrongState, "declarationId", zh, en));
    }
    let missing = before.indicators.iter().enumerate().filter(|(_, row)| reported(row) && row.quality.is_none());
    let missing: Vec<Violation> = missing
        .map(|(position, row)| {
            let zh = format!("指标“{}”还没有数据质量说明", row.name);
            let en = format!("\"{}\" has no statement of data quality yet", row.name);
            Violation::new(UserErrorCode::Required, &format!("indicators.{position}.qualityStatement"), zh, en)
        })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(missing)) }
}

/// Targets come from the very document that was approved, results from the declaration as it stands.
async fn content(txn: &DatabaseTransaction, held: &Held, kind: PublicationKind) -> Result<Content> {
    let before = &held.declaration;
    let approved = declaration_version::Entity::find_by_id((before.id, before.version)).one(txn).await?;
    let approved = approved.ok_or_else(|| anyhow::anyhow!("version {} was never approved", before.version))?;
    let approval = Approval { number: approved.approval_number, on: approved.approved_on };
    if kind == PublicationKind::Results {
        return Ok(Content::of(kind, before, &held.department, approval));
    }
    let document = declaration_document::Entity::find_by_id((before.id, approved.document_number)).one(txn).await?;
    let document = document.ok_or_else(|| anyhow::anyhow!("the approved document is gone"))?;
    let declaration: Declaration = serde_json::from_str(&document.body)?;
    Ok(Content::of(kind, &declaration, &held.department, approval))
}

/// The row of a publication in its new state, made where there is none yet.
async fn put(
    txn: &DatabaseTransaction,
    before: &Declaration,
    kind: PublicationKind,
    to: PublicationStatus,
    withheld: Option<(&Ctx, &str)>,
) -> Result<PublicationId> {
    let known = before.publications.get(&kind);
    let mut row = publication::ActiveModel {
        status: Set(Word(to)),
        revision: Set(known.map_or(0, |known| known.revision) + 1),
        ..Default::default()
    };
    if let Some((ctx, reason)) = withheld {
        row.withheld_reason = Set(Some(reason.to_owned()));
        row.withheld_by = Set(ctx.user_id());
        row.withheld_at = Set(Some(ctx.now));
    }
    let row = match known {
        Some(known) => {
            row.id = Set(known.id);
            row.update(txn).await?
        }
        None => {
            row.declaration_id = Set(before.id);
            row.kind = Set(Word(kind));
            row.insert(txn).await?
        }
    };
    Ok(row.id)
}
