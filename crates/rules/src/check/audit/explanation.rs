//! A23-A26: what monitoring said, and what became of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::score::full_marks;
use super::{Declared, Filed, FiledRow, Findings, Spot};
use crate::cycle::{AttainmentOutlook as Outlook, Period};
use crate::kind::{Light, Severity, Status, Vocabulary};
use crate::scheme::Scheme;

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    if let Some(filed) = declared.reports.get(&Period::MidYear) {
        ignored(declared.fiscal_year, filed, findings);
    }
    if let Some(end) = declared.reports.get(&Period::YearEnd) {
        for (row, last) in end.rows.iter().enumerate() {
            let before =
                || declared.reports.range(..Period::YearEnd).rev().filter_map(|(_, filed)| filed.rows.get(row));
            outlook(before().find_map(|earlier| earlier.outlook), last, row, findings);
            backwards(before().find(|earlier| earlier.actual.is_some()), last, row, findings);
        }
    }
    for (period, filed) in &declared.reports {
        explained(*period, filed, scheme, findings);
        repeated(*period, filed, scheme, findings);
    }
}

/// A23: red at mid-year, and either nothing is said about putting it right, or what finance asked was not verified within
/// the year.
fn ignored(year: i32, filed: &Filed<'_>, findings: &mut Findings) {
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX);
    for (row, red) in filed.rows.iter().enumerate().filter(|(_, row)| row.achievement.light == Some(Light::Red)) {
        let asked: Vec<_> = filed.rectifications.iter().filter(|asked| asked.indicator == Some(row)).collect();
        let spot = Spot { period: Period::MidYear.as_str(), row, field: "correctiveAction" };
        if asked.is_empty() && !red.corrective_action {
            let said = (
                "年中红灯，没有纠偏措施，也没有整改",
                "red at mid-year, without any corrective action or rectification",
            );
            findings.on_row("A23", Severity::Warning, spot, red.name, said).compare("light", Light::Red);
        }
        let open = asked.iter().filter(|asked| asked.verified_on.is_none_or(|day| day > last)).count();
        if open > 0 {
            let said =
                ("年中红灯，整改未在年底前核实", "red at mid-year, and its rectification not verified within the year");
            let found = findings.on_row("A23", Severity::Warning, spot, red.name, said);
            found.compare("light", Light::Red).compare("notVerified", open).compare("lastDay", last);
            found.since = last.succ_opt();
        }
    }
}

/// A24: the year ended otherwise than its last outlook said.
fn outlook(said: Option<Outlook>, last: &FiledRow<'_>, row: usize, findings: &mut Findings) {
    let made = last.achievement;
    let missed = matches!(made.status, Status::PartiallyAchieved | Status::NotAchieved);
    let (zh, en) = match said {
        Some(Outlook::Certain) if missed => {
            ("监控时填报“确定能”完成，年终未完成", "certain during the year, missed at its end")
        }
        Some(Outlook::Impossible) if full_marks(last) => {
            ("监控时填报“完全不可能”完成，年终得满分", "impossible during the year, full marks at its end")
        }
        _ => return,
    };
    let spot = Spot { period: Period::YearEnd.as_str(), row, field: "text" };
    let found = findings.on_row("A24", Severity::Warning, spot, last.name, (zh, en));
    found.compare_known("outlook", said).compare("status", made.status);
    found.compare_known("score", made.score).compare_known("maxScore", made.max_score);
}

/// A25: a value that adds up over the year is lower at its end.
fn backwards(earlier: Option<&FiledRow<'_>>, last: &FiledRow<'_>, row: usize, findings: &mut Findings) {
    let number = |row: &FiledRow<'_>| row.actual.and_then(|actual| actual.base_value);
    let (Some(then), Some(now)) = (earlier.and_then(number), number(last)) else { return };
    if last.cumulative && now < then {
        let (then, now) = (then.normalize(), now.normalize());
        let (zh, en) = (format!("累计值由 {then} 降为 {now}"), format!("a cumulative value fell from {then} to {now}"));
        let spot = Spot { period: Period::YearEnd.as_str(), row, field: "text" };
        let found = findings.on_row("A25", Severity::Warning, spot, last.name, (&zh, &en));
        found.compare("earlier", then).compare("actual", now);
    }
}

/// A26: an explanation that is due says nothing, or next to nothing.
fn explained(period: Period, filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    let least = usize::try_from(scheme.audit.explanation_characters).unwrap_or(usize::MAX);
    for (row, due) in filed.rows.iter().enumerate().filter(|(_, row)| row.achievement.explanation_required) {
        let said: usize = due.causes.iter().map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum();
        if said < least {
            let (zh, en) = if said == 0 {
                ("应说明原因而未说明".to_owned(), "an explanation is due and missing".to_owned())
            } else {
                (format!("原因说明只有 {said} 个字"), format!("the explanation has {said} characters"))
            };
            let spot = Spot { period: period.as_str(), row, field: "deviations" };
            let found = findings.on_row("A26", Severity::Warning, spot, due.name, (&zh, &en));
            found.compare("characters", said).compare("threshold", least);
        }
    }
}

/// A26: one text on many rows.
fn repeated(period: Period, filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, row) in filed.rows.iter().enumerate() {
        for text in row.causes.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            let known = rows.entry(text).or_default();
            if known.last() != Some(&position) {
                known.push(position);
            }
        }
    }
    let most = usize::try_from(scheme.audit.repeated_rows).unwrap_or(usize::MAX);
    for (text, at) in rows.into_iter().filter(|(_, at)| at.len() > most) {
        let count = at.len();
        let zh = format!("{count} 项指标的原因说明相同：{text}");
        let en = format!("{count} rows give the same explanation: {text}");
        let path = ["reports", period.as_str(), "rows"];
        let found = findings.add("A26", Severity::Warning, &path, zh, en);
        found.compare("rows", count).compare("threshold", most).compare("text", text);
    }
}
