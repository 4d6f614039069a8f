//! People: accounts, grants, sign-in and refresh tokens.

mod external;
mod import;
mod list;
mod manage;

pub use external::{External, arrive};
pub use import::{Imported, ImportedUser, import};
pub use list::{Account, Held, UserFilter, account, grants, list};
pub use manage::{add_grant, change_password, remove_grant, rename, set_disabled, set_password};

use std::collections::BTreeMap;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jixiao_entity::id::{DepartmentId, GrantId, JurisdictionId, Timestamp, UserId};
use jixiao_entity::stored::Word;
use jixiao_entity::{department, jurisdiction, refresh_token, role_grant, user_account};
use jixiao_rules::cycle::{Act, Role};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QuerySelect,
};

use crate::audit::{self, FieldChange, NewEntry, sha256};
use crate::ctx::{Ctx, Grant, Place, User};
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::jurisdiction::{check_text, seen};
use crate::policy::{self, Territory};

/// A role to be granted: for a department, a jurisdiction with all below it, or everything.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// Code of the department.
    pub department_code: Option<String>,
    /// Code of the jurisdiction.
    pub jurisdiction_code: Option<String>,
}

impl std::fmt::Display for NewGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.department_code.as_deref().or(self.jurisdiction_code.as_deref()).unwrap_or("*");
        write!(f, "{} {place}", self.role)
    }
}

/// A new user to be made.
#[derive(Clone, Debug)]
pub struct Create {
    /// Name to sign in with.
    pub username: String,
    /// Name for people.
    pub display_name: String,
    /// Password, at least 12 characters.
    pub password: String,
    /// What the user may be.
    pub grants: Vec<NewGrant>,
}

/// Makes a user; for ADMIN.
///
/// # Errors
/// `Forbidden`; `Invalid` for a known name, a short password, an unknown department or jurisdiction.
pub async fn create(db: &Db, ctx: &Ctx, new: &Create) -> Result<UserId> {
    policy::able(ctx, Act::Administer)?;
    check(new)?;
    let hash = hash_password(new.password.clone()).await?;
    let txn = db.begin_write().await?;
    let (id, changes) = add(&txn, ctx, new, hash).await?;
    let entry = NewEntry::administer(&[Role::Admin], format!("User:{}", id.0), changes);
    audit::append(&txn, ctx, entry).await?;
    txn.commit().await?;
    Ok(id)
}

/// Makes a user that was checked; the caller writes the entry.
async fn add(txn: &DatabaseTransaction, ctx: &Ctx, new: &Create, hash: String) -> Result<(UserId, Vec<FieldChange>)> {
    if new.grants.is_empty() {
        // Without any grant the account is in nobody's territory.
        policy::allow(ctx, Act::Administer, Some(&Territory::everything()))?;
    }
    let known = user_account::Entity::find().filter(user_account::Column::Username.eq(&new.username)).one(txn).await?;
    if known.is_some() {
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, "username", "用户名已存在", "the name exists"));
    }
    let row = user_account::ActiveModel {
        id: NotSet,
        username: Set(new.username.clone()),
        display_name: Set(new.display_name.clone()),
        password_hash: Set(hash),
        disabled_at: Set(None),
        issuer: Set(None),
        subject: Set(None),
        created_at: Set(ctx.now),
    };
    let row = row.insert(txn).await?;
    let mut changes = vec![FieldChange { path: "username".into(), before: None, after: Some(new.username.clone()) }];
    for (index, grant) in new.grants.iter().enumerate() {
        let held: Vec<Role> = new.grants.iter().take(index).map(|grant| grant.role).collect();
        manage::check_exclusive(&held, grant.role, &format!("grants.{index}.role"))?;
        insert_grant(txn, ctx, row.id, grant, &format!("grants.{index}.")).await?;
        changes.push(FieldChange { path: "grant".into(), before: None, after: Some(grant.to_string()) });
    }
    Ok((row.id, changes))
}

