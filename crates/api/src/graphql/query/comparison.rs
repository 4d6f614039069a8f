//! Two years side by side; a department beside its peers.

use async_graphql::{Context, Object};
use jixiao_rules::cycle::Period;
use jixiao_rules::message::Message;
use jixiao_service::comparison::{self as service, Code};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::types::comparison::{PeerComparison, PeerMeasure, YearComparison};
use crate::graphql::types::department::Department;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct ComparisonQuery;

#[Object]
impl ComparisonQuery {
    /// 一个部门或区划（含其下级）两个年度的对比；不存在或无权查看时为空。 — Two years of a department, or of a jurisdiction with all below it that the viewer may read; null when there is none or it may not be seen.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn year_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门代码；与区划代码二选一。 — Code of the department; this or the jurisdiction's.")]
        department_code: Option<String>,
        #[graphql(desc = "区划代码；与部门代码二选一。 — Code of the jurisdiction; this or the department's.")]
        jurisdiction_code: Option<String>,
        #[graphql(desc = "年度。 — Fiscal year.")] fiscal_year: i32,
        #[graphql(desc = "对比的年度；为空时取上一年度。 — The year to compare with; the year before when null.")]
        against_year: Option<i32>,
        #[graphql(default_with = "ReportingPeriod(Period::YearEnd)", desc = "期间。 — The period.")]
        period: ReportingPeriod,
    ) -> Result<Option<YearComparison>> {
        let code = match (department_code, jurisdiction_code) {
            (Some(code), None) => Code::Department(code),
            (None, Some(code)) => Code::Jurisdiction(code),
            _ => {
                let (zh, en) = ("请填写部门代码或区划代码之一", "give departmentCode or jurisdictionCode, one of them");
                return Err(ApiError::BadUserInput(Message::new(zh, en)));
            }
        };
        let years = (fiscal_year, against_year.unwrap_or(fiscal_year.saturating_sub(1)));
        let found = service::years(ctx.db()?, ctx.op()?, &code, years, period.0).await?;
        Ok(found.map(|found| YearComparison::new(found, years, period)))
    }

    /// 部门与同级部门（同一区划本级的其他部门，当年申报已批复）中位数的对比；中位数只提供给可查看全部同级部门的人，且同级部门不少于3个。 — A department beside the median of its peers, the other departments of its own jurisdiction (not of those below) with a declaration in force in the year. Medians are told only to who may read all of those, and of three peers at least; null when the department may not be seen.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn peer_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门代码。 — Code of the department.")] department_code: String,
        #[graphql(desc = "年度。 — Fiscal year.")] fiscal_year: i32,
        #[graphql(default_with = "ReportingPeriod(Period::YearEnd)", desc = "期间。 — The period.")]
        period: ReportingPeriod,
    ) -> Result<Option<PeerComparison>> {
        let found = service::peers(ctx.db()?, ctx.op()?, &department_code, fiscal_year, period.0).await?;
        Ok(found.map(|(department, measures)| PeerComparison {
            department: Department(department),
            fiscal_year,
            period,
            measures: measures.into_iter().map(PeerMeasure).collect(),
        }))
    }
}
