//! `jixiao assess` against `tests/verifier`, a program in another language that shares no code with this one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn verifier() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verifier")
}

#[expect(clippy::disallowed_methods, reason = "the runner says by the environment how much to do")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Runs python3; `None`, loudly, where there is none. CI must not go without.
fn python(arguments: &[&str]) -> Option<Output> {
    let run =
        Command::new("python3").args(arguments).current_dir(verifier()).env("PYTHONDONTWRITEBYTECODE", "1").output();
    match run {
        Ok(output) => Some(output),
        Err(error) => {
            assert_ne!(variable("CI").as_deref(), Some("true"), "python3: {error}");
            eprintln!("== SKIPPED: no python3 ({error}); nothing was verified independently ==");
            None
        }
    }
}

fn passes(arguments: &[&str]) {
    let Some(output) = python(arguments) else { return };
    let (told, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {told}\n{faults}");
    print!("{told}");
}

#[test]
fn the_verifier_finds_what_was_altered() {
    passes(&["-m", "unittest", "--quiet", "test_verifier"]);
}

#[test]
fn generated_indicators_under_every_scheme() {
    let rows = variable("JIXIAO_VERIFIER_ROWS").unwrap_or_else(|| "1120".into());
    let pairs = variable("JIXIAO_VERIFIER_PAIRS").unwrap_or_else(|| "132".into());
    let jobs = variable("JIXIAO_VERIFIER_JOBS").unwrap_or_else(|| "2".into());
    let binary = env!("CARGO_BIN_EXE_jixiao");
    passes(&[".", "generated", "--binary", binary, "--rows", &rows, "--pairs", &pairs, "--jobs", &jobs]);
}

#[test]
fn the_indicators_of_real_forms() {
    let binary = env!("CARGO_BIN_EXE_jixiao");
    for scheme in ["CN-2020", "CN-2021-COST", "EXECUTION-20", "GRADES-80-70-60", "CAPPED", "LIGHTS-BY-MONTH"] {
        let table = [".", "table", "../fixtures/indicators.tsv", "--binary", binary, "--scheme", scheme];
        passes(&table);
        passes(&[&table[..], &["--months", "7"]].concat());
    }
}
