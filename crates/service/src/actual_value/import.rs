//! Actual values from a file: its rows become entries, and the rest is what [`record`] and [`preview`] do anyway.

use std::str::FromStr;

use jixiao_entity::id::{DeclarationId, IndicatorId};
use jixiao_rules::cycle::{Act, AttainmentOutlook, DeviationCategory, Period};
use jixiao_rules::kind::{Level, Vocabulary};
use jixiao_rules::value::Points;
use rust_decimal::Decimal;

use super::plan::MAX_ENTRIES;
use super::{Entry, Mode, Outcome, Patch, Record, official, preview, record};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::declaration::{self, Declaration, Deviation, Indicator};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::file::Staged;
use crate::policy;
use crate::table::{self, Column, Layout, TableNotice, fold};

/// Columns that say which indicator a row is about.
const KEYS: &[&str] = &["indicatorId", "name", "level2", "level1", "target", "weight"];

const COLUMNS: &[Column] = &[
    Column { key: "indicatorId", words: &["指标编号", "指标ID"] },
    Column { key: "name", words: &["三级指标", "指标名称", "三级指标名称", "level3"] },
    Column { key: "level2", words: &["二级指标"] },
    Column { key: "level1", words: &["一级指标"] },
    Column {
        key: "text", words: &["实际完成值", "全年完成值", "全年实际完成值", "实际完成情况", "actualValue"]
    },
    Column { key: "level", words: &["达成程度"] },
    Column { key: "score", words: &["得分", "自评得分"] },
    Column { key: "scoreReason", words: &["得分理由", "调整得分的理由"] },
    Column { key: "notApplicableReason", words: &["不适用理由"] },
    Column { key: "forecastText", words: &["预计完成情况", "全年预计完成情况"] },
    Column { key: "outlook", words: &["完成可能性", "完成目标可能性"] },
    Column { key: "note", words: &["备注"] },
    Column { key: "deviations", words: &["偏差原因", "偏差原因分析"] },
    Column { key: "correctiveAction", words: &["纠偏措施"] },
    Column { key: "sampleSize", words: &["样本量"] },
];

const LAYOUT: Layout = Layout { columns: COLUMNS, needed: &[&["indicatorId", "name"]], ends: None };

/// The levels as the forms print them, beside those of the vocabulary.
pub(super) const LEVELS: &[(&str, Level)] = &[
    ("达成", Level::Full),
    ("达成预期指标", Level::Full),
    ("部分达成", Level::Partial),
    ("部分达成预期指标并具有一定效果", Level::Partial),
    ("未达成", Level::None),
    ("未达成预期指标且效果较差", Level::None),
];

/// A file of actual values to be recorded.
#[derive(Clone, Debug)]
pub struct Import {
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Period.
    pub period: Period,
    /// Revision of the report the caller has seen.
    pub expected_revision: Option<i32>,
    /// Sent again with the same file, the command does nothing again.
    pub idempotency_key: Option<String>,
    /// What to do with rows that are refused.
    pub mode: Mode,
    /// Only tell what would be done.
    pub dry_run: bool,
}

/// Records the values in a file of at most `limit` bytes, or tells what would be; `indicator_of` reads the id of an indicator.
/// With the outcome come the addresses of its rows. A cell that is empty changes nothing, and so does a row of such cells.
///
/// # Errors
/// As [`record`]; `LIMIT_EXCEEDED` and `FILE_REFUSED` for the file, `REQUIRED` for a heading that is not there.
pub async fn import(
    db: &Db,
    ctx: &Ctx,
    new: Import,
    (file, limit): (&Staged, u64),
    indicator_of: fn(&str) -> Option<IndicatorId>,
) -> (Result<(Outcome, Vec<String>)>, Vec<TableNotice>) {
    match read(db, ctx, &new, (file, limit), indicator_of).await {
        Err(error) => (Err(error), Vec::new()),
        Ok((cmd, table::Records { rows, notices })) => {
            let done = if new.dry_run { preview(db, ctx, &cmd).await } else { record(db, ctx, &cmd).await };
            let place = |violation: &mut Violation| place(violation, &rows);
            let done = match done {
                Ok(mut outcome) => {
                    outcome.recorded.violations.iter_mut().for_each(place);
                    let of_rows = outcome.recorded.rows.iter_mut();
                    of_rows.flat_map(|row| row.violations.iter_mut()).for_each(place);
                    Ok((outcome, rows.iter().map(table::Record::address).collect()))
                }
                Err(ServiceError::Invalid(mut violations)) => {
                    violations.iter_mut().for_each(place);
                    Err(ServiceError::Invalid(violations))
                }
                Err(error) => Err(error),
            };
            (done, notices)
        }
    }
}

