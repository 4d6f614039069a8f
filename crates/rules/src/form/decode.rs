//! From the bytes of a file to text: UTF-8, with a byte order mark UTF-16, else GB18030, the encoding of Chinese offices.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::Notice;
use super::notices::{Code, Place, notice};

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// Says from which encoding it was converted; `None` for UTF-8.
    pub notice: Option<Notice>,
}

/// Reads bytes as text. Nothing is replaced: bytes that are no text in any of the encodings are an error.
///
/// # Errors
/// `BINARY_CONTENT`.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Vec<Notice>> {
    let marked = Encoding::for_bom(bytes);
    let candidates = marked.map_or_else(|| vec![(UTF_8, 0), (GB18030, 0)], |found| vec![found]);
    let read = candidates.into_iter().find_map(|(encoding, mark)| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes.get(mark..)?)?;
        Some((encoding, text.into_owned()))
    });
    let Some((encoding, text)) = read else {
        let (zh, en) = ("内容不是 UTF-8 或 GB18030 文本", "the content is text neither in UTF-8 nor in GB18030");
        return Err(vec![notice(Code::BinaryContent, Place::FORM, zh, en)]);
    };
    let converted = || {
        let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
        let (zh, en) = (format!("文件编码为 {name}，已转换"), format!("the file is in {name} and was converted"));
        notice(Code::Encoding, Place::FORM, zh, en)
    };
    Ok(Decoded { text, notice: (encoding != UTF_8).then(converted) })
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    const TEXT: &str = "部门名称\t广州市增城区民政局\r\n";

    fn read(bytes: &[u8]) -> (String, bool) {
        let decoded = decode(bytes).expect("text");
        (decoded.text, decoded.notice.is_some())
    }

    #[test]
    fn offices_encodings() {
        assert_eq!(read(TEXT.as_bytes()), (TEXT.to_owned(), false));
        assert_eq!(read(format!("\u{feff}{TEXT}").as_bytes()), (TEXT.to_owned(), false));
        assert_eq!(read(&GBK.encode(TEXT).0), (TEXT.to_owned(), true));
        let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(TEXT.encode_utf16());
            units.flat_map(bytes).collect()
        };
        assert_eq!(read(&utf16(u16::to_le_bytes)), (TEXT.to_owned(), true));
        assert_eq!(read(&utf16(u16::to_be_bytes)), (TEXT.to_owned(), true));
        assert_eq!(read(b""), (String::new(), false));
    }

    #[test]
    fn what_is_no_text() {
        for bytes in [&b"\x80\xff\xff"[..], b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xff"] {
            let notices = decode(bytes).expect_err("no text");
            assert_eq!(notices[0].code, "BINARY_CONTENT");
        }
    }
}
