//! E3-E6, E8 and E9 of a self-evaluation (rules 3.4). E1, E7 and E10 are asked of monitoring too. E2 holds by construction:
//! nobody enters a rate or a formula's score.

use super::Findings;
use super::report::{Report, Row, applies, judged};
use crate::assess::Flag;
use crate::cycle::Role;
use crate::kind::{Severity, Vocabulary};
use crate::scheme::{Evidence, Scheme};

/// All of them.
pub(super) fn check(report: &Report<'_>, scheme: &Scheme, findings: &mut Findings) {
    execution(report, findings);
    weights(report, scheme, findings);
    for (index, row) in report.rows.iter().enumerate().filter(|(_, row)| judged(row)) {
        let row = Row { index, row };
        score(row, scheme, findings);
        if row.row.achievement.explanation_required && row.row.causes == 0 {
            let (zh, en) = ("须至少填写一类偏差原因及说明", "at least one category of cause with its text is needed");
            row.add(findings, "E8", Severity::Error, "deviations", zh, en);
        }
        evidence(row, scheme, findings);
    }
}

/// E8 for the money: a low rate needs a reason; what is beyond the budget is said (rules 4.7).
fn execution(report: &Report<'_>, findings: &mut Findings) {
    let flags = &report.execution.flags;
    if flags.contains(&Flag::ReasonRequired) && !report.execution_reason {
        let (zh, en) = ("预算执行率偏低，须说明原因", "the execution rate is low: a reason is needed");
        findings.add("E8", Severity::Error, &["execution", "reason"], zh.into(), en.into());
    }
    for (flag, severity) in [(Flag::ExecutedWithoutBudget, Severity::Error), (Flag::OverExecution, Severity::Warning)] {
        if flags.contains(&flag) {
            let path = ["execution", "executed"];
            findings.add(flag.as_str(), severity, &path, flag.zh().to_owned(), flag.en().to_owned());
        }
    }
}

/// E3: the points of rows, execution and extra items add up to 100.
fn weights(report: &Report<'_>, scheme: &Scheme, findings: &mut Findings) {
    let mut sum = i128::from(scheme.execution.weight.0);
    sum += scheme.extra_items.iter().map(|item| i128::from(item.weight.0)).sum::<i128>();
    let mut complete = true;
    for (index, row) in report.rows.iter().enumerate().filter(|(_, row)| applies(row)) {
        if let Some(points) = row.achievement.max_score {
            sum += i128::from(points.0);
        } else {
            complete = false;
            let (zh, en) = ("没有分值", "there is no weight");
            Row { index, row }.add(findings, "E3", Severity::Error, "score", zh, en);
        }
    }
    if complete && sum != 10_000 {
        let sum = rust_decimal::Decimal::try_from_i128_with_scale(sum, 2).unwrap_or_default();
        let zh = format!("分值合计为 {sum}，应为 100.00");
        let en = format!("the points add up to {sum}, not 100.00");
        findings
            .add("E3", Severity::Error, &["result", "score"], zh, en)
            .compare("sum", sum)
            .compare("whole", "100.00");
    }
}

/// E4, E5 and E6: the filer's score.
fn score(row: Row<'_, '_>, scheme: &Scheme, findings: &mut Findings) {
    let made = row.row.achievement;
    let band = made.score_band.map(|(low, high)| format!("{low}–{high}"));
    if made.flags.contains(&Flag::ScoreOutOfBand) {
        let rule = if band.is_some() { "E6" } else { "E4" };
        let bounds = band.unwrap_or_else(|| format!("0.00–{}", made.max_score.unwrap_or_default()));
        let (zh, en) = (format!("得分须在 {bounds} 之间"), format!("the score must lie in {bounds}"));
        let found = row.add(findings, rule, Severity::Error, "score", &zh, &en);
        found.compare_known("filedScore", row.row.input.score).compare("allowed", bounds);
    } else if made.score.is_none() && made.max_score.is_some() {
        let bounds = band.map(|band| format!("（{band}）")).unwrap_or_default();
        let (zh, en) = (format!("需要评分{bounds}"), format!("a score is needed {bounds}"));
        row.add(findings, "E6", Severity::Error, "score", &zh, en.trim_end());
    }
    if made.overridden && !row.row.score_reason {
        let (zh, en) = ("修改计算得分需要说明理由", "a score that differs from the computed one needs a reason");
        let found = row.add(findings, "E5", Severity::Error, "scoreReason", zh, en);
        found.compare_known("filedScore", made.score).compare_known("computedScore", made.computed_score);
    }
    if made.overridden && !may_override(scheme, Role::UnitFiler) {
        let (zh, en) =
            ("评分方案不允许填报人修改计算得分", "the scheme does not let the filer change a computed score");
        row.add(findings, "E5", Severity::Error, "score", zh, en);
    }
}

/// Whether the scheme lets a role give another score than the computed one (E5).
#[must_use]
pub fn may_override(scheme: &Scheme, role: Role) -> bool {
    scheme.overrides.roles.iter().any(|code| code == role.as_str())
}

/// E9: evidence where the scheme asks for it, as gravely as it says.
fn evidence(row: Row<'_, '_>, scheme: &Scheme, findings: &mut Findings) {
    let made = row.row.achievement;
    let high = || {
        let (Some(score), Some(max)) = (made.score, made.max_score) else { return false };
        i128::from(score.0) * 1_000_000 >= i128::from(max.0) * i128::from(scheme.evidence.from_share.0)
    };
    let due = match scheme.evidence.required {
        Evidence::Optional => false,
        Evidence::All => true,
        Evidence::HighScores => high(),
    };
    if due && row.row.evidence == 0 {
        let (zh, en) = ("没有佐证材料", "there is no evidence");
        row.add(findings, "E9", scheme.evidence.severity, "evidence", zh, en);
    }
}
