use super::*;

const GOOD: &str = "f3b9c1d27e5a4068b1c2d3e4f5a60718";

fn postgres(secret: Option<&str>) -> anyhow::Result<()> {
    Config {
        database_url: Secret::new("postgres://localhost/x"),
        jwt_secret: secret.map(Secret::new),
        ..Config::default()
    }
    .validate()
}

fn from_toml(text: &str) -> anyhow::Result<Config> {
    let directory = tempfile();
    let path = directory.join("config.toml");
    std::fs::write(&path, text)?;
    let config = Config::load_from(&path);
    std::fs::remove_dir_all(&directory)?;
    config
}

fn tempfile() -> PathBuf {
    let directory = std::env::temp_dir().join(format!("jixiao-config-{:016x}", rand::random::<u64>()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    directory
}

#[test]
fn defaults_are_valid() {
    Config::default().validate().expect("defaults are valid");
    assert_eq!(from_toml("").expect("an empty file"), Config::default());
}

#[test]
fn a_file_changes_what_it_names() {
    let config = from_toml("listen = \"0.0.0.0:9000\"\n[limits]\nmax_depth = 5\n").expect("valid");
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.limits, Limits { max_depth: 5, ..Limits::default() });
}

#[test]
fn unknown_keys_and_bad_values_are_refused() {
    for text in [
        "lisen = \"0.0.0.0:9000\"",
        "[limits]\nmax_dept = 5",
        "listen = \"here\"",
        "[limits]\nmax_depth = 0",
        "[limits]\ndefault_page_size = 500",
        "[limits]\nmax_nesting = 1000",
        "database_url = \"mysql://x\"",
        "log_format = \"xml\"",
        "access_token_minutes = 0",
        "[limits]\nmax_file_bytes = 100000000",
        "[limits]\nevidence_types = []",
        "[limits]\nevidence_types = [\"EXE\"]",
    ] {
        assert!(from_toml(text).is_err(), "{text}");
    }
}

#[test]
fn evidence_types_are_a_list() {
    let config = from_toml("[limits]\nevidence_types = [\"PDF\", \"ZIP\"]\n").expect("valid");
    assert_eq!(config.limits.evidence_types, [FileType::Pdf, FileType::Zip]);
}

#[test]
fn postgresql_needs_a_real_secret() {
    assert!(postgres(None).is_err());
    for bad in [
        "short",
        "my-secret-my-secret-my-secret-my-secret",
        "changeme-changeme-changeme-changeme",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "please-change-me-please-change-me!",
        "jixiao-demo-2024-jixiao-demo-2024",
    ] {
        assert!(postgres(Some(bad)).is_err(), "{bad}");
    }
    postgres(Some(GOOD)).expect("random bytes are good");
}

#[test]
fn a_secret_is_made_once_and_kept_private() {
    let directory = tempfile().join("data");
    let url = format!("sqlite://{}/jixiao.db", directory.display());
    let config = Config { database_url: Secret::new(url), ..Config::default() };
    let (made, told) = config.signing_secret().expect("makes a secret");
    let path = told.expect("says where");
    let (kept, told) = config.signing_secret().expect("keeps it");
    assert_eq!((made, None), (kept, told));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(&directory).expect("a folder").count(), 1, "no draft is left behind");
    std::fs::remove_dir_all(&directory).expect("cleans up");
}

#[test]
fn secrets_do_not_show() {
    let config = Config { jwt_secret: Some(Secret::new(GOOD)), ..Config::default() };
    assert!(!format!("{config:?}").contains(GOOD));
}

#[test]
fn where_sqlite_keeps_its_data() {
    let directory = |url: &str| Config { database_url: Secret::new(url), ..Config::default() }.data_directory();
    assert_eq!(directory("sqlite://./data/jixiao.db"), Some(PathBuf::from("./data")));
    assert_eq!(directory("sqlite:///var/lib/jixiao.db?mode=rwc"), Some(PathBuf::from("/var/lib")));
    assert_eq!(directory("sqlite:jixiao.db"), Some(PathBuf::from(".")));
    assert_eq!(directory("sqlite::memory:"), None);
    assert_eq!(directory("postgres://h/x"), None);
}
