//! What a summary over many declarations adds up, and the measures that follow from the sums.

use std::ops::{AddAssign, SubAssign};

use crate::assess::Achievement;
use crate::assess::exact::cut6;
use crate::rollup::Tally;
use crate::value::{Money, Rate};
use crate::window::Filing;

/// A sum of 64-bit amounts that no number of them overflows: billions and the rest, each added up by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wide {
    /// Sum of the billions of each amount.
    pub high: i64,
    /// Sum of the rest of each.
    pub low: i64,
}

/// Counts and sums over any set of indicators and declarations. Integers only, so that adding is exact and in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Indicators per status, and their scores.
    pub tally: Tally,
    /// Indicators that have a rate.
    pub rate_count: i64,
    /// Sum of those rates, millionths.
    pub rates: Wide,
    /// What declarations add as a whole.
    pub declared: Declared,
}

/// Counts and sums over declarations in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Declarations.
    pub declarations: i64,
    /// Those whose annual budget and execution are both known.
    pub execution_count: i64,
    /// Annual budgets of those, 分.
    pub budget: Wide,
    /// What those executed, 分.
    pub executed: Wide,
    /// Reports first submitted by the due day.
    pub filed_on_time: i64,
    /// Reports first submitted after it.
    pub filed_late: i64,
    /// Reports submitted where no window was set: neither on time nor late.
    pub filed_undated: i64,
    /// Reports never submitted.
    pub not_filed: i64,
}

impl Wide {
    const BASE: i64 = 1_000_000_000;

    /// One amount.
    #[must_use]
    pub const fn of(amount: i64) -> Self {
        Self { high: amount / Self::BASE, low: amount % Self::BASE }
    }

    /// The sum.
    #[must_use]
    pub fn total(self) -> i128 {
        i128::from(self.high) * i128::from(Self::BASE) + i128::from(self.low)
    }
}

impl AddAssign for Wide {
    fn add_assign(&mut self, other: Self) {
        self.high += other.high;
        self.low += other.low;
    }
}

impl SubAssign for Wide {
    fn sub_assign(&mut self, other: Self) {
        self.high -= other.high;
        self.low -= other.low;
    }
}

impl Sums {
    /// Counts one achievement.
    pub fn add(&mut self, achievement: &Achievement) {
        self.tally.add(achievement);
        if let Some(rate) = achievement.rate {
            self.rate_count += 1;
            self.rates += Wide::of(rate.0);
        }
    }

    /// Mean of the completion rates there are, cut to six decimals; `None` when there is none.
    #[must_use]
    pub fn mean_completion_rate(&self) -> Option<Rate> {
        let mean = self.rates.total().checked_div(i128::from(self.rate_count))?;
        i64::try_from(mean).ok().map(Rate)
    }
}

impl Declared {
    /// One declaration: how far its report is, its annual budget and what it executed.
    #[must_use]
    pub fn one(filing: &Filing, budget: Option<Money>, executed: Option<Money>) -> Self {
        let mut one = Self { declarations: 1, ..Self::default() };
        if let (Some(budget), Some(executed)) = (budget, executed) {
            (one.execution_count, one.budget, one.executed) = (1, Wide::of(budget.0), Wide::of(executed.0));
        }
        let place = match (filing.submitted, filing.late_days) {
            (false, _) => &mut one.not_filed,
            (true, None) => &mut one.filed_undated,
            (true, Some(0)) => &mut one.filed_on_time,
            (true, Some(_)) => &mut one.filed_late,
        };
        *place = 1;
        one
    }

    /// Σ executed ÷ Σ annual budget of the declarations that have both, cut to six decimals; `None` when none has, or
    /// the budgets are 0.
    #[must_use]
    pub fn execution_rate(&self) -> Option<Rate> {
        cut6(self.executed.total(), self.budget.total())
    }

    /// On time ÷ (on time + late), cut to six decimals; `None` when no report was submitted under a window.
    #[must_use]
    pub fn on_time_rate(&self) -> Option<Rate> {
        cut6(i128::from(self.filed_on_time), i128::from(self.filed_on_time) + i128::from(self.filed_late))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::ReportStatus;

    #[test]
    fn sums_do_not_overflow() {
        let mut sum = Wide::default();
        (0..1_000).for_each(|_| sum += Wide::of(i64::MAX));
        assert_eq!(sum.total(), i128::from(i64::MAX) * 1_000);
        sum -= Wide::of(i64::MAX);
        assert_eq!(sum.total(), i128::from(i64::MAX) * 999);
        let sums = Sums { rate_count: 999, rates: sum, ..Sums::default() };
        assert_eq!(sums.mean_completion_rate(), Some(Rate(i64::MAX)));
        assert_eq!(Sums::default().mean_completion_rate(), None);
    }

    #[test]
    fn one_declaration_is_filed_in_one_way() {
        let filing = |submitted, late_days| Filing { status: ReportStatus::Draft, submitted, late_days };
        let one = |submitted, late_days| Declared::one(&filing(submitted, late_days), Some(Money(3)), Some(Money(1)));
        for (filed, counts) in [
            (one(true, Some(0)), [1, 0, 0, 0]),
            (one(true, Some(3)), [0, 1, 0, 0]),
            (one(true, None), [0, 0, 1, 0]),
            (one(false, None), [0, 0, 0, 1]),
        ] {
            assert_eq!([filed.filed_on_time, filed.filed_late, filed.filed_undated, filed.not_filed], counts);
            assert_eq!(filed.execution_rate(), Some(Rate(333_333)));
        }
        assert_eq!(one(true, Some(0)).on_time_rate(), Some(Rate::ONE));
        assert_eq!(one(true, Some(3)).on_time_rate(), Some(Rate(0)));
        assert_eq!(one(true, None).on_time_rate(), None);
        assert_eq!(Declared::one(&filing(true, None), Some(Money(0)), Some(Money(0))).execution_rate(), None);
        assert_eq!(Declared::one(&filing(true, None), None, Some(Money(1))).execution_count, 0);
    }
}