fn check(new: &Create) -> Result<(), Violation> {
    check_text(&new.username, 60, "username")?;
    check_text(&new.display_name, 60, "displayName")?;
    check_password(&new.password, "password")
}

fn check_password(password: &str, field: &str) -> Result<(), Violation> {
    if (12..=200).contains(&password.chars().count()) {
        return Ok(());
    }
    let (zh, en) = ("密码应为12至200个字符", "a password has 12 to 200 characters");
    Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en))
}

/// Grants a role where the caller administers; `prefix` is the path of the grant in the input.
async fn insert_grant(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    user: UserId,
    grant: &NewGrant,
    prefix: &str,
) -> Result<()> {
    let field = |name: &str| format!("{prefix}{name}");
    if grant.department_code.is_some() && grant.jurisdiction_code.is_some() {
        let (zh, en) = ("部门与区划只能给出一个", "give a department or a jurisdiction, not both");
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, &field("jurisdictionCode"), zh, en));
    }
    let mut territory = Territory::everything();
    let department_id = match &grant.department_code {
        None => None,
        Some(code) => {
            let found = crate::department::by_code(txn, ctx, code).await?;
            let found = found.ok_or_else(|| ServiceError::not_found(&field("departmentCode")))?;
            territory = Territory::of(txn, found.id, found.jurisdiction_id).await?;
            Some(found.id)
        }
    };
    let jurisdiction_id = match &grant.jurisdiction_code {
        None => None,
        Some(code) => {
            let found = seen(txn, ctx, code, &field("jurisdictionCode")).await?;
            territory = Territory::of_jurisdiction(txn, found.id).await?;
            Some(found.id)
        }
    };
    policy::allow(ctx, Act::Administer, Some(&territory))?;
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::UserId.eq(user))
        .filter(role_grant::Column::Role.eq(Word(grant.role)))
        .all(txn)
        .await?;
    if held.iter().any(|held| (held.department_id, held.jurisdiction_id) == (department_id, jurisdiction_id)) {
        let (zh, en) = ("该角色已授予", "the role is granted already");
        return Err(ServiceError::invalid(UserErrorCode::AlreadyExists, &field("role"), zh, en));
    }
    let row = role_grant::ActiveModel {
        id: NotSet,
        user_id: Set(user),
        role: Set(Word(grant.role)),
        department_id: Set(department_id),
        jurisdiction_id: Set(jurisdiction_id),
        granted_at: Set(ctx.now),
    };
    row.insert(txn).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct UserGrant {
    id: UserId,
    username: String,
    display_name: String,
    password_hash: String,
    grant_id: Option<GrantId>,
    role: Option<Word<Role>>,
    department_id: Option<DepartmentId>,
    department_code: Option<String>,
    department_name: Option<String>,
    jurisdiction_id: Option<JurisdictionId>,
    jurisdiction_code: Option<String>,
    jurisdiction_name: Option<String>,
}

impl UserGrant {
    /// The grant of this row; `None` when the user has none.
    fn grant(self) -> Option<Grant> {
        let department = place(self.department_id, self.department_code, self.department_name);
        let jurisdiction = place(self.jurisdiction_id, self.jurisdiction_code, self.jurisdiction_name);
        Some(Grant { id: self.grant_id?, role: self.role?.0, department, jurisdiction })
    }
}

/// Open accounts with their grants, one row per grant.
fn select() -> SelectStatement {
    let mut select = accounts();
    select.and_where(Expr::col(("user_account", "disabled_at")).is_null());
    select
}

