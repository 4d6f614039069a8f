//! Importing a form from an uploaded file: the same path as from text, after its bytes are text. Of a workbook that is the
//! sheet with the form, of a document or web page its tables, every cell where it stands.

use jixiao_rules::form::{self, Form, Notice};

use super::import::{Read, import_read};
use super::{Import, Imported};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::file::{Content, FileType, Staged};
use crate::table;

/// Imports a form from a file of at most `limit` bytes; the text of `new` does not matter. Paths begin with `file`.
///
/// # Errors
/// As [`import`]; `LIMIT_EXCEEDED`, `FILE_REFUSED` for a workbook or document that cannot be read, and `FORM_REFUSED` for a file that is
/// neither text nor a workbook nor a document nor a page.
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
    let (read, noticed) = match parse(file, limit).await {
        Ok(Ok(read)) => read,
        Ok(Err(notices)) => {
            let refused = notices.iter().map(|one| refuse(&one.message.zh, &one.message.en)).collect();
            return (Err(ServiceError::Invalid(refused)), notices);
        }
        Err(error) => return (Err(error), Vec::new()),
    };
    let (mut done, mut notices) = import_read(db, ctx, &new, read).await;
    notices.extend(noticed);
    if let Err(ServiceError::Invalid(violations)) = &mut done {
        for part in violations.iter_mut().filter_map(|violation| violation.field.first_mut()) {
            if part == "text" {
                "file".clone_into(part);
            }
        }
    }
    (done, notices)
}

/// The form in a file of at most `limit` bytes, for who has to know before importing it; `None` when the import would refuse it.
///
/// # Errors
/// When the file cannot be read.
pub async fn form_in(file: &Staged, limit: u64) -> Result<Option<Form>> {
    match parse(file, limit).await {
        Ok(read) => Ok(read.ok().and_then(|(read, _)| read.ok()).map(|parsed| parsed.form)),
        Err(ServiceError::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn refuse(zh: &str, en: &str) -> Violation {
    Violation::new(UserErrorCode::FormRefused, "file", zh, en)
}

/// The form in a file, or why there is none, and what is to be said about the file.
async fn parse(file: &Staged, limit: u64) -> Result<Result<(Read, Vec<Notice>), Vec<Notice>>> {
    if file.size > limit {
        let (zh, en) = (format!("申报表不能超过{limit}字节"), format!("a form has at most {limit} bytes"));
        return Err(ServiceError::invalid(UserErrorCode::LimitExceeded, "file", zh, en));
    }
    // What a text begins with can look like anything; a file that is known to be none is named.
    match file.content().await? {
        Content::Text | Content::Empty | Content::Other(None | Some("text/html")) => {
            let decoded = match form::decode(&file.bytes().await?) {
                Ok(decoded) => decoded,
                Err(notices) => return Ok(Err(notices)),
            };
            let read = match table::page_rows(&decoded.text).await? {
                Some(rows) => form::parse_grid(&rows),
                None => form::parse(&decoded.text),
            };
            Ok(Ok((read, decoded.notice.into_iter().collect())))
        }
        Content::Known(FileType::Xlsx) => {
            let (rows, noticed) = table::form_rows(file, limit).await?;
            Ok(Ok((form::parse_grid(&rows), noticed)))
        }
        Content::Known(FileType::Docx) => Ok(Ok((form::parse_grid(&table::document_rows(file).await?), Vec::new()))),
        Content::Known(known) => {
            let zh = format!("这是 {known} 文件; 只能导入 .xlsx、.docx、网页或制表符分隔的文本, 请另存后再导入");
            let en = format!(
                "a {known} file: .xlsx, .docx, web pages and tab-separated text are imported; save it as one of these"
            );
            Err(refuse(&zh, &en).into())
        }
        Content::Other(Some("application/x-ole-storage")) => Err(refuse(table::LOCKED.0, table::LOCKED.1).into()),
        Content::Other(Some(media)) => {
            let zh = format!("文件内容是 {media}; 只能导入 .xlsx、.docx、网页或制表符分隔的文本");
            let en = format!("the content is {media}: .xlsx, .docx, web pages and tab-separated text are imported");
            Err(refuse(&zh, &en).into())
        }
    }
}
