//! Strict configuration: compiled-in defaults < `config.toml` < `JIXIAO_*`; unknown keys are refused, values are checked
//! before any socket opens.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use jixiao_service::file::{FileType, Store};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::oidc::OidcConfig;

/// A text that must not be printed: its `Debug` says nothing, it is not `Display`, and serializing it is refused.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Who may ask for the schema itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Introspection {
    /// Everybody.
    Everyone,
    /// Who is signed in.
    SignedIn,
    /// Nobody.
    Nobody,
}

/// What becomes of documents that no manifest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// They are executed.
    Off,
    /// They are executed, and the log says so.
    Log,
    /// They are refused.
    Enforce,
}

/// What a request may ask for. The same over every transport; published as `serviceLimits`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Levels of nested fields. Default 20; the standard introspection query needs 15.
    pub max_depth: u64,
    /// Price of an operation; a list costs its page size times its fields. Default 20000.
    pub max_cost: u64,
    /// Rows in one page. Default 100.
    pub max_page_size: u64,
    /// Rows in a page when neither `first` nor `last` is given. Default 20.
    pub default_page_size: u64,
    /// Aliased fields in one operation, fragments expanded. Default 50.
    pub max_aliases: u64,
    /// Directives in one document. Default 100.
    pub max_directives: u64,
    /// Root fields of one operation. Default 20.
    pub max_root_fields: u64,
    /// Operations in one document. Default 50.
    pub max_operations: u64,
    /// Selections in one document, fragments expanded. Default 3000.
    pub max_selections: u64,
    /// Bytes of a request body. Default 2 MiB.
    pub max_body_bytes: u64,
    /// Bytes of a GraphQL document. Default 64 KiB.
    pub max_document_bytes: u64,
    /// Tokens of a GraphQL document. Default 6000.
    pub max_tokens: u64,
    /// Brackets open at once in a document, or in the variables. Default 50.
    pub max_nesting: u64,
    /// Operations in one batch. Default 10.
    pub max_batch: u64,
    /// Milliseconds for one request, its body included. Default 10000.
    pub timeout_milliseconds: u64,
    /// Bytes of one form to import. Default 4 MiB; over HTTP `max_body_bytes` comes first.
    pub max_import_bytes: u64,
    /// Bytes of one uploaded file. Default 20 MiB.
    pub max_file_bytes: u64,
    /// Bytes of all files of one request. Default 60 MiB.
    pub max_upload_bytes: u64,
    /// Files in one request. Default 10.
    pub max_files: u64,
    /// Milliseconds for a request with files, its body included. Default 300000.
    pub upload_timeout_milliseconds: u64,
    /// Milliseconds for making an audit pack, waiting for others' included. Default 600000.
    pub audit_pack_timeout_milliseconds: u64,
    /// WebSockets and other streams of answers that are open at once. Default 2000.
    pub max_streams: u64,
    /// Operations under way at once on one WebSocket. Default 50.
    pub max_socket_operations: u64,
    /// Changes that wait for a slow subscriber before it is ended. Default 256.
    pub max_waiting_events: u64,
    /// Milliseconds that a WebSocket may stay open without `connection_init`. Default 3000.
    pub connection_init_milliseconds: u64,
    /// Operations of one caller that are under way at once. Default 64.
    pub max_concurrent_operations: u64,
    /// Operations that one caller may begin in a minute, on one node. Default 6000.
    pub operations_per_minute: u32,
    /// Attempts to sign in within a minute from one address, and for one account, on one node. Default 30.
    pub sign_ins_per_minute: u32,
    /// Price of asking for the schema itself (`__schema`, `__type`), each time, beside its fields. Default 2000.
    pub introspection_cost: u64,
    /// Types of evidence files that are accepted, of PDF, PNG, JPEG, XLSX, DOCX, CSV, TXT, ZIP. Default all but ZIP.
    pub evidence_types: Vec<FileType>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 20,
            max_cost: 20_000,
            max_page_size: 100,
            default_page_size: 20,
            max_aliases: 50,
            max_directives: 100,
            max_root_fields: 20,
            max_operations: 50,
            max_selections: 3_000,
            max_body_bytes: 2 << 20,
            max_document_bytes: 64 << 10,
            max_tokens: 6_000,
            max_nesting: 50,
            max_batch: 10,
            timeout_milliseconds: 10_000,
            max_import_bytes: 4 << 20,
            max_file_bytes: 20 << 20,
            max_upload_bytes: 60 << 20,
            max_files: 10,
            upload_timeout_milliseconds: 300_000,
            audit_pack_timeout_milliseconds: 600_000,
            max_streams: 2_000,
            max_socket_operations: 50,
            max_waiting_events: 256,
            connection_init_milliseconds: 3_000,
            max_concurrent_operations: 64,
            operations_per_minute: 6_000,
            sign_ins_per_minute: 30,
            introspection_cost: 2_000,
            evidence_types: vec![
                FileType::Pdf,
                FileType::Png,
                FileType::Jpeg,
                FileType::Xlsx,
                FileType::Docx,
                FileType::Csv,
                FileType::Txt,
            ],
        }
    }
}

