//! M2-M7 of a monitoring report (rules 3.3). M1 and M8 stand in `report`, because a self-evaluation is asked the same.

use super::Findings;
use super::report::{Report, Row, applies, cumulative, judged};
use crate::assess::Flag;
use crate::cycle::AttainmentOutlook as Outlook;
use crate::form::wan_yuan_grouped as wan;
use crate::kind::{Severity, Status};

/// All of them.
pub(super) fn check(report: &Report<'_>, findings: &mut Findings) {
    execution(report, findings);
    for (index, row) in report.rows.iter().enumerate().filter(|(_, row)| applies(row)) {
        let row = Row { index, row };
        forecast(row, findings);
        if judged(row.row) || row.row.outlook.is_some() {
            cause(row, findings);
        }
        if row.row.outlook == Some(Outlook::Impossible) && !row.row.corrective_action && !report.adjustment_requested {
            let (zh, en) = (
                "目标不可能完成，须填写纠偏措施或申请调整",
                "the target cannot be met: say how it is put right, or ask for an adjustment",
            );
            row.add(findings, "M6", Severity::Error, "correctiveAction", zh, en);
        }
    }
}

/// M2 and M3: executed, budget and forecast.
fn execution(report: &Report<'_>, findings: &mut Findings) {
    let total = &report.total;
    if report.execution.flags.contains(&Flag::ExecutedWithoutBudget) {
        let (zh, en) = ("没有预算却有执行数", "an amount is executed without a budget");
        findings.add("M2", Severity::Error, &["execution", "executed"], zh.into(), en.into());
    } else if let (Some(executed), Some(budget)) = (total.executed, total.annual_budget)
        && executed > budget
    {
        let (spent, of) = (wan(executed.0.into()), wan(budget.0.into()));
        let zh = format!("执行数 {spent} 万元，超过全年预算数 {of} 万元");
        let en = format!("executed {spent} 万元, more than the annual budget of {of} 万元");
        let found = findings.add("M2", Severity::Warning, &["execution", "executed"], zh, en);
        found.compare("executed", executed.wan_yuan()).compare("annualBudget", budget.wan_yuan());
    }
    if let (Some(executed), Some(forecast)) = (total.executed, total.forecast)
        && forecast < executed
    {
        let (spent, expected) = (wan(executed.0.into()), wan(forecast.0.into()));
        let zh = format!("全年预计执行数 {expected} 万元，低于已执行数 {spent} 万元");
        let en = format!("the forecast of {expected} 万元 is below the {spent} 万元 executed to date");
        let found = findings.add("M3", Severity::Error, &["execution", "forecast"], zh, en);
        found.compare("forecast", forecast.wan_yuan()).compare("executed", executed.wan_yuan());
    }
}

/// The forecast, as far as it can be read, misses the target.
fn misses(row: Row<'_, '_>) -> bool {
    let status = row.row.forecast.as_ref().map(|forecast| forecast.achievement.status);
    matches!(status, Some(Status::PartiallyAchieved | Status::NotAchieved))
}

/// M4 and M7: the forecast against the value to date and the outlook.
fn forecast(row: Row<'_, '_>, findings: &mut Findings) {
    let Some(forecast) = &row.row.forecast else { return };
    let number = row.row.input.actual.and_then(|actual| actual.base_value);
    if let (Some(expected), Some(to_date)) = (forecast.reading.base_value, number)
        && expected < to_date
        && cumulative(row.row)
    {
        let (zh, en) = (
            "累计指标的全年预计低于截至目前的完成值",
            "the forecast of a cumulative indicator is below its value to date",
        );
        let found = row.add(findings, "M4", Severity::Warning, "forecastText", zh, en);
        found.compare("forecast", expected.normalize()).compare("actual", to_date.normalize());
    }
    if row.row.outlook == Some(Outlook::Certain) && misses(row) {
        let (zh, en) =
            ("填报“确定能”完成，但全年预计达不到指标值", "the outlook is CERTAIN, but the forecast misses the target");
        row.add(findings, "M7", Severity::Error, "outlook", zh, en);
    }
    if forecast.achievement.status == Status::Undetermined {
        let (zh, en) = (
            "全年预计完成情况无法识别，未与指标值比较",
            "the forecast cannot be read and was not compared with the target",
        );
        row.add(findings, "FORECAST_UNREAD", Severity::Notice, "forecastText", zh, en);
    }
}

/// M5: a cause is due. Which lights ask for one, the scheme says (rules 4.3, 5.2).
fn cause(row: Row<'_, '_>, findings: &mut Findings) {
    let doubtful = row.row.outlook.is_some_and(|outlook| outlook != Outlook::Certain);
    if row.row.causes == 0 && (row.row.achievement.explanation_required || doubtful || misses(row)) {
        let (zh, en) = ("须至少填写一类偏差原因及说明", "at least one category of cause with its text is needed");
        row.add(findings, "M5", Severity::Error, "deviations", zh, en);
    }
}
