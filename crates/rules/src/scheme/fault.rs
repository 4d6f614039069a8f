//! Faults of a scheme document: where they lie, and what they are called in both languages.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SchemeError;
use super::number::HALVES;
use crate::message::Message;

/// A contradiction inside a scheme that parsed: the path of the culprit and the reason.
pub(super) struct Fault {
    path: Vec<String>,
    message: Message,
}

impl Fault {
    /// `path` is dotted; list indexes are numbers from 0.
    pub(super) fn new(path: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: path.split('.').map(str::to_owned).collect(), message: Message::new(zh, en) }
    }

    /// Finds its line: the deepest part of the path that the document holds.
    pub(super) fn locate(self, document: &str) -> SchemeError {
        let start = DeTable::parse(document).map_or(0, |table| offset(table.get_ref(), &self.path).unwrap_or(0));
        let path = self.path.join(".");
        let message = Message::new(format!("{path}：{}", self.message.zh), format!("{path}: {}", self.message.en));
        SchemeError { line: line(document, start), message }
    }
}

/// Byte offset of the deepest part of `path` below `table`.
fn offset(table: &DeTable<'_>, path: &[String]) -> Option<usize> {
    let (head, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == head.as_str())?;
    Some(below(value, rest).unwrap_or(key.span().start))
}

/// The same inside a value; `None` when the path ends here or leads nowhere.
fn below(value: &Spanned<DeValue<'_>>, path: &[String]) -> Option<usize> {
    match value.get_ref() {
        DeValue::Table(table) => offset(table, path),
        DeValue::Array(items) => {
            let (index, rest) = path.split_first()?;
            let item = items.get(index.parse::<usize>().ok()?)?;
            Some(below(item, rest).unwrap_or(item.span().start))
        }
        _ => None,
    }
}

/// Line of a byte offset, from 1.
fn line(document: &str, offset: usize) -> u32 {
    let before = document.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u32::try_from(before + 1).unwrap_or(u32::MAX)
}

/// What the TOML reader or serde refused.
pub(super) fn of_toml(document: &str, error: &toml::de::Error) -> SchemeError {
    let start = error.span().map_or(0, |span| span.start);
    SchemeError { line: line(document, start), message: translated(error.message()) }
}

/// The reader speaks English; its few sentences that a scheme can cause are said in Chinese too.
fn translated(text: &str) -> Message {
    if let Some((zh, en)) = text.split_once(HALVES) {
        return Message::new(zh, en);
    }
    let name = text.split('`').nth(1).unwrap_or_default();
    let zh = if text.starts_with("unknown field") {
        format!("不认识的键 {name}")
    } else if text.starts_with("unknown variant") {
        format!("不认识的取值 {name}，可用的取值见英文说明")
    } else if text.starts_with("missing field") {
        format!("缺少 {name}")
    } else if text.starts_with("invalid type: floating point") || text.starts_with("invalid type: integer") {
        format!("数字 {name} 须写成带引号的十进制文本")
    } else if text.starts_with("invalid type") {
        "取值的类型不对".to_owned()
    } else if text.starts_with("duplicate key") {
        "重复的键".to_owned()
    } else {
        "不是合法的 TOML 文档".to_owned()
    };
    let numeric = text.starts_with("invalid type: floating point") || text.starts_with("invalid type: integer");
    let hint = if numeric { " (write numbers as quoted decimal text)" } else { "" };
    Message::new(zh, format!("{}{hint}", text.trim_end().replace('\n', " ")))
}
