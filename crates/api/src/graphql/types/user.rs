//! Accounts and grants, as administrators see them.

use async_graphql::{ID, Object, SimpleObject};
use jixiao_service::ctx::Grant;
use jixiao_service::user::{Account, Held};

use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::Role;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::department::{DepartmentName, JurisdictionName};

/// 账号。 — An account.
#[derive(Clone, Debug)]
pub struct UserAccount(pub Account);

/// 账号。 — An account.
#[Object]
impl UserAccount {
    /// 全局标识。 — Global id of the user.
    async fn id(&self) -> ID {
        encode(NodeKind::User, self.0.id.0)
    }
    /// 登录名。 — Name to sign in with.
    async fn username(&self) -> &str {
        &self.0.username
    }
    /// 显示名。 — Name for people.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }
    /// 停用时间；未停用时为空。 — Since when the account is closed; null while it is open.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.0.disabled_at.map(Into::into)
    }
    /// 创建时间。 — When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
    /// 当前拥有的角色。 — The roles held at this moment.
    async fn grants(&self) -> Vec<UserGrant> {
        let holder = GrantHolder {
            id: encode(NodeKind::User, self.0.id.0),
            username: self.0.username.clone(),
            display_name: self.0.display_name.clone(),
        };
        self.0.grants.iter().map(|grant| UserGrant { grant: grant.clone(), holder: holder.clone() }).collect()
    }
}

/// 角色的持有人。 — Who holds a role.
#[derive(Clone, Debug, SimpleObject)]
pub struct GrantHolder {
    /// 全局标识。 — Global id of the user.
    pub id: ID,
    /// 登录名。 — Name to sign in with.
    pub username: String,
    /// 显示名。 — Name for people.
    pub display_name: String,
}

/// 授予的角色：针对某部门，或某区划及其下级；两者皆空表示全部。 — A granted role, for a department or for a jurisdiction and all below it; for everything when both are null.
#[derive(Clone, Debug)]
pub struct UserGrant {
    grant: Grant,
    holder: GrantHolder,
}

impl From<Held> for UserGrant {
    fn from(held: Held) -> Self {
        let id = encode(NodeKind::User, held.user_id.0);
        let (username, display_name) = (held.username, held.display_name);
        Self { grant: held.grant, holder: GrantHolder { id, username, display_name } }
    }
}

/// 授予的角色：针对某部门，或某区划及其下级；两者皆空表示全部。 — A granted role, for a department or for a jurisdiction and all below it; for everything when both are null.
#[Object]
impl UserGrant {
    /// 全局标识，用于 grantRemove。 — Global id, for grantRemove.
    async fn id(&self) -> ID {
        encode(NodeKind::UserGrant, self.grant.id.0)
    }
    /// 持有人。 — Who holds it.
    async fn user(&self) -> GrantHolder {
        self.holder.clone()
    }
    /// 角色。 — The role.
    async fn role(&self) -> Role {
        Role(self.grant.role)
    }
    /// 针对的部门；按区划授予时为空。 — The department it is for; null when it is for a jurisdiction.
    async fn department(&self) -> Option<DepartmentName> {
        self.grant.department.clone().map(DepartmentName)
    }
    /// 针对的区划；按部门授予时为空。 — The jurisdiction it is for; null when it is for a department.
    async fn jurisdiction(&self) -> Option<JurisdictionName> {
        self.grant.jurisdiction.clone().map(JurisdictionName)
    }
}
