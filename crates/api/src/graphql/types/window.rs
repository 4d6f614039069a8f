//! Reporting windows.

use async_graphql::{Context, ID, Object, SimpleObject};
use jixiao_service::window;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::reader::ExtensionsOf;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::types::department::JurisdictionName;

/// 填报窗口：某区划某年度某期间的填报时间，适用于其全部下级，除非下级另有设定。 — When reports of a jurisdiction, year and period are recorded; it holds for all below unless a nearer one is set.
#[derive(Clone, Debug)]
pub struct ReportingWindow(pub window::ReportingWindow);

/// 填报窗口：某区划某年度某期间的填报时间，适用于其全部下级，除非下级另有设定。 — When reports of a jurisdiction, year and period are recorded; it holds for all below unless a nearer one is set. Days are those of Asia/Shanghai.
#[Object]
impl ReportingWindow {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::ReportingWindow, self.0.id.0)
    }
    /// 设定窗口的区划。 — The jurisdiction it is set for.
    async fn jurisdiction(&self) -> JurisdictionName {
        JurisdictionName(self.0.jurisdiction.clone())
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.0.fiscal_year
    }
    /// 期间。 — Period.
    async fn period(&self) -> ReportingPeriod {
        self.0.period.into()
    }
    /// 数据截止月份：自1月起的月数，1至12；预警灯按此折算。 — Months from January that the data cover, 1 to 12; lights are reckoned by it.
    async fn months(&self) -> i32 {
        i32::try_from(self.0.window.months).unwrap_or(i32::MAX)
    }
    /// 开放日期。 — First day on which may be recorded.
    async fn opens_on(&self) -> Date {
        Date(self.0.window.opens_on)
    }
    /// 应报日期，含延期。 — Last day on time, extensions included.
    async fn due_on(&self) -> Date {
        Date(self.0.window.due_on)
    }
    /// 关闭日期，含延期，不含宽限。 — Last day on which may be recorded, extensions included, the grace not.
    async fn closes_on(&self) -> Date {
        Date(self.0.window.closes_on)
    }
    /// 关闭后的宽限日数（日历日）。 — Calendar days of grace after that.
    async fn grace_days(&self) -> i32 {
        i32::try_from(self.0.window.grace_days).unwrap_or(i32::MAX)
    }
    /// 可填报的最后一日，含宽限。 — Last day on which may be recorded, the grace included.
    async fn last_day(&self) -> Date {
        Date(self.0.window.last_day())
    }
    /// 今天可否填报。 — Whether today lies between opening and last day.
    async fn open(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.window.lock(ctx.op()?.today()).is_none())
    }
    /// 修订号，每次变更加一。 — Grows by one with each change.
    async fn revision(&self) -> i32 {
        self.0.revision
    }
    /// 历次延期，由旧到新；不可更改。 — The extensions, oldest first; never changed.
    async fn extensions(&self, ctx: &Context<'_>) -> Result<Vec<WindowExtension>> {
        let found = ctx.reader()?.load_one(ExtensionsOf(self.0.id)).await?;
        Ok(found.unwrap_or_default().iter().map(Into::into).collect())
    }
}

/// 一次延期。 — An extension as it was made.
#[derive(Clone, Debug, SimpleObject)]
pub struct WindowExtension {
    /// 延期前的应报日期。 — Due day before.
    pub due_before: Date,
    /// 延期后的应报日期。 — Due day after.
    pub due_after: Date,
    /// 延期前的关闭日期。 — Closing day before.
    pub closes_before: Date,
    /// 延期后的关闭日期。 — Closing day after.
    pub closes_after: Date,
    /// 理由。 — Reason.
    pub reason: String,
    /// 操作人当时的显示名。 — Who, by name as it was then.
    pub extended_by: String,
    /// 时间。 — When.
    pub extended_at: DateTime,
}

impl From<&window::Extension> for WindowExtension {
    fn from(made: &window::Extension) -> Self {
        Self {
            due_before: Date(made.due.0),
            due_after: Date(made.due.1),
            closes_before: Date(made.closes.0),
            closes_after: Date(made.closes.1),
            reason: made.reason.clone(),
            extended_by: made.by.clone(),
            extended_at: made.at.into(),
        }
    }
}
