//! Rows of the indicator table whose cells stand in the wrong columns are put right, where that is certain (rules 3.1).

use super::number::is_blank;
use crate::level::{is_heading, is_level2_heading, level2_of, own_level1};

/// What a value column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// 分值 or 权重.
    Weight,
    /// 实施周期指标值.
    Cycle,
    /// 年度指标值.
    Annual,
    /// 指标性质 or 计量单位 beside a single 指标值: printed as one text with it.
    AnnualPart,
}

/// Columns of the indicator table, found by their headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// 一级指标.
    pub(super) level1: Option<usize>,
    /// 二级指标.
    pub(super) level2: Option<usize>,
    /// 三级指标.
    pub(super) name: usize,
    /// The value columns, left to right.
    pub(super) values: Vec<(usize, Which)>,
}

/// How a row was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// It stood right.
    None,
    /// It stood one column too far right, and its last value fell off when `lost`.
    Right {
        /// The last cell is gone.
        lost: bool,
    },
    /// It stood too far left.
    Left,
    /// The name stands too far left, and what the other cells mean is not certain: they were not taken over.
    Unclear,
}

/// The cells of a row in their proper places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aligned {
    pub(super) level1: String,
    pub(super) level2: String,
    pub(super) name: String,
    /// As in [`Columns::values`].
    pub(super) values: Vec<String>,
    pub(super) repair: Repair,
}

/// Puts a row right. `after_left`: the row before stood one column too far left.
pub(super) fn align(cells: &[String], columns: &Columns, after_left: bool) -> Aligned {
    let row = Cells { cells, columns };
    let Some((level1, level2)) = columns.level1.zip(columns.level2) else { return row.shifted(0, Repair::None) };
    if level2 != level1 + 1 || columns.name != level2 + 1 {
        return row.shifted(0, Repair::None);
    }
    if let Some(lost) = row.is_right(level1, level2) {
        return row.shifted(1, Repair::Right { lost });
    }
    if row.is_left(level1, level2, after_left) {
        return row.shifted(-1, Repair::Left);
    }
    if row.stands(level2) { row.shifted(0, Repair::None) } else { row.in_sequence() }
}

struct Cells<'a> {
    cells: &'a [String],
    columns: &'a Columns,
}

