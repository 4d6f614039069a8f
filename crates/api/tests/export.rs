//! `jixiao export` as an operator types it.

use std::path::Path;
use std::process::{Command, Output};

fn jixiao(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    command.current_dir(directory).args(arguments).env_remove("JIXIAO_TEST_DATABASE_URL");
    command.output().expect("runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_listing_goes_to_standard_output_or_into_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let form = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");
    let place = ["--department", "440118001", "--department-name", "广州市增城区民政局", "--jurisdiction", "440118"];
    let more = ["--jurisdiction-name", "增城区", "--year", "2024"];
    let import = [&["import", form][..], &place[..], &more[..]].concat();
    let done = jixiao(directory.path(), &import);
    assert!(done.status.success(), "{}", text(&done.stderr));

    let done = jixiao(directory.path(), &["export", "declarations"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let lines = text(&done.stdout);
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].starts_with("\u{feff}区划代码,区划名称,部门代码"), "{lines:?}");
    assert!(lines[1].starts_with("440118,增城区,440118001,广州市增城区民政局,2024,草稿,0,"), "{lines:?}");
    assert_eq!(lines.len(), 2);

    let filter = r#"filter={"fiscalYears":[2023]}"#;
    let done = jixiao(directory.path(), &["export", "declarations", "--arg", filter, "--english"]);
    assert!(text(&done.stdout).starts_with("\u{feff}Jurisdiction code,"), "{}", text(&done.stdout));
    assert_eq!(text(&done.stdout).lines().count(), 1);

    let done = jixiao(directory.path(), &["export", "access-log", "--format", "xlsx", "--output", "log.xlsx"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let book = std::fs::read(directory.path().join("log.xlsx")).expect("the file");
    assert!(book.starts_with(b"PK\x03\x04") && book.windows(8).any(|part| part == b"styles.x"));

    for (arguments, told) in [
        (vec!["export", "nothing"], "unrecognized subcommand"),
        (vec!["export", "audit-trail"], "BAD_USER_INPUT"),
        (vec!["export", "declarations", "--arg", "filter={\"year\":1}"], "BAD_USER_INPUT"),
        (vec!["export", "declarations", "--format", "pdf"], "csv"),
        (vec!["export", "declarations", "--arg", "x"], "NAME=VALUE"),
    ] {
        let done = jixiao(directory.path(), &arguments);
        assert!(!done.status.success() && text(&done.stderr).contains(told), "{arguments:?}: {}", text(&done.stderr));
    }
}
