//! `jixiao assess`: a table of targets and actual values, assessed row by row.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::actual::read_actual;
use crate::assess::{self, Input, Occasion};
use crate::explain::{Explanation, explain};
use crate::reading::level::{level1_of, level2_of};
use crate::scheme::Scheme;
use crate::table::{self, Cells};
use crate::target::read_target;
use crate::value::{Points, Rate};

/// One answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    row: u64,
    status: &'static str,
    rate: Option<String>,
    score: Option<String>,
    max_score: Option<String>,
    /// Lowest and highest score a person may give.
    #[serde(skip_serializing_if = "Option::is_none")]
    score_band: Option<[String; 2]>,
    /// For a report during the year, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    light: Option<&'static str>,
    certain: bool,
    flags: Vec<String>,
    explanation: Explanation,
}

/// Reads rows with a `target` column (and `actual`, `weight`, `level1`, `level2`, `level3`, `year` where there are any) and
/// writes one object for each. The exit code is 0, 1 when a line was broken, 2 without a `target` column.
///
/// # Errors
/// When input or output fails.
pub fn run(
    input: impl BufRead,
    output: impl Write,
    errors: impl Write,
    scheme: &Scheme,
    occasion: Occasion,
) -> io::Result<u8> {
    table::run(input, output, errors, |row, cells| answer(row, cells, scheme, occasion))
}

fn answer(row: u64, cells: &Cells<'_>, scheme: &Scheme, occasion: Occasion) -> Result<Answer, String> {
    let context = cells.context()?;
    let weight = cells.get("weight").map(weight).transpose()?;
    let text = cells.target()?;
    let target = (!text.trim().is_empty()).then(|| read_target(text, &context));
    let actual = cells.get("actual").zip(target.as_ref()).map(|(text, target)| read_actual(text, target, &context));
    let input = Input {
        level1: context.level1.and_then(level1_of),
        level2: context.level2.and_then(level2_of),
        name: context.name.unwrap_or_default(),
        target: target.as_ref(),
        confirmed: target.as_ref().is_none_or(|target| target.certain),
        actual: actual.as_ref(),
        level: None,
        score: None,
        not_applicable: None,
        target_set_too_low: false,
        weight,
        accumulation: None,
        occasion,
        lenient: true,
    };
    let made = assess::assess(&input, scheme);
    Ok(Answer {
        row,
        status: crate::kind::Vocabulary::as_str(made.status),
        rate: made.rate.as_ref().map(Rate::to_string),
        score: made.score.as_ref().map(Points::to_string),
        max_score: made.max_score.as_ref().map(Points::to_string),
        score_band: made.score_band.map(|(low, high)| [low.to_string(), high.to_string()]),
        light: made.light.map(crate::kind::Vocabulary::as_str),
        certain: made.certain,
        flags: made.flags.iter().map(ToString::to_string).collect(),
        explanation: explain(&input, scheme),
    })
}

/// `8`, `10.3` or `20%`, in points.
fn weight(cell: &str) -> Result<Points, String> {
    let digits = cell.trim_end_matches(['%', '％', '分']).trim();
    digits
        .parse()
        .ok()
        .and_then(Points::exact)
        .filter(|points| points.0 >= 0)
        .ok_or_else(|| format!("分值无法识别 (bad weight): {}", table::short(cell)))
}
