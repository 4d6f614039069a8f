//! The table 绩效指标: its headings, its rows, the levels filled down.

use std::collections::HashSet;

use super::align::{Aligned, Columns, Repair, Which, align, is_label};
use super::notices::{Code, Notices, Place, excerpt};
use super::number::{is_blank, weight};
use super::read::CleanRow;
use super::words;
use super::{Form, FormIndicator, MAX_INDICATORS};
use crate::kind::{Level1, Level2, Vocabulary};
use crate::level::{level1_of, level2_of, own_level1, parent_of};
use crate::value::Points;

/// Whether a row is the heading of the indicator table.
pub(super) fn is_header(row: &CleanRow) -> bool {
    row.keys.iter().any(|key| is_name_heading(key)) && row.keys.iter().any(|key| key == "一级指标" || key == "二级指标")
}

fn is_name_heading(key: &str) -> bool {
    matches!(key, "三级指标" | "三级指标名称" | "指标名称")
}

/// The table while it is read.
#[derive(Debug, Default)]
pub(super) struct IndicatorTable {
    columns: Columns,
    label1: Option<String>,
    level1: Option<Level1>,
    label2: Option<String>,
    level2: Option<Level2>,
    seen: HashSet<(String, Option<String>, String)>,
    after_left: bool,
    total: Option<(u32, Points)>,
}

impl IndicatorTable {
    /// Takes a heading row; a table that runs over several pages repeats it.
    pub(super) fn header(&mut self, row: &CleanRow, notices: &mut Notices) {
        let mut columns = Columns { name: usize::MAX, ..Columns::default() };
        let single_value =
            row.keys.iter().filter(|key| matches!(target_column(key), Some(Which::Cycle | Which::Annual))).count() == 1;
        for (index, key) in row.keys.iter().enumerate() {
            match key.as_str() {
                "一级指标" => columns.level1 = Some(index),
                "二级指标" => columns.level2 = Some(index),
                key if is_name_heading(key) && columns.name == usize::MAX => columns.name = index,
                key if is_name_heading(key) => {
                    let zh = "一行有两列三级指标，不支持这种并排的版式";
                    let en = "two columns of level-3 indicators: this side-by-side layout is not supported";
                    notices.add(Code::UnsupportedLayout, Place::cell(row.line, index), zh, en);
                }
                "实际完成值" | "完成值" | "全年实际值" | "得分" | "全年完成值" | "执行情况" | "实际值" =>
                {
                    let zh = format!("有“{key}”列：这是自评表或监控表，不是绩效目标申报表");
                    let en = format!("has a column {key}: a self-evaluation or monitoring form, not a declaration");
                    notices.add(Code::WrongForm, Place::cell(row.line, index), zh, en);
                }
                key => match target_column(key) {
                    Some(Which::AnnualPart) if !single_value => ignored(row, index, notices),
                    Some(which)
                        if which != Which::AnnualPart && columns.values.iter().any(|(_, held)| *held == which) =>
                    {
                        ignored(row, index, notices);
                    }
                    Some(which) => columns.values.push((index, which)),
                    None if key.is_empty() || key == "序号" || words::is_section(key) => {}
                    None => ignored(row, index, notices),
                },
            }
        }
        if !columns.values.iter().any(|(_, which)| matches!(which, Which::Cycle | Which::Annual)) {
            let (zh, en) = ("指标表没有指标值列", "the indicator table has no column of target values");
            notices.add(Code::UnsupportedLayout, Place::row(row.line), zh, en);
        }
        self.columns = columns;
    }

