//! D6-D10 and D13: what a declaration must hold.

use std::collections::HashMap;

use super::{BalanceRules, Findings};
use crate::form::{Form, FormIndicator};
use crate::kind::{Level1, Level2, Severity};
use crate::level::level1_of;
use crate::value::Points;

/// D6: at least one task, one output and one outcome indicator; every level 1 known.
pub(super) fn presence(form: &Form, findings: &mut Findings) {
    if form.key_tasks.is_empty() {
        let (zh, en) = ("至少须有一项年度重点工作任务", "at least one key task is needed");
        findings.add("D6", Severity::Error, &["keyTasks"], zh.into(), en.into());
    }
    for (level, zh, en) in [(Level1::Output, "产出", "output"), (Level1::Outcome, "效益", "outcome")] {
        if !form.indicators.iter().any(|indicator| counts_as(indicator, level)) {
            let (zh, en) = (format!("至少须有一个{zh}指标"), format!("at least one {en} indicator is needed"));
            findings.add("D6", Severity::Error, &["indicators"], zh, en);
        }
    }
    for (index, indicator) in form.indicators.iter().enumerate().filter(|(_, indicator)| indicator.level1.is_none()) {
        let label = &indicator.level1_label;
        let zh = format!("“{}”的一级指标“{label}”须人工确认", indicator.name);
        let en = format!("level 1 {label} of {} must be confirmed by a person", indicator.name);
        findings.add("LEVEL1_UNKNOWN", Severity::Error, &["indicators", &index.to_string(), "level1"], zh, en);
    }
}

/// Satisfaction printed below outcome in older forms is no outcome.
fn counts_as(indicator: &FormIndicator, level: Level1) -> bool {
    indicator.level1 == Some(level) && indicator.level2 != Some(Level2::BeneficiarySatisfaction)
}

/// D6: every task and indicator has a name, no two indicators of one level 2 the same.
pub(super) fn names(form: &Form, findings: &mut Findings) {
    for (index, _) in form.key_tasks.iter().enumerate().filter(|(_, task)| task.name.trim().is_empty()) {
        let path = ["keyTasks", &index.to_string(), "name"];
        findings.add("D6", Severity::Error, &path, "任务没有名称".into(), "the task has no name".into());
    }
    let mut first: HashMap<_, usize> = HashMap::new();
    for (index, indicator) in form.indicators.iter().enumerate() {
        let at = index.to_string();
        let path = ["indicators", at.as_str(), "name"];
        let name = indicator.name.trim();
        if name.is_empty() {
            findings.add("D6", Severity::Error, &path, "指标没有名称".into(), "the indicator has no name".into());
            continue;
        }
        let before = *first.entry((Group::of(indicator), name)).or_insert(index);
        if before != index {
            let (zh, en) = (
                format!("与第 {} 个指标同名，且同属一个二级指标：{name}", before + 1),
                format!("has the same name and level 2 as indicator {}: {name}", before + 1),
            );
            findings.add("D6", Severity::Error, &path, zh, en);
        }
    }
}

/// A level 2: by its meaning where that is known, otherwise by its label.
#[derive(PartialEq, Eq, Hash)]
struct Group<'a>(Option<Level1>, Option<Level2>, &'a str, &'a str);

impl<'a> Group<'a> {
    fn of(indicator: &'a FormIndicator) -> Self {
        let label1 = if indicator.level1.is_none() { indicator.level1_label.as_str() } else { "" };
        let label2 = indicator.level2_label.as_deref().filter(|_| indicator.level2.is_none()).unwrap_or_default();
        Self(indicator.level1, indicator.level2, label1, label2)
    }
}

/// D7: targets are there. D8: what stands there can be a target.
pub(super) fn targets(form: &Form, rules: &BalanceRules, findings: &mut Findings) {
    let has_cycle = || form.indicators.iter().any(|indicator| given(indicator.cycle_target.as_deref()).is_some());
    let wants_cycle = rules.cycle_years.map_or_else(has_cycle, |years| years > 1);
    for (index, indicator) in form.indicators.iter().enumerate() {
        let (at, name) = (index.to_string(), &indicator.name);
        let (cycle, annual) = (given(indicator.cycle_target.as_deref()), given(indicator.annual_target.as_deref()));
        if annual.is_none() {
            let (zh, en) = (format!("“{name}”没有年度指标值"), format!("{name} has no annual target"));
            findings.add("D7", Severity::Error, &["indicators", &at, "annualTarget"], zh, en);
        }
        if wants_cycle && cycle.is_none() {
            let (zh, en) = (format!("“{name}”没有实施周期指标值"), format!("{name} has no cycle target"));
            findings.add("D7", Severity::Warning, &["indicators", &at, "cycleTarget"], zh, en);
        }
        for (field, target) in [("annualTarget", annual), ("cycleTarget", cycle)] {
            if let Some(target) = target.filter(|target| says_nothing(target)) {
                let zh = format!("“{name}”的指标值没有内容：{target}");
                let en = format!("the target of {name} says nothing: {target}");
                findings.add("D8", Severity::Error, &["indicators", &at, field], zh, en);
            }
        }
        if name.contains("**") {
            let (zh, en) =
                (format!("指标名称是未填写的模板：{name}"), format!("the name is a template not filled in: {name}"));
            findings.add("D8", Severity::Warning, &["indicators", &at, "name"], zh, en);
        }
    }
}

