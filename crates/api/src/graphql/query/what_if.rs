//! What another scheme would change.

use async_graphql::{Context, InputObject, Object};
use jixiao_rules::cycle::Period;
use jixiao_service::declaration::DeclarationFilter;
use jixiao_service::error::{ServiceError, UserErrorCode};
use jixiao_service::what_if::{self, Other};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::types::achievement::SchemeVersion;
use crate::graphql::types::what_if::{RescoredDeclaration, WhatIf};

/// 试用的方案：已存方案的代码，或未存方案的全文，二者取一。 — The scheme to try: the code of a stored one, or the document of one that is not stored; exactly one of the two.
#[derive(Clone, Debug, InputObject)]
pub struct WhatIfScheme {
    /// 方案代码。 — Code of a stored scheme.
    pub code: Option<String>,
    /// 版本；为空时取最新版本；仅与代码同用。 — Its version; the latest when null. Only with a code.
    pub version: Option<i32>,
    /// 未存方案的TOML文档；先经校验，不保存。 — TOML document of a scheme that is not stored; it is validated, and not kept.
    pub document: Option<String>,
}

impl WhatIfScheme {
    fn other(&self) -> Result<Other<'_>> {
        match (self.code.as_deref(), self.document.as_deref(), self.version) {
            (Some(code), None, version) => Ok(Other::Stored { code, version }),
            (None, Some(document), None) => Ok(Other::Document(document)),
            _ => {
                let zh = "给出方案代码（可带版本）或方案文档, 二者取一";
                let en = "give either a code, perhaps with a version, or a document";
                Err(ServiceError::invalid(UserErrorCode::InvalidValue, "scheme", zh, en).into())
            }
        }
    }
}

/// 试用范围：已批复或办结的申报；为空的条件不限制。 — Which of the declarations in force; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WhatIfFilter {
    /// 年度。 — Of these fiscal years.
    pub fiscal_years: Option<Vec<i32>>,
    /// 财政区划代码，含其下级。 — Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
}

impl From<WhatIfFilter> for DeclarationFilter {
    fn from(filter: WhatIfFilter) -> Self {
        Self {
            fiscal_years: filter.fiscal_years,
            jurisdiction_code: filter.jurisdiction_code,
            department_codes: filter.department_codes,
            statuses: None,
        }
    }
}

/// Price of a page whose rows are loaded whole and computed again.
fn cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    crate::graphql::page_cost(first, last, crate::graphql::whole_cost(child))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct WhatIfQuery;

#[Object]
impl WhatIfQuery {
    /// 以另一评分方案重算已批复或办结的申报，列出变化，不写入；仅限财政审核人、审计人员与系统管理员。 — The declarations in force scored again under another scheme, each with what would change; nothing is written. FINANCE_REVIEWER, AUDITOR and ADMIN only, others FORBIDDEN.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn scheme_what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "试用的方案。 — The scheme to try.")] scheme: WhatIfScheme,
        #[graphql(desc = "试用范围。 — Which declarations.")] filter: Option<WhatIfFilter>,
        #[graphql(default_with = "ReportingPeriod(Period::YearEnd)", desc = "期间。 — The period.")]
        period: ReportingPeriod,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<RescoredDeclaration, WhatIf>> {
        let tag = "schemeWhatIf";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let (db, op) = (ctx.db()?, ctx.op()?);
        let chosen = what_if::choose(db, op, scheme.other()?, "scheme").await?;
        let filter = filter.unwrap_or_default().into();
        let count = ctx.look_ahead().field("totalCount").exists();
        let (found, total) = what_if::rescore(db, op, &filter, &chosen, &page, count).await?;
        let (code, version) = (chosen.reference.code, chosen.reference.version);
        let extra = WhatIf {
            scheme: SchemeVersion { code, version: i32::try_from(version).unwrap_or(i32::MAX) },
            total_count: total.unwrap_or(0),
        };
        let node = |rescored| RescoredDeclaration { rescored, scheme: chosen.scheme.clone(), period: period.0 };
        Ok(Connection::with(tag, found, what_if::Rescored::cursor, node, extra))
    }
}
