//! The table 年度重点工作任务.

use super::notices::{Code, Notices, Place, excerpt};
use super::number::{Amount, Unit, amount, is_blank};
use super::read::{CleanRow, Units};
use super::words;
use super::{Form, FormTask, MAX_TASKS};
use crate::value::Money;

/// Whether a row is the heading of the task table.
pub(super) fn is_header(row: &CleanRow) -> bool {
    row.keys.iter().any(|key| is_name(key)) && row.keys.iter().any(|key| is_description(key))
}

fn is_name(key: &str) -> bool {
    matches!(key, "名称" | "任务名称" | "工作任务名称" | "重点工作任务名称" | "工作任务" | "任务" | "主要任务名称")
}

fn is_description(key: &str) -> bool {
    matches!(key, "主要实施内容" | "主要内容" | "实施内容" | "任务内容" | "工作内容" | "主要工作内容")
}

fn is_result(key: &str) -> bool {
    ["期望达到的目标", "预期目标", "期望目标", "预期达到的目标", "预期效果", "预期达到目标"]
        .iter()
        .any(|start| key.starts_with(start))
}

fn is_funding(key: &str) -> bool {
    key.contains("资金") || key.contains("金额") || key.contains("预算")
}

/// The table while it is read.
#[derive(Debug, Default)]
pub(super) struct TaskTable {
    name: usize,
    description: Option<usize>,
    funding: Option<usize>,
    result: Option<usize>,
    unit: Option<Unit>,
    /// Line, column and amount of each total row.
    totals: Vec<(u32, usize, Money)>,
}

impl TaskTable {
    /// Takes a heading row.
    pub(super) fn header(&mut self, row: &CleanRow, units: &mut Units, notices: &mut Notices) {
        *self = Self { totals: std::mem::take(&mut self.totals), ..Self::default() };
        let mut named = false;
        for (index, key) in row.keys.iter().enumerate() {
            match key.as_str() {
                key if is_name(key) && !named => (self.name, named) = (index, true),
                key if is_description(key) && self.description.is_none() => self.description = Some(index),
                key if is_result(key) && self.result.is_none() => self.result = Some(index),
                key if is_funding(key) && self.funding.is_none() => {
                    self.funding = Some(index);
                    self.unit = units.heading(&row.cells[index], Place::cell(row.line, index), notices);
                }
                key if key.is_empty() || key == "序号" || words::is_section(key) => {}
                _ => row.column_ignored(index, notices),
            }
        }
    }

    /// Takes a row of the table.
    pub(super) fn row(&mut self, row: &CleanRow, form: &mut Form, units: &mut Units, notices: &mut Notices) {
        let first = row.cells.iter().position(|cell| !cell.is_empty());
        let Some(first) = first.filter(|&first| !(words::is_section(&row.keys[first]) && row.is_alone())) else {
            return;
        };
        if self.is_subheading(row, notices) {
            return;
        }
        let unit = self.unit;
        if first <= self.name && words::is_total(&row.keys[first]) {
            self.total(row, units, notices);
            return;
        }
        let shift = self.shift(row);
        let at = |index: usize| {
            index.checked_add_signed(shift).and_then(|index| row.cells.get(index)).map_or("", String::as_str)
        };
        let name = at(self.name);
        if name.is_empty() {
            self.nameless(row, first, notices);
            return;
        }
        if shift != 0 {
            let name = excerpt(name);
            let (zh, en) = (
                format!("该行单元格错列，已归位：{name}"),
                format!("the row stood in the wrong columns and was put right: {name}"),
            );
            notices.add(Code::RowShifted, Place::row(row.line), zh, en);
        }
        if form.key_tasks.len() == MAX_TASKS {
            let (zh, en) = (format!("重点工作任务超过 {MAX_TASKS} 项"), format!("more than {MAX_TASKS} key tasks"));
            notices.add(Code::TooManyTasks, Place::row(row.line), zh, en);
            return;
        }
        let text = |index: Option<usize>| index.map(at).filter(|text| !is_blank(text)).map(str::to_owned);
        let planned_funding = self.funding.and_then(|index| {
            let place = Place::cell(row.line, index.saturating_add_signed(shift));
            units.amount(at(index), unit, place, notices)
        });
        form.key_tasks.push(FormTask {
            name: name.to_owned(),
            description: text(self.description),
            planned_funding,
            expected_result: text(self.result),
        });
    }