/// The command that a file stands for, and its rows.
async fn read(
    db: &Db,
    ctx: &Ctx,
    new: &Import,
    (file, limit): (&Staged, u64),
    indicator_of: fn(&str) -> Option<IndicatorId>,
) -> Result<(Record, table::Records)> {
    policy::able(ctx, Act::ActualValuesRecord)?;
    let mut found = declaration::by_ids(db, ctx, &[new.declaration_id]).await?;
    let whole = found.remove(&new.declaration_id).ok_or_else(|| ServiceError::not_found("declarationId"))?;
    let table = table::read(file, limit).await?;
    let as_form = official::head(&table, &whole, new.period);
    let mut records = table::records(table, &[official::layout(new.period), &LAYOUT], MAX_ENTRIES)?;
    let is_form = |row: &table::Record| row.has_column(official::TABLE);
    let (execution, summary) = if records.rows.iter().any(is_form) { as_form? } else { (None, None) };
    records.rows.retain(|row| !row.says_nothing_beyond(KEYS));
    let of = |row: &table::Record| {
        let whole = &whole.declaration;
        if is_form(row) { official::entry(row, whole) } else { entry(row, whole, indicator_of) }
    };
    let entries = records.rows.iter().map(of).collect();
    let cmd = Record {
        declaration_id: new.declaration_id,
        period: new.period,
        entries,
        execution,
        summary,
        expected_revision: new.expected_revision,
        idempotency_key: new.idempotency_key.clone(),
        mode: new.mode,
        file_sha256: Some(file.sha256.clone()),
    };
    Ok((cmd, records))
}

/// Says where in the file an entry's violation is.
fn place(violation: &mut Violation, rows: &[table::Record]) {
    let path: Vec<&str> = violation.field.iter().map(String::as_str).collect();
    let rest = match path.split_first() {
        Some((&"entries", rest)) => rest,
        Some((&("execution" | "summary"), _)) => {
            violation.field = vec!["file".to_owned()];
            return;
        }
        _ => return,
    };
    let row = rest.first().and_then(|index| index.parse().ok()).and_then(|index: usize| rows.get(index));
    match row {
        Some(row) => *violation = row.place(rest.get(1).copied().unwrap_or_default(), violation.clone()),
        None => violation.field = vec!["file".to_owned()],
    }
}

/// A row as an entry, with what is wrong with it.
fn entry(row: &table::Record, of: &Declaration, indicator_of: fn(&str) -> Option<IndicatorId>) -> Entry {
    let mut faults = row.faults();
    let mut keep = |violation: Violation| faults.push(violation);
    let indicator_id = match indicator(row, of, indicator_of) {
        Ok(indicator) => Some(indicator.id),
        Err(violation) => {
            keep(violation);
            None
        }
    };
    let level = word(row, "level", LEVELS).unwrap_or_else(|violation| {
        keep(violation);
        None
    });
    let outlook = word::<AttainmentOutlook>(row, "outlook", &[]).unwrap_or_else(|violation| {
        keep(violation);
        None
    });
    let score = score(row).unwrap_or_else(|violation| {
        keep(violation);
        None
    });
    let deviations = deviations(row).unwrap_or_else(|violation| {
        keep(violation);
        None
    });
    let sample_size = whole(row, "sampleSize").unwrap_or_else(|violation| {
        keep(violation);
        None
    });
    let text = |key: &str| row.owned(key).map(Some);
    Entry {
        indicator_id,
        text: text("text"),
        level,
        score,
        score_reason: text("scoreReason"),
        not_applicable_reason: text("notApplicableReason"),
        forecast_text: text("forecastText"),
        outlook,
        note: text("note"),
        deviations,
        corrective_action: text("correctiveAction"),
        sample_size,
        confirmed: None,
        unit_values: None,
        faults,
    }
}

