//! Files in variables. The multipart transport puts a mark where a file belongs; the file itself travels beside the request.

use std::sync::Arc;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jixiao_rules::message::Message;
use jixiao_service::file::Staged;

use crate::graphql::error::ApiError;

/// The files of one request, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Uploads(pub Arc<Vec<Staged>>);

/// A file of the request, by its position among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload(pub usize);

const MARK: &str = "#upload:";

impl Upload {
    /// What stands in the variables for this file. A client that writes it itself gets no more than its own files.
    #[must_use]
    pub fn mark(self) -> String {
        format!("{MARK}{}", self.0)
    }

    /// The error where there is no such file.
    #[must_use]
    pub fn missing() -> ApiError {
        ApiError::BadUserInput(Message::new(
            "文件须以 multipart/form-data 随请求上传",
            "a file comes with the request as multipart/form-data (graphql-multipart-request-spec)",
        ))
    }
}

/// 随请求上传的文件（graphql-multipart-request-spec），须带请求头 GraphQL-Require-Preflight。 —
/// A file that comes with the request (graphql-multipart-request-spec), which then needs the header GraphQL-Require-Preflight.
#[Scalar(name = "Upload", specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.strip_prefix(MARK).and_then(|number| number.parse().ok()).map(Self),
            _ => None,
        }
        .ok_or_else(|| InputValueError::custom("不是随请求上传的文件 — not a file of a multipart request"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.mark())
    }
}
