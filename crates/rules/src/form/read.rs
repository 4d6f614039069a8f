//! Reading a form from its rows: which part of the form a row belongs to, and the upper part of it.

use std::collections::btree_map::Entry;

use super::clean::clean;
use super::indicators::{self, IndicatorTable};
use super::notices::{Code, Notices, Place, excerpt};
use super::number::{Amount, Count, Unit, amount, count};
use super::tasks::{self, TaskTable};
use super::{Form, MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS, Notice, Parsed, Row, words};
use crate::kind::{BudgetLine, Vocabulary};
use crate::value::Money;

/// A row with clean cells, and each cell as a label.
#[derive(Debug)]
pub(super) struct CleanRow {
    pub(super) line: u32,
    pub(super) cells: Vec<String>,
    pub(super) keys: Vec<String>,
}

impl CleanRow {
    fn filled(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(index, _)| index)
    }

    /// Whether only one cell says something.
    pub(super) fn is_alone(&self) -> bool {
        self.filled().count() == 1
    }

    /// Notes that the row was left out.
    pub(super) fn ignored(&self, notices: &mut Notices) {
        let text = excerpt(self.filled().next().map_or("", |index| &self.cells[index]));
        let (zh, en) = (format!("未导入该行：{text}"), format!("the row is not imported: {text}"));
        notices.add(Code::RowIgnored, Place::row(self.line), zh, en);
    }

    /// Notes that a column was left out.
    pub(super) fn column_ignored(&self, index: usize, notices: &mut Notices) {
        let text = excerpt(&self.cells[index]);
        let (zh, en) = (format!("未导入该列：{text}"), format!("the column is not imported: {text}"));
        notices.add(Code::ColumnIgnored, Place::cell(self.line, index), zh, en);
    }
}

/// Units of amounts: the form's own, or 万元 where nothing says.
#[derive(Debug, Default)]
pub(super) struct Units {
    form: Option<Unit>,
    assumed: bool,
}

impl Units {
    /// The unit a heading names; conversion of another unit than 万元 is noticed once, here.
    pub(super) fn heading(&self, cell: &str, place: Place, notices: &mut Notices) -> Option<Unit> {
        let unit = Unit::named_in(cell)?;
        if unit != Unit::WanYuan {
            converted(unit, place, notices);
        }
        Some(unit)
    }

    /// Reads an amount; what is none is noticed.
    pub(super) fn amount(
        &mut self,
        cell: &str,
        heading: Option<Unit>,
        place: Place,
        notices: &mut Notices,
    ) -> Option<Money> {
        let known = heading.or(self.form);
        let unit = known.unwrap_or(Unit::WanYuan);
        let text = excerpt(cell);
        match amount(cell, unit) {
            Amount::Blank => return None,
            Amount::Exact(money, own) => {
                if let Some(own) = own.filter(|own| *own != unit) {
                    converted(own, place, notices);
                } else if known.is_none() && own.is_none() && !self.assumed {
                    self.assumed = true;
                    let (zh, en) =
                        ("表上未注明金额单位，按万元处理", "the form names no unit of amounts; taken as 万元");
                    notices.add(Code::UnitAssumed, place, zh, en);
                }
                return Some(money);
            }
            Amount::Words => {
                let (zh, en) =
                    (format!("金额不是数字，留空：{text}"), format!("the amount is not a number; left blank: {text}"));
                notices.add(Code::AmountNotANumber, place, zh, en);
            }
            Amount::Negative => {
                let (zh, en) = (format!("金额为负：{text}"), format!("negative amount: {text}"));
                notices.add(Code::NegativeAmount, place, zh, en);
            }
            Amount::TooFine => {
                let (zh, en) =
                    (format!("金额精确到 0.01 元以下：{text}"), format!("amount finer than 0.01 yuan: {text}"));
                notices.add(Code::TooManyDecimals, place, zh, en);
            }
            Amount::TooLarge => {
                let (zh, en) = (format!("金额过大：{text}"), format!("amount too large: {text}"));
                notices.add(Code::AmountTooLarge, place, zh, en);
            }
        }
        None
    }
}

