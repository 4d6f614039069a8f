//! What the checks find, across declarations.

use async_graphql::{Context, ID, InputObject, Object};
use jixiao_service::declaration;
use jixiao_service::finding::{self, Kept};
use jixiao_service::id::DeclarationId;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{ReportingPeriod, Severity};
use crate::graphql::reader::Siblings;
use crate::graphql::types::declaration::TotalCount;
use crate::graphql::types::finding::Finding;

/// 问题的筛选条件；为空的条件不限制。 — Which findings; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct FindingFilter {
    /// 年度。 — Of these fiscal years.
    pub fiscal_years: Option<Vec<i32>>,
    /// 财政区划代码，含其下级。 — Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// 申报。 — Of these declarations.
    pub declaration_ids: Option<Vec<ID>>,
    /// 检查编号，如A4；A18代表D2、D3、D4、M1、E1、E3。 — Of these checks, such as A4; A18 stands for D2, D3, D4, M1, E1 and E3.
    pub rules: Option<Vec<String>>,
    /// 严重程度。 — Of these severities.
    pub severities: Option<Vec<Severity>>,
    /// 报告期间。 — In reports of this period.
    pub period: Option<ReportingPeriod>,
    /// 是否已被审计人员搁置。 — Only those an auditor dismissed, or only those nobody did.
    pub dismissed: Option<bool>,
}

impl FindingFilter {
    /// What the service takes for it.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id that is none.
    pub fn service(self) -> Result<finding::FindingFilter> {
        let key = |id: &ID| decode(NodeKind::Declaration, id).map(DeclarationId);
        let ids = self.declaration_ids.map(|ids| ids.iter().map(key).collect::<Result<Vec<_>, _>>());
        Ok(finding::FindingFilter {
            declarations: declaration::DeclarationFilter {
                fiscal_years: self.fiscal_years,
                jurisdiction_code: self.jurisdiction_code,
                department_codes: self.department_codes,
                statuses: None,
            },
            declaration_ids: ids.transpose()?,
            rules: self.rules,
            severities: self.severities.map(|all| all.into_iter().map(Into::into).collect()),
            period: self.period.map(Into::into),
            dismissed: self.dismissed,
        })
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct FindingQuery;

#[Object]
impl FindingQuery {
    /// 自动检查发现的问题（规则3.2至3.4、第6节），跨申报，严重的在前，其后按申报与检查编号；以今日成立者为限。 — What the computed checks (rules 3.2-3.4 and 6) find across everything the viewer may read, as of today: the gravest first, then by declaration and rule.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which findings.")] filter: Option<FindingFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Finding, TotalCount>> {
        let tag = "findings";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let filter = filter.unwrap_or_default().service()?;
        let count = ctx.look_ahead().field("totalCount").exists();
        let (rows, total) = finding::list(ctx.db()?, ctx.op()?, &filter, &page, count).await?;
        let extra = TotalCount { total_count: total.unwrap_or(0) };
        let mut heads: Vec<_> = rows.rows.iter().map(|kept| kept.of.clone()).collect();
        heads.dedup_by_key(|head| head.id);
        let siblings = Siblings::of(&heads);
        let node = |kept| Finding::kept(kept, &siblings);
        Ok(Connection::with(tag, rows, Kept::cursor, node, extra))
    }
}
