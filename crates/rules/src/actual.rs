//! Actual values (实际完成值) as people report them, read against their target. The language itself lies in `reading`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kind::{Level, TargetKind};
use crate::message::Note;
use crate::reading::answer::{self, Answer};
use crate::reading::doubt::Doubt;
use crate::reading::fold::Folded;
use crate::reading::words;
use crate::target::{Context, MAX_CHARS, PartialDate, Target};

/// An actual value and its reading against one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actual {
    /// Verbatim, as reported.
    pub text: String,
    /// The number as printed, when it carries one that answers the target.
    pub value: Option<Decimal>,
    /// Unit as printed; the target's when the cell has none.
    pub unit: Option<String>,
    /// The number in the target's base unit.
    pub base_value: Option<Decimal>,
    /// The day it was done, for a date target.
    pub date: Option<PartialDate>,
    /// The qualitative level, where the words are plain (完成, 基本达到, 未完成 …).
    pub level: Option<Level>,
    /// The words say that the target was exceeded (超额完成).
    pub exceeded: bool,
    /// Answers of a `COMPOUND` target, one for each of its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Option<Actual>>,
    /// The cell can be compared with its target. False: the status is UNDETERMINED.
    pub comparable: bool,
    /// True when the reading needs no person.
    pub certain: bool,
    /// Why it is not certain, and the other readings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Reads an actual value against its target. Never fails: what cannot be compared says so and asks for confirmation.
#[must_use]
pub fn read_actual(text: &str, target: &Target, context: &Context<'_>) -> Actual {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Answer::open(Doubt::TooLong).into_actual(text);
    }
    let folded = Folded::new(text);
    let plain = folded.as_str();
    if plain.is_empty() {
        return Answer::incomparable(Doubt::Blank).into_actual(text);
    }
    let copied =
        target.text == text || target.text.len() <= 4 * MAX_CHARS && plain == Folded::new(&target.text).as_str();
    let answer = match target.kind {
        _ if copied => answer::copy(target),
        _ if !is_zero(target) && is_claim(plain) => Answer::incomparable(Doubt::NotApplicableClaim),
        TargetKind::Quantity | TargetKind::Range => answer::to_number(&folded, target, context),
        TargetKind::Date => answer::to_date(plain, target, context),
        TargetKind::YesNo => answer::to_yes_no(plain, target),
        TargetKind::Statement => answer::to_statement(plain, target),
        TargetKind::Compound => return several(text, plain, target, context),
    };
    answer.into_actual(text)
}

/// The target is zero: 无 answers it.
fn is_zero(target: &Target) -> bool {
    target.base_value.is_some_and(|value| value.is_zero())
        || target.kind == TargetKind::YesNo && target.wished == Some(false)
}

/// 无, 不适用, 未开展: the case did not arise, or nothing was done.
fn is_claim(plain: &str) -> bool {
    words::is_placeholder(plain)
        || matches!(
            words::trimmed(plain),
            "无" | "没有"
                | "暂无"
                | "不适用"
                | "未开展"
                | "未发生"
                | "不涉及"
                | "未涉及"
                | "N/A"
                | "n/a"
                | "NA"
                | "未实施"
                | "取消"
                | "已取消"
        )
}

/// One answer for each demand, or one word for all of them.
fn several(text: &str, plain: &str, target: &Target, context: &Context<'_>) -> Actual {
    if let Some(status) = words::status(plain) {
        return Answer::of_status(status).into_actual(text);
    }
    let pieces: Vec<&str> =
        plain.split(words::SEPARATORS).map(words::trimmed).filter(|piece| !piece.is_empty()).collect();
    if pieces.len() != target.parts.len() {
        return Answer::incomparable(Doubt::PartsMismatch).into_actual(text);
    }
    let parts: Vec<Option<Actual>> =
        pieces.iter().zip(&target.parts).map(|(piece, part)| Some(read_actual(piece, part, context))).collect();
    let comparable = parts.iter().flatten().all(|part| part.comparable);
    let answer = if comparable { Answer::open(Doubt::Several) } else { Answer::incomparable(Doubt::PartsMismatch) };
    Actual { parts, ..answer.into_actual(text) }
}
