//! The official forms of reports read back (rules 3.3, 3.4): their tables of indicators as rows of values, what stands above and
//! below them as amounts and words. What the service computes itself (rates, scores by formula, totals) is not read.

mod head;

pub(super) use head::head;

use jixiao_entity::id::IndicatorId;
use jixiao_rules::cycle::{AttainmentOutlook, DeviationCategory, Period};
use jixiao_rules::kind::{TargetKind, Vocabulary};

use super::import::{LEVELS, indicator, known, score};
use super::{Entry, Patch};
use crate::declaration::{Declaration, Deviation, Indicator};
use crate::error::{UserErrorCode, Violation};
use crate::table::{Column, Layout, Record, fold};

/// What stands in the first column of the heading, and in no row of the table.
pub(super) const TABLE: &str = "table";

/// With what the reason begins why an indicator does not apply.
const NOT_APPLICABLE: &str = "不适用";
/// With what the measures begin among the reasons.
const MEASURES: &str = "改进措施";

/// 绩效目标执行监控表.
pub(super) static MONITORING: Layout = Layout {
    columns: &[
        Column { key: TABLE, words: &["绩效指标"] },
        Column { key: "level1", words: &["一级指标"] },
        Column { key: "level2", words: &["二级指标"] },
        Column { key: "name", words: &["三级指标"] },
        Column { key: "target", words: &["年度指标值"] },
        Column { key: "text", words: &["执行情况"] },
        Column { key: "forecastText", words: &["全年预计完成情况"] },
        Column { key: "causes", words: &["偏差原因分析"] },
        Column { key: "outlook", words: &["完成目标可能性"] },
        Column { key: "note", words: &["备注"] },
        Column { key: "FUNDING", words: &["经费保障"] },
        Column { key: "INSTITUTIONAL", words: &["制度保障"] },
        Column { key: "STAFFING", words: &["人员保障"] },
        Column { key: "EQUIPMENT", words: &["硬件条件保障"] },
        Column { key: "OTHER", words: &["其他"] },
        Column { key: "reasons", words: &["原因说明"] },
        Column { key: "CERTAIN", words: &["确定能"] },
        Column { key: "POSSIBLE", words: &["有可能"] },
        Column { key: "IMPOSSIBLE", words: &["完全不可能"] },
    ],
    needed: &[&[TABLE], &["text"], &["name"]],
    ends: Some(TABLE),
};

/// 绩效自评表.
pub(super) static SELF_EVALUATION: Layout = Layout {
    columns: &[
        Column { key: TABLE, words: &["绩效指标"] },
        Column { key: "level1", words: &["一级指标"] },
        Column { key: "level2", words: &["二级指标"] },
        Column { key: "name", words: &["三级指标"] },
        Column { key: "target", words: &["年度指标值"] },
        Column { key: "text", words: &["实际完成值"] },
        Column { key: "weight", words: &["分值"] },
        Column { key: "score", words: &["得分"] },
        Column { key: "reasons", words: &["偏差原因分析及改进措施"] },
    ],
    needed: &[&[TABLE], &["text"], &["name"]],
    ends: Some(TABLE),
};

/// The form of a period.
pub(super) fn layout(period: Period) -> &'static Layout {
    if period == Period::YearEnd { &SELF_EVALUATION } else { &MONITORING }
}

/// A row of a form as an entry, with what is wrong with it. A blank cell changes nothing.
pub(super) fn entry(row: &Record, of: &Declaration) -> Entry {
    let mut entry = Entry { faults: row.faults(), ..Entry::default() };
    let found = match indicator(row, of, |_| None::<IndicatorId>) {
        Ok(found) => found,
        Err(violation) => {
            entry.faults.push(violation);
            return entry;
        }
    };
    entry.indicator_id = Some(found.id);
    if let Err(violation) = fill(&mut entry, row, found) {
        entry.faults.push(violation);
    }
    entry
}

