//! Finance's word on one row of a report.

use async_graphql::Object;
use jixiao_service::declaration;

use crate::graphql::scalar::{DateTime, Decimal};
use crate::graphql::types::viewer::Person;

/// 财政对一行的评分与意见，与填报并列。 — Finance's score and opinion on one row, beside what the filer wrote.
#[derive(Clone, Debug)]
pub struct IndicatorReview {
    /// The review.
    pub made: declaration::Review,
    /// The filer corrected the value since.
    pub outdated: bool,
}

/// 财政对一行的评分与意见，与填报并列。 — Finance's score and opinion on one row, beside what the filer wrote.
#[Object]
impl IndicatorReview {
    /// 得分，两位小数；为空表示同意原得分。 — Score, two decimals; null agrees with the score there was.
    async fn score(&self) -> Option<Decimal> {
        self.made.score.map(Decimal::points)
    }
    /// 意见；没有时为空。 — Opinion; null without one.
    async fn opinion(&self) -> Option<&str> {
        self.made.opinion.as_deref()
    }
    /// 认可不适用的申请。 — Accepts the claim that the indicator does not apply.
    async fn accepts_not_applicable(&self) -> bool {
        self.made.accepts_not_applicable
    }
    /// 认定指标值设定明显偏低（规则4.3）。 — Records that the target was set too low (rules 4.3).
    async fn target_set_too_low(&self) -> bool {
        self.made.target_set_too_low
    }
    /// 填报内容此后已更正，该评分不再计入。 — The value was corrected since; this score no longer counts.
    async fn outdated(&self) -> bool {
        self.outdated
    }
    /// 评分人。 — Who.
    async fn reviewed_by(&self) -> Person {
        Person(self.made.reviewed_by.clone())
    }
    /// 评分时间。 — When.
    async fn reviewed_at(&self) -> DateTime {
        self.made.reviewed_at.into()
    }
}