/// Accounts with their grants, one row per grant.
fn accounts() -> SelectStatement {
    let place = |table: &str, column: &str| Expr::col((Alias::new(table), Alias::new(column)));
    let mut select = Query::select();
    for column in ["id", "username", "display_name", "password_hash"] {
        select.column((Alias::new("user_account"), Alias::new(column)));
    }
    for column in ["role", "department_id", "jurisdiction_id"] {
        select.column((Alias::new("role_grant"), Alias::new(column)));
    }
    select.expr_as(place("role_grant", "id"), Alias::new("grant_id"));
    for table in ["department", "jurisdiction"] {
        for column in ["code", "name"] {
            select.expr_as(place(table, column), Alias::new(format!("{table}_{column}")));
        }
    }
    select
        .from(user_account::Entity)
        .left_join(role_grant::Entity, place("role_grant", "user_id").equals(("user_account", "id")))
        .left_join(department::Entity, place("department", "id").equals(("role_grant", "department_id")))
        .left_join(jurisdiction::Entity, place("jurisdiction", "id").equals(("role_grant", "jurisdiction_id")))
        .order_by(("role_grant", "id"), sea_orm::sea_query::Order::Asc);
    select
}

/// The user and the stored password hash.
async fn load(db: &impl ConnectionTrait, select: SelectStatement) -> Result<Option<(User, String)>> {
    let rows = db.query_all(&select).await?;
    let mut found: Option<(User, String)> = None;
    for row in rows {
        let row = UserGrant::from_query_result(&row, "")?;
        let (user, _) = found.get_or_insert_with(|| {
            let (username, display_name) = (row.username.clone(), row.display_name.clone());
            (User { id: row.id, username, display_name, grants: Vec::new() }, row.password_hash.clone())
        });
        user.grants.extend(row.grant());
    }
    Ok(found)
}

fn place<Id>(id: Option<Id>, code: Option<String>, name: Option<String>) -> Option<Place<Id>> {
    Some(Place { id: id?, code: code?, name: name? })
}

/// An open account with its grants.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &Db, id: UserId) -> Result<Option<User>> {
    let mut select = select();
    select.and_where(Expr::col(("user_account", "id")).eq(id.0));
    Ok(load(db.read(), select).await?.map(|(user, _)| user))
}

/// An open account by its name.
///
/// # Errors
/// When the database fails.
pub async fn by_username(db: &Db, username: &str) -> Result<Option<User>> {
    let mut select = select();
    select.and_where(Expr::col(("user_account", "username")).eq(username));
    Ok(load(db.read(), select).await?.map(|(user, _)| user))
}

/// Names of users by key.
pub(crate) async fn names(db: &impl ConnectionTrait, ids: &[UserId]) -> Result<BTreeMap<UserId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = user_account::Entity::find()
        .select_only()
        .column(user_account::Column::Id)
        .column(user_account::Column::DisplayName)
        .filter(user_account::Column::Id.is_in(ids.iter().copied()))
        .into_tuple::<(UserId, String)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A signed-in user with a fresh refresh token.
#[derive(Clone, Debug)]
pub struct Session {
    /// The user.
    pub user: User,
    /// Refresh token, for one use.
    pub refresh_token: String,
}

/// Checks name and password; a wrong name and a wrong password answer alike, and take alike.
///
/// # Errors
/// `Invalid` (`INVALID_CREDENTIALS`), or when the database fails.
pub async fn sign_in(db: &Db, ctx: &Ctx, username: &str, password: &str, refresh_days: i64) -> Result<Session> {
    let mut select = select();
    select.and_where(Expr::col(("user_account", "username")).eq(username));
    let found = load(db.read(), select).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let matches = verify_password(password.to_owned(), hash).await?;
    let Some((user, _)) = found.filter(|_| matches) else {
        let (zh, en) = ("用户名或密码错误", "wrong name or password");
        return Err(ServiceError::invalid(UserErrorCode::InvalidCredentials, "", zh, en));
    };
    let txn = db.begin_write().await?;
    let family = random_token();
    let refresh_token = issue(&txn, ctx, user.id, family, refresh_days).await?;
    txn.commit().await?;
    Ok(Session { user, refresh_token })
}

