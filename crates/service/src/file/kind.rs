//! What a file is: by its content, with which its ending must agree. A renamed program is a program.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, GB18030, UTF_8};
use jixiao_rules::kind::{Vocabulary, vocabulary_words};
use zip::ZipArchive;

use super::name::ending;
use crate::error::{UserErrorCode, Violation};

vocabulary_words! {
    /// A type of file that can be accepted.
    FileType {
        Pdf = "PDF", "PDF文件", "PDF document"; Png = "PNG", "PNG图片", "PNG image"; Jpeg = "JPEG", "JPEG图片", "JPEG image";
        Xlsx = "XLSX", "Excel工作簿", "Excel workbook"; Docx = "DOCX", "Word文档", "Word document"; Csv = "CSV", "CSV表格", "CSV table";
        Txt = "TXT", "文本文件", "plain text"; Zip = "ZIP", "压缩包", "archive";
    }
}

impl FileType {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Csv => "text/csv",
            Self::Txt => "text/plain",
            Self::Zip => "application/zip",
        }
    }

    /// Endings of its names.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Xlsx => &["xlsx"],
            Self::Docx => &["docx"],
            Self::Csv => &["csv"],
            Self::Txt => &["txt"],
            Self::Zip => &["zip"],
        }
    }
}

/// What the content of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// One of the types.
    Known(FileType),
    /// Text in UTF-8, UTF-16 or GB18030, without control characters.
    Text,
    /// Something else; its media type where it is recognised.
    Other(Option<&'static str>),
}

/// Bytes at the beginning that are looked at for a signature.
const HEAD: usize = 8 << 10;

/// Tells the content of a file.
pub(super) fn sniff(file: &mut File) -> io::Result<Content> {
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD.try_into().unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Content::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(container(file));
    }
    if let Some(found) = infer::get(&head) {
        return Ok(match found.mime_type() {
            "application/pdf" => Content::Known(FileType::Pdf),
            "image/png" => Content::Known(FileType::Png),
            "image/jpeg" => Content::Known(FileType::Jpeg),
            other => Content::Other(Some(other)),
        });
    }
    let text = reads_as(file, UTF_8)? || reads_as(file, GB18030)?;
    Ok(if text { Content::Text } else { Content::Other(None) })
}

/// Most bytes read of an archive: enough for the list of its entries and for the one that says what it holds.
const ARCHIVE_BYTES: u64 = 1 << 20;
/// Most bytes of the entry that says what an archive holds.
const TYPES_BYTES: u64 = 256 << 10;

/// What an archive is: an office document says itself which. Those with macros are none of the types.
fn container(file: &mut File) -> Content {
    let Ok(mut archive) = ZipArchive::new(Frugal { file, left: ARCHIVE_BYTES }) else {
        return Content::Other(Some("application/zip"));
    };
    let Ok(entry) = archive.by_name("[Content_Types].xml") else { return Content::Known(FileType::Zip) };
    let mut types = String::new();
    if entry.take(TYPES_BYTES).read_to_string(&mut types).is_err() {
        return Content::Other(Some("application/zip"));
    }
    let main = |kind: &str| types.contains(&format!("application/vnd.openxmlformats-officedocument.{kind}.main+xml"));
    match (main("spreadsheetml.sheet"), main("wordprocessingml.document")) {
        (true, false) => Content::Known(FileType::Xlsx),
        (false, true) => Content::Known(FileType::Docx),
        _ => Content::Other(Some("application/zip")),
    }
}

/// A file of which only so much may be read: an archive with a million entries is not listed in memory.
struct Frugal<'a> {
    file: &'a mut File,
    left: u64,
}

impl Read for Frugal<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read.try_into().unwrap_or(u64::MAX))
            .ok_or_else(|| io::Error::other("an archive with too many entries"))?;
        Ok(read)
    }
}

impl Seek for Frugal<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Whether the whole file is text in this encoding (a byte order mark decides), without control characters.
fn reads_as(file: &mut File, encoding: &'static Encoding) -> io::Result<bool> {
    file.rewind()?;
    let mut decoder = encoding.new_decoder();
    let mut bytes = vec![0; 16 << 10];
    let mut text = String::with_capacity(64 << 10);
    loop {
        let read = file.read(&mut bytes)?;
        let mut rest = bytes.get(..read).unwrap_or_default();
        loop {
            text.clear();
            let (result, used) = decoder.decode_to_string_without_replacement(rest, &mut text, read == 0);
            rest = rest.get(used..).unwrap_or_default();
            if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) {
                return Ok(false);
            }
            match result {
                encoding_rs::DecoderResult::InputEmpty => break,
                encoding_rs::DecoderResult::OutputFull => {}
                encoding_rs::DecoderResult::Malformed(..) => return Ok(false),
            }
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// The type of a file with this (cleaned) name and content, which must be one of those allowed.
pub(crate) fn identify(name: &str, content: Content, allowed: &[FileType], field: &str) -> Result<FileType, Violation> {
    let refuse = |zh: String, en: String| Err(Violation::new(UserErrorCode::FileRefused, field, zh, en));
    let ending = ending(name);
    let found = match content {
        Content::Empty => return refuse("文件是空的".into(), "the file is empty".into()),
        Content::Known(found) => Some(found),
        // Text has no signature: the ending says which of the two; named otherwise, it is refused below for its name.
        Content::Text => {
            [FileType::Csv, FileType::Txt].into_iter().find(|kind| has(*kind, &ending)).or(Some(FileType::Txt))
        }
        Content::Other(_) => None,
    };
    match found.filter(|found| allowed.contains(found)) {
        None => {
            let list = |word: fn(FileType) -> &'static str| allowed.iter().map(|kind| word(*kind)).collect::<Vec<_>>();
            let (zh, en) = (list(Vocabulary::zh).join("、"), list(Vocabulary::as_str).join(", "));
            refuse(format!("按内容不是可接受的文件类型（{zh}）"), format!("by its content it is none of {en}"))
        }
        Some(found) if has(found, &ending) => Ok(found),
        Some(found) => {
            let endings = found.endings().join(", .");
            let zh = format!("文件内容是{}, 扩展名应为 .{endings}", found.zh());
            let en = format!("the content is a {}: its name must end in .{endings}", found.en());
            refuse(zh, en)
        }
    }
}

fn has(kind: FileType, ending: &str) -> bool {
    kind.endings().contains(&ending)
}

#[cfg(test)]
mod tests;
