//! Refuses a document that would cost too much, before anything costs: first by looking at its bytes (deep nesting overflows
//! the parser's stack and ends the process), then by the shape of what was parsed (fragments that double make validation
//! exponential). One function, the same for every transport.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Value, Variables};

use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit, Result};

mod scan;
mod shape;
#[cfg(test)]
mod tests;

pub use scan::json_nesting;

/// A document that is within all limits.
pub struct Parsed {
    /// What was parsed.
    pub document: ExecutableDocument,
    /// How often it asks for the schema itself, fragments expanded.
    pub introspections: u64,
}

/// Parses a document that is within all limits.
///
/// # Errors
/// `Limit`, `Syntax`, or `InvalidDocument` for fragments that spread themselves.
pub fn parse(text: &str, limits: &Limits) -> Result<Parsed> {
    within("maxDocumentBytes", limits.max_document_bytes, text.len())?;
    if text.contains('\0') || text.contains("\\u0000") {
        return Err(nul());
    }
    scan::document(text.as_bytes(), limits)?;
    let document = parse_query(text).map_err(refused)?;
    let introspections = shape::check(&document, limits)?;
    Ok(Parsed { document, introspections })
}

/// The parser quotes the document and names its own rules; the caller gets the place, or a plain sentence.
fn refused(error: async_graphql::parser::Error) -> ApiError {
    use async_graphql::parser::Error;
    use jixiao_rules::message::Message;

    let (zh, en) = match &error {
        Error::MultipleOperations { .. } => ("匿名操作必须单独出现", "an anonymous operation must stand alone"),
        Error::OperationDuplicated { .. } => ("操作名称重复", "two operations have the same name"),
        Error::FragmentDuplicated { .. } => ("片段名称重复", "two fragments have the same name"),
        Error::MissingOperation => ("文档中没有操作", "the document holds no operation"),
        _ => return ApiError::Syntax(error.positions().next()),
    };
    ApiError::InvalidDocument(Message::new(zh, en))
}

/// No text of ours holds a NUL: PostgreSQL cannot keep one, and answers must not depend on the database.
fn nul() -> ApiError {
    ApiError::BadUserInput(jixiao_rules::message::Message::new(
        "文本中不能含有空字符（U+0000）",
        "a text must not hold the character NUL (U+0000)",
    ))
}

/// Refuses variables with a NUL in a text. What stands under `text` in an input object is left to the readers of forms and
/// values, which refuse it too, with its place.
///
/// # Errors
/// `BadUserInput`.
pub fn variables(variables: &Variables) -> Result<()> {
    fn clean(value: &Value) -> bool {
        match value {
            Value::String(text) => !text.contains('\0'),
            Value::List(items) => items.iter().all(clean),
            Value::Object(fields) => fields
                .iter()
                .all(|(name, value)| clean(value) || (name.as_str() == "text" && matches!(value, Value::String(_)))),
            _ => true,
        }
    }
    if variables.values().all(clean) { Ok(()) } else { Err(nul()) }
}

fn within(limit: &'static str, maximum: u64, asked: usize) -> Result<()> {
    let asked = u64::try_from(asked).unwrap_or(u64::MAX);
    if asked <= maximum { Ok(()) } else { Err(over(limit, maximum, Some(asked))) }
}

fn over(limit: &'static str, maximum: u64, requested: Option<u64>) -> ApiError {
    ApiError::Limit(OverLimit { limit, maximum, requested })
}
