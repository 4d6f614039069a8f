//! The official form 部门整体预算绩效目标申报表: what it holds, and reading it from text as published.
//!
//! Text becomes a grid of cells ([`Row`]), and everything else works on the grid, so that other kinds of files can feed
//! the same parser ([`parse_grid`]). Columns are found by their headings. What is repaired or dropped is reported as a
//! [`Notice`]; the meaning of each code is in `docs/import.md`.

mod align;
mod clean;
mod decode;
mod grid;
mod indicators;
mod notices;
mod number;
mod read;
mod tasks;
mod words;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::decode::{Decoded, decode};
pub use self::grid::Row;
pub use self::notices::NOTICE_CODES;
use self::notices::{Code, Notices, Place, notice};
pub(crate) use self::number::wan_yuan_grouped;
use crate::kind::{BudgetLine, Level1, Level2, Severity};
use crate::message::Message;
use crate::value::{Money, Points};

/// Longest text accepted, in bytes.
pub const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Most rows that are not blank.
pub const MAX_ROWS: usize = 20_000;
/// Most columns of a row.
pub const MAX_COLUMNS: usize = 256;
/// Longest cell, in characters, after markup was removed.
pub const MAX_CELL_CHARS: usize = 20_000;
/// Most key tasks of a form.
pub const MAX_TASKS: usize = 1_000;
/// Most indicators of a form.
pub const MAX_INDICATORS: usize = 2_000;

/// The content of a declaration form. What the form leaves blank is `None`, never invented.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// 部门名称.
    pub department_name: Option<String>,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Option<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Option<i64>,
    /// 预算整体情况; a line the form leaves blank is absent.
    pub budget: BTreeMap<BudgetLine, Money>,
    /// 总体绩效目标, HTML stripped.
    pub overall_goal: Option<String>,
    /// 年度重点工作任务, in order.
    pub key_tasks: Vec<FormTask>,
    /// 绩效指标, in order.
    pub indicators: Vec<FormIndicator>,
}

/// One row of 年度重点工作任务.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormTask {
    /// 名称.
    pub name: String,
    /// 主要实施内容.
    pub description: Option<String>,
    /// 拟投入的资金.
    pub planned_funding: Option<Money>,
    /// 期望达到的目标(概述).
    pub expected_result: Option<String>,
}

/// One row of 绩效指标, its level cells filled down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormIndicator {
    /// 一级指标; `None` when the label is not known (asks a person).
    pub level1: Option<Level1>,
    /// Level-1 label as printed.
    pub level1_label: String,
    /// 二级指标; `None` when blank or not known.
    pub level2: Option<Level2>,
    /// Level-2 label as printed, `None` when blank.
    pub level2_label: Option<String>,
    /// 三级指标.
    pub name: String,
    /// 分值 as stated on the form.
    pub weight: Option<Points>,
    /// 实施周期指标值, verbatim.
    pub cycle_target: Option<String>,
    /// 年度指标值, verbatim.
    pub annual_target: Option<String>,
}

/// Something repaired, dropped or unclear, with its place on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `ERROR` means that nothing may be imported.
    pub severity: Severity,
    /// Stable, SCREAMING_SNAKE_CASE.
    pub code: String,
    /// Line of the text, from 1; `None` when it concerns the whole form.
    pub row: Option<u32>,
    /// Column of the row, from 1; `None` when it concerns the whole row.
    pub column: Option<u32>,
    /// For people.
    pub message: Message,
}

/// A form that was read, and what was noticed on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What the form says.
    pub form: Form,
    /// Everything repaired, dropped or unclear, in order of rows; no `ERROR` among them.
    pub notices: Vec<Notice>,
}

/// Reads a form from tab-separated text. `Err` lists what makes it unreadable, every notice an `ERROR`; never panics.
///
/// # Errors
/// The notices of severity `ERROR` when the text is no such form.
pub fn parse(text: &str) -> Result<Parsed, Vec<Notice>> {
    if text.len() > MAX_TEXT_BYTES {
        let (zh, en) = (
            format!("文本有 {} 字节，超过上限 {MAX_TEXT_BYTES} 字节", text.len()),
            format!("the text has {} bytes, more than the limit of {MAX_TEXT_BYTES}", text.len()),
        );
        return Err(vec![notice(Code::TooLarge, Place::FORM, zh, en)]);
    }
    if is_binary(text) {
        let (zh, en) =
            ("内容不是文本（二进制文件或编码错误）", "the content is not text (a binary file or a wrong encoding)");
        return Err(vec![notice(Code::BinaryContent, Place::FORM, zh, en)]);
    }
    let mut notices = Notices::default();
    let rows = grid::rows(text.strip_prefix('\u{feff}').unwrap_or(text), &mut notices);
    if notices.failed() {
        return Err(notices.finish().err().unwrap_or_default());
    }
    parse_grid(&rows)
}

/// Reads a form from rows of cells, as [`parse`] does.
///
/// # Errors
/// The notices of severity `ERROR` when the rows are no such form.
pub fn parse_grid(rows: &[Row]) -> Result<Parsed, Vec<Notice>> {
    read::read(rows)
}

/// The form as tab-separated text in the official layout: `parse(&write(form))` gives `form` back when it has a department,
/// content, and only texts as [`parse`] makes them (trimmed lines, no blank lines, no control characters, no mere dashes).
#[must_use]
pub fn write(form: &Form) -> String {
    write::write(form)
}

/// The same as rows of cells, for a file with cells: `parse_grid` of them gives `form` back.
#[must_use]
pub fn write_grid(form: &Form) -> Vec<Vec<String>> {
    write::rows(form)
}

/// The labels of both levels of an indicator, as printed.
pub type Levels<'a> = (&'a str, Option<&'a str>);

/// What a form prints of the levels of an indicator after another: each once for a group, so that filling down gives them back.
#[must_use]
pub fn level_cells<'a>(before: Option<Levels<'_>>, levels: Levels<'a>) -> (&'a str, &'a str) {
    write::level_cells(before, levels)
}

/// An amount in 万元 as forms print it: thousands apart, two decimals or as many as it has.
#[must_use]
pub fn wan_yuan(money: Money) -> String {
    wan_yuan_grouped(money.0.into())
}

/// A text as people paste it, without markup and invisible characters: what an imported cell becomes.
#[must_use]
pub fn plain_text(text: &str) -> String {
    clean::clean(text).text
}

/// A NUL never occurs in text; neither does one character in ten that is a control or a replacement character.
fn is_binary(text: &str) -> bool {
    let odd = |c: char| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace());
    let (odd, all) = text.chars().fold((0_usize, 0_usize), |(odds, all), c| (odds + usize::from(odd(c)), all + 1));
    text.contains('\0') || odd * 10 > all
}
