//! Weights, stated or derived (rules 4.6).

use crate::assess::NotApplicable;
use crate::kind::{Level1, Level2, WeightOrigin};
use crate::scheme::{BlankTarget, Missing, Scheme, Split};
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

/// Whether a row carries no weight: accepted as not applicable, unless its target was dropped and the scheme scores that 0.
#[must_use]
pub fn excluded(not_applicable: Option<NotApplicable>, has_target: bool, scheme: &Scheme) -> bool {
    let zero = !has_target && scheme.status.blank_target == BlankTarget::Zero;
    not_applicable == Some(NotApplicable::Accepted) && !zero
}

/// The weight of each row, in order; `None` for excluded rows, rows without level 1, and where nothing is left to split.
#[must_use]
pub fn derive(rows: &[Row], scheme: &Scheme) -> Vec<Weight> {
    let mut weights = vec![None; rows.len()];
    let points = level_points(rows, scheme);
    for (level, points) in LEVELS.into_iter().zip(points) {
        fill(rows, scheme, level, points, &mut weights);
    }
    weights
}

/// The order in which levels are filled, and in which remainders fall.
const LEVELS: [Level1; 4] = [Level1::Output, Level1::Cost, Level1::Outcome, Level1::Satisfaction];

/// Indexes of the rows that share the points of a level.
fn of_level<'a>(rows: &'a [Row], scheme: &'a Scheme, level: Level1) -> impl Iterator<Item = usize> + 'a {
    let shares = move |row: &Row| row.level1.is_some_and(|own| scheme.weights.level_of(own) == level);
    rows.iter().enumerate().filter(move |(_, row)| shares(row)).map(|(index, _)| index)
}

/// Points of each of [`LEVELS`] after empty levels have given theirs away (rules 4.6.4).
fn level_points(rows: &[Row], scheme: &Scheme) -> [i64; 4] {
    // A form that states every weight has already dealt with the levels it lacks.
    let all_stated = !rows.is_empty() && rows.iter().all(|row| row.stated.is_some());
    let mut points = LEVELS.map(|level| {
        let own: Vec<usize> = of_level(rows, scheme, level).collect();
        match own.iter().map(|index| rows[*index].stated).collect::<Option<Vec<_>>>() {
            Some(stated) if !stated.is_empty() || all_stated => stated.iter().map(|points| points.0).sum(),
            _ => scheme.weights.points(level).0,
        }
    });
    let live = LEVELS.map(|level| of_level(rows, scheme, level).any(|index| !rows[index].excluded));
    let mut rescaled = 0;
    for at in [3, 1, 2, 0] {
        if live[at] || points[at] == 0 {
            continue;
        }
        let moved = std::mem::take(&mut points[at]);
        let to = match scheme.weights.missing.of(LEVELS[at]) {
            Missing::Error => continue,
            Missing::ToOutput => Some(0),
            Missing::ToOutcome => Some(2),
            Missing::Rescale => None,
        };
        match to.filter(|to| live[*to]) {
            Some(to) => points[to] += moved,
            None => rescaled += moved,
        }
    }
    if rescaled != 0 {
        let whole = points.iter().sum::<i64>() + rescaled;
        let scaled = in_proportion(&points, whole);
        points.copy_from_slice(&scaled);
    }
    points
}

/// Weights of the live rows of one level.
fn fill(rows: &[Row], scheme: &Scheme, level: Level1, points: i64, weights: &mut [Weight]) {
    let live: Vec<usize> = of_level(rows, scheme, level).filter(|index| !rows[*index].excluded).collect();
    let stated: Vec<i64> = live.iter().filter_map(|index| rows[*index].stated.map(|points| points.0)).collect();
    let sum: i64 = stated.iter().sum();
    if stated.len() == live.len() && sum != points {
        let scaled = in_proportion(&stated, points);
        for (index, points) in live.iter().zip(scaled) {
            weights[*index] = Some((Points(points), WeightOrigin::Derived));
        }
        return;
    }
    let mut open = Vec::new();
    for index in live {
        match rows[index].stated {
            Some(points) => weights[index] = Some((points, WeightOrigin::Stated)),
            None => open.push(index),
        }
    }
    if points > sum {
        split(rows, scheme, &open, points - sum, weights);
    }
}

/// Splits points over rows without a stated weight.
fn split(rows: &[Row], scheme: &Scheme, open: &[usize], points: i64, weights: &mut [Weight]) {
    let mut groups: Vec<(Option<Level2>, Vec<usize>)> = Vec::new();
    for index in open {
        let level2 = rows[*index].level2.filter(|_| scheme.weights.split == Split::EqualByLevel2);
        let one = scheme.weights.split == Split::EqualInLevel1;
        match groups.iter_mut().find(|(known, _)| one || level2.is_some() && *known == level2) {
            Some((_, group)) => group.push(*index),
            // A row without level 2 is a child of level 1 directly: a group of its own.
            None => groups.push((level2, vec![*index])),
        }
    }
    let shares = in_proportion(&vec![1; groups.len()], points);
    for ((_, group), share) in groups.iter().zip(shares) {
        for (index, points) in group.iter().zip(in_proportion(&vec![1; group.len()], share)) {
            weights[*index] = Some((Points(points), WeightOrigin::Derived));
        }
    }
}

/// `total` split in proportion to `parts`, cut to hundredths, the remaining hundredths one by one to the first that have a part.
fn in_proportion(parts: &[i64], total: i64) -> Vec<i64> {
    let whole: i128 = parts.iter().map(|part| i128::from(*part)).sum();
    if whole <= 0 {
        return vec![0; parts.len()];
    }
    let share = |part: &i64| i64::try_from(i128::from(*part) * i128::from(total) / whole).unwrap_or(0);
    let mut shares: Vec<i64> = parts.iter().map(share).collect();
    let mut left = total - shares.iter().sum::<i64>();
    for (share, _) in shares.iter_mut().zip(parts).filter(|(_, part)| **part > 0) {
        if left <= 0 {
            break;
        }
        *share += 1;
        left -= 1;
    }
    shares
}
