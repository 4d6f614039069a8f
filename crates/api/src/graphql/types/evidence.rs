//! Evidence files.

use async_graphql::{ID, Object};
use jixiao_service::declaration;
use jixiao_service::id::Timestamp;

use crate::graphql::id::{NodeKind, encode};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::types::viewer::Person;

/// 佐证材料文件。 — An evidence file.
#[derive(Clone, Debug)]
pub struct Evidence {
    file: declaration::Evidence,
    removed_at: Option<Timestamp>,
}

impl Evidence {
    /// A file in force.
    #[must_use]
    pub fn in_force(file: declaration::Evidence) -> Self {
        Self { file, removed_at: None }
    }

    /// A file found by its id.
    #[must_use]
    pub fn found(found: jixiao_service::evidence::Found) -> Self {
        Self { file: found.evidence, removed_at: found.removed_at }
    }
}

/// 佐证材料文件。 — An evidence file.
#[Object]
impl Evidence {
    /// 全局标识。 — Global id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Evidence, self.file.id.0)
    }
    /// What is known of the file.
    #[graphql(flatten)]
    async fn about(&self) -> EvidenceSnapshot<'_> {
        EvidenceSnapshot(&self.file)
    }
    /// 下载路径，须带访问令牌。 — Path to download it from, with the access token.
    async fn download_path(&self) -> String {
        format!("/evidence/{}", encode(NodeKind::Evidence, self.file.id.0).0)
    }
    /// 移除时间；有效时为空。 — When it was removed; null while it is in force.
    async fn removed_at(&self) -> Option<DateTime> {
        self.removed_at.map(Into::into)
    }
}

/// 某一时点有效的佐证材料；其内容现行的佐证材料亦有。 — An evidence file as it was known at a moment; living ones say the same, and more.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceSnapshot<'a>(pub &'a declaration::Evidence);

/// 某一时点有效的佐证材料。 — An evidence file as it was known at a moment.
#[Object]
impl EvidenceSnapshot<'_> {
    /// 文件名。 — Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    /// 媒体类型，按内容判断。 — Media type, from its content.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }
    /// 内容的SHA-256，十六进制。 — SHA-256 of its content, hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }
    /// 大小，字节。 — Size in bytes.
    async fn size(&self) -> i64 {
        self.0.size
    }
    /// 说明；没有时为空。 — What it shows, in words; null without it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    /// 材料的日期；未给出时为空。 — Date of the document; null when not given.
    async fn issued_on(&self) -> Option<Date> {
        self.0.issued_on.map(Date)
    }
    /// 材料载明的数值，原文；未给出时为空。 — The value it states, verbatim; null when not given.
    async fn stated_value(&self) -> Option<&str> {
        self.0.stated_value.as_deref()
    }
    /// 添加时间。 — When it was added.
    async fn uploaded_at(&self) -> DateTime {
        self.0.uploaded_at.into()
    }
    /// 添加人。 — Who added it.
    async fn uploaded_by(&self) -> Person {
        Person(self.0.uploaded_by.clone())
    }
}
