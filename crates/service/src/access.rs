//! The access log: who read what is not everybody's (product 28). Outside the audit chain, each entry a transaction of its
//! own; a read whose entry cannot be written fails, so that there is no unlogged read. Ordinary pages pay nothing.

use jixiao_entity::id::{DeclarationId, DepartmentId, JurisdictionId, Timestamp, UserId};
use jixiao_entity::{access_entry, department};
use jixiao_rules::cycle::{Act, DeclarationStatus, Role};
use jixiao_rules::kind::{Vocabulary, vocabulary_words};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult};

use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{Header, Whole};
use crate::department::Department;
use crate::error::Result;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::{self, Scope, Territory};

vocabulary_words! {
    /// What kind of read.
    AccessAct {
        EvidenceDownload = "EVIDENCE_DOWNLOAD", "下载佐证材料", "evidence downloaded";
        Export = "EXPORT", "导出", "export";
        AuditPack = "AUDIT_PACK", "下载审计包", "audit pack";
        DraftRead = "DRAFT_READ", "查看其他部门的草稿", "another's draft read";
        AsOfRead = "AS_OF_READ", "查看历史时点", "past moment read";
    }
}

/// A read to be noted.
#[derive(Clone, Debug)]
pub struct Access {
    /// What kind of read.
    pub act: AccessAct,
    /// What is read, such as `Evidence:7`.
    pub node: String,
    /// Whose it is; `None` for what spans departments.
    pub department: Option<DepartmentId>,
    /// What else tells the read apart.
    pub detail: Option<String>,
}

/// Notes reads before they are answered, in a transaction of its own.
///
/// # Errors
/// When the log cannot be written: then the read must fail too.
pub async fn note(db: &Db, ctx: &Ctx, reads: Vec<Access>) -> Result<()> {
    if reads.is_empty() {
        return Ok(());
    }
    let row = |read: Access| access_entry::ActiveModel {
        id: NotSet,
        at: Set(ctx.now),
        actor_id: Set(ctx.user_id()),
        actor_name: Set(ctx.actor_name().to_owned()),
        act: Set(read.act.as_str().to_owned()),
        node: Set(read.node),
        department_id: Set(read.department),
        request_id: Set(ctx.request_id.clone()),
        detail: Set(read.detail),
    };
    let txn = db.begin_write().await?;
    access_entry::Entity::insert_many(reads.into_iter().map(row)).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(())
}

/// A draft that is read.
pub(crate) struct Draft {
    id: DeclarationId,
    status: DeclarationStatus,
    department: DepartmentId,
    jurisdiction: JurisdictionId,
}

/// A declaration in this state, where what it says is still the department's own affair.
fn draft(id: DeclarationId, status: DeclarationStatus, of: &Department) -> Option<Draft> {
    matches!(status, DeclarationStatus::Draft | DeclarationStatus::Returned).then(|| Draft {
        id,
        status,
        department: of.id,
        jurisdiction: of.jurisdiction_id,
    })
}

/// The drafts among what is read.
pub(crate) fn drafts<'a>(read: impl Iterator<Item = &'a Whole>) -> Vec<Draft> {
    read.filter_map(|whole| draft(whole.declaration.id, whole.declaration.status, &whole.department)).collect()
}

/// Notes that the history of a draft is read by somebody who is not of the department that files it.
///
/// # Errors
/// As [`note`].
pub async fn note_draft(db: &Db, ctx: &Ctx, read: &Header) -> Result<()> {
    note_headers(db, ctx, std::iter::once(read)).await
}

/// The same of several, each noted once.
pub(crate) async fn note_headers(db: &Db, ctx: &Ctx, read: impl Iterator<Item = &Header>) -> Result<()> {
    let mut drafts: Vec<Draft> = read.filter_map(|head| draft(head.id, head.status, &head.department)).collect();
    drafts.sort_by_key(|draft| draft.id);
    drafts.dedup_by_key(|draft| draft.id);
    note_drafts(db, ctx, drafts).await
}

