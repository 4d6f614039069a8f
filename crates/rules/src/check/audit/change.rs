//! A8 and A9: targets and weights that changed after they were approved.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Adjusted, Changed, Declared, Findings, Terms};
use crate::kind::{Direction, Severity, Vocabulary};
use crate::scheme::Scheme;
use crate::target::Target;

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    if let Some(approved) = &declared.approved {
        for (position, (indicator, terms)) in declared.indicators.iter().zip(&approved.terms).enumerate() {
            if let Some(terms) = terms {
                altered(position, indicator.name, terms, &indicator.terms, findings);
            }
        }
        let (was, is) = (approved.count, declared.indicators.len());
        if was != is || approved.terms.contains(&None) {
            let zh = format!("批复版本有 {was} 项指标，现有 {is} 项，不是同一批指标");
            let en = format!("{was} indicators were approved, there are {is}: they are not the same");
            let found = findings.add("A8", Severity::Error, &["indicators"], zh, en);
            found.compare("approvedCount", was).compare("count", is);
        }
    }
    for adjusted in &declared.adjustments {
        for changed in &adjusted.targets {
            cut(declared, adjusted, changed, scheme, findings);
        }
    }
}

/// A8: what the approval fixed is another now, without an approved adjustment.
fn altered(position: usize, name: &str, approved: &Terms, present: &Terms, findings: &mut Findings) {
    let points = |terms: &Terms| terms.weight.map(|weight| weight.to_string());
    let fields = [
        ("annualTarget", "年度指标值", "annual target", approved.target.clone(), present.target.clone()),
        (
            "annualTarget",
            "指标值的识别结果",
            "reading of the target",
            approved.reading.clone(),
            present.reading.clone(),
        ),
        ("weight", "分值", "weight", points(approved), points(present)),
    ];
    for (field, zh, en, was, is) in fields {
        if was == is {
            continue;
        }
        let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
        let zh = format!("“{name}”的{zh}批复时为“{}”，现为“{}”，没有已批复的调整", told(&was), told(&is));
        let en = format!(
            "the {en} of {name} was approved as \"{}\" and is \"{}\" without an approved adjustment",
            told(&was),
            told(&is)
        );
        let found = findings.add("A8", Severity::Error, &["indicators", &position.to_string(), field], zh, en);
        found.compare_known("approved", was).compare_known("present", is);
    }
}

/// The target asks for less than before; `None` where that cannot be told.
fn lowered(before: &Target, after: Option<&Target>) -> Option<bool> {
    let Some(after) = after else { return Some(true) };
    let (was, is) = (before.base_value?, after.base_value?);
    Some(match before.direction {
        Direction::HigherIsBetter | Direction::Exact => is < was,
        Direction::LowerIsBetter => is > was,
        Direction::Unknown => return None,
    })
}

/// A9: a target is lowered late in the year, after a red light, or to where the actual value later lay.
fn cut(
    declared: &Declared<'_>,
    adjusted: &Adjusted<'_>,
    changed: &Changed<'_>,
    scheme: &Scheme,
    findings: &mut Findings,
) {
    let Some(before) = changed.before.filter(|before| lowered(before, changed.after) == Some(true)) else { return };
    let rules = &scheme.audit;
    let first = NaiveDate::from_ymd_opt(declared.fiscal_year, rules.late_cut_month, 1).unwrap_or(NaiveDate::MAX);
    let mut why: Vec<(String, String)> = Vec::new();
    if adjusted.made_on > first {
        let day = adjusted.made_on;
        why.push((format!("于 {day} 提出，在 {first} 之后"), format!("made on {day}, after {first}")));
    }
    if let Some(period) = changed.red {
        why.push((format!("此前{}为红灯", period.zh()), format!("after a red light ({period})")));
    }
    let near = changed.after.and_then(|after| near(after.base_value?, changed.later?, rules.cut_near_actual.decimal()));
    if near == Some(true) {
        why.push(("调整后的指标值与其后的实际完成值相近".to_owned(), "to about what was later achieved".to_owned()));
    }
    if why.is_empty() {
        return;
    }
    let (zh, en): (Vec<String>, Vec<String>) = why.into_iter().unzip();
    let after = changed.after.map_or("—", |after| after.text.as_str());
    let name = changed.name;
    let zh = format!("“{name}”的指标值由“{}”下调为“{after}”：{}", before.text, zh.join("；"));
    let en = format!("the target of {name} was lowered from \"{}\" to \"{after}\": {}", before.text, en.join("; "));
    let path = ["adjustments", &adjusted.position.to_string(), "targets", &changed.position.to_string()];
    let found = findings.add("A9", Severity::Warning, &path, zh, en);
    found.compare("before", &before.text).compare_known("after", changed.after.map(|after| &after.text));
    found.compare("madeOn", adjusted.made_on).compare("lateAfter", first);
    found
        .compare_known("redIn", changed.red)
        .compare_known("laterActual", changed.later.map(|later| later.normalize()));
    found.compare("nearWithin", rules.cut_near_actual);
}

/// The later value lies within `share` of the target.
fn near(target: Decimal, later: Decimal, share: Decimal) -> Option<bool> {
    Some((later - target).abs() <= target.abs().checked_mul(share)?)
}