    /// The second heading row of the ministry's layout: the amount split into 总额, 财政拨款 and 其他资金.
    fn is_subheading(&mut self, row: &CleanRow, notices: &mut Notices) -> bool {
        if row.cells.get(self.name).is_some_and(|cell| !cell.is_empty()) {
            return false;
        }
        let Some(total) = row.keys.iter().position(|key| matches!(key.as_str(), "总额" | "金额" | "资金总额"))
        else {
            return false;
        };
        self.funding = Some(total);
        for index in (0..row.keys.len()).filter(|&index| matches!(row.keys[index].as_str(), "财政拨款" | "其他资金"))
        {
            row.column_ignored(index, notices);
        }
        true
    }

    /// By how many columns the row stands too far right; certain only when the amount shows it.
    fn shift(&self, row: &CleanRow) -> isize {
        let Some(funding) = self.funding else { return 0 };
        let filled = |index: usize| row.cells.get(index).is_some_and(|cell| !cell.is_empty());
        let is_amount = |index: usize| {
            let read = row.cells.get(index).map(|cell| amount(cell, Unit::WanYuan));
            matches!(read, Some(Amount::Exact(..) | Amount::Negative | Amount::TooFine | Amount::TooLarge))
        };
        if is_amount(funding) {
            return 0;
        }
        if !filled(self.name) && filled(self.name + 1) && is_amount(funding + 1) {
            return 1;
        }
        let before = self.name.checked_sub(1).filter(|&index| filled(index) && !words::is_section(&row.keys[index]));
        match (before, funding.checked_sub(1)) {
            (Some(_), Some(funding)) if is_amount(funding) => -1,
            _ => 0,
        }
    }

    fn nameless(&self, row: &CleanRow, first: usize, notices: &mut Notices) {
        let text = excerpt(&row.cells[first]);
        if first < self.name && words::is_footer(&row.keys[first]) {
            row.ignored(notices);
            return;
        }
        let zh = format!("该行没有任务名称，未导入：{text}");
        let en = format!("the row has no name of a task and was not imported: {text}");
        notices.add(Code::TaskWithoutName, Place::cell(row.line, first), zh, en);
    }

    fn total(&mut self, row: &CleanRow, units: &mut Units, notices: &mut Notices) {
        let Some(index) = self.funding else { return row.ignored(notices) };
        let cell = row.cells.get(index).map_or("", String::as_str);
        match units.amount(cell, self.unit, Place::cell(row.line, index), notices) {
            Some(stated) => self.totals.push((row.line, index, stated)),
            None => row.ignored(notices),
        }
    }

    /// Checks the total rows against the tasks.
    pub(super) fn finish(&self, form: &Form, notices: &mut Notices) {
        let sum: i128 =
            form.key_tasks.iter().filter_map(|task| task.planned_funding).map(|money| i128::from(money.0)).sum();
        for (line, index, stated) in &self.totals {
            let same = sum == i128::from(stated.0);
            let sum = i64::try_from(sum).map_or_else(|_| "—".to_owned(), |sum| Money(sum).wan_yuan().to_string());
            let stated = stated.wan_yuan();
            let zh = format!("合计行 {stated} 万元，各项任务之和 {sum} 万元；合计行不导入");
            let en = format!("total row {stated} 万元, sum of the tasks {sum} 万元; the total row is not imported");
            notices.add(if same { Code::TotalChecked } else { Code::TotalDiffers }, Place::cell(*line, *index), zh, en);
        }
    }
}
