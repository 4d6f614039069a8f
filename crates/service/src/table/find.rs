//! What stands beside or below a label in a form: for what is no row of a table.

use super::record::fold;
use super::{Cell, Sheet, Table, address};

/// A text and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    sheet: &'a Sheet,
    row: usize,
    column: u32,
    /// The text.
    pub(crate) text: &'a str,
}

impl Table {
    /// The first cell with this text.
    pub(crate) fn label(&self, label: &str) -> Option<Spot<'_>> {
        let wanted = fold(label);
        self.sheets.iter().find_map(|sheet| {
            sheet.rows.iter().enumerate().find_map(|(row, cells)| {
                let spots = cells.cells.keys().filter_map(|column| Spot::at(sheet, row, *column));
                spots.into_iter().find(|spot| fold(spot.text) == wanted)
            })
        })
    }

    /// The text to the right of the first cell with this text.
    pub(crate) fn beside(&self, label: &str) -> Option<Spot<'_>> {
        self.label(label).and_then(|spot| spot.right())
    }
}

impl<'a> Spot<'a> {
    fn at(sheet: &'a Sheet, row: usize, column: u32) -> Option<Self> {
        match sheet.rows.get(row)?.cells.get(&column)? {
            Cell::Text(text) => Some(Self { sheet, row, column, text }),
            Cell::Absent(_) | Cell::Fault(_) => None,
        }
    }

    /// The next text to the right in its row.
    pub(crate) fn right(&self) -> Option<Self> {
        let columns = self.sheet.rows.get(self.row)?.cells.range(self.column + 1..);
        columns.into_iter().find_map(|(column, _)| Self::at(self.sheet, self.row, *column))
    }

    /// The text right below.
    pub(crate) fn below(&self) -> Option<Self> {
        let number = |row: usize| self.sheet.rows.get(row).map(|row| row.number);
        let next = number(self.row).and_then(|number| number.checked_add(1));
        if number(self.row + 1) == next { Self::at(self.sheet, self.row + 1, self.column) } else { None }
    }

    /// The text of its row in the column of another.
    pub(crate) fn in_column_of(&self, other: &Self) -> Option<Self> {
        Self::at(self.sheet, self.row, other.column)
    }

    /// Where it stands.
    pub(crate) fn address(&self) -> String {
        let number = self.sheet.rows.get(self.row).map_or(0, |row| row.number);
        address(self.sheet.name.as_deref(), self.column, number)
    }
}
