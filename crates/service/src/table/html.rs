//! Tables of a web page as rows of cells, each where it stands: a cell that spans columns or rows is followed by blank ones. Read token
//! by token, without a tree: a page that was made to grow when it is parsed stays as small as it came.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use jixiao_rules::form::Row;

use super::{Grid, MAX_ROWS, MAX_SPAN, refuse};
use crate::error::Violation;

/// Whether a text is a web page with a table rather than a table whose cells hold markup.
pub(super) fn is_page(text: &str) -> bool {
    let lower = |c: char| c.to_ascii_lowercase();
    let begins = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    begins && text.char_indices().any(|(at, c)| c == '<' && text[at..].chars().map(lower).take(6).eq("<table".chars()))
}

/// Reads the tables of a page, one after the other, with an empty line between.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Violation> {
    let sink = Sink(RefCell::new((Reading::new(), Ok(()))));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    // Scripts are told as such, and never run.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let (mut reading, read) = tokenizer.sink.0.into_inner();
    read.and_then(|()| reading.end_row())?;
    Ok(reading.grid.rows)
}

/// Takes the tokens until something is refused.
struct Sink(RefCell<(Reading, Result<(), Violation>)>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let (reading, read) = &mut *self.0.borrow_mut();
        if read.is_err() {
            return TokenSinkResult::Continue;
        }
        match token {
            Token::CharacterTokens(text) => reading.text(&text),
            Token::TagToken(tag) => {
                *read = match tag.kind {
                    TagKind::StartTag => reading.open(&tag),
                    TagKind::EndTag => reading.close(&tag.name),
                };
                if tag.kind == TagKind::StartTag && UNSEEN.contains(&&*tag.name) {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Elements whose content nobody sees.
const UNSEEN: [&str; 3] = ["script", "style", "title"];
/// Elements that end a line.
const BLOCKS: [&str; 9] = ["p", "div", "li", "h1", "h2", "h3", "h4", "tr", "table"];

/// How far the page was read.
struct Reading {
    grid: Grid,
    /// Tables that are open: what stands in a table inside of a cell belongs to the cell.
    tables: u32,
    in_row: bool,
    cell: Option<Open>,
    /// Rows for which the cell of a row above takes each column.
    taken: Vec<u32>,
    unseen: bool,
}

/// A cell that is being read.
#[derive(Default)]
struct Open {
    text: String,
    columns: u32,
    rows: u32,
}

impl Reading {
    fn new() -> Self {
        Self { grid: Grid::new(), tables: 0, in_row: false, cell: None, taken: Vec::new(), unseen: false }
    }

    fn open(&mut self, tag: &Tag) -> Result<(), Violation> {
        let name = &*tag.name;
        self.unseen = UNSEEN.contains(&name);
        match name {
            "table" => {
                self.tables += 1;
                if self.tables == 1 {
                    self.grid.line += 1;
                    self.taken.clear();
                }
            }
            "tr" if self.tables == 1 => {
                self.end_row()?;
                self.begin_row();
            }
            "td" | "th" if self.tables == 1 => {
                self.end_cell()?;
                if !self.in_row {
                    self.begin_row();
                }
                let columns = span(tag, "colspan", MAX_SPAN)?;
                let rows = span(tag, "rowspan", u32::try_from(MAX_ROWS).unwrap_or(u32::MAX))?;
                self.cell = Some(Open { text: String::new(), columns, rows });
            }
            "td" | "th" => self.push(' '),
            "br" => self.push('\n'),
            name if BLOCKS.contains(&name) => self.push('\n'),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Violation> {
        self.unseen = false;
        match name {
            "table" if self.tables == 1 => {
                self.end_row()?;
                self.tables = 0;
            }
            "table" => self.tables = self.tables.saturating_sub(1),
            "td" | "th" if self.tables == 1 => self.end_cell()?,
            "tr" if self.tables == 1 => self.end_row()?,
            name if BLOCKS.contains(&name) => self.push('\n'),
            _ => {}
        }
        Ok(())
    }

    /// White space of the page's own text is a blank, however much of it there is.
    fn text(&mut self, text: &str) {
        let Some(cell) = self.cell.as_mut().filter(|_| !self.unseen) else { return };
        for c in text.chars() {
            let blank = c.is_ascii_whitespace();
            if !(blank && cell.text.ends_with([' ', '\n'])) {
                cell.text.push(if blank { ' ' } else { c });
            }
        }
    }

    fn push(&mut self, c: char) {
        if let Some(cell) = &mut self.cell {
            cell.text.push(c);
        }
    }

    fn begin_row(&mut self) {
        self.grid.line += 1;
        self.in_row = true;
    }

    fn end_cell(&mut self) -> Result<(), Violation> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        self.pass_taken();
        let first = self.grid.cells.len();
        self.grid.lay(cell.text.trim(), cell.columns)?;
        self.taken.resize(self.taken.len().max(self.grid.cells.len()), 0);
        self.taken[first..self.grid.cells.len()].fill(cell.rows - 1);
        Ok(())
    }

    /// Columns that a cell of a row above goes on in are blank.
    fn pass_taken(&mut self) {
        while let Some(rows) = self.taken.get_mut(self.grid.cells.len()).filter(|rows| **rows > 0) {
            *rows -= 1;
            self.grid.cells.push(String::new());
        }
    }

    fn end_row(&mut self) -> Result<(), Violation> {
        self.end_cell()?;
        if !std::mem::take(&mut self.in_row) {
            return Ok(());
        }
        self.pass_taken();
        for rows in self.taken.iter_mut().skip(self.grid.cells.len()) {
            *rows = rows.saturating_sub(1);
        }
        self.grid.end_row()
    }
}

/// How many columns or rows a cell takes: at least one.
fn span(tag: &Tag, name: &str, most: u32) -> Result<u32, Violation> {
    let text = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    let span: u64 = text.and_then(|attribute| attribute.value.trim().parse().ok()).unwrap_or(1);
    match u32::try_from(span) {
        Ok(span) if span <= most => Ok(span.max(1)),
        _ => Err(refuse("单元格跨行或跨列过多", "a cell spans too many rows or columns")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(page: &str) -> Vec<Vec<String>> {
        read(page).expect("a page").into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn every_cell_where_it_stands() {
        let page = "<html><title>x</title><table><tr><th colspan=2>甲<th>乙</tr>\n<tr><td rowspan=3>一<td>\n二  三<br>四\
            <td rowspan=2>五<tr><td>六</td></tr><tr><td>七<table><tr><td>八<td>九</table></td><td><p>十</p>\
            <script>var a='<td>x</td>';</script>&lt;b&gt;</table><p>外<table><TR><TD>另</TD></TABLE>";
        let want: [&[&str]; 5] =
            [&["甲", "", "乙"], &["一", "二 三\n四", "五"], &["", "六", ""], &["", "七\n\n八 九", "十\n<b>"], &["另"]];
        let found = cells(page);
        assert_eq!(found.len(), want.len(), "{found:?}");
        for (found, want) in found.iter().zip(want) {
            let lines = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(
                found.iter().map(|text| lines(text)).collect::<Vec<_>>(),
                want.iter().map(|text| lines(text)).collect::<Vec<_>>()
            );
        }
        assert_eq!(found[1][1], "二 三\n四");
    }

    #[test]
    fn what_is_no_page_is_told_apart() {
        for (text, page) in [
            ("<!DOCTYPE html><TABLE>", true),
            ("\u{feff}\n<table>", true),
            ("<p>部门</p>\t甲", false),
            ("部门名称\t<table>", false),
            ("", false),
        ] {
            assert_eq!(is_page(text), page, "{text}");
        }
    }

    #[test]
    fn what_would_grow_is_refused_or_stays_small() {
        assert!(read("<table><tr><td colspan=100000>x").is_err());
        assert!(read("<table><tr><td rowspan=4000000000>x").is_err());
        assert!(read("<table><tr><td colspan=99999999999999999999999>x").is_ok_and(|rows| rows.len() == 1));
        let nested = "<table><tr><td>".repeat(50_000) + "x";
        assert_eq!(read(&nested).map(|rows| rows.len()), Ok(1));
        let formatted = "<b a=1><i b=2>".repeat(20_000) + "<table><tr><td>x" + &"<p>".repeat(4_000);
        assert_eq!(read(&formatted).map(|rows| rows.len()), Ok(1));
        assert!(read(&("<table>".to_owned() + &"<tr><td>x".repeat(3_000))).is_err());
    }
}
