//! D8 on targets as they are read: comparator, unit and value go together.

use rust_decimal::Decimal;

use super::{Beside, Findings};
use crate::form::Form;
use crate::kind::{Comparator, Direction, Severity, TargetKind, Vocabulary};
use crate::reading::name::{Cues, Name};
use crate::target::Target;

/// A target as it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<'a> {
    /// The reading.
    pub target: &'a Target,
    /// Certain by itself, or confirmed by a person.
    pub confirmed: bool,
}

/// D8: what each target says can be; annual and cycle target speak of the same thing.
pub(super) fn targets(form: &Form, beside: &[Beside<'_>], allow_over_100: bool, findings: &mut Findings) {
    for (index, (indicator, beside)) in form.indicators.iter().zip(beside).enumerate() {
        let (at, name) = (index.to_string(), indicator.name.as_str());
        for (field, reading) in [("annualTarget", beside.annual), ("cycleTarget", beside.cycle)] {
            let Some(reading) = reading else { continue };
            let path = ["indicators", at.as_str(), field];
            let parts = std::slice::from_ref(reading.target).iter().chain(&reading.target.parts);
            for part in parts {
                if !allow_over_100 {
                    percentage(name, part, &path, findings);
                }
                numbers(name, part, &path, findings);
                if reading.confirmed {
                    sides(name, part, &path, findings);
                }
            }
        }
        if let (Some(annual), Some(cycle)) = (beside.annual, beside.cycle) {
            units(name, annual.target, cycle.target, &["indicators", &at, "cycleTarget"], findings);
        }
    }
}

/// A share lies between 0 and 100; only a change (增长率) may go beyond.
fn percentage(name: &str, target: &Target, path: &[&str], findings: &mut Findings) {
    let change = |text: &str| Name::new(Some(text)).cues.has(Cues::CHANGE);
    if target.base_unit.as_deref() != Some("%") || change(name) || change(&target.text) {
        return;
    }
    let outside = |value: &Decimal| *value < Decimal::ZERO || *value > Decimal::ONE_HUNDRED;
    if let Some(value) = [target.base_value, target.base_value_high].into_iter().flatten().find(outside) {
        let value = crate::value::plain(value);
        let zh = format!("“{name}”的指标值为{value}%，百分比应在0至100之间：{}", target.text);
        let en = format!("the target of {name} is {value} %, a percentage lies between 0 and 100: {}", target.text);
        findings.add("D8", Severity::Error, path, zh, en);
    }
}

/// A quantity has its number, a range its bounds in order.
fn numbers(name: &str, target: &Target, path: &[&str], findings: &mut Findings) {
    let lost = match target.kind {
        TargetKind::Quantity => target.value.is_none(),
        TargetKind::Range => match (target.base_value, target.base_value_high) {
            (Some(low), Some(high)) => low > high,
            _ => true,
        },
        _ => false,
    };
    if lost {
        let zh = format!("“{name}”的指标值缺少数值，或区间上下限颠倒：{}", target.text);
        let en = format!("the target of {name} lacks its number, or its bounds are reversed: {}", target.text);
        findings.add("D8", Severity::Error, path, zh, en);
    }
}

/// `≥` cannot go with "lower is better", nor `≤` with "higher is better".
fn sides(name: &str, target: &Target, path: &[&str], findings: &mut Findings) {
    let Some(comparator) = target.comparator.filter(|_| target.kind == TargetKind::Quantity) else { return };
    let against = match comparator {
        Comparator::Gte | Comparator::Gt => Direction::LowerIsBetter,
        Comparator::Lte | Comparator::Lt => Direction::HigherIsBetter,
        Comparator::Eq => return,
    };
    if target.direction == against {
        let zh = format!("“{name}”的计算符号“{}”与指标方向“{}”矛盾：{}", comparator.zh(), against.zh(), target.text);
        let en = format!(
            "the comparator ({}) of {name} contradicts its direction ({}): {}",
            comparator.en(),
            against.en(),
            target.text
        );
        findings.add("D8", Severity::Error, path, zh, en);
    }
}

/// Both targets count in one unit.
fn units(name: &str, annual: &Target, cycle: &Target, path: &[&str], findings: &mut Findings) {
    if let (Some(one), Some(other)) = (&annual.base_unit, &cycle.base_unit)
        && one != other
    {
        let zh = format!("“{name}”的年度指标值以“{one}”计，实施周期指标值以“{other}”计");
        let en = format!("the annual target of {name} counts in {one}, its cycle target in {other}");
        findings.add("D8", Severity::Warning, path, zh, en);
    }
}
