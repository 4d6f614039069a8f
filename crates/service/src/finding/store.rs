//! The rows of findings: computed anew, and stored as far as they differ.

use std::collections::{BTreeMap, HashMap};

use jixiao_entity::id::{DeclarationId, FindingId};
use jixiao_entity::stored::Word;
use jixiao_entity::{audit_entry, declaration, declaration_document, declaration_version, finding};
use jixiao_rules::check::audit;
use jixiao_rules::cycle::Act;
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::message::Finding;
use jixiao_rules::scheme::Scheme;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::seen::{Beside, approved_terms, declared};
use super::{Group, due, gravity, key, years};
use crate::audit::sha256;
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::{Change, Declaration};
use crate::error::{Result, ServiceError};

/// Rows in one statement: eleven values each, and SQLite takes 32,766.
const MAX_ROWS: usize = 1_000;

/// The keys of findings that come in the order of [`Declaration::all_findings`], with their paths from the declaration.
#[must_use]
pub fn ids(declaration: DeclarationId, findings: &[Finding]) -> Vec<FindingId> {
    let mut seen: HashMap<(&str, &[String]), usize> = HashMap::new();
    let mut ids = Vec::with_capacity(findings.len());
    for found in findings {
        let nth = seen.entry((&found.rule, &found.path)).or_default();
        *nth += 1;
        ids.push(key(declaration, &found.rule, &found.path, *nth));
    }
    ids
}

/// The rows of findings.
fn rows(ctx: &Ctx, id: DeclarationId, findings: &[Finding]) -> Result<Vec<finding::Model>> {
    let row = |(found, key): (&Finding, FindingId)| {
        let (message, compared) = (serde_json::to_string(&found.message)?, serde_json::to_string(&found.compared)?);
        let told = format!("{}\0{}\0{message}\0{compared}", found.severity.as_str(), found.rule);
        Ok(finding::Model {
            declaration_id: id,
            id: key,
            gravity: gravity(found.severity),
            rule: found.rule.clone(),
            period: found.period().map(Word),
            path: serde_json::to_string(&found.path)?,
            message,
            compared,
            fingerprint: sha256(told.as_bytes()),
            since: found.since,
            found_at: ctx.now,
        })
    };
    findings.iter().zip(ids(id, findings)).map(row).collect()
}

/// The fingerprint and texts of one finding that many declarations share.
pub(super) fn template(ctx: &Ctx, found: &Finding) -> Result<finding::Model> {
    let made = rows(ctx, DeclarationId(0), std::slice::from_ref(found))?;
    Ok(made.into_iter().next().ok_or_else(|| anyhow::anyhow!("one finding makes one row"))?)
}

async fn stored(db: &impl ConnectionTrait, id: DeclarationId) -> Result<Vec<finding::Model>> {
    let rows = finding::Entity::find().filter(finding::Column::DeclarationId.eq(id));
    Ok(rows.order_by_asc(finding::Column::Id).all(db).await?)
}

