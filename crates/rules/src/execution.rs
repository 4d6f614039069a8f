//! Budget execution: rate, score and light (rules 4.7).

use crate::kind::Light;
use crate::scheme::Scheme;
use crate::value::{Money, Points, Rate};

/// What the execution score depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input {
    /// 年初预算数.
    pub initial_budget: Option<Money>,
    /// 全年预算数 (adjusted).
    pub annual_budget: Option<Money>,
    /// 执行数.
    pub executed: Option<Money>,
    /// Months passed at the cut-off; `None` at year-end.
    pub months: Option<u32>,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// Executed ÷ budget, cut to six decimals; `None` when not known or the budget is 0.
    pub rate: Option<Rate>,
    /// Score; `None` when not known, during the year, or excluded.
    pub score: Option<Points>,
    /// Weight of execution in the scheme; `None` when excluded.
    pub max_score: Option<Points>,
    /// Light against the time share; `None` at year-end.
    pub light: Option<Light>,
    /// Budget and execution are both 0: the item is left out and the total rescaled.
    pub excluded: bool,
    /// `OVER_EXECUTION`, `REASON_REQUIRED`, …
    pub flags: Vec<String>,
}

/// Computes rate, score and light.
#[must_use]
pub fn execution(input: &Input, scheme: &Scheme) -> Execution {
    let _ = (input, scheme);
    Execution::default()
}
