//! The audit log: one entry per command, append-only, each carrying the hash of the one before.
//!
//! The hash is the SHA-256 of a JSON array (no white space, non-ASCII as is) of `sequence, contents, previousHash`, where
//! contents is the SHA-256 of such an array of `at (microseconds), actorId, actorName, role, action, node, departmentId,
//! reason, changes (as text), documentSha256, requestId`. So an audit pack can leave out what an entry says and still prove
//! its place: the hash of its contents is enough to recompute the chain.

use std::collections::HashSet;

use jixiao_entity::id::{DeclarationId, DepartmentId, Timestamp, UserId};
use jixiao_entity::stored::Word;
use jixiao_entity::{adjustment, audit_entry, audit_head, declaration, department};
use jixiao_rules::cycle::{Act, AdjustmentStatus, Period, PublicationKind, Role};
use jixiao_rules::kind::Vocabulary;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Cond, Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError};
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope};

/// Hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One changed field of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Path from the object, such as `indicators.12.annualTarget.text`; list items go by their id.
    pub path: String,
    /// Value before, as text; `None` when there was none.
    pub before: Option<String>,
    /// Value after, as text; `None` when there is none.
    pub after: Option<String>,
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub(crate) act: Act,
    pub(crate) role: Option<Role>,
    pub(crate) node: String,
    pub(crate) department: Option<DepartmentId>,
    pub(crate) reason: Option<String>,
    pub(crate) changes: Vec<FieldChange>,
    pub(crate) document_sha256: Option<String>,
}

impl NewEntry {
    /// An entry of the administration.
    pub(crate) fn administer(roles: &[Role], node: String, changes: Vec<FieldChange>) -> Self {
        let (act, role) = (Act::Administer, roles.first().copied());
        Self { act, role, node, department: None, reason: None, changes, document_sha256: None }
    }

