//! What reviews would otherwise have to look for.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn layers_hold() {
    let manifest = |path: &str| fs::read_to_string(root().join(path).join("Cargo.toml")).expect("a manifest");
    for (path, forbidden) in [
        ("crates/rules", &["sea-orm", "tokio", "async-graphql", "jixiao-entity"][..]),
        ("crates/entity", &["async-graphql", "axum", "jixiao-service"][..]),
        ("crates/service", &["async-graphql", "axum", "jixiao-api"][..]),
        ("crates/api", &["sea-orm", "jixiao-entity"][..]),
        ("migrations", &["jixiao-entity", "jixiao-service"][..]),
    ] {
        let text = manifest(path);
        for word in forbidden {
            let depends =
                text.lines().any(|line| line.starts_with(&format!("{word}.")) || line.starts_with(&format!("{word} ")));
            assert!(!depends, "{path} must not depend on {word}");
        }
    }
}

#[test]
fn files_stay_short() {
    let mut found = Vec::new();
    for directory in ["crates", "migrations", "tests"] {
        sources(&root().join(directory), &mut found);
    }
    let long: Vec<String> = found
        .iter()
        .filter_map(|path| {
            let lines = fs::read_to_string(path).expect("a file").lines().count();
            (lines > 500).then(|| format!("{lines} {}", path.display()))
        })
        .collect();
    assert_eq!(long, Vec::<String>::new());
}
