//! Importing a form from an uploaded file: the same path as from text, after its bytes are text.

use jixiao_rules::form::{self, Notice};

use super::{Import, Imported, import};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::file::{Content, Staged};

/// Imports a form from a file of at most `limit` bytes; the text of `new` does not matter. Paths begin with `file`.
///
/// # Errors
/// As [`import`]; `LIMIT_EXCEEDED`, and `FORM_REFUSED` for a file that is no text.
pub async fn import_file(
    db: &Db,
    ctx: &Ctx,
    new: Import,
    file: &Staged,
    limit: u64,
) -> (Result<Imported>, Vec<Notice>) {
    if ctx.actor == Actor::Anonymous {
        return (Err(ServiceError::Unauthenticated), Vec::new());
    }
    let (text, notice) = match text(file, limit).await {
        Ok(Ok(decoded)) => (decoded.text, decoded.notice),
        Ok(Err(notices)) => {
            let refused = notices.iter().map(|one| refuse(&one.message.zh, &one.message.en)).collect();
            return (Err(ServiceError::Invalid(refused)), notices);
        }
        Err(error) => return (Err(error), Vec::new()),
    };
    let (mut done, mut notices) = import(db, ctx, &Import { text, ..new }).await;
    notices.extend(notice);
    if let Err(ServiceError::Invalid(violations)) = &mut done {
        for part in violations.iter_mut().filter_map(|violation| violation.field.first_mut()) {
            if part == "text" {
                "file".clone_into(part);
            }
        }
    }
    (done, notices)
}

fn refuse(zh: &str, en: &str) -> Violation {
    Violation::new(UserErrorCode::FormRefused, "file", zh, en)
}

async fn text(file: &Staged, limit: u64) -> Result<Result<form::Decoded, Vec<Notice>>> {
    if file.size > limit {
        let (zh, en) = (format!("申报表不能超过{limit}字节"), format!("a form has at most {limit} bytes"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "file", zh, en));
    }
    // What a text begins with can look like anything; a file that is known to be none is named.
    match file.content().await? {
        Content::Text | Content::Empty | Content::Other(None) => Ok(form::decode(&file.bytes().await?)),
        Content::Known(known) => {
            let zh = format!("这是 {known} 文件; 目前只能导入制表符分隔的文本, 请在表格软件中另存为文本");
            let en = format!("a {known} file: only tab-separated text is imported for now; save it as text");
            Err(refuse(&zh, &en).into())
        }
        Content::Other(Some(media)) => {
            let zh = format!("文件内容是 {media}; 目前只能导入制表符分隔的文本");
            let en = format!("the content is {media}: only tab-separated text is imported for now");
            Err(refuse(&zh, &en).into())
        }
    }
}
