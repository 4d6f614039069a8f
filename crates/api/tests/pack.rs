//! `jixiao export audit-pack`: how much memory it takes does not grow with what is in the database.

use std::path::Path;
use std::process::{Command, Stdio};

use jixiao_api::app::{migrate, operator};
use jixiao_sample::country::{Size, make};
use jixiao_sample::generate::{Making, samples};
use jixiao_service::ctx::UserRef;
use jixiao_service::db::{Db, DbConfig};
use jixiao_service::id::UserId;
use jixiao_service::{scheme, user};

/// A database with the declarations of so many counties.
async fn filled(directory: &Path, counties: usize) {
    let url = format!("sqlite://{}/jixiao.db?mode=rwc", directory.display());
    let db = Db::connect(&DbConfig::new(url, 2)).await.expect("connects");
    migrate(&db).await.expect("migrates");
    let person = async |name: &str| {
        let (username, display_name) = (name.to_owned(), name.to_owned());
        let new = user::Create { username, display_name, password: "jixiao-test-2024".to_owned(), grants: Vec::new() };
        user::create(&db, &operator(), &new).await.expect("a user")
    };
    let people: [UserId; 3] = [person("filer").await, person("department").await, person("finance").await];
    let samples = samples();
    let making = Making {
        samples: &samples,
        scheme: scheme::default(db.read()).await.expect("a scheme").reference(),
        filer: UserRef { id: Some(people[0]), display_name: "filer".to_owned() },
        reviewers: [people[1], people[2]],
        now: operator().now,
    };
    let size = Size { provinces: 1, prefectures: 1, counties, departments: 1, years: 3 };
    make(&db, &operator(), &making, size, 1, |_| {}).await.expect("a country");
}

/// Peak memory of the program while it writes a pack, in KiB, and the bytes of documents it wrote.
fn exported(directory: &Path) -> (u64, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .args(["export", "audit-pack", "--out", "pack"])
        .current_dir(directory)
        .env("JIXIAO_DATABASE_URL", format!("sqlite://{}/jixiao.db", directory.display()))
        .env("JIXIAO_FILES_URL", format!("file://{}/files", directory.display()))
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("waits").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        std::thread::yield_now();
    }
    assert!(child.wait().expect("ends").success());
    let documents = std::fs::metadata(directory.join("pack/documents.ndjson")).expect("documents").len();
    (peak, documents)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_does_not_grow_with_the_pack() {
    let mut told = Vec::new();
    for counties in [2, 70] {
        let directory = tempfile::tempdir().expect("a directory");
        filled(directory.path(), counties).await;
        told.push(exported(directory.path()));
    }
    let [(small, few), (large, many)] = told[..] else { panic!("two packs") };
    assert!(many > few + 8_000_000, "{few} and {many} bytes of documents");
    // Whole, the documents alone would take as much again as they have on the disk, and several times that when read.
    let more = large.saturating_sub(small) * 1024;
    assert!(small > 0 && more < (many - few) / 2, "{more} bytes more for {} bytes of documents", many - few);
}
