//! What ADMIN does to accounts, each within the administrator's own territory, and the own password.

use jixiao_entity::id::{GrantId, UserId};
use jixiao_entity::{department, refresh_token, role_grant, user_account};
use jixiao_rules::cycle::{self, Act, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};

use super::list::{Account, one};
use super::{NewGrant, check_password, hash_password, insert_grant, verify_password};
use crate::audit::{self, FieldChange, NewEntry, change};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::jurisdiction::check_text;
use crate::policy::{self, Territory};

/// An account locked for the rest of the transaction, all of whose grants lie within the administrator's territory.
struct Managed {
    row: user_account::Model,
    grants: Vec<role_grant::Model>,
    roles: Vec<Role>,
}

/// Locks an account that the caller administers.
async fn manage(txn: &DatabaseTransaction, ctx: &Ctx, id: UserId, field: &str) -> Result<Managed> {
    policy::able(ctx, Act::Administer)?;
    let row = user_account::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    let row = row.ok_or_else(|| ServiceError::not_found(field))?;
    let grants = role_grant::Entity::find().filter(role_grant::Column::UserId.eq(id)).all(txn).await?;
    let mut able = Vec::new();
    for grant in &grants {
        let territory = territory(txn, grant).await?;
        able.push(policy::allow(ctx, Act::Administer, Some(&territory)));
    }
    if grants.is_empty() {
        able.push(policy::allow(ctx, Act::Administer, Some(&Territory::everything())));
    }
    // Seen by one grant, but not the caller's to change because of another.
    if able.iter().all(Result::is_err) {
        return Err(ServiceError::not_found(field));
    }
    let mut roles = Vec::new();
    for outcome in able {
        roles = outcome?;
    }
    Ok(Managed { row, grants, roles })
}

async fn territory(db: &impl ConnectionTrait, grant: &role_grant::Model) -> Result<Territory> {
    if let Some(id) = grant.department_id {
        let row = department::Entity::find_by_id(id).one(db).await?;
        let row = row.ok_or_else(|| anyhow::anyhow!("department {} is gone", id.0))?;
        return Territory::of(db, id, row.jurisdiction_id).await;
    }
    match grant.jurisdiction_id {
        Some(id) => Territory::of_jurisdiction(db, id).await,
        None => Ok(Territory::everything()),
    }
}

/// Nobody administers themselves: neither can an administrator take a role, nor lock the door from outside.
fn refuse_self(ctx: &Ctx, id: UserId) -> Result<()> {
    if ctx.user_id() == Some(id) { Err(ServiceError::Forbidden) } else { Ok(()) }
}

/// Refuses a role beside one that excludes it.
pub(super) fn check_exclusive(held: &[Role], new: Role, field: &str) -> Result<(), Violation> {
    match held.iter().find(|held| cycle::exclude(**held, new)) {
        None => Ok(()),
        Some(held) => {
            let zh = "系统管理员不能同时填报或审核";
            let en = format!("{new} beside {held}: who administers neither files nor reviews");
            Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en))
        }
    }
}

async fn done(
    txn: DatabaseTransaction,
    ctx: &Ctx,
    managed: &Managed,
    changes: impl IntoIterator<Item = FieldChange>,
) -> Result<Account> {
    let id = managed.row.id;
    let account = one(&txn, id).await?;
    let changes = changes.into_iter().collect();
    audit::append(&txn, ctx, NewEntry::administer(&managed.roles, format!("User:{}", id.0), changes)).await?;
    txn.commit().await?;
    Ok(account)
}

/// Changes the name for people; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, and a name that is empty, too long or has control characters.
pub async fn rename(db: &Db, ctx: &Ctx, id: UserId, display_name: &str) -> Result<Account> {
    policy::able(ctx, Act::Administer)?;
    check_text(display_name, 60, "displayName")?;
    let txn = db.begin_write().await?;
    let managed = manage(&txn, ctx, id, "userId").await?;
    let before = managed.row.display_name.clone();
    let mut row = user_account::ActiveModel::from(managed.row.clone());
    row.display_name = Set(display_name.to_owned());
    row.update(&txn).await?;
    done(txn, ctx, &managed, change("displayName", Some(before), Some(display_name.to_owned()))).await
}

/// Closes an account, or opens it again; for ADMIN. Closing ends all its sessions.
///
/// # Errors
/// `Forbidden` (others' territory, or the own account); `Invalid`: `NOT_FOUND`, `WRONG_STATE`.
pub async fn set_disabled(db: &Db, ctx: &Ctx, id: UserId, disabled: bool) -> Result<Account> {
    let txn = db.begin_write().await?;
    let managed = manage(&txn, ctx, id, "id").await?;
    refuse_self(ctx, id)?;
    if managed.row.disabled_at.is_some() == disabled {
        let (zh, en) = if disabled {
            ("账号已停用", "the account is closed already")
        } else {
            ("账号未停用", "the account is not closed")
        };
        return Err(ServiceError::invalid(UserErrorCode::WrongState, "id", zh, en));
    }
    let mut row = user_account::ActiveModel::from(managed.row.clone());
    row.disabled_at = Set(disabled.then_some(ctx.now));
    row.update(&txn).await?;
    if disabled {
        end_sessions(&txn, ctx, id).await?;
    }
    let change = change("disabled", Some((!disabled).to_string()), Some(disabled.to_string()));
    done(txn, ctx, &managed, change).await
}

