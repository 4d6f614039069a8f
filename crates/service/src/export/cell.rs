//! What stands in an export: cells, and the columns that make them of a row.

use chrono::{NaiveDate, SecondsFormat};
use jixiao_entity::id::Timestamp;
use jixiao_rules::kind::Vocabulary;
use jixiao_rules::message::Message;
use jixiao_rules::value::{Points, Rate, plain};
use rust_decimal::Decimal;

use crate::ctx::{Lang, UserRef};
use crate::department::Department;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing: what is missing is never 0.
    Empty,
    /// A text, verbatim; it never becomes a formula.
    Text(String),
    /// A number, as canonical decimal text with all its decimals.
    Number(String),
}

impl Cell {
    /// A word of a vocabulary, for people.
    pub(crate) fn word(word: impl Vocabulary, lang: Lang) -> Self {
        Self::Text(if lang == Lang::En { word.en() } else { word.zh() }.to_owned())
    }

    /// The word that a stored code stands for; the code itself when this version does not know it.
    pub(crate) fn code<V: Vocabulary>(code: &str, lang: Lang) -> Self {
        code.parse::<V>().map_or_else(|_| code.into(), |word| Self::word(word, lang))
    }

    /// Yes or no.
    pub(crate) fn yes(is: bool, lang: Lang) -> Self {
        match (is, lang) {
            (true, Lang::Zh) => "是".into(),
            (false, Lang::Zh) => "否".into(),
            (true, Lang::En) => "yes".into(),
            (false, Lang::En) => "no".into(),
        }
    }

    /// A quantity without trailing zeros.
    pub(crate) fn quantity(value: Decimal) -> Self {
        Self::Number(plain(value))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<Points> for Cell {
    fn from(points: Points) -> Self {
        Self::Number(points.to_string())
    }
}

impl From<Rate> for Cell {
    fn from(rate: Rate) -> Self {
        Self::Number(rate.to_string())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        i64::from(number).into()
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Text(day.to_string())
    }
}

impl From<Timestamp> for Cell {
    fn from(at: Timestamp) -> Self {
        Self::Text(at.date_time().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<&UserRef> for Cell {
    fn from(person: &UserRef) -> Self {
        person.display_name.as_str().into()
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A column: its heading, and what it shows of a row.
pub(crate) struct Column<R> {
    /// Heading.
    pub(crate) heading: Message,
    /// Its cell of a row.
    pub(crate) cell: Show<R>,
}

type Show<R> = Box<dyn Fn(&R, Lang) -> Cell + Send + Sync>;

/// A column.
pub(crate) fn column<R>(zh: &str, en: &str, cell: impl Fn(&R, Lang) -> Cell + Send + Sync + 'static) -> Column<R> {
    Column { heading: Message::new(zh, en), cell: Box::new(cell) }
}

/// The columns that say whose a row is.
pub(crate) fn whose<R>(department: impl Fn(&R) -> &Department + Copy + Send + Sync + 'static) -> Vec<Column<R>> {
    vec![
        column("区划代码", "Jurisdiction code", move |row, _| (&department(row).jurisdiction_code).into()),
        column("区划名称", "Jurisdiction", move |row, _| (&department(row).jurisdiction_name).into()),
        column("部门代码", "Department code", move |row, _| (&department(row).code).into()),
        column("部门名称", "Department", move |row, _| (&department(row).name).into()),
    ]
}