impl Limits {
    /// `max_streams` as places of a semaphore.
    #[must_use]
    pub fn places(&self) -> usize {
        usize::try_from(self.max_streams).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
    }

    fn validate(&self) -> anyhow::Result<()> {
        let Self { max_page_size, default_page_size, max_nesting, .. } = *self;
        let all = [
            ("max_depth", self.max_depth),
            ("max_cost", self.max_cost),
            ("max_page_size", max_page_size),
            ("default_page_size", default_page_size),
            ("max_root_fields", self.max_root_fields),
            ("max_operations", self.max_operations),
            ("max_selections", self.max_selections),
            ("max_body_bytes", self.max_body_bytes),
            ("max_document_bytes", self.max_document_bytes),
            ("max_tokens", self.max_tokens),
            ("max_nesting", max_nesting),
            ("max_batch", self.max_batch),
            ("timeout_milliseconds", self.timeout_milliseconds),
            ("max_import_bytes", self.max_import_bytes),
            ("max_file_bytes", self.max_file_bytes),
            ("max_upload_bytes", self.max_upload_bytes),
            ("max_files", self.max_files),
            ("upload_timeout_milliseconds", self.upload_timeout_milliseconds),
            ("audit_pack_timeout_milliseconds", self.audit_pack_timeout_milliseconds),
            ("max_streams", self.max_streams),
            ("max_socket_operations", self.max_socket_operations),
            ("max_waiting_events", self.max_waiting_events),
            ("connection_init_milliseconds", self.connection_init_milliseconds),
            ("max_concurrent_operations", self.max_concurrent_operations),
            ("operations_per_minute", self.operations_per_minute.into()),
            ("sign_ins_per_minute", self.sign_ins_per_minute.into()),
        ];
        for (name, value) in all {
            ensure!(value > 0, "limits.{name} must be at least 1");
        }
        ensure!(default_page_size <= max_page_size, "limits.default_page_size is larger than limits.max_page_size");
        // Page sizes travel as GraphQL Int; the parsers of documents and JSON recurse, and give up at 64 and 128.
        ensure!(i32::try_from(max_page_size).is_ok(), "limits.max_page_size must fit a GraphQL Int");
        ensure!(
            self.max_file_bytes <= self.max_upload_bytes,
            "limits.max_file_bytes is larger than limits.max_upload_bytes"
        );
        ensure!(!self.evidence_types.is_empty(), "limits.evidence_types must name at least one type");
        ensure!(self.max_waiting_events <= 1 << 20, "limits.max_waiting_events must not exceed 1048576");
        ensure!(max_nesting <= 60, "limits.max_nesting must not exceed 60");
        Ok(())
    }
}

