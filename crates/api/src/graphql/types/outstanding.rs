//! What a filer still owes.

use std::sync::Arc;

use async_graphql::{Context, Object};
use jixiao_rules::kind::Status;
use jixiao_service::outstanding;

use crate::graphql::error::Result;
use crate::graphql::kind::{ReportStatus, ReportingPeriod};
use crate::graphql::reader::Siblings;
use crate::graphql::scalar::Date;
use crate::graphql::types::declaration::Declaration;
use crate::graphql::types::indicator::Indicator;

/// 尚欠的报告。 — A report that the signed-in filer still owes.
#[derive(Clone, Debug)]
pub struct OutstandingReport {
    /// What is owed.
    pub owed: outstanding::Owed,
    /// The declarations of the whole list.
    pub siblings: Arc<Siblings>,
}

/// 尚欠的报告。 — A report that the signed-in filer still owes.
#[Object]
impl OutstandingReport {
    /// 所属申报。 — The declaration it belongs to.
    async fn declaration(&self) -> Declaration {
        Declaration::among(self.owed.declaration.clone(), &self.siblings)
    }
    /// 期间。 — Period.
    async fn period(&self) -> ReportingPeriod {
        self.owed.period.into()
    }
    /// 报告状态。 — State of the report.
    async fn status(&self) -> ReportStatus {
        self.owed.status.into()
    }
    /// 应报日期，含延期；没有设定窗口时为空。 — Last day on time, extensions included; null where no window is set.
    async fn due_on(&self) -> Option<Date> {
        self.owed.due_on.map(Date)
    }
    /// 已逾期；没有设定窗口时从不逾期。 — Past its due day; never where no window is set.
    async fn late(&self) -> bool {
        self.owed.late
    }
    /// 窗口已关闭，延期前不能填报。 — The window is closed: nothing can be recorded before it is extended.
    async fn locked(&self) -> bool {
        self.owed.locked
    }
    /// 尚未填报的指标，按申报表顺序；全部填报但未提交时为空列表。 — Indicators without a value, in the order of the form; empty when only the submit is owed.
    async fn indicators(&self, ctx: &Context<'_>) -> Result<Vec<Indicator>> {
        let whole = self.siblings.whole(ctx, self.owed.declaration.id).await?;
        let Some(whole) = whole else { return Ok(Vec::new()) };
        let open = |position: &usize| {
            let indicator = whole.declaration.indicators.get(*position);
            let made = indicator.and_then(|indicator| indicator.achievements.get(&self.owed.period));
            made.is_none_or(|made| made.status == Status::NotReported)
        };
        let positions = (0..whole.declaration.indicators.len()).filter(open);
        Ok(positions.map(|position| Indicator::within(&whole, position)).collect())
    }
}
