//! What another scheme would change.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use jixiao_rules::cycle::Period;
use jixiao_rules::scheme::Scheme;
use jixiao_service::declaration::Whole;
use jixiao_service::what_if::Rescored;

use crate::graphql::scalar::Decimal;
use crate::graphql::types::achievement::{Achievement, SchemeVersion};
use crate::graphql::types::declaration::{Declaration, DeclarationResult};
use crate::graphql::types::indicator::Indicator;

/// What a page of declarations scored again has besides.
#[derive(Clone, Debug, SimpleObject)]
pub struct WhatIf {
    /// 所试用的方案。 — The scheme that was tried.
    pub scheme: SchemeVersion,
    /// 总数；仅在请求时计算。 — Number of rows in all pages; counted only when asked for.
    pub total_count: i64,
}

/// 一份申报在另一方案下的结果；不写入。 — A declaration as another scheme would have it; nothing is stored.
#[derive(Clone, Debug)]
pub struct RescoredDeclaration {
    /// As it is, and as it would be.
    pub rescored: Rescored,
    /// The other scheme.
    pub scheme: Arc<Scheme>,
    /// Period.
    pub period: Period,
}

fn result(whole: &Whole, period: Period) -> Option<DeclarationResult> {
    whole.declaration.results.get(&period).cloned().map(DeclarationResult)
}

/// 一份申报在另一方案下的结果；不写入。 — A declaration as another scheme would have it; nothing is stored.
#[Object]
impl RescoredDeclaration {
    /// 申报，现状。 — The declaration as it is.
    async fn declaration(&self) -> Declaration {
        Declaration::from_whole(Arc::clone(&self.rescored.before))
    }
    /// 结果或任一指标有变化。 — Its result, or any of its indicators, would be another.
    async fn changed(&self) -> bool {
        self.rescored.changed(self.period)
    }
    /// 现行方案下的结果；没有该期间时为空。 — The result as it is; null where there is no such period.
    async fn before(&self) -> Option<DeclarationResult> {
        result(&self.rescored.before, self.period)
    }
    /// 另一方案下的结果；没有该期间时为空。 — The result as it would be; null where there is no such period.
    async fn after(&self) -> Option<DeclarationResult> {
        result(&self.rescored.after, self.period)
    }
    /// 分值或完成情况有变化的指标，按表中顺序；没有变化时为空列表。 — The indicators whose weight or achievement would be another, in order; empty when none would.
    async fn indicators(&self) -> Vec<RescoredIndicator> {
        let one = |position| RescoredIndicator { of: self.clone(), position };
        self.rescored.indicators(self.period).into_iter().map(one).collect()
    }
}

/// 一项指标在另一方案下的结果。 — An indicator as another scheme would have it.
#[derive(Clone, Debug)]
pub struct RescoredIndicator {
    of: RescoredDeclaration,
    position: usize,
}

impl RescoredIndicator {
    fn weight(&self, whole: &Whole) -> Option<Decimal> {
        whole.declaration.indicators.get(self.position)?.weight.map(Decimal::points)
    }

    fn achievement(&self, whole: &Arc<Whole>) -> Option<Achievement> {
        Indicator::within(whole, self.position).achievement_in(self.of.period)
    }
}

/// 一项指标在另一方案下的结果。 — An indicator as another scheme would have it.
#[Object]
impl RescoredIndicator {
    /// 指标，现状。 — The indicator as it is.
    async fn indicator(&self) -> Indicator {
        Indicator::within(&self.of.rescored.before, self.position)
    }
    /// 现行分值，两位小数；没有时为空。 — Weight as it is, two decimals; null without one.
    async fn weight_before(&self) -> Option<Decimal> {
        self.weight(&self.of.rescored.before)
    }
    /// 另一方案下的分值，两位小数：给定的保持，推算的重新推算；没有时为空。 — Weight as it would be, two decimals: a stated one stays, a derived one is derived anew; null without one.
    async fn weight_after(&self) -> Option<Decimal> {
        self.weight(&self.of.rescored.after)
    }
    /// 现行完成情况；没有该期间时为空。 — Achievement as it is; null where there is no such period.
    async fn before(&self) -> Option<Achievement> {
        self.achievement(&self.of.rescored.before)
    }
    /// 另一方案下的完成情况；没有该期间时为空。 — Achievement as it would be; null where there is no such period.
    async fn after(&self) -> Option<Achievement> {
        let made = self.achievement(&self.of.rescored.after)?;
        Some(Achievement { under: Some(Arc::clone(&self.of.scheme)), ..made })
    }
}
