//! E10: a value with those of its units beside it is what they add up to.

use super::Findings;
use super::report::Row;
use crate::aggregate::{Aggregate, Unfit};
use crate::kind::Severity;

/// A value that its units do not add up to, or units that cannot be added up.
pub(super) fn check(row: Row<'_, '_>, findings: &mut Findings) {
    match &row.row.units {
        None => {}
        Some(Err(unfit)) => unfit.iter().for_each(|one| left_out(row, one, findings)),
        Some(Ok(made)) if row.row.input.actual.is_some_and(|stated| made.is_stated_by(stated)) => {}
        Some(Ok(made)) => differs(row, made, findings),
    }
}

fn left_out(row: Row<'_, '_>, unfit: &Unfit, findings: &mut Findings) {
    let unit = unfit.index.map(|index| (format!("第{}个单位: ", index + 1), format!("unit {}: ", index + 1)));
    let (zh, en) = unit.unwrap_or_default();
    let (zh, en) = (format!("{zh}{}", unfit.message.zh), format!("{en}{}", unfit.message.en));
    row.add(findings, "E10", Severity::Error, "unitValues", &zh, &en);
}

fn differs(row: Row<'_, '_>, made: &Aggregate, findings: &mut Findings) {
    let (text, how) = (made.text(), &made.expression);
    let zh = format!("实际完成值与各单位汇总不符，汇总为 {text} = {how}");
    let en = format!("the value is not what its units add up to: {text} = {how}");
    row.add(findings, "E10", Severity::Error, "text", &zh, &en);
}
