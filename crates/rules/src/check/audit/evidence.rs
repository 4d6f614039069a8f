//! A6, A7 and A31: what the scores rest on.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Declared, Evidence, FiledRow, Findings, Indicator, Spot};
use crate::cycle::Period;
use crate::kind::{Level1, Level2, Severity, Vocabulary};
use crate::scheme::{self, Scheme};

pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    for (period, filed) in &declared.reports {
        for (row, filed_row) in filed.rows.iter().enumerate() {
            let spot = Spot { period: period.as_str(), row, field: "evidence" };
            if *period == Period::YearEnd && declared.indicators.get(row).is_some_and(surveyed) {
                sample(filed_row, scheme, Spot { field: "sampleSize", ..spot }, findings);
            }
            if *period == Period::YearEnd && scheme.evidence.required != scheme::Evidence::Optional {
                missing(filed_row, spot, findings);
            }
            let first = NaiveDate::from_ymd_opt(declared.fiscal_year, 1, 1).unwrap_or_default();
            for file in &filed_row.evidence {
                dated(filed_row, file, (first, filed.submitted_on), spot, findings);
                stated(filed_row, file, scheme, spot, findings);
            }
        }
    }
}

/// A6: a score above 0 without any file. Not where the scheme asks for none.
fn missing(row: &FiledRow<'_>, spot: Spot<'_>, findings: &mut Findings) {
    let Some(score) = row.achievement.score.filter(|score| score.0 > 0) else { return };
    if row.evidence.is_empty() {
        let (zh, en) = (format!("得分 {score}，没有佐证材料"), format!("scores {score} without evidence"));
        let found = findings.on_row("A6", Severity::Warning, spot, row.name, (&zh, &en));
        found.compare("score", score).compare("files", 0);
    }
}

/// A6: a document of before the year, or of after the day of the submission that it supports.
fn dated(
    row: &FiledRow<'_>,
    file: &Evidence<'_>,
    (first, submitted): (NaiveDate, NaiveDate),
    spot: Spot<'_>,
    findings: &mut Findings,
) {
    let Some(day) = file.issued_on.filter(|day| *day < first || *day > submitted) else { return };
    let name = file.file_name;
    let (zh, en) = if day < first {
        (
            format!("佐证材料“{name}”的日期 {day} 早于本年度"),
            format!("the evidence {name} is of {day}, before the year"),
        )
    } else {
        (
            format!("佐证材料“{name}”的日期 {day} 晚于提交日 {submitted}"),
            format!("the evidence {name} is of {day}, after the submission on {submitted}"),
        )
    };
    let found = findings.on_row("A6", Severity::Warning, spot, row.name, (&zh, &en));
    found.compare("file", name).compare("issuedOn", day).compare("firstDay", first).compare("submittedOn", submitted);
}

/// Its value comes from asking people.
fn surveyed(indicator: &Indicator<'_>) -> bool {
    indicator.level1 == Some(Level1::Satisfaction) || indicator.level2 == Some(Level2::BeneficiarySatisfaction)
}

/// A31: how many were asked is not told, or too few.
fn sample(row: &FiledRow<'_>, scheme: &Scheme, spot: Spot<'_>, findings: &mut Findings) {
    let (Some(_), least) = (row.actual, i64::from(scheme.audit.minimum_sample)) else { return };
    let (severity, zh, en) = match row.sample_size {
        None => {
            (Severity::Notice, "没有填写满意度调查的样本量".to_owned(), "how many were asked is not told".to_owned())
        }
        Some(size) if size < least => (
            Severity::Warning,
            format!("样本量 {size}，少于 {least}"),
            format!("{size} were asked, fewer than {least}"),
        ),
        Some(_) => return,
    };
    let found = findings.on_row("A31", severity, spot, row.name, (&zh, &en));
    found.compare_known("sampleSize", row.sample_size).compare("minimum", least);
}

/// A7: the value that the evidence states is another than the reported one.
fn stated(row: &FiledRow<'_>, file: &Evidence<'_>, scheme: &Scheme, spot: Spot<'_>, findings: &mut Findings) {
    let (Some(stated), Some(actual)) = (file.stated, row.actual.and_then(|actual| actual.base_value)) else { return };
    let within = scheme.audit.evidence_tolerance;
    let allowed = stated.abs().checked_mul(within.decimal()).unwrap_or(Decimal::MAX);
    if (actual - stated).abs() <= allowed {
        return;
    }
    let (actual, stated) = (actual.normalize(), stated.normalize());
    let name = file.file_name;
    let zh = format!("实际完成值 {actual}，佐证材料“{name}”载明 {stated}");
    let en = format!("the value is {actual}, the evidence {name} states {stated}");
    let found = findings.on_row("A7", Severity::Error, spot, row.name, (&zh, &en));
    found.compare("actual", actual).compare("stated", stated).compare("tolerance", within).compare("file", name);
}
