//! `tests/verifier`, a program in another language that shares no code with the service.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

#[expect(clippy::disallowed_methods, reason = "only the runner knows whether this is CI")]
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// What it says to these arguments and this input, and whether all agrees. `None`, loudly, where there is no python3.
pub(crate) fn verifier(arguments: &[&str], input: &[u8]) -> Option<(String, bool)> {
    let child = Command::new("python3")
        .arg(".")
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            assert!(!in_ci(), "python3: {error}");
            eprintln!("== SKIPPED: no python3 ({error}); nothing was verified independently ==");
            return None;
        }
    };
    child.stdin.take().expect("a pipe").write_all(input).expect("reads all");
    let output = child.wait_with_output().expect("ends");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((told, output.status.success()))
}

/// Fails unless all agrees; gives what was told.
pub(crate) fn agrees(arguments: &[&str]) -> String {
    let Some((told, agrees)) = verifier(arguments, b"") else { return String::new() };
    assert!(agrees, "{arguments:?}: {told}");
    assert!(!told.contains("unit is not known"), "a number that tests/verifier/taken.py does not list: {told}");
    told
}
