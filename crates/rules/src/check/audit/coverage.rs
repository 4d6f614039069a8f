//! A16 and A17: what the indicators leave out.

use super::{Declared, Findings, Indicator, above};
use crate::kind::{Level1, Level2, Severity};
use crate::scheme::Scheme;

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    if declared.indicators.is_empty() {
        return;
    }
    tasks(declared, scheme, findings);
    dimensions(declared, findings);
}

/// A16: a task without indicator, or one with much of the funding and a single indicator. Where nothing is linked at all,
/// as on an imported form, that is said once.
fn tasks(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let (tasks, rows) = (&declared.tasks, &declared.indicators);
    let linked = rows.iter().any(|row| !row.tasks.is_empty() || row.general);
    if !linked && !tasks.is_empty() {
        let zh = format!("{} 项重点工作任务均未关联指标，无法判断覆盖情况", tasks.len());
        let en = format!("none of the {} key tasks is linked to an indicator", tasks.len());
        findings
            .add("A16", Severity::Warning, &["keyTasks"], zh, en)
            .compare("tasks", tasks.len())
            .compare("linked", 0);
        return;
    }
    let all: i128 = tasks.iter().filter_map(|task| task.funding).map(|funding| i128::from(funding.0)).sum();
    let share = scheme.audit.single_indicator_share;
    for (position, task) in tasks.iter().enumerate() {
        let count = rows.iter().filter(|row| row.tasks.contains(&position)).count();
        let funding = task.funding.map_or(0, |funding| i128::from(funding.0));
        // At least this share: not above it is below or equal, so the other way round.
        let much = all > 0 && !above(all - funding, all, crate::value::Rate(1_000_000 - share.0));
        let (zh, en) = match count {
            0 => (format!("任务“{}”没有指标", task.name), format!("the task {} has no indicator", task.name)),
            1 if much => (
                format!("任务“{}”占任务资金的比例较大，只有一项指标", task.name),
                format!("the task {} takes much of the funding and has a single indicator", task.name),
            ),
            _ => continue,
        };
        let found = findings.add("A16", Severity::Warning, &["keyTasks", &position.to_string()], zh, en);
        found.compare("indicators", count).compare_known("funding", task.funding.map(crate::value::Money::wan_yuan));
        let all = rust_decimal::Decimal::try_from_i128_with_scale(all, 6).unwrap_or_default().normalize();
        found.compare("allFunding", all).compare("threshold", share);
    }
}

/// A17: a dimension that no indicator speaks of.
fn dimensions(declared: &Declared<'_>, findings: &mut Findings) {
    let cost = |row: &Indicator<'_>| {
        let costs = [Level2::OutputCost, Level2::EconomicCost, Level2::SocialCost, Level2::EnvironmentalCost];
        row.level1 == Some(Level1::Cost) || row.level2.is_some_and(|level| costs.contains(&level))
    };
    let satisfaction = |row: &Indicator<'_>| {
        row.level1 == Some(Level1::Satisfaction) || row.level2 == Some(Level2::BeneficiarySatisfaction)
    };
    let count = |is: &dyn Fn(&Indicator<'_>) -> bool| declared.indicators.iter().filter(|row| is(row)).count();
    let counts = [
        ("quality", "质量", "quality", count(&|row| row.level2 == Some(Level2::Quality))),
        ("timeliness", "时效", "timeliness", count(&|row| row.level2 == Some(Level2::Timeliness))),
        ("cost", "成本", "cost", count(&cost)),
        ("satisfaction", "满意度", "satisfaction", count(&satisfaction)),
    ];
    let missing: Vec<_> = counts.iter().filter(|(.., count)| *count == 0).collect();
    if missing.is_empty() {
        return;
    }
    let join = |word: fn(&(&str, &'static str, &'static str, usize)) -> &'static str, with: &str| {
        missing.iter().map(|one| word(one)).collect::<Vec<_>>().join(with)
    };
    let zh = format!("没有{}指标", join(|one| one.1, "、"));
    let en = format!("no indicator of {}", join(|one| one.2, ", "));
    let found = findings.add("A17", Severity::Warning, &["indicators"], zh, en);
    for (name, _, _, count) in counts {
        found.compare(name, count);
    }
}
