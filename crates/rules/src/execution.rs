//! Budget execution: rate, score and light (rules 4.7).

use crate::assess::Flag;
use crate::assess::exact::{self, cut6};
use crate::kind::Light;
use crate::scheme::{Denominator, ExecutionMethod, NoBudget, NoBudgetLight, Scheme};
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
    /// Executed ÷ budget ÷ (m/12), cut to six decimals; `None` at year-end.
    pub time_share: Option<Rate>,
    /// Weight of execution in the scheme; `None` when excluded.
    pub max_score: Option<Points>,
    /// Light against the time share; `None` at year-end.
    pub light: Option<Light>,
    /// Budget and execution are both 0: the item is left out and the total rescaled.
    pub excluded: bool,
    /// `OVER_EXECUTION`, `REASON_REQUIRED`, …
    pub flags: Vec<Flag>,
}

/// Computes rate, score and light.
#[must_use]
pub fn execution(input: &Input, scheme: &Scheme) -> Execution {
    let rules = &scheme.execution;
    let budget = match rules.denominator {
        Denominator::Adjusted => input.annual_budget,
        Denominator::Opening => input.initial_budget,
    };
    let mut result = Execution { max_score: Some(rules.weight), ..Execution::default() };
    let Some(executed) = input.executed else { return result };
    if executed.0 < 0 || budget.is_some_and(|budget| budget.0 < 0) {
        result.flags.push(Flag::NegativeAmount);
        return result;
    }
    match budget {
        Some(budget) if budget.0 > 0 => known(input, scheme, &mut result, budget.0, executed.0),
        Some(_) if executed.0 > 0 => result.flags.push(Flag::ExecutedWithoutBudget),
        Some(_) if rules.no_budget == NoBudget::Exclude => (result.excluded, result.max_score) = (true, None),
        Some(_) => result.score = input.months.is_none().then_some(Points(0)),
        None => {}
    }
    if budget.is_none_or(|budget| budget.0 == 0) && input.months.is_some() {
        result.light = (scheme.lights.execution.no_budget == NoBudgetLight::Red).then_some(Light::Red);
    }
    result
}

/// With a budget above 0.
fn known(input: &Input, scheme: &Scheme, result: &mut Execution, budget: i64, executed: i64) {
    let rules = &scheme.execution;
    let (executed, budget) = (i128::from(executed), i128::from(budget));
    result.rate = cut6(executed, budget);
    if executed > budget {
        result.flags.push(Flag::OverExecution);
    }
    if let Some(months) = input.months {
        if (1..=12).contains(&months) {
            result.time_share = cut6(executed * 12, budget * i128::from(months));
            result.light = result.time_share.map(|share| crate::light::execution(share, scheme));
        }
        return;
    }
    if result.rate.is_some_and(|rate| rate < rules.reason_below) {
        result.flags.push(Flag::ReasonRequired);
    }
    result.score = match rules.method {
        ExecutionMethod::Proportional => exact::score(rules.weight, executed, budget, &scheme.rounding),
        ExecutionMethod::Banded => {
            let band = |rate: Rate| rules.bands.iter().find(|band| rate >= band.from).map(|band| band.points);
            result.rate.and_then(band)
        }
    };
}