fn converted(unit: Unit, place: Place, notices: &mut Notices) {
    let unit = unit.zh();
    let (zh, en) = (format!("金额以{unit}计，已精确换算"), format!("amounts in {unit}, converted exactly"));
    notices.add(Code::UnitConverted, place, zh, en);
}

/// Reads a form from its rows.
pub(super) fn read(rows: &[Row]) -> Result<Parsed, Vec<Notice>> {
    let mut reader = Reader::default();
    if rows.len() > MAX_ROWS {
        let (zh, en) = (format!("超过 {MAX_ROWS} 行"), format!("more than {MAX_ROWS} rows"));
        reader.notices.add(Code::TooManyRows, Place::FORM, zh, en);
    }
    let mut empty = true;
    for row in rows.iter().take(MAX_ROWS) {
        if let Some(row) = reader.clean_row(row) {
            empty = false;
            reader.row(&row);
        }
    }
    if empty {
        reader.notices.add(Code::Empty, Place::FORM, "内容为空", "there is nothing in it");
    }
    reader.finish(empty)
}

/// The part of the form that a row continues.
#[derive(Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Head,
    Goal,
    Tasks,
    Indicators,
}

#[derive(Debug, Default)]
struct Reader {
    notices: Notices,
    form: Form,
    part: Part,
    units: Units,
    /// Unit of each column of the budget block, as its nearest heading above says.
    column_units: Vec<(usize, Unit)>,
    tasks: TaskTable,
    indicators: IndicatorTable,
    /// Something of the form was recognised.
    recognised: bool,
}

impl Reader {
    /// Cleans a row; `None` when nothing is left of it.
    fn clean_row(&mut self, row: &Row) -> Option<CleanRow> {
        let (mut markup, mut control) = (false, false);
        let mut cells: Vec<String> = Vec::with_capacity(row.cells.len().min(MAX_COLUMNS));
        for (index, cell) in row.cells.iter().enumerate() {
            let cleaned = clean(cell);
            markup |= cleaned.markup;
            control |= cleaned.control;
            if cleaned.text.chars().nth(MAX_CELL_CHARS).is_some() {
                let (zh, en) = (
                    format!("单元格超过 {MAX_CELL_CHARS} 字"),
                    format!("a cell of more than {MAX_CELL_CHARS} characters"),
                );
                self.notices.add(Code::CellTooLong, Place::cell(row.line, index), zh, en);
            } else if index >= MAX_COLUMNS && !cleaned.text.is_empty() {
                let (zh, en) =
                    (format!("一行超过 {MAX_COLUMNS} 列"), format!("more than {MAX_COLUMNS} columns in a row"));
                self.notices.add(Code::TooManyColumns, Place::cell(row.line, index), zh, en);
                break;
            }
            cells.push(cleaned.text);
        }
        if markup {
            let (zh, en) = ("已去除网页标记，保留文字", "markup was removed, its text kept");
            self.notices.add(Code::MarkupRemoved, Place::row(row.line), zh, en);
        }
        if control {
            let (zh, en) = ("已去除控制字符或不可见字符", "control or invisible characters were removed");
            self.notices.add(Code::ControlCharactersRemoved, Place::row(row.line), zh, en);
        }
        let keys = cells.iter().map(|cell| words::key(cell)).collect();
        cells.iter().any(|cell| !cell.is_empty()).then_some(CleanRow { line: row.line, cells, keys })
    }

    fn row(&mut self, row: &CleanRow) {
        if self.starts_part(row) {
            self.recognised = true;
            return;
        }
        match self.part {
            Part::Head => self.head(row),
            Part::Goal => self.goal(row, 0),
            Part::Tasks => self.tasks.row(row, &mut self.form, &mut self.units, &mut self.notices),
            Part::Indicators => self.indicators.row(row, &mut self.form, &mut self.notices),
        }
    }