/// Notes that drafts are read by somebody who is not of the department that files them.
pub(crate) async fn note_drafts(db: &Db, ctx: &Ctx, read: Vec<Draft>) -> Result<()> {
    let mut reads = Vec::new();
    for Draft { id, status, department, jurisdiction } in read {
        let files = match files_by_name(ctx, department) {
            Some(known) => known,
            None => {
                let territory = Territory::of(db.read(), department, jurisdiction).await?;
                policy::roles(ctx, Some(&territory)).into_iter().any(files)
            }
        };
        if !files {
            let (act, node) = (AccessAct::DraftRead, format!("Declaration:{}", id.0));
            reads.push(Access { act, node, department: Some(department), detail: Some(status.as_str().to_owned()) });
        }
    }
    note(db, ctx, reads).await
}

/// Whether the caller files or reviews for this department; `None` when that depends on where it lies.
fn files_by_name(ctx: &Ctx, department: DepartmentId) -> Option<bool> {
    let grants = ctx.user().map_or(&[][..], |user| &user.grants);
    let mut known = Some(false);
    for grant in grants.iter().filter(|grant| files(grant.role)) {
        match &grant.department {
            Some(place) if place.id == department => return Some(true),
            Some(_) => {}
            None => known = None,
        }
    }
    known
}

fn files(role: Role) -> bool {
    matches!(role, Role::UnitFiler | Role::DepartmentReviewer)
}

/// Which entries. What is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct AccessFilter {
    /// Of these kinds.
    pub acts: Option<Vec<AccessAct>>,
    /// Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// Of this object, such as `Evidence:7`.
    pub node: Option<String>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    /// Key; grows.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the operator's command line.
    pub actor_id: Option<UserId>,
    /// Name as it was then.
    pub actor_name: String,
    /// Code of an [`AccessAct`].
    pub act: String,
    /// What was read.
    pub node: String,
    /// Code of the department whose it is.
    pub department_code: Option<String>,
    /// Request.
    pub request_id: String,
    /// What else tells the read apart.
    pub detail: Option<String>,
}

impl Entry {
    /// Place of the entry in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        vec![self.id.into()]
    }
}

/// A page of the log, newest first, for AUDITOR and ADMIN over what those grants cover.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`, or when the database fails.
pub async fn list(db: &Db, ctx: &Ctx, filter: &AccessFilter, page: &Page) -> Result<Slice<Entry>> {
    let mut select = scoped(&policy::only(ctx, Act::AccessLogRead)?);
    let column = |column| Expr::col((access_entry::Entity, column));
    if let Some(acts) = &filter.acts {
        select.and_where(column(access_entry::Column::Act).is_in(acts.iter().map(|act| act.as_str())));
    }
    if let Some(codes) = &filter.department_codes {
        let code = Expr::col((department::Entity, department::Column::Code));
        select.and_where(code.is_in(codes.iter().map(String::as_str)));
    }
    if let Some(node) = &filter.node {
        select.and_where(column(access_entry::Column::Node).eq(node.as_str()));
    }
    if let Some(since) = filter.since {
        select.and_where(column(access_entry::Column::At).gte(since.0));
    }
    if let Some(until) = filter.until {
        select.and_where(column(access_entry::Column::At).lt(until.0));
    }
    page.apply(&mut select, &[SortKey { expr: column(access_entry::Column::Id), descending: true }]);
    let rows = db.read().query_all(&select).await?;
    let entries = rows.iter().map(|row| Entry::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok(page.slice(entries))
}

/// The entries of the departments that the reader's grants cover.
fn scoped(reader: &Ctx) -> SelectStatement {
    let mut select = Query::select();
    use access_entry::Column as C;
    for column in [C::Id, C::At, C::ActorId, C::ActorName, C::Act, C::Node, C::RequestId, C::Detail] {
        select.column((access_entry::Entity, column));
    }
    select
        .expr_as(Expr::col((department::Entity, department::Column::Code)), "department_code")
        .from(access_entry::Entity)
        .left_join(department::Entity, Expr::col(("department", "id")).equals(("access_entry", "department_id")))
        .cond_where(Scope::of(reader).departments());
    select
}
