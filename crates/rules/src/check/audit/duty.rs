//! A28: who did what (rules 2.5). That nobody acts outside a role is kept by the service itself.

use super::{Declared, Findings, Hands, Spot};
use crate::cycle::Period;
use crate::kind::Severity;

pub(super) fn check(declared: &Declared<'_>, findings: &mut Findings) {
    for (path, hands) in &declared.hands {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        for (zh, en, one, other) in pairs(hands) {
            if let Some(person) = one.filter(|_| one == other) {
                let (zh, en) = (format!("同一人既{zh}"), format!("one person both {en}"));
                findings.add("A28", Severity::Error, &path, zh, en).compare("user", person);
            }
        }
    }
    let Some(filed) = declared.reports.get(&Period::YearEnd) else { return };
    for (row, made) in filed.rows.iter().enumerate() {
        let (Some(filed), Some(computed)) = (made.score, made.achievement.computed_score) else { continue };
        if made.achievement.overridden && filed != computed {
            let zh = format!("填报人以 {filed} 分代替计算得分 {computed}");
            let en = format!("the filer gave {filed} in place of the computed {computed}");
            let spot = Spot { period: "YEAR_END", row, field: "scoreReason" };
            let found = findings.on_row("A28", Severity::Notice, spot, made.name, (&zh, &en));
            found.compare("filedScore", filed).compare("computedScore", computed);
        }
    }
}

/// What one person may not do together, each pair in words.
fn pairs(hands: &Hands) -> [(&'static str, &'static str, Option<i64>, Option<i64>); 5] {
    [
        ("编辑又上报", "edited and forwarded it", hands.edited, hands.forwarded),
        ("提交又上报", "submitted and forwarded it", hands.submitted, hands.forwarded),
        ("编辑又审核通过", "edited and accepted it", hands.edited, hands.accepted),
        ("提交又审核通过", "submitted and accepted it", hands.submitted, hands.accepted),
        ("上报又审核通过", "forwarded and accepted it", hands.forwarded, hands.accepted),
    ]
}