/// Everything that can be configured. Each key is also `JIXIAO_KEY`, those of limits `JIXIAO_LIMITS__KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite://PATH` or `postgres://…`. Default `sqlite://./data/jixiao.db`.
    pub database_url: Secret,
    /// Most connections to the database. Default 8.
    pub database_max_connections: u32,
    /// Run pending migrations at start. Default: on SQLite yes, on PostgreSQL no (pending ones stop the start).
    pub migrate: Option<bool>,
    /// Address and port to listen on. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Signs access tokens; at least 32 bytes. Needed on PostgreSQL; on SQLite made and kept beside the database.
    pub jwt_secret: Option<Secret>,
    /// Minutes an access token lives. Default 15.
    pub access_token_minutes: u32,
    /// Days a refresh token lives. Default 14.
    pub refresh_token_days: u32,
    /// An identity provider whose access tokens are accepted beside our own. Default none.
    pub oidc: Option<OidcConfig>,
    /// Where evidence files are kept: `file://FOLDER`, or `s3://BUCKET/PREFIX` with the usual `AWS_*` variables.
    /// Default `file://./data/files`.
    pub files_url: String,
    /// Serve the GraphiQL page to browsers at `/graphql`. Default true.
    pub graphiql: bool,
    /// What whoever reads `/metrics` must send as a bearer token. Default none: whoever reaches it reads it.
    pub metrics_token: Option<Secret>,
    /// What becomes of documents that no manifest holds: `off`, `log` or `enforce`. Default `off`.
    pub trusted_documents: Trust,
    /// Manifests of trusted documents, as the builds of front ends write them. Default none.
    pub trusted_documents_files: Vec<PathBuf>,
    /// Bytes of memory for documents that callers leave here (automatic persisted queries). Default 8 MiB.
    pub persisted_documents_bytes: u64,
    /// Bytes of memory for answers that may be given again; 0 for none. Default 64 MiB.
    pub answer_cache_bytes: u64,
    /// Who may ask for the schema itself: `everyone`, `signed_in` or `nobody`. Default `everyone`.
    pub introspection: Introspection,
    /// Proxies of ours in front of the service, whose `X-Forwarded-For` tells where requests come from. Default 0.
    pub trusted_proxies: u8,
    /// `text` or `json`. Default `text`.
    pub log_format: LogFormat,
    /// Collector that traces are sent to (OTLP over HTTP), such as `http://127.0.0.1:4318`. Default none.
    pub otlp_endpoint: Option<String>,
    /// Which log lines, as `RUST_LOG` has it. Default `info`.
    pub log_filter: String,
    /// Seconds that running requests have to end after a stop signal. Default 20.
    pub shutdown_seconds: u64,
    /// What a request may ask for.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: Secret::new("sqlite://./data/jixiao.db"),
            database_max_connections: 8,
            migrate: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            jwt_secret: None,
            access_token_minutes: 15,
            refresh_token_days: 14,
            oidc: None,
            files_url: "file://./data/files".to_owned(),
            graphiql: true,
            metrics_token: None,
            trusted_documents: Trust::Off,
            trusted_documents_files: Vec::new(),
            persisted_documents_bytes: 8 << 20,
            answer_cache_bytes: 64 << 20,
            introspection: Introspection::Everyone,
            trusted_proxies: 0,
            log_format: LogFormat::Text,
            otlp_endpoint: None,
            log_filter: "info".to_owned(),
            shutdown_seconds: 20,
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// Reads the file named by `JIXIAO_CONFIG`, else `./config.toml` when there is one, then the environment.
    ///
    /// # Errors
    /// On an unknown key, a value of the wrong type, or one that [`Config::validate`] refuses.
    pub fn load() -> anyhow::Result<Self> {
        let named = Env::var("JIXIAO_CONFIG").map(PathBuf::from);
        if let Some(path) = &named {
            ensure!(path.is_file(), "JIXIAO_CONFIG names {}, which is not a file", path.display());
        }
        Self::load_from(&named.unwrap_or_else(|| PathBuf::from("config.toml")))
    }

    /// As [`Config::load`], with the file named; a missing file is an empty one.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_from(path: &Path) -> anyhow::Result<Self> {
        let mut figment = Figment::new().merge(Serialized::default("limits", Limits::default()));
        if path.is_file() {
            figment = figment.merge(Toml::file_exact(path));
        }
        let config: Self = figment
            .merge(Env::prefixed("JIXIAO_").ignore(&["config"]).split("__"))
            .extract()
            .map_err(|error| anyhow::anyhow!("configuration: {error}"))?;
        config.validate()?;
        Ok(config)
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// Names the key that is wrong.
    pub fn validate(&self) -> anyhow::Result<()> {
        let url = self.database_url.expose();
        let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme));
        ensure!(known, "database_url must begin with sqlite:// or postgres://");
        ensure!(self.database_max_connections > 0, "database_max_connections must be at least 1");
        ensure!((1..=1440).contains(&self.access_token_minutes), "access_token_minutes must be 1 to 1440");
        ensure!((1..=365).contains(&self.refresh_token_days), "refresh_token_days must be 1 to 365");
        ensure!(self.shutdown_seconds <= 3600, "shutdown_seconds must not exceed 3600");
        self.limits.validate()?;
        self.oidc.as_ref().map_or(Ok(()), OidcConfig::validate)?;
        match &self.jwt_secret {
            _ if self.is_sqlite() => Ok(()),
            Some(secret) => check_secret(secret.expose()),
            None => {
                bail!("JIXIAO_JWT_SECRET is needed with PostgreSQL: at least 32 random bytes, the same on every node")
            }
        }
    }

    /// Whether the database is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.database_url.expose().starts_with("sqlite:")
    }

    /// The store of files, opened; settings of S3 come from `AWS_*`.
    ///
    /// # Errors
    /// When `files_url` is not understood, or its folder cannot be made.
    pub fn store(&self) -> anyhow::Result<Store> {
        Store::open(&self.files_url, Env::prefixed("AWS_").iter().map(|(key, value)| (key.to_string(), value)))
    }

    /// Whether pending migrations run at start.
    #[must_use]
    pub fn migrates(&self) -> bool {
        self.migrate.unwrap_or_else(|| self.is_sqlite())
    }

    /// The folder of an SQLite database; `None` for PostgreSQL and in-memory databases.
    #[must_use]
    pub fn data_directory(&self) -> Option<PathBuf> {
        let path = self.database_url.expose().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().filter(|path| !path.is_empty() && !path.contains(":memory:"))?;
        let parent = Path::new(path).parent().filter(|parent| !parent.as_os_str().is_empty());
        Some(parent.unwrap_or(Path::new(".")).to_path_buf())
    }

    /// The secret that signs tokens: as configured, else the one kept beside the SQLite database, made at the first start.
    /// The second value names the file when it was made just now, so that the caller can say so.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something unfit.
    pub fn signing_secret(&self) -> anyhow::Result<(Secret, Option<PathBuf>)> {
        if let Some(secret) = &self.jwt_secret {
            return Ok((secret.clone(), None));
        }
        let Some(directory) = self.data_directory() else {
            // Nothing outlives an in-memory database, so its tokens need not either.
            return Ok((random_secret(), None));
        };
        kept_secret(&directory)
    }
}

