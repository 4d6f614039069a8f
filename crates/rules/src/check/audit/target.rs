//! A12-A15: what targets are worth.

use rust_decimal::Decimal;

use super::{Declared, Findings, Indicator, above};
use crate::kind::{Severity, TargetKind};
use crate::reading::name::{Cues, Name};
use crate::scheme::Scheme;
use crate::target::Target;

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    cycle(declared, findings);
    ratchet(declared, scheme, findings);
    for (position, indicator) in declared.indicators.iter().enumerate() {
        if let Some(target) = indicator.annual {
            measurable(position, indicator, target, findings);
            defined(position, indicator, target, findings);
        }
    }
}

/// A12: wherever both targets are given, the one for the whole cycle is that of the year.
fn cycle(declared: &Declared<'_>, findings: &mut Findings) {
    let both: Vec<_> = declared.indicators.iter().filter_map(|row| row.annual.zip(row.cycle)).collect();
    if !both.is_empty() && both.iter().all(|(annual, cycle)| annual.text.trim() == cycle.text.trim()) {
        let count = both.len();
        let zh = format!("{count} 项指标的实施周期指标值全部等于年度指标值");
        let en = format!("the cycle target equals the annual one on all {count} rows that have both");
        let found = findings.add("A12", Severity::Notice, &["indicators"], zh, en);
        found.compare("equal", count).compare("both", count);
    }
}

/// The target is 100 %, bare or in words.
fn whole(target: &Target) -> bool {
    target.kind == TargetKind::Quantity
        && target.base_unit.as_deref() == Some("%")
        && target.base_value == Some(Decimal::ONE_HUNDRED)
}

/// A13: a large share of the targets is 100 %.
fn ratchet(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let targets: Vec<_> = declared.indicators.iter().filter_map(|row| row.annual).collect();
    let (count, all) = (targets.iter().filter(|target| whole(target)).count(), targets.len());
    let share = scheme.audit.full_percent_share;
    if above(i128::try_from(count).unwrap_or(0), i128::try_from(all).unwrap_or(0), share) {
        let zh = format!("{all} 项指标值中有 {count} 项为 100%");
        let en = format!("{count} of {all} targets are 100 %");
        let found = findings.add("A13", Severity::Notice, &["indicators"], zh, en);
        found.compare("fullPercent", count).compare("targets", all).compare("threshold", share);
    }
}

/// Words that name what a target is compared with.
const BASELINES: [&str; 9] = ["上年", "去年", "往年", "历年", "同期", "基期", "基准", "平均", "历史"];

/// A14: words without a scale of grades, without a baseline, and without a stated method.
fn measurable(position: usize, indicator: &Indicator<'_>, target: &Target, findings: &mut Findings) {
    let baseline = BASELINES.iter().any(|word| target.text.contains(word));
    if target.kind == TargetKind::Statement && target.scale.is_empty() && !baseline && !indicator.method {
        let (name, text) = (indicator.name, &target.text);
        let zh = format!("“{name}”的指标值“{text}”是定性描述，没有分级、基准，也没有说明计算方法");
        let en = format!("the target \"{text}\" of {name} is words, without grades, baseline or stated method");
        let path = ["indicators", &position.to_string(), "annualTarget"];
        findings.add("A14", Severity::Warning, &path, zh, en).compare("target", text);
    }
}

/// Words of an effect that is wished for rather than counted.
const EFFECTS: [&str; 12] =
    ["增强", "提升", "提高", "促进", "改善", "推动", "推进", "优化", "带动", "营造", "影响力", "满足"];

/// A15: a name that speaks of an effect, with a percentage that says of what nowhere.
fn defined(position: usize, indicator: &Indicator<'_>, target: &Target, findings: &mut Findings) {
    let name = indicator.name;
    let percent = target.kind == TargetKind::Quantity && target.base_unit.as_deref() == Some("%");
    let effect = EFFECTS.iter().any(|word| name.contains(word));
    // A change that is counted says its rate: 增长率, 占比.
    let counted = Name::new(Some(name)).cues.any(Cues::RATE) || name.contains("增长") || name.contains("增幅");
    if percent && effect && !counted && !indicator.method {
        let text = &target.text;
        let zh = format!("“{name}”描述的是效果，指标值却是百分比“{text}”，没有说明是什么的百分比");
        let en =
            format!("{name} speaks of an effect, its target is a percentage (\"{text}\") of nothing that is named");
        let path = ["indicators", &position.to_string(), "annualTarget"];
        findings.add("A15", Severity::Warning, &path, zh, en).compare("target", text);
    }
}
