//! A1-A5: scores that say more than they should.

use super::{Declared, Filed, FiledRow, Findings, Spot};
use crate::assess::Flag;
use crate::cycle::Period;
use crate::kind::{Severity, Status, Vocabulary};
use crate::rollup;
use crate::scheme::Scheme;
use crate::value::{Points, Rate};

const YEAR_END: &str = "YEAR_END";

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let Some(filed) = declared.reports.get(&Period::YearEnd) else { return };
    for (row, filed) in filed.rows.iter().enumerate() {
        let spot = Spot { period: YEAR_END, row, field: "score" };
        inflated(filed, spot, findings);
        full(filed, spot, findings);
    }
    inflated_total(filed, scheme, findings);
    gaps(filed, scheme, findings);
    ahead(filed, scheme, findings);
    perfect(filed, scheme, findings);
}

/// The score that the formula, or the band of the level, allows at most; `None` where nothing can be said.
fn recomputed(row: &FiledRow<'_>) -> Option<Points> {
    row.achievement.computed_score.or(row.achievement.score_band.map(|(_, high)| high))
}

/// A1, a row: the filer's score is above the recomputed one. Scores have two decimals, so that above is by 0.01 or more.
fn inflated(row: &FiledRow<'_>, spot: Spot<'_>, findings: &mut Findings) {
    if let (Some(filed), Some(most)) = (row.score, recomputed(row))
        && filed > most
    {
        let (zh, en) = (
            format!("填报得分 {filed}，复算得分 {most}，高出 {}", Points(filed.0 - most.0)),
            format!("filed {filed}, recomputed {most}, {} more", Points(filed.0 - most.0)),
        );
        let found = findings.on_row("A1", Severity::Error, spot, row.name, (&zh, &en));
        found.compare("filedScore", filed).compare("recomputedScore", most);
    }
}

/// A1, the total: added up anew with the recomputed scores.
fn inflated_total(filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    let Some(total) = filed.result.score else { return };
    let rows: Vec<_> = filed
        .rows
        .iter()
        .map(|row| {
            let mut made = row.achievement.clone();
            if let (Some(score), Some(most)) = (made.score, recomputed(row)) {
                made.score = Some(score.min(most));
            }
            made
        })
        .collect();
    let again = rollup::declaration(&rows, &filed.execution, scheme, false);
    if let Some(most) = again.score.filter(|most| *most < total) {
        let zh = format!("填报总分 {total}，复算总分 {most}，高出 {}", Points(total.0 - most.0));
        let en = format!("the filed total is {total}, recomputed {most}, {} more", Points(total.0 - most.0));
        let found = findings.add("A1", Severity::Error, &["reports", YEAR_END, "result", "score"], zh, en);
        found.compare("filedScore", total).compare("recomputedScore", most);
    }
}

/// A2: the filer's total against finance's review and the spot check.
fn gaps(filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    let rules = &scheme.audit;
    let by = [
        ("reviewScore", "财政复核", "finance's review", filed.result.reviewed),
        ("spotCheckScore", "抽查复核", "the spot check", filed.result.spot_checked),
    ];
    for (field, who_zh, who_en, made) in by {
        let Some(made) = made else { continue };
        let (Some(own), Some(other)) = (filed.result.score, made.score) else { continue };
        let gap = Points(own.0 - other.0);
        let grade = filed.result.grade != made.grade;
        let severity = if gap >= rules.review_gap_error { Severity::Error } else { Severity::Warning };
        if gap < rules.review_gap_warning && !grade {
            continue;
        }
        let word = |grade: Option<crate::kind::ResultGrade>| {
            (grade.map_or("无", Vocabulary::zh), grade.map_or("none", Vocabulary::as_str))
        };
        let (mine, theirs) = (word(filed.result.grade), word(made.grade));
        let zh = format!("自评总分 {own}（{}），{who_zh} {other}（{}），相差 {gap}", mine.0, theirs.0);
        let en = format!("the filer's total is {own} ({}), {who_en} gives {other} ({}): {gap}", mine.1, theirs.1);
        let found = findings.add("A2", severity, &["reports", YEAR_END, "result", field], zh, en);
        found.compare("filedScore", own).compare(field, other).compare("gap", gap);
        found.compare("filedGrade", mine.1).compare("otherGrade", theirs.1);
        found.compare("warningFrom", rules.review_gap_warning).compare("errorFrom", rules.review_gap_error);
    }
}

/// A3: the plausibility rule of 5.2.
fn ahead(filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    if !filed.result.flags.contains(&Flag::ScoreAheadOfMoney) {
        return;
    }
    let tally = &filed.result.tally;
    let share =
        |part: i64, whole: i64| crate::assess::exact::cut6(i128::from(part), i128::from(whole)).unwrap_or_default();
    let own = share(tally.score_sum, tally.max_score_sum);
    let (money, most) = (filed.execution.score.unwrap_or_default(), filed.execution.max_score.unwrap_or_default());
    let money = share(money.0, most.0);
    let [ours, theirs, most] = [own, money, scheme.lights.plausibility.lead_above].map(Rate::percent);
    let zh = format!("指标得分率 {ours}% 领先预算执行得分率 {theirs}% 超过 {most}%");
    let en = format!(
        "the indicators' score rate of {ours} % leads that of execution, {theirs} %, by more than {most} % of it"
    );
    let found = findings.add("A3", Severity::Warning, &["reports", YEAR_END, "result", "score"], zh, en);
    found.compare("indicatorScoreRate", own).compare("executionScoreRate", money);
    found.compare("threshold", scheme.lights.plausibility.lead_above);
}

/// A4: full marks although the target was missed; not where the scheme gives them on a strict boundary.
fn full(row: &FiledRow<'_>, spot: Spot<'_>, findings: &mut Findings) {
    let made = row.achievement;
    let missed = matches!(made.status, Status::PartiallyAchieved | Status::NotAchieved);
    if missed && full_marks(row) && !made.flags.contains(&Flag::StrictBoundary) {
        let zh = format!("状态为“{}”，却得满分 {}", made.status.zh(), made.max_score.unwrap_or_default());
        let en = format!("full marks of {} although {}", made.max_score.unwrap_or_default(), made.status.en());
        let found = findings.on_row("A4", Severity::Error, spot, row.name, (&zh, &en));
        found
            .compare("status", made.status)
            .compare_known("score", made.score)
            .compare_known("maxScore", made.max_score);
        found.compare_known("rate", made.rate);
    }
}

pub(super) fn full_marks(row: &FiledRow<'_>) -> bool {
    row.achievement.score.is_some() && row.achievement.score == row.achievement.max_score
}

/// A5: everything perfect, but the money was not spent.
fn perfect(filed: &Filed<'_>, scheme: &Scheme, findings: &mut Findings) {
    let rows = || filed.rows.iter().filter(|row| row.achievement.status != Status::NotApplicable);
    let below: Rate = scheme.audit.perfect_execution_below;
    let Some(rate) = filed.execution.rate.filter(|rate| *rate < below) else { return };
    if rows().next().is_some() && rows().all(full_marks) {
        let count = rows().count();
        let zh = format!("{count} 项指标全部满分，预算执行率只有 {}%", rate.percent());
        let en = format!("all {count} indicators have full marks, but the execution rate is {} %", rate.percent());
        let found = findings.add("A5", Severity::Warning, &["reports", YEAR_END, "result", "score"], zh, en);
        found.compare("fullMarks", count).compare("executionRate", rate).compare("threshold", below);
    }
}