/// Stores what differs within a group; what stays as it was is not touched.
async fn put(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    id: DeclarationId,
    group: Group,
    known: &[finding::Model],
    findings: &[Finding],
) -> Result<()> {
    let mut wanted: BTreeMap<FindingId, finding::Model> =
        rows(ctx, id, findings)?.into_iter().map(|row| (row.id, row)).collect();
    let mut gone = Vec::new();
    for row in known.iter().filter(|row| Group::of(&row.rule) == group) {
        let same = |made: &finding::Model| made.fingerprint == row.fingerprint && made.since == row.since;
        if wanted.get(&row.id).is_some_and(same) {
            wanted.remove(&row.id);
        } else {
            gone.push(row.id);
        }
    }
    for some in gone.chunks(MAX_ROWS) {
        finding::Entity::delete_many()
            .filter(finding::Column::DeclarationId.eq(id))
            .filter(finding::Column::Id.is_in(some.iter().copied()))
            .exec(txn)
            .await?;
    }
    let made: Vec<finding::ActiveModel> = wanted.into_values().map(Into::into).collect();
    for some in made.chunks(MAX_ROWS) {
        finding::Entity::insert_many(some.to_vec()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// What the declaration alone gives.
fn own(declaration: &Declaration, beside: &Beside, scheme: &Scheme) -> Vec<Finding> {
    let mut findings = declaration.all_findings();
    findings.extend(audit::declaration(&declared(declaration, beside, scheme), scheme));
    findings
}

/// Brings the rows up to date that follow from the declaration itself and from the department's other years.
pub(crate) async fn settle(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    change: &Change<'_>,
    after: &Declaration,
    scheme: &Scheme,
) -> Result<()> {
    let known = stored(txn, after.id).await?;
    let mut returned = returned(txn, after.id).await?;
    if matches!(change.act, Act::DeclarationReturn | Act::ReportReturn) {
        // Its own entry comes last.
        *returned.entry(change.node.clone()).or_default() += 1;
    }
    let before = change.before;
    let altered = before.is_none_or(|before| {
        before.version == after.version && approved_terms(before, after) != approved_terms(after, after)
    });
    let suspected = altered || known.iter().any(|row| row.rule == "A8");
    let approved = if suspected { approved(txn, after).await? } else { None };
    put(txn, ctx, after.id, Group::Own, &known, &own(after, &Beside { approved, returned }, scheme)).await?;
    if before.is_none_or(|before| years::differ(before, after)) {
        years_settled(txn, ctx, after, scheme, &known).await?;
    }
    Ok(())
}

/// Those of other years, and those that look back on this one. Whoever changes a department's years waits here for whoever
/// else does, so that each sees what the other wrote.
async fn years_settled(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    after: &Declaration,
    scheme: &Scheme,
    known: &[finding::Model],
) -> Result<()> {
    years::hold(txn, after.department_id).await?;
    let others = years::others(txn, after, scheme).await?;
    put(txn, ctx, after.id, Group::Years, known, &years::found(after, &others, scheme)).await?;
    for (next, next_scheme) in others.looking_back() {
        let known = stored(txn, next.id).await?;
        let findings = years::found_among(next, after, &others, next_scheme);
        put(txn, ctx, next.id, Group::Years, &known, &findings).await?;
    }
    Ok(())
}

/// Brings the rows up to date that follow from the windows, once the end of the audit chain is locked: whoever moves a
/// window does so behind the same lock.
pub(crate) async fn current(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    before: Option<&Declaration>,
    after: &Declaration,
) -> Result<()> {
    let owed = |declaration: &Declaration| due::owed(declaration).collect::<Vec<_>>();
    if before.map(owed).unwrap_or_default() == owed(after) {
        return Ok(());
    }
    let known = stored(txn, after.id).await?;
    put(txn, ctx, after.id, Group::Due, &known, &due::found(txn, after).await?).await
}

/// How often the declaration and its reports were returned, by their names in the log.
async fn returned(db: &impl ConnectionTrait, id: DeclarationId) -> Result<BTreeMap<String, u32>> {
    use audit_entry::Column as C;
    let acts = [Act::DeclarationReturn, Act::ReportReturn].map(Vocabulary::as_str);
    let entries = audit_entry::Entity::find()
        .select_only()
        .column(C::Node)
        .filter(crate::audit::of_reports(id))
        .filter(C::Action.is_in(acts))
        .into_tuple::<String>()
        .all(db)
        .await?;
    let mut counts = BTreeMap::new();
    for node in entries {
        *counts.entry(node).or_default() += 1;
    }
    Ok(counts)
}

/// The document of the approved version in force.
async fn approved(db: &impl ConnectionTrait, declaration: &Declaration) -> Result<Option<Declaration>> {
    if declaration.version == 0 {
        return Ok(None);
    }
    let version = declaration_version::Entity::find_by_id((declaration.id, declaration.version)).one(db).await?;
    let Some(version) = version else { return Ok(None) };
    let document = declaration_document::Entity::find_by_id((declaration.id, version.document_number)).one(db).await?;
    Ok(document.map(|document| serde_json::from_str(&document.body)).transpose()?)
}

/// Every row as it should be, computed from nothing.
async fn anew(db: &impl ConnectionTrait, declaration: &Declaration, scheme: &Scheme) -> Result<Vec<Finding>> {
    let beside = Beside { approved: approved(db, declaration).await?, returned: returned(db, declaration.id).await? };
    let mut findings = own(declaration, &beside, scheme);
    let others = years::others(db, declaration, scheme).await?;
    findings.extend(years::found(declaration, &others, scheme));
    findings.extend(due::found(db, declaration).await?);
    Ok(findings)
}

/// What differs between the rows and what they should be, one line each. The declaration is derived anew.
pub(crate) async fn examine(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    declaration: &Declaration,
    scheme: &Scheme,
) -> Result<Vec<String>> {
    let id = declaration.id;
    let mut wanted: BTreeMap<FindingId, finding::Model> =
        rows(ctx, id, &anew(db, declaration, scheme).await?)?.into_iter().map(|row| (row.id, row)).collect();
    let mut differences = Vec::new();
    for row in stored(db, id).await? {
        let same = wanted.remove(&row.id).is_some_and(|made| finding::Model { found_at: row.found_at, ..made } == row);
        if !same {
            differences.push(format!("Declaration:{} finding {} {}", id.0, row.rule, row.path));
        }
    }
    let missing =
        wanted.values().map(|row| format!("Declaration:{} finding {} {} is missing", id.0, row.rule, row.path));
    differences.extend(missing);
    Ok(differences)
}

/// Stores the findings of declarations that were just written in bulk: as approved, and never returned.
pub(crate) async fn fresh(txn: &DatabaseTransaction, ctx: &Ctx, made: &[Declaration]) -> Result<()> {
    let mut new: Vec<finding::ActiveModel> = Vec::new();
    for declaration in made {
        let scheme = crate::scheme::by_id(txn, declaration.scheme.id).await?.scheme;
        let mut findings = own(declaration, &Beside::default(), &scheme);
        let others = years::others(txn, declaration, &scheme).await?;
        findings.extend(years::found(declaration, &others, &scheme));
        findings.extend(due::found(txn, declaration).await?);
        new.extend(rows(ctx, declaration.id, &findings)?.into_iter().map(finding::ActiveModel::from));
        let known = |next: &Declaration| !made.iter().any(|made| made.id == next.id);
        for (next, next_scheme) in others.looking_back().filter(|(next, _)| known(next)) {
            let findings = years::found_among(next, declaration, &others, next_scheme);
            put(txn, ctx, next.id, Group::Years, &stored(txn, next.id).await?, &findings).await?;
        }
    }
    for some in new.chunks(MAX_ROWS) {
        finding::Entity::insert_many(some.to_vec()).exec_without_returning(txn).await?;
    }
    Ok(())
}

async fn renew(txn: &DatabaseTransaction, ctx: &Ctx, declaration: &Declaration) -> Result<()> {
    let scheme = crate::scheme::by_id(txn, declaration.scheme.id).await?.scheme;
    let known = stored(txn, declaration.id).await?;
    let findings = anew(txn, declaration, &scheme).await?;
    for group in [Group::Own, Group::Years, Group::Due] {
        let some: Vec<Finding> = findings.iter().filter(|found| Group::of(&found.rule) == group).cloned().collect();
        put(txn, ctx, declaration.id, group, &known, &some).await?;
    }
    Ok(())
}

/// Computes the findings of every declaration anew: once after an upgrade from a version that kept none. Gives how many
/// declarations there are. For the operator; nothing that anybody stated changes, so the audit log has nothing to tell.
///
/// # Errors
/// `Forbidden` for everybody but the operator; when the database fails.
pub async fn refresh(db: &Db, ctx: &Ctx) -> Result<u64> {
    if ctx.actor != Actor::Operator {
        return Err(ServiceError::Forbidden);
    }
    let all = declaration::Entity::find().count(db.read()).await?;
    let (mut last, mut count) = (DeclarationId(0), 0);
    loop {
        let txn = db.begin_write().await?;
        let next = declaration::Entity::find()
            .filter(declaration::Column::Id.gt(last))
            .order_by_asc(declaration::Column::Id)
            .lock_exclusive()
            .one(&txn)
            .await?;
        let Some(row) = next else { return Ok(count) };
        let mut declaration = crate::declaration::assemble(&txn, row.id).await?;
        let scheme = crate::scheme::by_id(&txn, row.scheme_id).await?;
        crate::declaration::derive(&mut declaration, &scheme.scheme);
        renew(&txn, ctx, &declaration).await?;
        txn.commit().await?;
        (last, count) = (row.id, count + 1);
        ctx.progress.tell(count, Some(all));
    }
}