/// The indicator of a row: by its id, by its name, or by both where they agree.
pub(super) fn indicator<'a>(
    row: &table::Record,
    of: &'a Declaration,
    indicator_of: fn(&str) -> Option<IndicatorId>,
) -> Result<&'a Indicator, Violation> {
    let same = |key: &str, label: Option<&str>| {
        row.text(key).is_none_or(|given| label.is_some_and(|label| fold(label) == fold(given)))
    };
    let described = |indicator: &&Indicator| {
        same("name", Some(&indicator.name))
            && same("level2", indicator.level2_label.as_deref())
            && same("level1", Some(&indicator.level1_label))
    };
    if let Some(id) = row.text("indicatorId") {
        let found = indicator_of(id).and_then(|id| of.indicator(id));
        let found = found.ok_or_else(|| {
            row.refuse(UserErrorCode::NotFound, "indicatorId", "本申报没有此指标", "no such indicator here")
        })?;
        return Some(found).filter(described).ok_or_else(|| {
            let zh = format!("编号所指的指标是“{}”, 与本行名称不符", found.name);
            let en = format!("the id is that of {}, which the row does not name", found.name);
            row.refuse(UserErrorCode::InvalidValue, "name", &zh, &en)
        });
    }
    if row.text("name").is_none() {
        return Err(row.refuse(UserErrorCode::Required, "name", "缺少指标名称或编号", "the indicator is not named"));
    }
    let mut found: Vec<&Indicator> = of.indicators.iter().filter(described).collect();
    if found.len() > 1 {
        found.retain(|indicator| !indicator.dropped());
    }
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(row.refuse(UserErrorCode::NotFound, "name", "本申报没有此指标", "no such indicator here")),
        several => {
            let count = several.len();
            let zh = format!("有{count}个指标符合此名称, 请填写二级指标或指标编号");
            let en = format!("{count} indicators have this name: give level 2 or the id");
            Err(row.refuse(UserErrorCode::InvalidValue, "name", &zh, &en))
        }
    }
}

/// A whole number.
fn whole(row: &table::Record, key: &str) -> Result<Patch<i64>, Violation> {
    let Some(given) = row.text(key) else { return Ok(None) };
    let refused = || row.refuse(UserErrorCode::InvalidValue, key, "应为整数", "a whole number");
    given.parse().map(|number| Some(Some(number))).map_err(|_| refused())
}

/// A word of a vocabulary: its code, its label, or another word for it.
fn word<T: Vocabulary>(row: &table::Record, key: &str, others: &[(&str, T)]) -> Result<Patch<T>, Violation> {
    let Some(given) = row.text(key) else { return Ok(None) };
    known(given, others).map(|found| Some(Some(found))).ok_or_else(|| {
        let (codes, labels): (Vec<_>, Vec<_>) = T::ALL.iter().map(|word| (word.as_str(), word.zh())).unzip();
        let (zh, en) = (format!("应为: {}", labels.join("、")), format!("one of {}", codes.join(", ")));
        row.refuse(UserErrorCode::InvalidValue, key, &zh, &en)
    })
}

pub(super) fn known<T: Vocabulary>(given: &str, others: &[(&str, T)]) -> Option<T> {
    let given = fold(given);
    let own = T::ALL.iter().find(|word| fold(word.as_str()) == given || fold(word.zh()) == given);
    own.or_else(|| others.iter().find(|(word, _)| *word == given).map(|(_, meant)| meant)).copied()
}

pub(super) fn score(row: &table::Record) -> Result<Patch<Points>, Violation> {
    let Some(given) = row.text("score") else { return Ok(None) };
    let number = Decimal::from_str(&fold(given).replace('分', "")).ok();
    let points = number.and_then(Points::exact).filter(|points| points.0 >= 0);
    points.map(|points| Some(Some(points))).ok_or_else(|| {
        let (zh, en) = ("分数应为非负数, 至多两位小数", "points are not negative and have at most two decimals");
        row.refuse(UserErrorCode::InvalidValue, "score", zh, en)
    })
}

/// `类别：说明；类别：说明`. A part without a category goes on with the words of the one before.
fn deviations(row: &table::Record) -> Result<Patch<Vec<Deviation>>, Violation> {
    let Some(given) = row.text("deviations") else { return Ok(None) };
    let mut all: Vec<Deviation> = Vec::new();
    for part in given.split([';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
        let begun = part.split_once([':', '：']).and_then(|(category, text)| {
            Some(Deviation { category: known(category, &[])?, text: text.trim().to_owned() })
        });
        match (begun, all.last_mut()) {
            (Some(deviation), _) => all.push(deviation),
            (None, Some(last)) => last.text = format!("{}；{part}", last.text),
            (None, None) => {
                let labels: Vec<_> = DeviationCategory::ALL.iter().map(|word| word.zh()).collect();
                let zh = format!("应写成“类别：说明”, 类别为: {}", labels.join("、"));
                let en = "write category: text, the category one of the schema's DeviationCategory";
                return Err(row.refuse(UserErrorCode::InvalidValue, "deviations", &zh, en));
            }
        }
    }
    Ok(Some(Some(all)))
}
