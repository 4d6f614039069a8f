//! Monitoring lights (rules 5.2), all decided on printed numbers.

use crate::assess::exact::cut6;
use crate::assess::trace::Trace;
use crate::assess::{Input, Judged, Measure};
use crate::kind::{Accumulation, Level, Light};
use crate::scheme::{Lights, Scheme};
use crate::value::Rate;

/// The light of one indicator at the end of month `months`; `None` when none applies.
pub(crate) fn indicator<T: Trace>(
    input: &Input<'_>,
    scheme: &Scheme,
    trace: &mut T,
    judged: &Judged,
    accumulation: Accumulation,
    months: u32,
) -> Option<Light> {
    let lights = &scheme.lights;
    let cumulative = accumulation == Accumulation::Cumulative;
    if accumulation == Accumulation::EndOfYear || !(1..=12).contains(&months) {
        return None;
    }
    let simple = input.level1.is_some_and(|level1| lights.inside_outside_level1.contains(&level1))
        || input.level2.is_some_and(|level2| lights.inside_outside_level2.contains(&level2));
    match judged.measure {
        Measure::None => None,
        // A word such as 未完成 says nothing about a count that is still growing.
        Measure::Level(level) if cumulative => (level == Level::Full).then(|| inside(trace, true)),
        Measure::Level(level) => Some(by_level(trace, level)),
        Measure::Ratio(a, t) if !simple => by_share(lights, trace, cumulative.then_some(months), a, t),
        Measure::Below(a, low) if !simple && cumulative => by_share(lights, trace, Some(months), a, low),
        _ => Some(inside(trace, judged.light_inside)),
    }
}

fn inside<T: Trace>(trace: &mut T, inside: bool) -> Light {
    let light = if inside { Light::Green } else { Light::Red };
    trace.step("light", if inside { "GREEN" } else { "RED" }, light);
    light
}

fn by_level<T: Trace>(trace: &mut T, level: Level) -> Light {
    let light = match level {
        Level::Full => Light::Green,
        Level::Partial => Light::Yellow,
        Level::None => Light::Red,
    };
    trace.step("light", "level = FULL ? GREEN : level = PARTIAL ? YELLOW : RED", light);
    light
}

/// Value to date against the target, or against its share of the year.
fn by_share<T: Trace>(lights: &Lights, trace: &mut T, months: Option<u32>, a: i128, t: i128) -> Option<Light> {
    let progress = match months {
        Some(months) => {
            trace.step("months", "input", months);
            cut6(a.checked_mul(12)?, t.checked_mul(i128::from(months))?)?
        }
        None => cut6(a, t)?,
    };
    let expression = if months.is_some() { "cut6(actual * 12 / (target * months))" } else { "cut6(actual / target)" };
    trace.step("progress", expression, progress);
    trace.step("yellowFrom", "scheme", lights.yellow_from);
    trace.step("greenFrom", "scheme", lights.green_from);
    trace.step("blueFrom", "scheme", lights.blue_from);
    let light = if progress < lights.yellow_from {
        Light::Red
    } else if progress < lights.green_from {
        Light::Yellow
    } else if progress < lights.blue_from {
        Light::Green
    } else {
        Light::Blue
    };
    let bands = "progress < yellowFrom ? RED : progress < greenFrom ? YELLOW : progress < blueFrom ? GREEN : BLUE";
    trace.step("light", bands, light);
    Some(light)
}

/// Light of budget execution by its printed share of the time that has passed.
#[must_use]
pub fn execution(share: Rate, scheme: &Scheme) -> Light {
    let bands = &scheme.lights.execution;
    if share < bands.yellow_from {
        Light::Red
    } else if share < bands.green_from {
        Light::Yellow
    } else {
        Light::Green
    }
}

/// The worst of several lights: any red, else any yellow, else any green, else blue; `None` without any.
#[must_use]
pub fn worst(lights: impl IntoIterator<Item = Option<Light>>) -> Option<Light> {
    // The order of the vocabulary is the order of gravity.
    lights.into_iter().flatten().min()
}