    /// Takes a row of the table.
    pub(super) fn row(&mut self, row: &CleanRow, form: &mut Form, notices: &mut Notices) {
        let first_level = self.columns.level1.or(self.columns.level2).unwrap_or(self.columns.name);
        let mut cells = row.cells.clone();
        for (cell, key) in cells.iter_mut().zip(&row.keys).take(first_level) {
            if words::is_section(key) {
                cell.clear();
            }
        }
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(index, _)| index);
        let Some(first) = filled.next() else { return };
        let alone = filled.next().is_none();
        if self.is_aside(row, first, alone, notices) {
            return;
        }
        let aligned = align(&cells, &self.columns, self.after_left);
        self.after_left = aligned.repair == Repair::Left && first < self.columns.name;
        self.levels(&aligned, row.line, notices);
        if aligned.name.is_empty() {
            if aligned.values.iter().any(|value| !value.is_empty()) {
                let zh = "该行有指标值而无三级指标名称，未导入";
                let en = "the row has values but no level-3 name; it was not imported";
                notices.add(Code::IndicatorWithoutName, Place::row(row.line), zh, en);
            }
            return;
        }
        if form.indicators.len() == MAX_INDICATORS {
            let (zh, en) = (format!("指标超过 {MAX_INDICATORS} 个"), format!("more than {MAX_INDICATORS} indicators"));
            notices.add(Code::TooManyIndicators, Place::row(row.line), zh, en);
            return;
        }
        self.report_repair(&aligned, row.line, notices);
        let indicator = self.indicator(aligned, row.line, notices);
        form.indicators.push(indicator);
    }

    /// Total rows, what is printed below the table, and rows that are neither.
    fn is_aside(&mut self, row: &CleanRow, first: usize, alone: bool, notices: &mut Notices) -> bool {
        let key = &row.keys[first];
        if first <= self.columns.name && words::is_total(key) {
            let column = self.columns.values.iter().find(|(_, which)| *which == Which::Weight);
            let stated =
                column.and_then(|(index, _)| row.cells.get(*index)).and_then(|cell| weight(cell).ok().flatten());
            self.total = stated.map(|points| (row.line, points));
            if stated.is_none() {
                row.ignored(notices);
            }
            return true;
        }
        if first < self.columns.name && words::is_footer(key) {
            row.ignored(notices);
            return true;
        }
        if alone && first < self.columns.name && !is_label(&row.cells[first]) && !is_known_level(&row.cells[first]) {
            let text = excerpt(&row.cells[first]);
            let (zh, en) = (
                format!("看不懂该行，未导入：{text}"),
                format!("the row is not understood and was not imported: {text}"),
            );
            notices.add(Code::RowUnclear, Place::cell(row.line, first), zh, en);
            return true;
        }
        false
    }

    /// Fills the levels down. A printed level 1 begins a new group, so the level 2 of the rows before ends with it.
    fn levels(&mut self, row: &Aligned, line: u32, notices: &mut Notices) {
        let mut label2 = row.level2.as_str();
        if !row.level1.is_empty() {
            let own = own_level1(&row.level1);
            let as_level2 = level2_of(&row.level1).filter(|_| own.is_none() && row.level2.is_empty());
            if as_level2.is_some_and(|level2| Some(parent_of(level2)) == self.level1) {
                label2 = &row.level1;
                let (zh, en) = (
                    format!("二级指标“{label2}”印在一级指标列"),
                    format!("level 2 {label2} stands in the level-1 column"),
                );
                notices.add(Code::LevelLabelMoved, Place::row(line), zh, en);
            } else {
                self.start_level1(&row.level1, line, notices);
            }
        }
        if !label2.is_empty() {
            self.start_level2(label2, line, notices);
        }
    }

    fn start_level1(&mut self, label: &str, line: u32, notices: &mut Notices) {
        self.level1 = level1_of(label);
        (self.label2, self.level2) = (None, None);
        match self.level1 {
            None => {
                let zh = format!("一级指标“{label}”不在已知名称之内，须人工确认");
                let en = format!("level 1 {label} is not a known name; a person must say what it is");
                notices.add(Code::UnknownLevel1, Place::row(line), zh, en);
            }
            // A bare 成本指标 is a level 1 of its own; the other level-2 names are only tolerated here.
            Some(level)
                if level != Level1::Cost && level2_of(label).is_some() && !words::key(label).eq("满意度指标") =>
            {
                let zh = format!("一级指标列印的是“{label}”，按{}处理", level.zh());
                let en = format!("the level-1 column says {label}; taken as {}", level.en());
                notices.add(Code::LevelAlias, Place::row(line), zh, en);
            }
            Some(_) => {}
        }
        self.label1 = Some(label.to_owned());
    }

    fn start_level2(&mut self, label: &str, line: u32, notices: &mut Notices) {
        self.level2 = level2_of(label);
        self.label2 = Some(label.to_owned());
        match (self.level2, self.level1) {
            (None, _) => {
                let zh = format!("二级指标“{label}”不在已知名称之内，按原样保留");
                let en = format!("level 2 {label} is not a known name; kept as printed");
                notices.add(Code::UnknownLevel2, Place::row(line), zh, en);
            }
            (Some(level2), Some(level1)) if !belongs(level2, level1) => {
                let zh = format!("二级指标“{label}”一般不属于{}", level1.zh());
                let en = format!("level 2 {label} does not usually stand under {}", level1.en());
                notices.add(Code::LevelMismatch, Place::row(line), zh, en);
            }
            _ => {}
        }
    }

    fn report_repair(&self, row: &Aligned, line: u32, notices: &mut Notices) {
        let name = excerpt(&row.name);
        match row.repair {
            Repair::None => {}
            Repair::Left => {
                let zh = format!("该行单元格偏左，已归位：{name}");
                let en = format!("the row stood too far left and was put right: {name}");
                notices.add(Code::RowShifted, Place::row(line), zh, en);
            }
            Repair::Right { lost } => {
                let zh = format!("该行单元格右移一列，已归位：{name}");
                let en = format!("the row stood one column too far right and was put right: {name}");
                notices.add(Code::RowShifted, Place::row(line), zh, en);
                if let (true, Some((index, which))) = (lost, self.columns.values.last()) {
                    let (zh, en) = match which {
                        Which::Weight => ("分值", "weight"),
                        Which::Cycle => ("实施周期指标值", "cycle target"),
                        Which::Annual | Which::AnnualPart => ("年度指标值", "annual target"),
                    };
                    let zh = format!("该行右移时丢失了{zh}，留空待补：{name}");
                    let en = format!("the shift lost the {en}; left blank to be completed: {name}");
                    notices.add(Code::ValueLost, Place::cell(line, *index), zh, en);
                }
            }
            Repair::Unclear => {
                let zh = format!("该行的指标值不能确定属于哪一列，未导入指标值：{name}");
                let en = format!(
                    "it is not certain to which columns the row's values belong; only its name was imported: {name}"
                );
                notices.add(Code::RowUnclear, Place::row(line), zh, en);
            }
        }
    }

    fn indicator(&mut self, row: Aligned, line: u32, notices: &mut Notices) -> FormIndicator {
        if self.label1.is_none() {
            let (zh, en) =
                ("该指标没有一级指标，须人工确认", "the indicator has no level 1; a person must say what it is");
            notices.add(Code::Level1Missing, Place::row(line), zh, en);
        }
        let label1 = self.label1.clone().unwrap_or_default();
        if !self.seen.insert((label1.clone(), self.label2.clone(), row.name.clone())) {
            let name = excerpt(&row.name);
            let zh = format!("同一二级指标下有同名指标，已保留，报送前须改名：{name}");
            let en = format!(
                "another indicator of this level 2 has the same name; kept, to be renamed before the submit: {name}"
            );
            notices.add(Code::DuplicateIndicator, Place::row(line), zh, en);
        }
        let mut indicator = FormIndicator {
            level1: self.level1,
            level1_label: label1,
            level2: self.level2,
            level2_label: self.label2.clone(),
            name: row.name,
            annual_target: annual(&self.columns, &row.values),
            ..FormIndicator::default()
        };
        for ((index, which), value) in self.columns.values.iter().zip(row.values) {
            match which {
                Which::Weight => indicator.weight = weight_of(&value, Place::cell(line, *index), notices),
                Which::Cycle => indicator.cycle_target = Some(value).filter(|value| !is_blank(value)),
                Which::Annual | Which::AnnualPart => {}
            }
        }
        indicator
    }

    /// Checks the total row against the weights.
    pub(super) fn finish(&self, form: &Form, notices: &mut Notices) {
        let Some((line, stated)) = self.total else { return };
        let sum: i64 = form
            .indicators
            .iter()
            .filter_map(|indicator| indicator.weight)
            .fold(0, |sum, weight| sum.saturating_add(weight.0));
        let (zh, en) = (
            format!("分值合计 {stated}，各行之和 {}", Points(sum)),
            format!("total weight {stated}, sum of the rows {}", Points(sum)),
        );
        notices.add(if sum == stated.0 { Code::TotalChecked } else { Code::TotalDiffers }, Place::row(line), zh, en);
    }
}

