//! Jurisdictions and departments; for ADMIN.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use jixiao_service::{department, jurisdiction};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result, UserError, outcome};
use crate::graphql::types::department::{Department, Jurisdiction};

/// 新的区划。 — A jurisdiction to be made.
#[derive(Clone, Debug, InputObject)]
pub struct JurisdictionCreateInput {
    /// 代码，4至12位数字。 — Code, 4 to 12 digits.
    pub code: String,
    /// 名称，至多200个字符。 — Name, at most 200 characters.
    pub name: String,
    /// 上级区划代码；不给则为最上层（仅限全局管理员）。 — Code of the one above; absent makes a root, for ADMIN over everything.
    pub parent_code: Option<String>,
}

/// 更名区划。 — A jurisdiction to be renamed.
#[derive(Clone, Debug, InputObject)]
pub struct JurisdictionUpdateInput {
    /// 代码，不变。 — Its code, which stays.
    pub code: String,
    /// 新名称。 — The new name.
    pub name: String,
}

/// 新的部门。 — A department to be made.
#[derive(Clone, Debug, InputObject)]
pub struct DepartmentCreateInput {
    /// 代码，4至12位数字，全库唯一。 — Code, 4 to 12 digits, unique over all jurisdictions.
    pub code: String,
    /// 名称，至多200个字符。 — Name, at most 200 characters.
    pub name: String,
    /// 所属区划代码，以后不变。 — Code of its jurisdiction, which stays.
    pub jurisdiction_code: String,
}

/// 部门的变更；为空的不变。 — What to change of a department; what is null stays.
#[derive(Clone, Debug, InputObject)]
pub struct DepartmentUpdateInput {
    /// 代码，不变。 — Its code, which stays.
    pub code: String,
    /// 新名称；为空则不变。 — The new name; null keeps it.
    pub name: Option<String>,
    /// 是否经本部门审核后上报财政；为空则不变（规则2.3）。 — Whether its own reviewer stands between filer and finance; null keeps it (rules 2.3).
    pub review_level: Option<bool>,
}

/// 区划变更的结果。 — What became of an act on a jurisdiction.
#[derive(Clone, Debug, SimpleObject)]
pub struct JurisdictionPayload {
    /// 变更后的区划；出错时为空。 — The jurisdiction after it; null on errors.
    pub jurisdiction: Option<Jurisdiction>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 部门变更的结果。 — What became of an act on a department.
#[derive(Clone, Debug, SimpleObject)]
pub struct DepartmentPayload {
    /// 变更后的部门；出错时为空。 — The department after it; null on errors.
    pub department: Option<Department>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

async fn made_jurisdiction(
    ctx: &Context<'_>,
    done: Result<jixiao_service::id::JurisdictionId, jixiao_service::error::ServiceError>,
) -> Result<Option<JurisdictionPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Err(user_errors) => JurisdictionPayload { jurisdiction: None, user_errors },
        Ok(id) => {
            let found = jurisdiction::by_id(ctx.db()?, ctx.op()?, id).await?;
            JurisdictionPayload { jurisdiction: found.map(Jurisdiction), user_errors: Vec::new() }
        }
    }))
}

async fn made_department(
    ctx: &Context<'_>,
    done: Result<jixiao_service::id::DepartmentId, jixiao_service::error::ServiceError>,
) -> Result<Option<DepartmentPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Err(user_errors) => DepartmentPayload { department: None, user_errors },
        Ok(id) => {
            let found = department::by_ids(ctx.db()?, ctx.op()?, &[id]).await.map_err(ApiError::from)?;
            let department = found.into_iter().next().map(Department);
            DepartmentPayload { department, user_errors: Vec::new() }
        }
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct OrganisationMutation;

#[Object]
impl OrganisationMutation {
    /// 新建区划。 — Makes a jurisdiction; for ADMIN of the one above.
    async fn jurisdiction_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "区划。 — The jurisdiction.")] input: JurisdictionCreateInput,
    ) -> Result<Option<JurisdictionPayload>> {
        let new = jurisdiction::Create { code: input.code, name: input.name, parent_code: input.parent_code };
        made_jurisdiction(ctx, jurisdiction::create(ctx.db()?, ctx.op()?, &new).await).await
    }

    /// 更名区划。 — Renames a jurisdiction; for ADMIN of it.
    async fn jurisdiction_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "更名。 — The change.")] input: JurisdictionUpdateInput,
    ) -> Result<Option<JurisdictionPayload>> {
        made_jurisdiction(ctx, jurisdiction::rename(ctx.db()?, ctx.op()?, &input.code, &input.name).await).await
    }

    /// 新建部门。 — Makes a department; for ADMIN of its jurisdiction.
    async fn department_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门。 — The department.")] input: DepartmentCreateInput,
    ) -> Result<Option<DepartmentPayload>> {
        let (code, name, jurisdiction_code) = (input.code, input.name, input.jurisdiction_code);
        let new = department::Create { code, name, jurisdiction_code };
        made_department(ctx, department::create(ctx.db()?, ctx.op()?, &new).await).await
    }

    /// 变更部门；代码与区划不变。 — Changes a department; for ADMIN of it. Its code and its jurisdiction stay.
    async fn department_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "变更。 — The change.")] input: DepartmentUpdateInput,
    ) -> Result<Option<DepartmentPayload>> {
        let new = department::Update { name: input.name, review_level: input.review_level };
        made_department(ctx, department::update(ctx.db()?, ctx.op()?, &input.code, &new).await).await
    }
}