    /// With the reason given.
    pub(crate) fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

/// A changed field; `None` when it did not change.
pub(crate) fn change(path: &str, before: Option<String>, after: Option<String>) -> Option<FieldChange> {
    (before != after).then(|| FieldChange { path: path.to_owned(), before, after })
}

/// SHA-256 as lower-case hex.
#[must_use]
pub fn sha256(text: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// SHA-256 of what an entry says, hex.
pub(crate) fn contents_of(entry: &audit_entry::Model) -> Result<String> {
    let said = (
        (entry.at, entry.actor_id, &entry.actor_name, entry.role.map(|role| role.0), &entry.action, &entry.node),
        (entry.department_id, &entry.reason, &entry.changes, &entry.document_sha256, &entry.request_id),
    );
    let ((a, b, c, d, e, f), (g, h, i, j, k)) = said;
    Ok(sha256(&serde_json::to_vec(&(a, b, c, d, e, f, g, h, i, j, k))?))
}

fn hash_of(entry: &audit_entry::Model) -> Result<String> {
    Ok(sha256(&serde_json::to_vec(&(entry.sequence, contents_of(entry)?, &entry.previous_hash))?))
}

/// The hash of entries written before the contents had one of their own: all fields in one array. Its thirteen elements
/// cannot be taken for the three of [`hash_of`].
fn flat_hash_of(entry: &audit_entry::Model) -> Result<String> {
    let fields = (
        (entry.sequence, entry.at, entry.actor_id, &entry.actor_name, entry.role.map(|role| role.0)),
        (&entry.action, &entry.node, entry.department_id, &entry.reason, &entry.changes),
        (&entry.document_sha256, &entry.request_id, &entry.previous_hash),
    );
    let ((a, b, c, d, e), (f, g, h, i, j), (k, l, m)) = fields;
    Ok(sha256(&serde_json::to_vec(&(a, b, c, d, e, f, g, h, i, j, k, l, m))?))
}

/// Whether an entry has its hash by its contents' hash, as all but old ones.
pub(crate) fn by_contents(entry: &audit_entry::Model) -> Result<bool> {
    Ok(hash_of(entry)? == entry.hash)
}

fn fits(entry: &audit_entry::Model) -> Result<bool> {
    Ok(by_contents(entry)? || flat_hash_of(entry)? == entry.hash)
}

/// Appends an entry. Called last before commit: from here to the commit the end of the chain is locked.
pub(crate) async fn append(txn: &DatabaseTransaction, ctx: &Ctx, new: NewEntry) -> Result<()> {
    for entry in chained(txn, ctx, vec![new]).await? {
        audit_entry::Entity::insert(audit_entry::ActiveModel::from(entry)).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Locks the end of the chain, puts entries after it and moves it there; the caller inserts them.
pub(crate) async fn chained(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    new: Vec<NewEntry>,
) -> Result<Vec<audit_entry::Model>> {
    let head = audit_head::Entity::find_by_id(1).lock_exclusive().one(txn).await?;
    let mut head = head.ok_or_else(|| anyhow::anyhow!("the audit chain has no head"))?;
    let mut entries = Vec::with_capacity(new.len());
    for new in new {
        let mut entry = audit_entry::Model {
            sequence: head.sequence + 1,
            at: ctx.now,
            actor_id: ctx.user_id(),
            actor_name: ctx.actor_name().to_owned(),
            role: new.role.map(Word),
            action: new.act.as_str().to_owned(),
            node: new.node,
            department_id: new.department,
            reason: new.reason,
            changes: serde_json::to_string(&new.changes)?,
            document_sha256: new.document_sha256,
            request_id: ctx.request_id.clone(),
            previous_hash: head.hash,
            hash: String::new(),
        };
        entry.hash = hash_of(&entry)?;
        (head.sequence, head.hash) = (entry.sequence, entry.hash.clone());
        entries.push(entry);
    }
    let end = audit_head::ActiveModel { id: Set(1), sequence: Set(head.sequence), hash: Set(head.hash) };
    end.update(txn).await?;
    Ok(entries)
}

/// What differs between two JSON values, leaf by leaf.
#[must_use]
pub fn diff(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk(&mut changes, "", before, after);
    changes
}

fn walk(changes: &mut Vec<FieldChange>, path: &str, before: &Value, after: &Value) {
    if before == after {
        return;
    }
    let (left, right) = (children(before), children(after));
    if left.is_empty() && right.is_empty() {
        changes.push(FieldChange { path: path.to_owned(), before: leaf(before), after: leaf(after) });
        return;
    }
    let mut keys: Vec<&String> = left.iter().chain(&right).map(|(key, _)| key).collect();
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(*key));
    for key in keys {
        let find = |side: &[(String, Value)]| side.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        walk(changes, &path, &find(&left).unwrap_or(Value::Null), &find(&right).unwrap_or(Value::Null));
    }
}

/// Fields of an object; items of a list by their `id`, or else by their index. Empty for a leaf.
fn children(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (item.get("id").map_or(index.to_string(), Value::to_string), item.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn leaf(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without gaps over the whole service.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the operator's command line.
    pub actor_id: Option<UserId>,
    /// Name as it was then.
    pub actor_name: String,
    /// As what.
    pub role: Option<Role>,
    /// Code of the act.
    pub action: String,
    /// Reason or opinion given.
    pub reason: Option<String>,
    /// From what to what.
    pub changes: Vec<FieldChange>,
    /// Hash of the entry before.
    pub previous_hash: String,
    /// Hash of this entry.
    pub hash: String,
}

/// The entries of one object, oldest first; of a declaration also those of its reports. The caller has made sure that
/// it may be seen.
///
/// # Errors
/// When the database fails.
pub async fn trail(db: &Db, ctx: &Ctx, node: &str, page: &Page) -> Result<Slice<Entry>> {
    let db = db.read();
    let mut select = Query::select();
    select.expr(Expr::col(sea_orm::sea_query::Asterisk)).from(audit_entry::Entity).cond_where(of_node(node));
    let drafts = hidden_adjustments(db, ctx, node).await?;
    if !drafts.is_empty() {
        select.and_where(Expr::col(audit_entry::Column::Node).is_not_in(drafts));
    }
    page.apply(&mut select, &[SortKey::asc(Expr::col(audit_entry::Column::Sequence))]);
    let rows = db.query_all(&select).await?;
    let entries =
        rows.iter().map(|row| entry_of(audit_entry::Model::from_query_result(row, "")?)).collect::<Result<Vec<_>>>()?;
    Ok(page.slice(entries))
}

/// Nodes of the adjustments of a declaration that are drafts, where the caller sees none.
async fn hidden_adjustments(db: &impl ConnectionTrait, ctx: &Ctx, node: &str) -> Result<Vec<String>> {
    let Some(id) = node.strip_prefix("Declaration:").and_then(|id| id.parse().ok()) else { return Ok(Vec::new()) };
    let drafts = adjustment::Entity::find()
        .filter(adjustment::Column::DeclarationId.eq(DeclarationId(id)))
        .filter(adjustment::Column::Status.eq(Word(AdjustmentStatus::Draft)))
        .all(db)
        .await?;
    let Some(declaration) = declaration::Entity::find_by_id(DeclarationId(id)).one(db).await? else {
        return Ok(Vec::new());
    };
    let department = department::Entity::find_by_id(declaration.department_id).one(db).await?;
    let shown = |row: &department::Model| Scope::of(ctx).drafts_of(row.id, row.jurisdiction_id);
    if drafts.is_empty() || department.as_ref().is_some_and(shown) {
        return Ok(Vec::new());
    }
    Ok(drafts.iter().map(|row| crate::adjustment::node_of(row.declaration_id, row.id)).collect())
}

fn of_node(node: &str) -> Cond {
    let column = || Expr::col(audit_entry::Column::Node);
    let mut any = Cond::any().add(column().eq(node));
    if let Some(id) = node.strip_prefix("Declaration:") {
        any = any.add(column().is_in(reports_of(id)));
        any = any.add(adjustments_of(id));
        any = any.add(column().is_in(PublicationKind::ALL.iter().map(|kind| format!("Publication:{id}:{kind}"))));
    }
    any
}

/// The nodes of a declaration's reports.
fn reports_of(declaration: &str) -> impl Iterator<Item = String> {
    Period::ALL.iter().map(move |period| format!("Report:{declaration}:{period}"))
}

/// The entries on a declaration itself and on its reports.
pub(crate) fn of_reports(id: DeclarationId) -> Cond {
    let key = id.0.to_string();
    let nodes = std::iter::once(format!("Declaration:{key}")).chain(reports_of(&key));
    Cond::all().add(Expr::col(audit_entry::Column::Node).is_in(nodes.collect::<Vec<_>>()))
}

/// The nodes of a declaration's adjustments: `Adjustment:7:3` of declaration 7. `;` comes right after `:`.
fn adjustments_of(declaration: &str) -> Cond {
    let column = || Expr::col(audit_entry::Column::Node);
    Cond::all()
        .add(column().gte(format!("Adjustment:{declaration}:")))
        .add(column().lt(format!("Adjustment:{declaration};")))
}

/// Hashes of all documents of a declaration that the log names.
pub(crate) async fn documents_of(db: &impl ConnectionTrait, id: DeclarationId) -> Result<HashSet<String>> {
    let named = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::DocumentSha256)
        .filter(of_node(&format!("Declaration:{}", id.0)))
        .into_tuple::<Option<String>>()
        .all(db)
        .await?;
    Ok(named.into_iter().flatten().collect())
}

/// The entries of one object that led beyond a revision of it, the latest first.
pub(crate) async fn since(db: &impl ConnectionTrait, node: &str, revision: i32) -> Result<Vec<Entry>> {
    // `Report:7:MID_YEAR` is `reports.MID_YEAR` in its declaration, `Adjustment:7:3` is `adjustments.3`.
    let mut parts = node.splitn(3, ':');
    let path = match (parts.next(), parts.nth(1)) {
        (Some("Report"), Some(period)) => format!("reports.{period}.revision"),
        (Some("Publication"), Some(kind)) => format!("publications.{kind}.revision"),
        (Some("Adjustment"), Some(id)) => format!("adjustments.{id}.revision"),
        _ => "revision".to_owned(),
    };
    // An approved adjustment changes its declaration as well.
    let mut any = Cond::any().add(Expr::col(audit_entry::Column::Node).eq(node));
    if let Some(id) = node.strip_prefix("Declaration:") {
        any = any.add(adjustments_of(id));
    }
    let rows = audit_entry::Entity::find()
        .filter(any)
        .order_by_desc(audit_entry::Column::Sequence)
        .limit(MOST_SINCE)
        .all(db)
        .await?;
    let entries = rows.into_iter().map(entry_of).collect::<Result<Vec<_>>>()?;
    let beyond = |entry: &Entry| {
        let after = entry.changes.iter().find(|change| change.path == path).and_then(|change| change.after.as_deref());
        after.and_then(|after| after.parse::<i32>().ok()).is_some_and(|after| after > revision)
    };
    Ok(entries.into_iter().filter(beyond).collect())
}

/// Most entries looked at for a conflict: who is further behind starts anew.
const MOST_SINCE: u64 = 200;

impl Entry {
    /// Place of the entry in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.sequence.into()]
    }
}

fn entry_of(row: audit_entry::Model) -> Result<Entry> {
    Ok(Entry {
        sequence: row.sequence,
        at: row.at,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        role: row.role.map(|role| role.0),
        action: row.action,
        reason: row.reason,
        changes: serde_json::from_str(&row.changes)?,
        previous_hash: row.previous_hash,
        hash: row.hash,
    })
}

/// What a verification of the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Entries verified.
    pub entries: i64,
    /// No entry was altered, dropped, added or moved.
    pub intact: bool,
    /// Hash of the last intact entry.
    pub head_hash: String,
    /// Position of the first entry that does not fit.
    pub first_broken_sequence: Option<i64>,
    /// When.
    pub checked_at: Timestamp,
}

/// Verifies what came since the last verification of this process; for AUDITOR and ADMIN.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`, or when the database fails.
pub async fn verification(db: &Db, ctx: &Ctx) -> Result<Verification> {
    policy::allow(ctx, Act::AuditVerify, None).or_else(|refusal| {
        // Any grant with the role serves, whatever its territory: the chain is one for the whole service.
        let able = ctx
            .user()
            .is_some_and(|user| user.grants.iter().any(|grant| matches!(grant.role, Role::Auditor | Role::Admin)));
        if able { Ok(Vec::new()) } else { Err(refusal) }
    })?;
    let known = db.verified();
    let found = verify(db.read(), ctx, known.filter(|known| known.intact)).await?;
    db.remember_verified(&found);
    Ok(found)
}

/// Verifies the chain after `known`, or from its beginning.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &impl ConnectionTrait, ctx: &Ctx, known: Option<Verification>) -> Result<Verification> {
    let mut found = known.unwrap_or(Verification {
        entries: 0,
        intact: true,
        head_hash: GENESIS.to_owned(),
        first_broken_sequence: None,
        checked_at: ctx.now,
    });
    found.checked_at = ctx.now;
    // Read the head first: entries written meanwhile are only further ones.
    let head = audit_head::Entity::find_by_id(1).one(db).await?;
    let broken = |mut found: Verification| {
        found.intact = false;
        found.first_broken_sequence = Some(found.entries + 1);
        found
    };
    while let Some(rows) = after(db, found.entries).await? {
        for row in &rows {
            let follows = row.sequence == found.entries + 1 && row.previous_hash == found.head_hash;
            let ends = head.as_ref().is_none_or(|head| head.sequence != row.sequence || head.hash == row.hash);
            if !follows || !ends || !fits(row)? {
                return Ok(broken(found));
            }
            found.entries = row.sequence;
            found.head_hash.clone_from(&row.hash);
        }
        if rows.is_empty() {
            // A dropped tail leaves the head ahead of the entries.
            let short = head.is_none_or(|head| head.sequence > found.entries);
            return Ok(if short { broken(found) } else { found });
        }
    }
    Ok(broken(found))
}

/// The next entries; `None` when the first of them cannot even be read, though the database answers.
pub(crate) async fn after(db: &impl ConnectionTrait, sequence: i64) -> Result<Option<Vec<audit_entry::Model>>> {
    let entries = |most| {
        audit_entry::Entity::find()
            .filter(audit_entry::Column::Sequence.gt(sequence))
            .order_by_asc(audit_entry::Column::Sequence)
            .limit(most)
    };
    if let Ok(rows) = entries(1_000).all(db).await {
        return Ok(Some(rows));
    }
    // One damaged value hides its whole page: entry by entry up to it.
    if let Ok(rows) = entries(1).all(db).await {
        return Ok(Some(rows));
    }
    audit_head::Entity::find_by_id(1).one(db).await?;
    Ok(None)
}

impl From<sea_orm::TryGetError> for ServiceError {
    fn from(error: sea_orm::TryGetError) -> Self {
        sea_orm::DbErr::from(error).into()
    }
}