/// Exchanges a refresh token for a new one. A second use of the same token ends its whole family.
///
/// # Errors
/// `Invalid` (`INVALID_TOKEN`), or when the database fails.
pub async fn refresh(db: &Db, ctx: &Ctx, token: &str, refresh_days: i64) -> Result<Session> {
    let txn = db.begin_write().await?;
    let row = refresh_token::Entity::find()
        .filter(refresh_token::Column::TokenHash.eq(sha256(token.as_bytes())))
        .lock_exclusive()
        .one(&txn)
        .await?;
    let Some(row) = row else { return Err(invalid_token()) };
    if row.used_at.is_some() || row.revoked_at.is_some() || row.expires_at <= ctx.now {
        end_family(&txn, ctx, &row.family).await?;
        txn.commit().await?;
        return Err(invalid_token());
    }
    let (user_id, family) = (row.user_id, row.family.clone());
    let mut used = refresh_token::ActiveModel::from(row);
    used.used_at = Set(Some(ctx.now));
    used.update(&txn).await?;
    let mut select = select();
    select.and_where(Expr::col(("user_account", "id")).eq(user_id.0));
    let Some((user, _)) = load(&txn, select).await? else { return Err(invalid_token()) };
    let refresh_token = issue(&txn, ctx, user_id, family, refresh_days).await?;
    txn.commit().await?;
    Ok(Session { user, refresh_token })
}

/// Ends the family of a refresh token; an unknown token is no error.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(db: &Db, ctx: &Ctx, token: &str) -> Result<()> {
    let txn = db.begin_write().await?;
    let row = refresh_token::Entity::find()
        .filter(refresh_token::Column::TokenHash.eq(sha256(token.as_bytes())))
        .one(&txn)
        .await?;
    if let Some(row) = row {
        end_family(&txn, ctx, &row.family).await?;
    }
    txn.commit().await?;
    Ok(())
}

async fn end_family(txn: &DatabaseTransaction, ctx: &Ctx, family: &str) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::val(ctx.now.0))
        .filter(refresh_token::Column::Family.eq(family))
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

async fn issue(txn: &DatabaseTransaction, ctx: &Ctx, user: UserId, family: String, days: i64) -> Result<String> {
    let token = random_token();
    let row = refresh_token::ActiveModel {
        id: NotSet,
        family: Set(family),
        user_id: Set(user),
        token_hash: Set(sha256(token.as_bytes())),
        issued_at: Set(ctx.now),
        expires_at: Set(Timestamp(ctx.now.0 + days * 86_400_000_000)),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    row.insert(txn).await?;
    Ok(token)
}

fn invalid_token() -> ServiceError {
    Violation::new(
        UserErrorCode::InvalidToken,
        "refreshToken",
        "令牌无效或已使用",
        "the token is not valid or was used",
    )
    .into()
}

fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Hash compared when the name is unknown, so that the answer takes as long.
static DECOY: LazyLock<String> = LazyLock::new(|| hash(b"no account has this name").unwrap_or_default());

fn hash(password: &[u8]) -> Result<String> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(|error| anyhow::anyhow!("salt: {error}"))?;
    let hash = Argon2::default().hash_password(password, &salt).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}

async fn hash_password(password: String) -> Result<String> {
    blocking(move || hash(password.as_bytes())).await
}

async fn verify_password(password: String, stored: Option<String>) -> Result<bool> {
    blocking(move || {
        let known = stored.is_some();
        let text = stored.unwrap_or_else(|| DECOY.clone());
        let parsed = PasswordHash::new(&text).map_err(|error| anyhow::anyhow!("stored hash: {error}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

/// Hashing takes tens of milliseconds of processor: kept off the threads that serve requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| anyhow::anyhow!("hashing: {error}"))?
}

/// Sign-in name and display name of every user; for the operator.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db) -> Result<Vec<(String, String)>> {
    let columns = [user_account::Column::Username, user_account::Column::DisplayName];
    let rows = user_account::Entity::find().select_only().columns(columns).into_tuple();
    Ok(rows.all(db.read()).await?)
}
