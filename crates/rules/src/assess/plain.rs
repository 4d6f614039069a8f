//! What is not compared as a number: dates, words, yes/no, statements (rules 4.4, 4.5).

use chrono::NaiveDate;

use super::trace::{Trace, Truth};
use super::words::{Flag, Rule};
use super::{By, Judged, Measure};
use crate::kind::{Level, Status};
use crate::scheme::Scheme;
use crate::target::PartialDate;

/// Levels map one to one.
const BY_LEVEL: &str = "level = FULL ? ACHIEVED : level = PARTIAL ? PARTIALLY_ACHIEVED : NOT_ACHIEVED";

/// How a level becomes points, beside the band of a person's score.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Always a person, inside the band.
    Person,
    /// Full points for FULL; a person for the rest.
    FullByRule,
    /// Full points for FULL, 0 for NONE; a person in between.
    Binary,
}

/// A qualitative level, given by words or by a person.
pub(super) fn level<T: Trace>(trace: &mut T, level: Level, rule: Rule, style: Style) -> Judged {
    let (status, satisfied) = match level {
        Level::Full => (Status::Achieved, true),
        Level::Partial => (Status::PartiallyAchieved, false),
        Level::None => (Status::NotAchieved, false),
    };
    trace.step("level", "input", level);
    trace.step("satisfied", "level = FULL", Truth(satisfied));
    let points = match (style, level) {
        (Style::FullByRule | Style::Binary, Level::Full) => By::all_or_nothing(true),
        (Style::Binary, Level::None) => By::all_or_nothing(false),
        _ => By::Band(level),
    };
    Judged {
        satisfied,
        points,
        measure: Measure::Level(level),
        light_inside: satisfied,
        ..Judged::new(status, BY_LEVEL, rule)
    }
}

/// 超额完成 against a number: EXCEEDED, without a rate.
pub(super) fn exceeded<T: Trace>(trace: &mut T) -> Judged {
    trace.step("level", "input", Level::Full);
    trace.step("exceeded", "input", Truth(true));
    trace.step("satisfied", "level = FULL", Truth(true));
    Judged {
        satisfied: true,
        points: By::all_or_nothing(true),
        measure: Measure::Level(Level::Full),
        light_inside: true,
        ..Judged::new(Status::Exceeded, "EXCEEDED", Rule::Words)
    }
}

/// Both days in years that can be compared; true when a year had to be assumed.
fn days(wanted: PartialDate, done: PartialDate) -> Option<(NaiveDate, NaiveDate, bool)> {
    let assumed = wanted.year.is_some() != done.year.is_some();
    let year = wanted.year.or(done.year);
    let on = |date: PartialDate, year| NaiveDate::from_ymd_opt(date.year.unwrap_or(year), date.month, date.day);
    // Neither year is known: a common year, or a leap year where a 29 February needs it.
    let tried = year.map_or([2001, 2000], |year| [year, year]);
    tried.into_iter().find_map(|year| Some((on(wanted, year)?, on(done, year)?, assumed)))
}

/// A deadline; `None` when one of the days does not exist.
pub(super) fn date<T: Trace>(scheme: &Scheme, trace: &mut T, wanted: PartialDate, done: PartialDate) -> Option<Judged> {
    let (wanted, done, assumed) = days(wanted, done)?;
    let late = i128::from((done - wanted).num_days().max(0));
    let grace = i128::from(scheme.formula.grace_days);
    let satisfied = late == 0;
    trace.step("deadline", "input", wanted);
    trace.step("doneOn", "input", done);
    trace.step("lateDays", "days(deadline, doneOn)", late);
    trace.step("satisfied", "lateDays = 0", Truth(satisfied));
    trace.step("graceDays", "scheme", grace);
    let points = if satisfied || grace == 0 {
        By::all_or_nothing(satisfied)
    } else {
        By::Share {
            top: grace - late,
            bottom: grace,
            expression: "max(0, weight * (graceDays - lateDays) / graceDays)",
        }
    };
    let status = if satisfied { Status::Achieved } else { Status::NotAchieved };
    let mut judged = Judged {
        satisfied,
        points,
        measure: Measure::Inside,
        light_inside: satisfied,
        ..Judged::new(status, "satisfied ? ACHIEVED : NOT_ACHIEVED", Rule::DateBy)
    };
    if assumed {
        judged.flags.push(Flag::YearAssumed);
    }
    Some(judged)
}
