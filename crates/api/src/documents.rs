//! Documents that are known by an id: trusted ones, from manifests that the build of a front end writes, and persisted ones,
//! which callers may leave here while trust is not enforced.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use jixiao_rules::message::Message;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::config::{Config, Trust};
use crate::graphql::error::{ApiError, Result};

/// How a request names its document.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Its text.
    pub text: Option<String>,
    /// Its id in a manifest: `documentId`.
    pub id: Option<String>,
    /// SHA-256 of its text, in hexadecimal digits: `extensions.persistedQuery.sha256Hash`.
    pub hash: Option<String>,
}

/// A document that may be executed.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its text.
    pub text: Arc<str>,
    /// Whether a manifest holds it.
    pub trusted: bool,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<[u8; 32], Arc<str>> for ByBytes {
    fn weight(&self, _: &[u8; 32], text: &Arc<str>) -> u64 {
        u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(64)
    }
}

/// The documents that are known.
pub struct Documents {
    trust: Trust,
    by_id: HashMap<String, Arc<str>>,
    hashes: HashSet<[u8; 32]>,
    persisted: Cache<[u8; 32], Arc<str>, ByBytes>,
}

/// What a manifest can look like.
#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    /// As Apollo writes it.
    Apollo { operations: Vec<ApolloOperation> },
    /// As Relay, graphql-codegen and urql's tools write it: texts by their ids.
    Texts(HashMap<String, String>),
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl Documents {
    /// Reads the manifests.
    ///
    /// # Errors
    /// When a file cannot be read, is no manifest, or gives an id to another text; and when trust is enforced without any
    /// document.
    pub fn load(config: &Config) -> anyhow::Result<Self> {
        let mut documents = Self {
            trust: config.trusted_documents,
            by_id: HashMap::new(),
            hashes: HashSet::new(),
            persisted: Cache::with_weighter(1_000, config.persisted_documents_bytes, ByBytes),
        };
        for path in &config.trusted_documents_files {
            documents.read(path).with_context(|| format!("trusted_documents_files: {}", path.display()))?;
        }
        ensure!(
            documents.trust != Trust::Enforce || !documents.by_id.is_empty(),
            "trusted_documents = enforce needs trusted_documents_files with at least one document"
        );
        Ok(documents)
    }

    fn read(&mut self, path: &Path) -> anyhow::Result<()> {
        let texts = match serde_json::from_str(&std::fs::read_to_string(path)?)? {
            Manifest::Apollo { operations } => operations.into_iter().map(|one| (one.id, one.body)).collect(),
            Manifest::Texts(texts) => texts,
        };
        for (id, text) in texts {
            let text: Arc<str> = text.into();
            self.hashes.insert(Sha256::digest(text.as_bytes()).into());
            match self.by_id.insert(id, Arc::clone(&text)) {
                Some(other) if other != text => bail!("an id has two texts"),
                _ => {}
            }
        }
        Ok(())
    }

    /// The document that a request names.
    ///
    /// # Errors
    /// `UnknownDocument`, `UntrustedDocument`, or `BadRequest` when text and hash do not belong together.
    pub fn find(&self, named: &Named) -> Result<Found> {
        let asked_hash =
            match &named.hash {
                None => None,
                Some(text) => Some(digits(text).ok_or_else(|| {
                    bad("sha256Hash 须为 64 位十六进制数字", "sha256Hash must be 64 hexadecimal digits")
                })?),
            };
        if let Some(text) = &named.text {
            return self.of_text(text, asked_hash);
        }
        // The specification has ids with the name of the hash before it; manifests have them without.
        let id = named.id.as_deref().map(|id| id.strip_prefix("sha256:").unwrap_or(id));
        if let Some(text) = id.or(named.hash.as_deref()).and_then(|id| self.by_id.get(id)) {
            return Ok(Found { text: Arc::clone(text), trusted: true });
        }
        let kept = asked_hash.filter(|_| self.trust != Trust::Enforce).and_then(|hash| self.persisted.get(&hash));
        kept.map(|text| Found { text, trusted: false }).ok_or(ApiError::UnknownDocument)
    }

    fn of_text(&self, text: &str, asked_hash: Option<[u8; 32]>) -> Result<Found> {
        // Without manifests and hashes nothing is to be known of a text.
        if self.hashes.is_empty() && asked_hash.is_none() {
            return Ok(Found { text: text.into(), trusted: false });
        }
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        if asked_hash.is_some_and(|asked| asked != hash) {
            return Err(bad("sha256Hash 与 query 不符", "sha256Hash is not that of query"));
        }
        let trusted = self.hashes.contains(&hash);
        if !trusted && self.trust == Trust::Enforce {
            return Err(ApiError::UntrustedDocument);
        }
        let text: Arc<str> = text.into();
        if asked_hash.is_some() && !trusted {
            self.persisted.insert(hash, Arc::clone(&text));
        }
        Ok(Found { text, trusted })
    }

    /// Whether the log should tell that a document is not trusted.
    #[must_use]
    pub fn logs(&self, trusted: bool) -> bool {
        self.trust == Trust::Log && !trusted
    }
}

