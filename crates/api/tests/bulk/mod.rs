//! Departments and users from files, as an operator brings a county in.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use super::{Demo, FORM, run};

const DEPARTMENTS: &str = "部门代码,部门名称,区划代码\n440118002,增城区教育局,440118\n440118003,增城区水务局,999999\n\
                           440118004,增城区文化局,440118\n";
const USERS: &str = "登录名,显示名,密码,角色,部门代码,区划代码\njiaoyu,教育局填报人,,单位填报人,440118002,\n\
                     shenji,区审计局,correct-horse-2024,AUDITOR,,440118\nnobody,没有角色,,,440118002,\n";

fn import(directory: &Path, noun: &str, arguments: &[&str], table: &str) -> Output {
    let mut all = vec![noun, "import", "-"];
    all.extend(arguments);
    run(directory, &all, table.as_bytes())
}

fn told(output: &Output) -> (bool, Vec<String>, String) {
    let out = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    (output.status.success(), out, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn departments_and_users_from_files() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let migrated = run(directory, &["migrate"], b"");
    assert!(migrated.status.success(), "{migrated:?}");
    let form = [
        "import",
        "-",
        "--department",
        "440118001",
        "--department-name",
        "广州市增城区民政局",
        "--jurisdiction",
        "440118",
        "--jurisdiction-name",
        "增城区",
        "--year",
        "2024",
    ];
    let made = run(directory, &form, FORM.as_bytes());
    assert!(made.status.success(), "{made:?}");

    // One wrong row, and nothing is written; the cell is named.
    let (ok, out, errors) = told(&import(directory, "department", &[], DEPARTMENTS));
    assert!(!ok && out.is_empty(), "{out:?}");
    assert!(errors.contains("C3"), "{errors}");
    let (ok, out, errors) = told(&import(directory, "department", &["--dry-run", "--valid-rows"], DEPARTMENTS));
    assert!(!ok && out.is_empty() && errors.contains("would import: 2"), "{errors}");
    let (ok, out, errors) = told(&import(directory, "department", &["--valid-rows"], DEPARTMENTS));
    assert!(!ok, "a refused row is told by the exit code too");
    assert_eq!(out, ["440118002", "440118004"], "{errors}");

    let (ok, out, errors) = told(&import(directory, "user", &["--valid-rows"], USERS));
    assert!(!ok && errors.contains("D4"), "{errors}");
    let (name, password) = out[0].split_once('\t').expect("a password that was made");
    assert_eq!((name, out[1].as_str(), out.len()), ("jiaoyu", "shenji\t", 2));

    let service = Demo::start_as(directory, "serve");
    for (name, password, department) in
        [(name, password, json!("440118002")), ("shenji", "correct-horse-2024", json!(null))]
    {
        let query = "mutation($u: String!, $p: String!) { signIn(username: $u, password: $p) {
            viewer { grants { department { code } } } userErrors { code } } }";
        let answer = service.query("", query, &json!({ "u": name, "p": password }));
        let grant = answer.pointer("/data/signIn/viewer/grants/0").unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(grant.pointer("/department/code").cloned().unwrap_or_default(), department, "{answer:#}");
    }
    service.stop();
    let doctor = run(directory, &["doctor"], b"");
    assert!(doctor.status.success(), "{doctor:?}");
}