fn given(target: Option<&str>) -> Option<&str> {
    target.map(str::trim).filter(|target| !target.is_empty())
}

/// A comparator without anything behind it, or a template (`≥**人`).
fn says_nothing(target: &str) -> bool {
    target.contains("**") || !target.chars().any(char::is_alphanumeric)
}

/// D9: stated weights are above zero and add up, for each level 1 that states its points and for the whole.
pub(super) fn weights(form: &Form, rules: &BalanceRules, findings: &mut Findings) {
    if form.indicators.iter().all(|indicator| indicator.weight.is_none()) {
        return;
    }
    let (mut total, mut complete) = (0_i64, true);
    let mut levels: Vec<(&str, i64)> = Vec::new();
    for (index, indicator) in form.indicators.iter().enumerate() {
        let (at, name) = (index.to_string(), &indicator.name);
        let path = ["indicators", at.as_str(), "weight"];
        match indicator.weight {
            Some(weight) if weight.0 <= 0 => {
                let (zh, en) = (
                    format!("“{name}”的分值 {weight} 须大于零"),
                    format!("the weight {weight} of {name} must be above zero"),
                );
                findings.add("D9", Severity::Error, &path, zh, en);
            }
            Some(_) => {}
            None => {
                complete = false;
                let (zh, en) =
                    (format!("“{name}”没有分值，而其他指标有"), format!("{name} has no weight, others have"));
                findings.add("D9", Severity::Warning, &path, zh, en);
            }
        }
        let weight = indicator.weight.map_or(0, |weight| weight.0);
        total = total.saturating_add(weight);
        match levels.last_mut().filter(|(label, _)| *label == indicator.level1_label) {
            Some((_, sum)) => *sum = sum.saturating_add(weight),
            None => levels.push((&indicator.level1_label, weight)),
        }
    }
    for (label, sum) in levels {
        if let Some(stated) = points_in(label) {
            sum_is(sum, stated, complete, (label, label), findings);
        }
    }
    if let Some(points) = rules.indicator_points {
        sum_is(total, points, complete, ("全部指标", "all indicators"), findings);
    }
}

/// While weights are missing, only a sum above what is allowed is wrong for certain.
fn sum_is(sum: i64, stated: Points, complete: bool, whose: (&str, &str), findings: &mut Findings) {
    if sum > stated.0 || (complete && sum != stated.0) {
        let sum = Points(sum);
        let zh = format!("{}的分值合计 {sum}，应为 {stated}", whose.0);
        let en = format!("the weights of {} add up to {sum}, not {stated}", whose.1);
        let found = findings.add("D9", Severity::Error, &["indicators"], zh, en);
        found.compare("sum", sum).compare("stated", stated);
    }
}

/// The points that a level-1 label states: `产出指标(50分)`, `产出指标(50)分`. A range states none.
fn points_in(label: &str) -> Option<Points> {
    level1_of(label)?;
    let (_, rest) = label.split_once(['(', '（'])?;
    let (inner, after) = rest.split_once([')', '）'])?;
    let digits = inner.trim().trim_end_matches('分').trim();
    let is_points = inner.contains('分') || after.trim() == "分";
    let value: i64 = digits.parse().ok().filter(|value| (1..=100).contains(value))?;
    is_points.then_some(Points(value * 100))
}

/// D10: how the public served sees it.
pub(super) fn satisfaction(form: &Form, findings: &mut Findings) {
    let asks = |indicator: &FormIndicator| {
        indicator.level1 == Some(Level1::Satisfaction) || indicator.level2 == Some(Level2::BeneficiarySatisfaction)
    };
    if !form.indicators.iter().any(asks) {
        let zh = "没有满意度指标；面向社会提供服务的部门须设置，否则应说明原因";
        let en = "there is no satisfaction indicator; a department that serves the public needs one, or an explanation";
        findings.add("D10", Severity::Warning, &["indicators"], zh.into(), en.into());
    }
}

/// D13: head counts are not negative.
pub(super) fn counts(form: &Form, findings: &mut Findings) {
    for (count, zh, en, field) in [
        (form.publicly_funded_staff_count, "财政供养人员数", "publicly funded staff", "publiclyFundedStaffCount"),
        (form.subordinate_unit_count, "下属二级单位数", "subordinate units", "subordinateUnitCount"),
    ] {
        if let Some(count) = count.filter(|count| *count < 0) {
            let (zh, en) = (format!("{zh}为负：{count}"), format!("number of {en} is negative: {count}"));
            findings.add("D13", Severity::Error, &[field], zh, en);
        }
    }
}