fn bad(zh: &str, en: &str) -> ApiError {
    ApiError::BadRequest(Message::new(zh, en))
}

/// 32 bytes from their hexadecimal digits.
fn digits(text: &str) -> Option<[u8; 32]> {
    let plain = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2).filter(|_| plain)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "{ viewer { id } }";
    const OTHER: &str = "{ viewer { username } }";

    fn hash(text: &str) -> String {
        jixiao_service::audit::sha256(text.as_bytes())
    }

    fn documents(trust: Trust, manifests: &[String]) -> anyhow::Result<Documents> {
        let directory = tempfile::tempdir()?;
        let mut files = Vec::new();
        for (index, text) in manifests.iter().enumerate() {
            let path = directory.path().join(format!("{index}.json"));
            std::fs::write(&path, text)?;
            files.push(path);
        }
        Documents::load(&Config { trusted_documents: trust, trusted_documents_files: files, ..Config::default() })
    }

    fn by_text(text: &str) -> Named {
        Named { text: Some(text.to_owned()), ..Named::default() }
    }

    fn by_hash(text: &str) -> Named {
        Named { hash: Some(hash(text)), ..Named::default() }
    }

    #[test]
    fn manifests_of_every_tool() {
        let texts = format!(r#"{{ "{}": "{QUERY}" }}"#, hash(QUERY));
        let relay = format!(r#"{{ "0123456789abcdef0123456789abcdef": "{QUERY}" }}"#);
        let apollo = format!(
            r#"{{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [{{ "id": "a1", "name": "Q", "type": "query", "body": "{QUERY}" }}] }}"#
        );
        let documents = documents(Trust::Enforce, &[texts, relay, apollo]).expect("loads");
        for id in ["0123456789abcdef0123456789abcdef", "a1", &hash(QUERY), &format!("sha256:{}", hash(QUERY))] {
            let found = documents.find(&Named { id: Some(id.to_owned()), ..Named::default() }).expect(id);
            assert!(&*found.text == QUERY && found.trusted);
        }
        // urql and Apollo name the hash where a persisted query has it.
        assert!(documents.find(&by_hash(QUERY)).expect("by hash").trusted);
        assert!(documents.find(&by_text(QUERY)).expect("by text").trusted);
        assert!(matches!(documents.find(&by_text(OTHER)), Err(ApiError::UntrustedDocument)));
        assert!(matches!(documents.find(&by_hash(OTHER)), Err(ApiError::UnknownDocument)));
        let both = Named { text: Some(OTHER.to_owned()), hash: Some(hash(OTHER)), id: None };
        assert!(matches!(documents.find(&both), Err(ApiError::UntrustedDocument)), "nothing is left here");
    }

    #[test]
    fn callers_may_leave_a_document_here() {
        let documents = documents(Trust::Off, &[]).expect("loads");
        assert!(matches!(documents.find(&by_hash(QUERY)), Err(ApiError::UnknownDocument)));
        let wrong = Named { text: Some(OTHER.to_owned()), hash: Some(hash(QUERY)), id: None };
        assert!(matches!(documents.find(&wrong), Err(ApiError::BadRequest(_))));
        let right = Named { text: Some(QUERY.to_owned()), hash: Some(hash(QUERY)), id: None };
        assert!(!documents.find(&right).expect("left").trusted);
        assert_eq!(&*documents.find(&by_hash(QUERY)).expect("found").text, QUERY);
        let odd = Named { hash: Some("é".repeat(32)), ..Named::default() };
        assert!(matches!(documents.find(&odd), Err(ApiError::BadRequest(_))));
    }

    #[test]
    fn what_is_no_manifest_stops_the_start() {
        assert!(documents(Trust::Enforce, &[]).is_err(), "nothing would be answered");
        assert!(documents(Trust::Off, &["[]".to_owned()]).is_err());
        let twice = [QUERY, OTHER].map(|text| format!(r#"{{ "x": "{text}" }}"#));
        assert!(documents(Trust::Off, &twice).is_err());
    }
}
