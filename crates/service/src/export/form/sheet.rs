//! A form as it lies on paper: cells over rows and columns. Every cell is text, so no digit is lost and nothing becomes a formula.

/// What a cell is, for its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The title of the form.
    Title,
    /// Any other cell.
    Plain,
}

/// A cell, and how many columns and rows it takes.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) column: u16,
    pub(super) columns: u16,
    pub(super) rows: u32,
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// A form with its cells, row by row.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name, which is the name of the sheet and of the file.
    pub(super) name: &'static str,
    /// Widths of its columns, in characters.
    pub(super) widths: Vec<u16>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str, widths: &[u16]) -> Self {
        Self { name, widths: widths.to_vec(), rows: Vec::new() }
    }

    fn columns(&self) -> u16 {
        u16::try_from(self.widths.len()).unwrap_or(u16::MAX)
    }

    /// A row of one cell, which is the title.
    pub(super) fn title(&mut self, text: &str) {
        let columns = self.columns();
        self.rows.push(vec![Cell { column: 0, columns, rows: 1, text: text.to_owned(), kind: Kind::Title }]);
    }

    /// A row of cells side by side, each with the columns it takes; the last takes what is left when it says 0.
    pub(super) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = (T, u16)>) {
        let mut column = 0;
        let mut row = Vec::new();
        for (text, columns) in cells {
            let columns = if columns == 0 { self.columns().saturating_sub(column).max(1) } else { columns };
            row.push(Cell { column, columns, rows: 1, text: text.into(), kind: Kind::Plain });
            column += columns;
        }
        self.rows.push(row);
    }

    /// What stands once for several rows becomes one cell over all of them: in each of these columns, of the rows from `first` on, a
    /// text and the blank cells below it, as far as the column before it in the list goes on too.
    pub(super) fn merge_down(&mut self, first: usize, columns: &[u16]) {
        let at = |row: &[Cell], column: u16| row.iter().position(|cell| cell.column == column);
        let blank: Vec<Vec<bool>> = self
            .rows
            .iter()
            .map(|row| {
                columns.iter().map(|column| at(row, *column).is_some_and(|cell| row[cell].text.is_empty())).collect()
            })
            .collect();
        for (index, column) in columns.iter().enumerate() {
            let goes_on =
                |row: usize| blank.get(row).is_some_and(|blank| blank[index] && (index == 0 || blank[index - 1]));
            let mut begin = first;
            for row in first + 1..=self.rows.len() {
                if goes_on(row) {
                    continue;
                }
                self.join(begin, row, *column);
                begin = row;
            }
        }
    }

    /// One cell instead of those of the column in these rows, unless the first of them says nothing.
    fn join(&mut self, begin: usize, end: usize, column: u16) {
        let cell = self.rows.get_mut(begin).and_then(|row| row.iter_mut().find(|cell| cell.column == column));
        let Some(cell) = cell.filter(|cell| end > begin + 1 && !cell.text.is_empty()) else { return };
        cell.rows = u32::try_from(end - begin).unwrap_or(1);
        for row in &mut self.rows[begin + 1..end] {
            row.retain(|cell| cell.column != column);
        }
    }
}
