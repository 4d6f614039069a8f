//! The notices of an import: their codes, and the list that is filled while reading.

use super::Notice;
use crate::kind::Severity;
use crate::message::Message;

/// Declares the codes with their severity, so that none can be used without being listed (and documented).
macro_rules! codes {
    ($($name:ident = $text:literal, $severity:ident;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Code { $($name,)+ }

        impl Code {
            fn parts(self) -> (&'static str, Severity) {
                match self { $(Self::$name => ($text, Severity::$severity)),+ }
            }
        }

        /// Every code a notice can carry, with its severity.
        pub const NOTICE_CODES: &[(&str, Severity)] = &[$(($text, Severity::$severity)),+];
    };
}

codes! {
    Empty = "EMPTY", Error;
    TooLarge = "TOO_LARGE", Error;
    TooManyRows = "TOO_MANY_ROWS", Error;
    TooManyColumns = "TOO_MANY_COLUMNS", Error;
    CellTooLong = "CELL_TOO_LONG", Error;
    TooManyTasks = "TOO_MANY_TASKS", Error;
    TooManyIndicators = "TOO_MANY_INDICATORS", Error;
    BinaryContent = "BINARY_CONTENT", Error;
    NotTheForm = "NOT_THE_FORM", Error;
    WrongForm = "WRONG_FORM", Error;
    UnsupportedLayout = "UNSUPPORTED_LAYOUT", Error;
    DepartmentMissing = "DEPARTMENT_MISSING", Error;
    ContentMissing = "CONTENT_MISSING", Error;
    TwoDepartmentNames = "TWO_DEPARTMENT_NAMES", Error;
    ConflictingValues = "CONFLICTING_VALUES", Error;
    NegativeAmount = "NEGATIVE_AMOUNT", Error;
    TooManyDecimals = "TOO_MANY_DECIMALS", Error;
    AmountTooLarge = "AMOUNT_TOO_LARGE", Error;
    NegativeCount = "NEGATIVE_COUNT", Error;
    ValueLost = "VALUE_LOST", Warning;
    RowUnclear = "ROW_UNCLEAR", Warning;
    IndicatorWithoutName = "INDICATOR_WITHOUT_NAME", Warning;
    TaskWithoutName = "TASK_WITHOUT_NAME", Warning;
    UnknownLevel1 = "UNKNOWN_LEVEL1", Warning;
    Level1Missing = "LEVEL1_MISSING", Warning;
    DuplicateIndicator = "DUPLICATE_INDICATOR", Warning;
    AmountNotANumber = "AMOUNT_NOT_A_NUMBER", Warning;
    CountNotANumber = "COUNT_NOT_A_NUMBER", Warning;
    WeightNotANumber = "WEIGHT_NOT_A_NUMBER", Warning;
    UnitAssumed = "UNIT_ASSUMED", Warning;
    TotalDiffers = "TOTAL_DIFFERS", Warning;
    RowShifted = "ROW_SHIFTED", Notice;
    UnknownLevel2 = "UNKNOWN_LEVEL2", Notice;
    LevelAlias = "LEVEL_ALIAS", Notice;
    LevelLabelMoved = "LEVEL_LABEL_MOVED", Notice;
    LevelMismatch = "LEVEL_MISMATCH", Notice;
    UnitConverted = "UNIT_CONVERTED", Notice;
    TotalChecked = "TOTAL_CHECKED", Notice;
    MarkupRemoved = "MARKUP_REMOVED", Notice;
    ControlCharactersRemoved = "CONTROL_CHARACTERS_REMOVED", Notice;
    Encoding = "ENCODING", Notice;
    ColumnIgnored = "COLUMN_IGNORED", Notice;
    RowIgnored = "ROW_IGNORED", Notice;
}

/// Where something was noticed: line and column from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    row: Option<u32>,
    column: Option<u32>,
}

impl Place {
    /// The form as a whole.
    pub(super) const FORM: Self = Self { row: None, column: None };

    /// A whole row.
    pub(super) fn row(line: u32) -> Self {
        Self { row: Some(line), column: None }
    }

    /// A cell, its column counted from 0.
    pub(super) fn cell(line: u32, index: usize) -> Self {
        Self { row: Some(line), column: u32::try_from(index).ok().and_then(|index| index.checked_add(1)) }
    }
}

/// Notices in the order in which they arise.
#[derive(Debug, Default)]
pub(super) struct Notices(Vec<Notice>);

impl Notices {
    /// Adds a notice.
    pub(super) fn add(&mut self, code: Code, place: Place, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(notice(code, place, zh, en));
    }

    /// Whether one of them forbids the import.
    pub(super) fn failed(&self) -> bool {
        self.0.iter().any(|notice| notice.severity == Severity::Error)
    }

    /// `Err` with the errors alone when there are any, otherwise all notices in order of rows.
    pub(super) fn finish(mut self) -> Result<Vec<Notice>, Vec<Notice>> {
        self.0.sort_by_key(|notice| notice.row);
        if self.failed() {
            self.0.retain(|notice| notice.severity == Severity::Error);
            return Err(self.0);
        }
        Ok(self.0)
    }
}

/// One notice.
pub(super) fn notice(code: Code, place: Place, zh: impl Into<String>, en: impl Into<String>) -> Notice {
    let (code, severity) = code.parts();
    Notice { severity, code: code.to_owned(), row: place.row, column: place.column, message: Message::new(zh, en) }
}

/// The beginning of a cell, for messages.
pub(super) fn excerpt(text: &str) -> String {
    const CHARS: usize = 30;
    let mut line: String = text.chars().take(CHARS).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.chars().nth(CHARS).is_some() {
        line.push('…');
    }
    line
}
