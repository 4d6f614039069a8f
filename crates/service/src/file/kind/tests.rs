use std::io::Write;

use zip::write::SimpleFileOptions;

use super::*;

const ALL: &[FileType] = FileType::ALL;

fn content(bytes: &[u8]) -> Content {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("writes");
    file.rewind().expect("rewinds");
    sniff(&mut file).expect("reads")
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).expect("begins");
        archive.write_all(text.as_bytes()).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

fn office(main: &str) -> Vec<u8> {
    let types =
        format!("<Types><Override PartName=\"/main.xml\" ContentType=\"application/{main}.main+xml\"/></Types>");
    archive(&[("_rels/.rels", "<x/>"), ("main.xml", "<x/>"), ("[Content_Types].xml", &types)])
}

fn given(name: &str, bytes: &[u8]) -> Result<FileType, UserErrorCode> {
    identify(name, content(bytes), ALL, "file").map_err(|violation| violation.code)
}

const SHEET: &str = "vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const LETTER: &str = "vnd.openxmlformats-officedocument.wordprocessingml.document";

#[test]
fn by_content() {
    let gbk = encoding_rs::GBK.encode("指标,实际完成值\r\n火化率,99%\r\n").0.into_owned();
    for (name, bytes, expected) in [
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3".to_vec(), FileType::Pdf),
        ("a.PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), FileType::Png),
        ("a.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), FileType::Jpeg),
        ("a.xlsx", office(SHEET), FileType::Xlsx),
        ("a.docx", office(LETTER), FileType::Docx),
        ("a.csv", "指标,值\n火化率,99%\n".as_bytes().to_vec(), FileType::Csv),
        ("a.csv", gbk, FileType::Csv),
        ("a.txt", "\u{feff}说明".as_bytes().to_vec(), FileType::Txt),
        ("a.zip", archive(&[("a.txt", "x")]), FileType::Zip),
    ] {
        assert_eq!(given(name, &bytes), Ok(expected), "{name}");
        assert_eq!(given("a.exe", &bytes), Err(UserErrorCode::FileRefused), "{name} named otherwise");
    }
}

#[test]
fn what_is_refused() {
    let mut program = b"MZ\x90\0\x03\0\0\0\x04".to_vec();
    program.resize(4_096, 0);
    let macros = office("vnd.ms-excel.sheet.macroEnabled");
    for (name, bytes) in [
        ("a.pdf", program.clone()),
        ("a.txt", program),
        ("a.pdf", b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec()),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n".to_vec()),
        ("a.txt", b"<html><script>alert(1)</script></html>".to_vec()),
        ("a.csv", b"a,b\0c".to_vec()),
        ("a.txt", b"\x80\xff\xfe\xff".to_vec()),
        ("a.xlsx", macros),
        ("a.xlsx", office(LETTER)),
        ("a.docx", archive(&[("a.txt", "x")])),
        ("a.xlsx", b"PK\x03\x04 and nothing else".to_vec()),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        ("a.pdf", Vec::new()),
    ] {
        assert_eq!(given(name, &bytes), Err(UserErrorCode::FileRefused), "{name} {:?}", bytes.get(..20));
    }
    let pdf = content(b"%PDF-1.7\n");
    assert!(identify("a.pdf", pdf, &[FileType::Png], "file").is_err(), "not allowed here");
}

#[test]
fn an_archive_that_would_fill_memory_is_not_listed() {
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for number in 0..20_000 {
        archive.start_file(format!("{number:050}"), SimpleFileOptions::default()).expect("begins");
    }
    let bytes = archive.finish().expect("ends").into_inner();
    assert_eq!(content(&bytes), Content::Other(Some("application/zip")));
    let bomb = " ".repeat(50 << 20);
    let types = [("[Content_Types].xml", bomb.as_str())];
    assert_eq!(content(&self::archive(&types)), Content::Other(Some("application/zip")));
}
