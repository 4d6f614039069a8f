//! People: the signed-in user and names beside what was done.

use async_graphql::{ID, Object};
use jixiao_service::ctx;

use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::Role;
use crate::graphql::types::department::{DepartmentName, JurisdictionName};

/// 已登录用户。 — The signed-in user.
#[derive(Clone, Debug)]
pub struct User(pub ctx::User);

/// 已登录用户。 — The signed-in user.
#[Object]
impl User {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
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
    /// 当前拥有的角色。 — The roles held at this moment.
    async fn grants(&self) -> Vec<Grant> {
        self.0.grants.iter().cloned().map(Grant).collect()
    }
}

/// 授予的角色：针对某部门，或某区划及其下级；两者皆空表示全部。 — A role, for a department or for a jurisdiction and all below it; for everything when both are null.
#[derive(Clone, Debug)]
pub struct Grant(ctx::Grant);

/// 授予的角色：针对某部门，或某区划及其下级；两者皆空表示全部。 — A role, for a department or for a jurisdiction and all below it; for everything when both are null.
#[Object]
impl Grant {
    /// 角色。 — The role.
    async fn role(&self) -> Role {
        Role(self.0.role)
    }
    /// 针对的部门；按区划授予时为空。 — The department it is for; null when it is for a jurisdiction.
    async fn department(&self) -> Option<DepartmentName> {
        self.0.department.clone().map(DepartmentName)
    }
    /// 针对的区划；按部门授予时为空。 — The jurisdiction it is for; null when it is for a department.
    async fn jurisdiction(&self) -> Option<JurisdictionName> {
        self.0.jurisdiction.clone().map(JurisdictionName)
    }
}

/// 操作人的姓名。 — Name of a person beside what they did.
#[derive(Clone, Debug)]
pub struct Person(pub ctx::UserRef);

/// 操作人的姓名。 — Name of a person beside what they did.
#[Object]
impl Person {
    /// 当时的显示名。 — Name as it was then.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }
}