impl Cells<'_> {
    fn at(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    fn blank(&self, index: usize) -> bool {
        self.at(index).is_empty()
    }

    /// Column of the last value.
    fn last(&self) -> usize {
        self.columns.values.last().map_or(self.columns.name, |(index, _)| *index)
    }

    /// The row read as standing `by` columns too far right.
    fn shifted(&self, by: isize, repair: Repair) -> Aligned {
        let at = |index: usize| index.checked_add_signed(by).map_or("", |index| self.at(index)).to_owned();
        Aligned {
            level1: self.columns.level1.map(at).unwrap_or_default(),
            level2: self.columns.level2.map(at).unwrap_or_default(),
            name: at(self.columns.name),
            values: self.columns.values.iter().map(|(index, _)| at(*index)).collect(),
            repair,
        }
    }

    /// One column too far right: a heading stands one column behind its own, or a cell stands behind the last column.
    /// Tells whether the last value is lost.
    fn is_right(&self, level1: usize, level2: usize) -> Option<bool> {
        let name = self.columns.name;
        if !self.blank(level1) || self.blank(name + 1) {
            return None;
        }
        let level1_moved = own_level1(self.at(level2)).is_some() && is_heading(self.at(level2));
        let level2_moved = is_heading(self.at(name)) && (self.blank(level2) || level1_moved);
        let only_level1 = level1_moved && self.blank(name) && level2_of(self.at(level2)).is_none();
        let overflow = self.blank(level2) && self.blank(name) && !self.blank(self.last() + 1);
        (level2_moved || only_level1 || overflow).then(|| self.blank(self.last() + 1))
    }

    /// One column too far left: a heading stands one column before its own, or a value stands in the name's column.
    fn is_left(&self, level1: usize, level2: usize, after_left: bool) -> bool {
        if level1.checked_sub(1).is_some_and(|before| is_heading(self.at(before))) {
            return true;
        }
        let name = self.at(self.columns.name);
        if !self.blank(self.last()) || self.blank(level2) || is_level2(self.at(level2)) || name.is_empty() {
            return false;
        }
        is_level2_heading(self.at(level1))
            || (self.blank(level1) && (after_left || (is_value(name) && self.has_all_values())))
    }

    /// Whether the row can be read as it stands: with a name in its column that is not the first of the values.
    fn stands(&self, level2: usize) -> bool {
        let name = self.at(self.columns.name);
        if name.is_empty() {
            return false;
        }
        let moved = is_value(name) && self.blank(self.last()) && !self.blank(level2) && !is_level2(self.at(level2));
        !moved || !self.has_all_values()
    }

    /// Whether as many cells stand behind the first that is no level label as there are value columns.
    fn has_all_values(&self) -> bool {
        let filled = self.cells.iter().filter(|cell| !cell.is_empty() && !is_level2(cell) && !is_label(cell));
        filled.count() == self.columns.values.len() + 1
    }

    /// The row read from left to right: headings, then the name, then the values.
    fn in_sequence(&self) -> Aligned {
        let filled: Vec<usize> = (0..self.cells.len()).filter(|&index| !self.blank(index)).collect();
        let is_name = |&&index: &&usize| index <= self.columns.name && !is_label(self.at(index));
        let Some(&name) = filled.iter().find(is_name) else { return self.shifted(0, Repair::None) };
        let mut row = self.shifted(0, Repair::Left);
        (row.level1, row.level2) = (String::new(), String::new());
        for &index in filled.iter().filter(|&&index| index < name) {
            let place = if row.level1.is_empty() && !is_level2_heading(self.at(index)) {
                &mut row.level1
            } else {
                &mut row.level2
            };
            self.at(index).clone_into(place);
        }
        self.at(name).clone_into(&mut row.name);
        let rest: Vec<usize> = filled.into_iter().filter(|&index| index > name).collect();
        match self.values_of(&rest, self.columns.name - name) {
            Some(values) => row.values = values,
            None => {
                row.values = vec![String::new(); self.columns.values.len()];
                row.repair = Repair::Unclear;
            }
        }
        row
    }

    /// The values of a row whose name stands `by` columns too far left: where they stand, or as many as there are
    /// columns, or all moved with the name. `None` when none of these holds.
    fn values_of(&self, rest: &[usize], by: usize) -> Option<Vec<String>> {
        let columns = &self.columns.values;
        let are_values = |by: usize| rest.iter().all(|index| columns.iter().any(|(column, _)| *column == index + by));
        let moved = |by: usize| {
            columns.iter().map(move |(column, _)| column.checked_sub(by).map_or("", |index| self.at(index)).to_owned())
        };
        if are_values(0) {
            Some(moved(0).collect())
        } else if rest.len() == columns.len() {
            Some(rest.iter().map(|&index| self.at(index).to_owned()).collect())
        } else if are_values(by) {
            Some(moved(by).collect())
        } else {
            None
        }
    }
}

/// A level label, known or not.
pub(super) fn is_label(cell: &str) -> bool {
    is_heading(cell) || super::words::key(cell).ends_with("指标")
}

/// A cell that may stand in the level-2 column: a label, or a known name that does not say 指标.
fn is_level2(cell: &str) -> bool {
    is_label(cell) || level2_of(cell).is_some()
}

/// Whether a cell looks like a value rather than a name: short, and begins with a number or comparator.
fn is_value(cell: &str) -> bool {
    const SHORT: usize = 20;
    let begins = |c: char| c.is_ascii_digit() || "０１２３４５６７８９≥≤≧≦＞＜><=＝═﹦±".contains(c);
    cell.chars().nth(SHORT).is_none() && !is_blank(cell) && cell.starts_with(begins)
}
