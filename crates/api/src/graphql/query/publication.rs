//! What is published: the only data that need no signing in.

use async_graphql::{Context, InputObject, Object};
use jixiao_service::publication;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::PublicationKind;
use crate::graphql::types::publication::Publication;

/// 公开内容的筛选条件；为空的条件不限制。 — Which publications; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PublicationFilter {
    /// 年度。 — Of these fiscal years.
    pub fiscal_years: Option<Vec<i32>>,
    /// 财政区划代码，含其下级。 — Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// 种类。 — Of these kinds.
    pub kinds: Option<Vec<PublicationKind>>,
}

impl From<PublicationFilter> for publication::PublicationFilter {
    fn from(filter: PublicationFilter) -> Self {
        Self {
            fiscal_years: filter.fiscal_years,
            jurisdiction_code: filter.jurisdiction_code,
            department_codes: filter.department_codes,
            kinds: filter.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
        }
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct PublicationQuery;

#[Object]
impl PublicationQuery {
    /// 某部门某年度公开的内容，无需登录；未公开时为空。 — What of a department and year is published, for everybody; null when nothing is.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门代码。 — Code of the department.")] department_code: String,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: i32,
        #[graphql(desc = "种类。 — What is published.")] kind: PublicationKind,
    ) -> Result<Option<Publication>> {
        let found = publication::by_department(ctx.db()?, &department_code, fiscal_year, kind.into()).await?;
        Ok(found.map(Publication))
    }

    /// 公开的内容，无需登录，按部门代码、年度与种类排序。 — All that is published or withheld, for everybody, by department code, then year, then kind.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which publications.")] filter: Option<PublicationFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Publication>> {
        let tag = "publications";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let rows = publication::list(ctx.db()?, &filter.unwrap_or_default().into(), &page).await?;
        Ok(Connection::new(tag, rows, publication::Public::cursor, Publication))
    }
}