    /// Handles a row that begins a part of the form.
    fn starts_part(&mut self, row: &CleanRow) -> bool {
        let Some(first) = row.filled().next() else { return false };
        let key = row.keys[first].as_str();
        if words::is_goal(key) {
            self.part = Part::Goal;
            self.goal(row, first + 1);
        } else if indicators::is_header(row) {
            self.part = Part::Indicators;
            self.indicators.header(row, &mut self.notices);
        } else if tasks::is_header(row) {
            self.part = Part::Tasks;
            self.tasks.header(row, &mut self.units, &mut self.notices);
        } else if self.is_department(row, first) {
            self.part = Part::Head;
            self.department(row, first);
        } else if words::is_section(key) && row.is_alone() && matches!(self.part, Part::Head | Part::Goal) {
            self.part = Part::Head;
        } else if self.part == Part::Goal && (words::is_block(key) || words::is_staff_count(key)) && !row.is_alone() {
            self.part = Part::Head;
            self.head(row);
        } else {
            return false;
        }
        true
    }

    fn is_department(&self, row: &CleanRow, first: usize) -> bool {
        let label = row.cells[first].split([':', '：']).next().unwrap_or_default();
        (self.part != Part::Goal || !row.is_alone()) && words::is_department(&words::key(label))
    }

    fn department(&mut self, row: &CleanRow, first: usize) {
        let inline =
            row.cells[first].split_once([':', '：']).map(|(_, name)| name.trim()).filter(|name| !name.is_empty());
        let (index, name) = match inline {
            Some(name) => (first, Some(name)),
            None => {
                let next = row.filled().nth(1);
                (next.unwrap_or(first), next.map(|index| row.cells[index].as_str()))
            }
        };
        match (&self.form.department_name, name) {
            (_, None) => {}
            (None, Some(name)) => self.form.department_name = Some(name.to_owned()),
            (Some(held), Some(name)) if held == name => {}
            (Some(held), Some(name)) => {
                let zh = format!("有两个部门名称：“{}”和“{}”", excerpt(held), excerpt(name));
                let en = format!("two department names: {} and {}", excerpt(held), excerpt(name));
                self.notices.add(Code::TwoDepartmentNames, Place::cell(row.line, index), zh, en);
            }
        }
    }

    /// Rows of 总体绩效目标: everything from column `from` on.
    fn goal(&mut self, row: &CleanRow, from: usize) {
        let goal = self.form.overall_goal.get_or_insert_default();
        for cell in row.cells.iter().skip(from).filter(|cell| !cell.is_empty()) {
            if !goal.is_empty() {
                goal.push('\n');
            }
            goal.push_str(cell);
        }
    }

    /// Rows of the upper blocks: each label is followed by its value.
    fn head(&mut self, row: &CleanRow) {
        let filled: Vec<usize> = row.filled().collect();
        let mut found = false;
        for (nth, &index) in filled.iter().enumerate() {
            let key = row.keys[index].as_str();
            if let Some(unit) = form_unit(&row.cells[index]) {
                self.units.form = Some(unit);
                if unit != Unit::WanYuan {
                    converted(unit, Place::cell(row.line, index), &mut self.notices);
                }
                found = true;
            } else if words::is_amount_heading(key) {
                let unit = self.units.heading(&row.cells[index], Place::cell(row.line, index), &mut self.notices);
                self.column_units.retain(|(column, _)| *column != index);
                self.column_units.extend(unit.map(|unit| (index, unit)));
                found = true;
            } else if is_label(key) {
                found = true;
                let value = filled.get(nth + 1).copied().filter(|&next| !is_label(&row.keys[next]));
                if let Some(value) = value.filter(|&value| !words::is_amount_heading(&row.keys[value])) {
                    self.labelled(row, index, value);
                }
            }
        }
        self.recognised |= found;
        if !found {
            self.title_or_ignored(row);
        }
    }