/// The annual target; with columns for comparator and unit, their cells joined by one blank in the order of the form.
fn annual(columns: &Columns, values: &[String]) -> Option<String> {
    let cells = || columns.values.iter().zip(values);
    let main = cells().find(|((_, which), _)| *which == Which::Annual).map(|(_, value)| value);
    main.filter(|value| !is_blank(value))?;
    let parts =
        cells().filter(|((_, which), value)| matches!(which, Which::Annual | Which::AnnualPart) && !is_blank(value));
    Some(parts.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" "))
}

fn weight_of(cell: &str, place: Place, notices: &mut Notices) -> Option<Points> {
    weight(cell).unwrap_or_else(|()| {
        let text = excerpt(cell);
        let zh = format!("分值不是至多两位小数的数，留空：{text}");
        let en = format!("the weight is not a number of at most two decimals; left blank: {text}");
        notices.add(Code::WeightNotANumber, place, zh, en);
        None
    })
}

/// What a heading says of the column below it.
fn target_column(key: &str) -> Option<Which> {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if has(&["上年", "历史", "前三年", "历年", "依据", "来源", "解释", "说明", "标准"]) {
        return None;
    }
    match key {
        "分值" | "权重" | "指标分值" | "指标权重" | "分值权重" | "权重分值" => Some(Which::Weight),
        "指标性质" | "计算符号" | "运算符号" | "计量单位" | "度量单位" | "单位" | "指标方向" => {
            Some(Which::AnnualPart)
        }
        _ if !has(&["指标值", "目标值"]) => None,
        _ if has(&["周期", "中长期", "中期", "长期", "实施期"]) => Some(Which::Cycle),
        _ => Some(Which::Annual),
    }
}

fn ignored(row: &CleanRow, index: usize, notices: &mut Notices) {
    let label = excerpt(&row.cells[index]);
    let (zh, en) = (format!("未导入该列：{label}"), format!("the column is not imported: {label}"));
    notices.add(Code::ColumnIgnored, Place::cell(row.line, index), zh, en);
}

fn is_known_level(cell: &str) -> bool {
    level1_of(cell).is_some()
}

/// Costs stand under output in the layout from before 2021, satisfaction under outcome in some.
fn belongs(level2: Level2, level1: Level1) -> bool {
    let parent = parent_of(level2);
    parent == level1
        || (parent == Level1::Cost && level1 == Level1::Output)
        || (level2 == Level2::OutputCost && level1 == Level1::Cost)
}