/// Refuses what is too short or looks like an example: little is left of it without the usual words.
fn check_secret(secret: &str) -> anyhow::Result<()> {
    ensure!(secret.len() >= 32, "JIXIAO_JWT_SECRET has {} bytes; at least 32 are needed", secret.len());
    let mut left: String = secret.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    for word in [
        "changeme", "change", "secret", "password", "example", "default", "insecure", "jixiao", "please", "your", "key",
    ] {
        left = left.replace(word, "");
    }
    let mut seen: Vec<char> = left.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    ensure!(
        left.len() >= 16 && seen.len() >= 8,
        "JIXIAO_JWT_SECRET looks like an example; use random bytes (openssl rand -hex 32)"
    );
    Ok(())
}

fn random_secret() -> Secret {
    let bytes: [u8; 32] = rand::random();
    Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn kept_secret(directory: &Path) -> anyhow::Result<(Secret, Option<PathBuf>)> {
    let path = directory.join("jwt-secret");
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let text = text.trim();
            check_secret(text).with_context(|| format!("{} is not usable", path.display()))?;
            return Ok((Secret::new(text), None));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    }
    let secret = random_secret();
    std::fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
    match write_private(directory, &path, secret.expose()) {
        Ok(()) => Ok((secret, Some(path))),
        // Another process was quicker: its secret holds.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            Ok((Secret::new(text.trim()), None))
        }
        Err(error) => Err(error).with_context(|| format!("writing {}", path.display())),
    }
}

/// Writes whole or not at all, never over another, readable by the owner only.
fn write_private(directory: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;

    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = directory.join(format!(".jwt-secret.{:016x}", rand::random::<u64>()));
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft).or_else(|error| if linked.is_ok() { Err(error) } else { Ok(()) })?;
    linked
}

#[cfg(test)]
mod tests;
