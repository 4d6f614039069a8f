//! Refuses a document that would cost too much, before anything costs: first by looking at its bytes (deep nesting overflows
//! the parser's stack and ends the process), then by the shape of what was parsed (fragments that double make validation
//! exponential). One function, the same for every transport.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;

use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit, Result};

mod scan;
mod shape;
#[cfg(test)]
mod tests;

pub use scan::json_nesting;

/// Parses a document that is within all limits.
///
/// # Errors
/// `Limit`, `Syntax`, or `InvalidDocument` for fragments that spread themselves.
pub fn parse(text: &str, limits: &Limits) -> Result<ExecutableDocument> {
    within("maxDocumentBytes", limits.max_document_bytes, text.len())?;
    scan::document(text.as_bytes(), limits)?;
    let document = parse_query(text).map_err(refused)?;
    shape::check(&document, limits)?;
    Ok(document)
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

fn within(limit: &'static str, maximum: u64, asked: usize) -> Result<()> {
    let asked = u64::try_from(asked).unwrap_or(u64::MAX);
    if asked <= maximum { Ok(()) } else { Err(over(limit, maximum, Some(asked))) }
}

fn over(limit: &'static str, maximum: u64, requested: Option<u64>) -> ApiError {
    ApiError::Limit(OverLimit { limit, maximum, requested })
}