async fn end_sessions(txn: &DatabaseTransaction, ctx: &Ctx, id: UserId) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::val(ctx.now.0))
        .filter(refresh_token::Column::UserId.eq(id))
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// Sets another's password; for ADMIN. Ends all sessions of the account.
///
/// # Errors
/// `Forbidden` (others' territory, or the own account); `Invalid`: `NOT_FOUND`, and a password of the wrong length.
pub async fn set_password(db: &Db, ctx: &Ctx, id: UserId, password: &str) -> Result<Account> {
    policy::able(ctx, Act::Administer)?;
    check_password(password, "password")?;
    let hash = hash_password(password.to_owned()).await?;
    let txn = db.begin_write().await?;
    let managed = manage(&txn, ctx, id, "id").await?;
    refuse_self(ctx, id)?;
    let mut row = user_account::ActiveModel::from(managed.row.clone());
    row.password_hash = Set(hash);
    row.update(&txn).await?;
    end_sessions(&txn, ctx, id).await?;
    done(txn, ctx, &managed, changed_password()).await
}

/// The log tells that it changed, never from what to what.
fn changed_password() -> [FieldChange; 1] {
    [FieldChange { path: "password".into(), before: None, after: None }]
}

/// Changes the own password. Ends all sessions, so that a thief's end with it.
///
/// # Errors
/// `Unauthenticated`; `Invalid`: `INVALID_CREDENTIALS`, and a new password of the wrong length.
pub async fn change_password(db: &Db, ctx: &Ctx, current: &str, new: &str) -> Result<()> {
    let user = ctx.user().ok_or(ServiceError::Unauthenticated)?;
    check_password(new, "newPassword")?;
    let row = user_account::Entity::find_by_id(user.id).one(db.read()).await?;
    if !verify_password(current.to_owned(), row.map(|row| row.password_hash)).await? {
        let (zh, en) = ("当前密码不正确", "not the current password");
        return Err(ServiceError::invalid(UserErrorCode::InvalidCredentials, "currentPassword", zh, en));
    }
    let hash = hash_password(new.to_owned()).await?;
    let txn = db.begin_write().await?;
    let row = user_account::Entity::find_by_id(user.id).lock_exclusive().one(&txn).await?;
    let mut row = user_account::ActiveModel::from(row.ok_or(ServiceError::Unauthenticated)?);
    row.password_hash = Set(hash);
    row.update(&txn).await?;
    end_sessions(&txn, ctx, user.id).await?;
    let roles: Vec<Role> = user.grants.iter().map(|grant| grant.role).collect();
    let entry = NewEntry::administer(&roles, format!("User:{}", user.id.0), changed_password().into());
    audit::append(&txn, ctx, NewEntry { act: Act::PasswordChange, ..entry }).await?;
    txn.commit().await?;
    Ok(())
}

/// Grants a role; for ADMIN of the place, to anybody but the own account.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `ALREADY_EXISTS`, `INVALID_VALUE` (a role that another excludes).
pub async fn add_grant(db: &Db, ctx: &Ctx, id: UserId, grant: &NewGrant) -> Result<Account> {
    let txn = db.begin_write().await?;
    let managed = manage(&txn, ctx, id, "userId").await?;
    refuse_self(ctx, id)?;
    let held: Vec<Role> = managed.grants.iter().map(|grant| grant.role.0).collect();
    check_exclusive(&held, grant.role, "role")?;
    insert_grant(&txn, ctx, id, grant, "").await?;
    done(txn, ctx, &managed, change("grant", None, Some(grant.to_string()))).await
}

/// Takes a role away; for ADMIN of the place, from anybody but the own account.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`.
pub async fn remove_grant(db: &Db, ctx: &Ctx, id: GrantId) -> Result<Account> {
    policy::able(ctx, Act::Administer)?;
    let txn = db.begin_write().await?;
    let row = role_grant::Entity::find_by_id(id).one(&txn).await?;
    let row = row.ok_or_else(|| ServiceError::not_found("id"))?;
    let managed = manage(&txn, ctx, row.user_id, "id").await?;
    refuse_self(ctx, row.user_id)?;
    let before = one(&txn, row.user_id).await?;
    role_grant::Entity::delete_by_id(id).exec(&txn).await?;
    let text = before.grants.iter().find(|grant| grant.id == id).map(ToString::to_string);
    done(txn, ctx, &managed, change("grant", text, None)).await
}