fn fill(entry: &mut Entry, row: &Record, found: &Indicator) -> Result<(), Violation> {
    check_target(row, found)?;
    let by_person = found.annual_target.as_ref().is_none_or(|target| target.reading.kind == TargetKind::Statement);
    let reason =
        |text: &str| text.strip_prefix(NOT_APPLICABLE)?.strip_prefix([':', '：']).map(str::trim).map(str::to_owned);
    match row.text("text") {
        Some(text) if reason(text).is_some() => entry.not_applicable_reason = reason(text).map(Some),
        Some(text) => match known(text, LEVELS).filter(|_| by_person) {
            Some(level) => entry.level = Some(Some(level)),
            None => entry.text = Some(Some(text.to_owned())),
        },
        None => {}
    }
    // By formula it is the service that scores.
    if by_person {
        entry.score = score(row)?;
    }
    entry.forecast_text = row.owned("forecastText").map(Some);
    entry.note = row.owned("note").map(Some);
    entry.outlook = outlook(row)?;
    causes(entry, row)
}

/// A form that was printed before the target changed is about another target.
fn check_target(row: &Record, found: &Indicator) -> Result<(), Violation> {
    let Some(printed) = row.text("target") else { return Ok(()) };
    let now = found.annual_target.as_ref().map_or("", |target| target.reading.text.as_str());
    if fold(printed) == fold(now) {
        return Ok(());
    }
    let zh = format!("表中的年度指标值为“{printed}”，现为“{now}”；请重新导出后填写");
    let en = format!("the form has the target \"{printed}\", now it is \"{now}\": take the form anew");
    Err(row.refuse(UserErrorCode::InvalidValue, "target", &zh, &en))
}

fn outlook(row: &Record) -> Result<Patch<AttainmentOutlook>, Violation> {
    let chosen: Vec<_> = AttainmentOutlook::ALL.iter().filter(|outlook| row.text(outlook.as_str()).is_some()).collect();
    match chosen.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(Some(**one))),
        [one, ..] => {
            let (zh, en) = ("完成目标可能性只能选一项", "only one outlook can be chosen");
            Err(row.refuse(UserErrorCode::InvalidValue, one.as_str(), zh, en))
        }
    }
}

/// Lines `类别：说明` name their cause; a line that names none belongs to the one before, and at the beginning to every cause that is
/// marked, or to 其他 where none is. What follows 改进措施 are the measures.
fn causes(entry: &mut Entry, row: &Record) -> Result<(), Violation> {
    // Each cause and outlook has its column by its code.
    let marked = DeviationCategory::ALL.iter().filter(|cause| row.text(cause.as_str()).is_some());
    let (mut all, mut plain, mut measures) = (Vec::<Deviation>::new(), String::new(), None::<String>);
    for line in row.text("reasons").unwrap_or_default().lines().map(str::trim) {
        let parts = line.split_once([':', '：']).map(|(word, text)| (word.trim(), text.trim()));
        let cause =
            parts.and_then(|(word, text)| Some(Deviation { category: known(word, &[])?, text: text.to_owned() }));
        match (cause, parts) {
            (Some(cause), _) if measures.is_none() => all.push(cause),
            (_, Some((MEASURES, text))) if measures.is_none() => measures = Some(text.to_owned()),
            _ => {
                let last = measures.as_mut().or(all.last_mut().map(|last| &mut last.text)).unwrap_or(&mut plain);
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
        }
    }
    let unnamed = marked.filter(|cause| all.iter().all(|named| named.category != **cause));
    let mut unnamed: Vec<DeviationCategory> = unnamed.copied().collect();
    if plain.is_empty() && !unnamed.is_empty() {
        let (zh, en) = ("已选偏差原因，请填写原因说明", "a cause is marked: say what it is");
        return Err(row.refuse(UserErrorCode::Required, "reasons", zh, en));
    }
    if !plain.is_empty() && unnamed.is_empty() {
        unnamed.push(DeviationCategory::Other);
    }
    all.extend(unnamed.into_iter().map(|category| Deviation { category, text: plain.clone() }));
    entry.deviations = (!all.is_empty()).then_some(Some(all));
    entry.corrective_action = measures.map(Some);
    Ok(())
}
