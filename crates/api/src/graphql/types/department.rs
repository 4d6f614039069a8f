//! Jurisdictions and departments.

use async_graphql::{ID, Object};
use jixiao_service::ctx::Place;
use jixiao_service::id::{DepartmentId, JurisdictionId};
use jixiao_service::{department, jurisdiction};

use crate::graphql::id::{NodeKind, encode};

/// 财政区划。 — A fiscal jurisdiction, a node of the tree by parent.
#[derive(Clone, Debug)]
pub struct Jurisdiction(pub jurisdiction::Jurisdiction);

/// 财政区划。 — A fiscal jurisdiction, a node of the tree by parent.
#[Object]
impl Jurisdiction {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Jurisdiction, self.0.id.0)
    }
    /// 代码，4至12位数字。 — Code, 4 to 12 digits.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// 是否有下级。 — Others lie below it.
    async fn has_children(&self) -> bool {
        self.0.has_children
    }
}

/// 预算部门。 — A first-level budget entity.
#[derive(Clone, Debug)]
pub struct Department(pub department::Department);

/// 预算部门。 — A first-level budget entity.
#[Object]
impl Department {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Department, self.0.id.0)
    }
    /// 代码，4至12位数字，全库唯一。 — Code, 4 to 12 digits, unique over all jurisdictions.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// 设有主管部门审核一级；没有时提交后直接进入财政审核。 — It reviews its units' forms itself; without, a submit goes to finance directly.
    async fn review_level(&self) -> bool {
        self.0.review_level
    }
    /// 所属财政区划。 — The jurisdiction it belongs to.
    async fn jurisdiction(&self) -> JurisdictionName {
        JurisdictionName(Place {
            id: self.0.jurisdiction_id,
            code: self.0.jurisdiction_code.clone(),
            name: self.0.jurisdiction_name.clone(),
        })
    }
}

/// 区划的代码与名称。 — Code and name of a jurisdiction.
#[derive(Clone, Debug)]
pub struct JurisdictionName(pub Place<JurisdictionId>);

/// 区划的代码与名称。 — Code and name of a jurisdiction.
#[Object]
impl JurisdictionName {
    /// 全局标识。 — Global id.
    async fn id(&self) -> ID {
        encode(NodeKind::Jurisdiction, self.0.id.0)
    }
    /// 代码。 — Code.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

/// 部门的代码与名称。 — Code and name of a department.
#[derive(Clone, Debug)]
pub struct DepartmentName(pub Place<DepartmentId>);

/// 部门的代码与名称。 — Code and name of a department.
#[Object]
impl DepartmentName {
    /// 全局标识。 — Global id.
    async fn id(&self) -> ID {
        encode(NodeKind::Department, self.0.id.0)
    }
    /// 代码。 — Code.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
