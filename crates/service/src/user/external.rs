//! People who come from an identity provider. Each has an account here, made at the first arrival, so that whatever they do has
//! its name; what they may do follows the provider's claims, and every change of it is in the audit log.

use jixiao_entity::id::UserId;
use jixiao_entity::{role_grant, user_account};
use jixiao_rules::cycle::Role;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};

use super::list::{Account, one};
use super::manage::check_exclusive;
use super::{Create, NewGrant, add, hash_password, insert_grant, random_token};
use crate::audit::{self, FieldChange, NewEntry};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::error::{Result, ServiceError};

/// Somebody as the provider tells of them.
#[derive(Clone, Debug)]
pub struct External {
    /// Who tells.
    pub issuer: String,
    /// Who it is, among all whom the issuer knows.
    pub subject: String,
    /// Name for the account, at the first arrival.
    pub username: String,
    /// Name for people.
    pub display_name: String,
    /// What they may be. What names a place that is not here is left out.
    pub grants: Vec<NewGrant>,
}

/// The account of somebody, made or brought up to date; `None` when it is closed here.
///
/// # Errors
/// When the database fails.
pub async fn arrive(db: &Db, ctx: &Ctx, who: &External) -> Result<Option<UserId>> {
    let found = find(db.read(), who, false).await?;
    if let Some(row) = &found {
        if row.disabled_at.is_some() {
            return Ok(None);
        }
        if up_to_date(&one(db.read(), row.id).await?, row, who) {
            return Ok(Some(row.id));
        }
    }
    match bring(db, ctx, who, found.is_none()).await {
        // Two nodes made the same account at the same time: now it is there.
        Err(_) if found.is_none() && find(db.read(), who, false).await?.is_some() => {
            bring(db, ctx, who, false).await.map(Some)
        }
        brought => brought.map(Some),
    }
}

/// Brings an account up to date; makes it, where it is `new`.
async fn bring(db: &Db, ctx: &Ctx, who: &External, new: bool) -> Result<UserId> {
    // It is the provider's word that changes things, not the caller's.
    let ctx = &Ctx { actor: Actor::Operator, ..ctx.clone() };
    // Hashing takes long: before the transaction, and for a new account only.
    let hash = if new { Some(hash_password(random_token()).await?) } else { None };
    let txn = db.begin_write().await?;
    let (row, mut changes) = match (find(&txn, who, true).await?, hash) {
        (Some(row), _) => (row, Vec::new()),
        (None, Some(hash)) => make(&txn, ctx, who, hash).await?,
        (None, None) => return Err(anyhow::anyhow!("the account of {} is gone", who.subject).into()),
    };
    let id = row.id;
    changes.extend(follow(&txn, ctx, row, who).await?);
    if !changes.is_empty() {
        audit::append(&txn, ctx, NewEntry::administer(&[Role::Admin], format!("User:{}", id.0), changes)).await?;
    }
    txn.commit().await?;
    Ok(id)
}

async fn find(db: &impl ConnectionTrait, who: &External, lock: bool) -> Result<Option<user_account::Model>> {
    let mut select = user_account::Entity::find()
        .filter(user_account::Column::Issuer.eq(&who.issuer))
        .filter(user_account::Column::Subject.eq(&who.subject));
    if lock {
        select = select.lock_exclusive();
    }
    Ok(select.one(db).await?)
}

fn up_to_date(account: &Account, row: &user_account::Model, who: &External) -> bool {
    let mut held: Vec<String> = account.grants.iter().map(ToString::to_string).collect();
    let mut wanted: Vec<String> = who.grants.iter().map(ToString::to_string).collect();
    held.sort_unstable();
    wanted.sort_unstable();
    wanted.dedup();
    held == wanted && row.display_name == who.display_name
}

/// A new account, with a password that nobody knows.
async fn make(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    who: &External,
    hash: String,
) -> Result<(user_account::Model, Vec<FieldChange>)> {
    let taken = user_account::Entity::find().filter(user_account::Column::Username.eq(&who.username)).one(txn).await?;
    // A name of ours stays ours: whoever comes with it is somebody else.
    let username = if taken.is_some() { format!("{}#{}", who.username, who.subject) } else { who.username.clone() };
    let new = Create { username, display_name: who.display_name.clone(), password: String::new(), grants: Vec::new() };
    let (id, mut changes) = add(txn, ctx, &new, hash).await?;
    let set = user_account::ActiveModel {
        id: Set(id),
        issuer: Set(Some(who.issuer.clone())),
        subject: Set(Some(who.subject.clone())),
        ..Default::default()
    };
    let row = set.update(txn).await?;
    for (path, after) in [("issuer", &who.issuer), ("subject", &who.subject)] {
        changes.push(FieldChange { path: path.into(), before: None, after: Some(after.clone()) });
    }
    Ok((row, changes))
}

/// Makes the name and the grants those that the provider tells.
async fn follow(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    row: user_account::Model,
    who: &External,
) -> Result<Vec<FieldChange>> {
    let mut changes = Vec::new();
    if row.display_name != who.display_name {
        let (before, after) = (Some(row.display_name.clone()), Some(who.display_name.clone()));
        changes.push(FieldChange { path: "displayName".into(), before, after });
        let mut set: user_account::ActiveModel = row.clone().into();
        set.display_name = Set(who.display_name.clone());
        set.update(txn).await?;
    }
    let mut roles = Vec::new();
    let mut held = Vec::new();
    for grant in one(txn, row.id).await?.grants {
        let text = grant.to_string();
        if who.grants.iter().any(|wanted| wanted.to_string() == text) {
            roles.push(grant.role);
            held.push(text);
        } else {
            role_grant::Entity::delete_by_id(grant.id).exec(txn).await?;
            changes.push(FieldChange { path: "grant".into(), before: Some(text), after: None });
        }
    }
    for grant in &who.grants {
        let text = grant.to_string();
        if held.contains(&text) {
            continue;
        }
        let granted = match check_exclusive(&roles, grant.role, "grants") {
            Ok(()) => insert_grant(txn, ctx, row.id, grant, "").await,
            Err(violation) => Err(violation.into()),
        };
        match granted {
            Ok(()) => {
                changes.push(FieldChange { path: "grant".into(), before: None, after: Some(text.clone()) });
                roles.push(grant.role);
                held.push(text);
            }
            Err(ServiceError::Invalid(violations)) => {
                let why = violations.first().map(|violation| violation.message.en.clone());
                tracing::warn!(user = row.id.0, grant = text, why, "a grant of the identity provider is left out");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(changes)
}