    fn labelled(&mut self, row: &CleanRow, label: usize, value: usize) {
        let (key, cell, place) = (row.keys[label].as_str(), &row.cells[value], Place::cell(row.line, value));
        if let Some(line) = words::budget_line(key) {
            let near = |(column, _): &&(usize, Unit)| column.abs_diff(value);
            let unit = self.column_units.iter().min_by_key(near).map(|(_, unit)| *unit);
            if let Some(money) = self.units.amount(cell, unit, place, &mut self.notices) {
                self.budget(line, money, place);
            }
        } else if words::is_staff_count(key) || words::is_unit_count(key) {
            let read = self.count(cell, place);
            let field = if words::is_staff_count(key) {
                &mut self.form.publicly_funded_staff_count
            } else {
                &mut self.form.subordinate_unit_count
            };
            if let (Some(held), Some(read)) = (*field, read)
                && held != read
            {
                let (zh, en) =
                    (format!("“{key}”有两个值：{held} 和 {read}"), format!("two values of {key}: {held} and {read}"));
                self.notices.add(Code::ConflictingValues, place, zh, en);
            }
            *field = field.or(read);
        }
    }

    fn budget(&mut self, line: BudgetLine, money: Money, place: Place) {
        match self.form.budget.entry(line) {
            Entry::Vacant(entry) => {
                entry.insert(money);
            }
            Entry::Occupied(entry) if *entry.get() == money => {}
            Entry::Occupied(entry) => {
                let (held, read) = (entry.get().wan_yuan(), money.wan_yuan());
                let zh = format!("“{}”有两个金额：{held} 万元和 {read} 万元", line.zh());
                let en = format!("two amounts of {}: {held} and {read} 万元", line.en());
                self.notices.add(Code::ConflictingValues, place, zh, en);
            }
        }
    }

    fn count(&mut self, cell: &str, place: Place) -> Option<i64> {
        let text = excerpt(cell);
        match count(cell) {
            Count::Exact(value) => return Some(value),
            Count::Blank => {}
            Count::Words => {
                let (zh, en) = (format!("不是整数，留空：{text}"), format!("not a whole number; left blank: {text}"));
                self.notices.add(Code::CountNotANumber, place, zh, en);
            }
            Count::Negative => {
                let (zh, en) = (format!("数量为负：{text}"), format!("negative count: {text}"));
                self.notices.add(Code::NegativeCount, place, zh, en);
            }
        }
        None
    }

    /// A row of the upper part without any known label.
    fn title_or_ignored(&mut self, row: &CleanRow) {
        let text: String = row.cells.concat();
        if let Some(form) = words::other_form(&text).filter(|_| row.is_alone()) {
            let (zh, en) = (
                format!("这是{form}，不是部门整体绩效目标申报表"),
                format!("this is a {form}, not a declaration of a whole department"),
            );
            self.notices.add(Code::WrongForm, Place::row(row.line), zh, en);
        } else if !(row.is_alone() && text.contains("申报表")) {
            row.ignored(&mut self.notices);
        }
    }

    fn finish(mut self, empty: bool) -> Result<Parsed, Vec<Notice>> {
        self.form.overall_goal = self.form.overall_goal.filter(|goal| !goal.is_empty());
        self.tasks.finish(&self.form, &mut self.notices);
        self.indicators.finish(&self.form, &mut self.notices);
        if !empty && !self.recognised {
            let zh = "没有找到部门整体绩效目标申报表的任何栏目";
            let en = "nothing of the whole-department declaration form was found";
            self.notices.add(Code::NotTheForm, Place::FORM, zh, en);
        } else if !empty {
            if self.form.department_name.is_none() {
                self.notices.add(Code::DepartmentMissing, Place::FORM, "没有部门名称", "there is no department name");
            }
            if self.form.indicators.is_empty() && self.form.key_tasks.is_empty() {
                let (zh, en) = ("既没有绩效指标也没有重点工作任务", "there is neither an indicator nor a key task");
                self.notices.add(Code::ContentMissing, Place::FORM, zh, en);
            }
        }
        Ok(Parsed { notices: self.notices.finish()?, form: self.form })
    }
}

fn is_label(key: &str) -> bool {
    words::is_staff_count(key) || words::is_unit_count(key) || words::is_block(key) || words::budget_line(key).is_some()
}

/// The unit of the whole form, printed as 金额单位：万元.
fn form_unit(cell: &str) -> Option<Unit> {
    const LONGEST: usize = 8;
    let (_, unit) = cell.split_once("单位：").or_else(|| cell.split_once("单位:"))?;
    if unit.chars().count() > LONGEST { None } else { Unit::named_in(unit) }
}
