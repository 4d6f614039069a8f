//! Rectifications.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use jixiao_rules::cycle::Period;
use jixiao_service::declaration::{self, Whole};
use jixiao_service::id::RectificationId;
use jixiao_service::rectification;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::RectificationStatus;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::report::Report;
use crate::graphql::types::viewer::Person;

/// 整改：财政提出，填报人答复，财政核实。 — A rectification: finance asks, the filer answers, finance verifies (rules 2.3).
#[derive(Clone, Debug)]
pub struct Rectification {
    /// The declaration it belongs to.
    pub whole: Arc<Whole>,
    /// Period of its report.
    pub period: Period,
    /// The rectification.
    pub made: declaration::Rectification,
}

impl Rectification {
    /// The rectification with this key.
    #[must_use]
    pub fn find(whole: &Arc<Whole>, period: Period, id: RectificationId) -> Option<Self> {
        let report = whole.declaration.reports.get(&period)?;
        let made = report.rectifications.iter().find(|known| known.id == id)?.clone();
        Some(Self { whole: Arc::clone(whole), period, made })
    }
}

/// 整改：财政提出，填报人答复，财政核实。 — A rectification: finance asks, the filer answers, finance verifies (rules 2.3).
#[Object]
impl Rectification {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Rectification, self.made.id.0)
    }
    /// 所属报告。 — The report it belongs to.
    async fn report(&self) -> Report {
        Report { whole: Arc::clone(&self.whole), period: self.period }
    }
    /// 所涉指标；针对整个报告时为空。 — The indicator it concerns; null when it concerns the whole report.
    async fn indicator(&self) -> Option<Indicator> {
        Indicator::find(&self.whole, self.made.indicator_id?)
    }
    /// What was asked and answered.
    #[graphql(flatten)]
    async fn words(&self) -> RectificationWords<'_> {
        RectificationWords(&self.made)
    }
    /// 逾期未答复，按中国日期计算。 — Not answered by its due day; computed, days of China.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.made.overdue(rectification::today(ctx.op()?.now)))
    }
}

/// 整改的要求与答复：现行与历史的整改相同。 — What was asked and answered: the same of living and past rectifications.
#[derive(Clone, Copy, Debug)]
pub struct RectificationWords<'a>(pub &'a declaration::Rectification);

/// 整改的要求与答复。 — What was asked and answered.
#[Object]
impl RectificationWords<'_> {
    /// 状态。 — State.
    async fn status(&self) -> RectificationStatus {
        self.0.status.into()
    }
    /// 整改要求和建议。 — What is asked.
    async fn request(&self) -> &str {
        &self.0.request
    }
    /// 答复期限，含当日。 — Last day for the response.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }
    /// 提出人。 — Who asked.
    async fn requested_by(&self) -> Person {
        Person(self.0.requested.0.clone())
    }
    /// 提出时间。 — When it was asked.
    async fn requested_at(&self) -> DateTime {
        self.0.requested.1.into()
    }
    /// 整改结果；答复前为空。 — The last response; null before one.
    async fn response(&self) -> Option<&str> {
        self.0.response.as_deref()
    }
    /// 答复人；答复前为空。 — Who responded last; null before a response.
    async fn responded_by(&self) -> Option<Person> {
        self.0.responded.clone().map(|(who, _)| Person(who))
    }
    /// 答复时间；答复前为空。 — When it was responded to last; null before a response.
    async fn responded_at(&self) -> Option<DateTime> {
        self.0.responded.as_ref().map(|(_, at)| (*at).into())
    }
    /// 整改结论，或重新整改的理由；此前为空。 — The verdict, or why it was reopened; null before one.
    async fn conclusion(&self) -> Option<&str> {
        self.0.conclusion.as_deref()
    }
    /// 核实人；此前为空。 — Who concluded last; null before that.
    async fn concluded_by(&self) -> Option<Person> {
        self.0.concluded.clone().map(|(who, _)| Person(who))
    }
    /// 核实时间；此前为空。 — When it was concluded last; null before that.
    async fn concluded_at(&self) -> Option<DateTime> {
        self.0.concluded.as_ref().map(|(_, at)| (*at).into())
    }
    /// 重新整改的次数。 — How often it was reopened.
    async fn reopened_count(&self) -> i32 {
        self.0.reopened
    }
}
