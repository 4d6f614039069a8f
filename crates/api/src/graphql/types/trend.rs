//! An indicator in one year of its trend.

use async_graphql::Object;
use jixiao_rules::cycle::Period;
use jixiao_service::indicator::TrendPoint;

use crate::graphql::kind::TrendMatch;
use crate::graphql::types::achievement::Achievement;
use crate::graphql::types::actual_value::ActualValue;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::target::Target;
use crate::graphql::walk::Walk;

/// 同一指标在一个年度的情况。 — An indicator in one year of its trend.
pub struct IndicatorTrendPoint {
    /// What was matched.
    pub point: TrendPoint,
    /// The indicator of that year.
    pub indicator: Indicator,
    /// The period that values and achievements are taken from.
    pub period: Period,
}

/// 同一指标在一个年度的情况。 — An indicator in one year of its trend.
#[Object]
impl IndicatorTrendPoint {
    /// 年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.point.fiscal_year
    }
    /// 认定为同一指标的依据。 — By what it is taken for the same indicator.
    async fn matched_by(&self) -> TrendMatch {
        self.point.by.into()
    }
    /// 与之匹配的相邻年度的指标名称；本指标为空。 — The name in the neighbouring year that it was matched against; null for the indicator itself.
    async fn matched_name(&self) -> Option<&str> {
        self.point.matched_name.as_deref()
    }
    /// 该年度同样符合的指标个数；大于1时所示为其中第一个。 — How many indicators of that year match equally well; over 1, the first in order is shown.
    async fn candidate_count(&self) -> usize {
        self.point.candidates
    }
    /// 该年度的指标。 — The indicator of that year.
    async fn indicator(&self) -> &Indicator {
        &self.indicator
    }
    /// 年度指标值；表中空白时为空。 — Annual target; null when the form leaves it blank.
    async fn annual_target(&self) -> Option<Walk<Target>> {
        self.indicator.annual_target_state()
    }
    /// 该期间的实际完成值；未填报时为空。 — The actual value in force in the period; null when nothing is reported.
    async fn actual_value(&self) -> Option<Walk<ActualValue>> {
        self.indicator.actual_value_in(self.period).map(Walk)
    }
    /// 该期间的完成情况；没有该期间时为空。 — The achievement in the period; null where there is no such period.
    async fn achievement(&self) -> Option<Walk<Achievement>> {
        self.indicator.achievement_in(self.period).map(Walk)
    }
}
