//! People whom an identity provider knows (`OpenID` Connect): its keys, its tokens, and what its claims allow.
//!
//! A token of theirs is an access token for this service: signed with one of the provider's published keys, by an algorithm we
//! chose, for our audience, at this time. Keys are looked up when a token names one that is not known yet, so a rotation needs
//! nobody here; tokens with invented key names cannot make us ask more often than the back-off allows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jixiao_rules::cycle::Role;
use jixiao_service::id::Timestamp;
use jixiao_service::user::{External, NewGrant};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, RwLock};

use crate::auth::BadToken;

/// Longer than tokens are.
const MAX_BYTES: usize = 16 << 10;
/// Times in a minute that keys are looked up.
const LOOKUPS: std::num::NonZeroU32 = std::num::NonZeroU32::new(6).expect("not zero");
/// How long an answer of the provider may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tokens whose bearers are remembered.
const ARRIVALS: usize = 10_000;

/// An identity provider, and what its word counts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// Its address, exactly as it stands in `iss`.
    pub issuer: String,
    /// What must stand in `aud`.
    pub audience: String,
    /// Signatures that are accepted. Default RS256 and ES256; never those with a shared secret.
    #[serde(default = "algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// Seconds that its clock and ours may differ. Default 30.
    #[serde(default = "skew")]
    pub clock_skew_seconds: u32,
    /// Hours that a token may live at most. Default 24.
    #[serde(default = "hours")]
    pub max_token_hours: u32,
    /// Claim with the name for the account. Default `preferred_username`; `sub` where it is missing.
    #[serde(default = "username_claim")]
    pub username_claim: String,
    /// Claim with the name for people. Default `name`; the account's where it is missing.
    #[serde(default = "name_claim")]
    pub name_claim: String,
    /// What claims allow.
    #[serde(default)]
    pub grants: Vec<ClaimGrant>,
}

/// A role for those whose claim has a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimGrant {
    /// The claim: a text, or a list of them.
    pub claim: String,
    /// The value.
    pub value: String,
    /// The role.
    pub role: String,
    /// For the department with this code.
    pub department: Option<String>,
    /// For the jurisdiction with this code and all below it.
    pub jurisdiction: Option<String>,
    /// For each department whose code stands in this claim.
    pub department_claim: Option<String>,
    /// For each jurisdiction whose code stands in this claim.
    pub jurisdiction_claim: Option<String>,
}

fn algorithms() -> Vec<Algorithm> {
    vec![Algorithm::RS256, Algorithm::ES256]
}
fn skew() -> u32 {
    30
}
fn hours() -> u32 {
    24
}
fn username_claim() -> String {
    "preferred_username".to_owned()
}
fn name_claim() -> String {
    "name".to_owned()
}

impl OidcConfig {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// Names what is wrong.
    pub fn validate(&self) -> anyhow::Result<()> {
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        let safe = self.issuer.starts_with("https://") || local.iter().any(|begin| self.issuer.starts_with(begin));
        ensure!(safe, "oidc.issuer must begin with https://");
        ensure!(!self.audience.is_empty(), "oidc.audience must not be empty");
        ensure!(!self.algorithms.is_empty(), "oidc.algorithms must name at least one");
        let shared = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];
        let secret = self.algorithms.iter().find(|algorithm| shared.contains(algorithm));
        ensure!(secret.is_none(), "oidc.algorithms: {secret:?} has a shared secret");
        ensure!(self.clock_skew_seconds <= 300, "oidc.clock_skew_seconds must not exceed 300");
        ensure!((1..=168).contains(&self.max_token_hours), "oidc.max_token_hours must be 1 to 168");
        for grant in &self.grants {
            role(&grant.role)?;
            let places = [&grant.department, &grant.jurisdiction, &grant.department_claim, &grant.jurisdiction_claim];
            let named = places.iter().filter(|place| place.is_some()).count();
            ensure!(named <= 1, "oidc.grants: {} names more than one place", grant.value);
        }
        Ok(())
    }

    /// What somebody with these claims may be.
    fn grants(&self, claims: &Map<String, Value>) -> Vec<NewGrant> {
        let mut found = Vec::new();
        for grant in &self.grants {
            let Ok(role) = role(&grant.role) else { continue };
            if !texts(claims, &grant.claim).contains(&grant.value.as_str()) {
                continue;
            }
            let to = |department_code: Option<&str>, jurisdiction_code: Option<&str>| NewGrant {
                role,
                department_code: department_code.map(str::to_owned),
                jurisdiction_code: jurisdiction_code.map(str::to_owned),
            };
            match (&grant.department_claim, &grant.jurisdiction_claim) {
                (Some(claim), _) => found.extend(texts(claims, claim).into_iter().map(|code| to(Some(code), None))),
                (_, Some(claim)) => found.extend(texts(claims, claim).into_iter().map(|code| to(None, Some(code)))),
                _ => found.push(to(grant.department.as_deref(), grant.jurisdiction.as_deref())),
            }
        }
        found
    }
}

fn role(name: &str) -> anyhow::Result<Role> {
    use jixiao_rules::kind::Vocabulary as _;
    Role::ALL.iter().copied().find(|role| role.as_str() == name).with_context(|| format!("oidc.grants: no role {name}"))
}

/// The texts of a claim: one, or a list of them.
fn texts<'a>(claims: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    match claims.get(name) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

type Keys = HashMap<String, DecodingKey>;

/// A provider whose tokens are accepted.
pub struct Oidc {
    config: OidcConfig,
    client: reqwest::Client,
    keys: RwLock<Arc<Keys>>,
    /// One look at the keys at a time, and not too many.
    lookup: Mutex<DefaultDirectRateLimiter>,
    arrivals: Cache<[u8; 32], (i64, Timestamp)>,
}

impl Oidc {
    /// The provider; nothing is asked of it yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: OidcConfig) -> anyhow::Result<Self> {
        jixiao_service::tls::choose();
        let client =
            reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        let lookup = Mutex::new(RateLimiter::direct(Quota::per_minute(LOOKUPS)));
        Ok(Self { config, client, keys: RwLock::default(), lookup, arrivals: Cache::new(ARRIVALS) })
    }

    /// The key of the user whose token this is, when they have arrived with it before, and when it ends.
    #[must_use]
    pub fn known(&self, token: &str, now: Timestamp) -> Option<(i64, Timestamp)> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        self.arrivals.get(&hash).filter(|(_, until)| until.0 > now.0)
    }

    /// Remembers who arrived with a token.
    pub fn remember(&self, token: &str, user: i64, until: Timestamp) {
        self.arrivals.insert(Sha256::digest(token.as_bytes()).into(), (user, until));
    }

    /// Who it is that comes with this token, and when it ends.
    ///
    /// # Errors
    /// [`BadToken`], whatever is wrong.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<(External, Timestamp), BadToken> {
        if token.len() > MAX_BYTES {
            return Err(BadToken);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| BadToken)?;
        // What is signed otherwise than we chose is not even looked at.
        if !self.config.algorithms.contains(&header.alg) {
            return Err(BadToken);
        }
        let key = self.key(&header.kid.ok_or(BadToken)?).await.ok_or(BadToken)?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked against the moment of the request.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation).map_err(|_| BadToken)?.claims;
        let until = self.until(&claims, now).ok_or(BadToken)?;
        let subject = claims.get("sub").and_then(Value::as_str).filter(|text| (1..=255).contains(&text.len()));
        let subject = subject.ok_or(BadToken)?.to_owned();
        let named = |claim: &str, or: &str| {
            let text = texts(&claims, claim).into_iter().map(str::trim).find(|text| !text.is_empty());
            text.unwrap_or(or).chars().filter(|c| !c.is_control()).take(60).collect::<String>()
        };
        let username = named(&self.config.username_claim, &subject);
        let display_name = named(&self.config.name_claim, &username);
        let grants = self.config.grants(&claims);
        Ok((External { issuer: self.config.issuer.clone(), subject, username, display_name, grants }, until))
    }

    /// When a token ends; `None` when it does not hold now, or would for too long.
    fn until(&self, claims: &Map<String, Value>, now: Timestamp) -> Option<Timestamp> {
        let now = now.0.div_euclid(1_000_000);
        let skew = i64::from(self.config.clock_skew_seconds);
        let number = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(()),
        };
        let exp = number("exp").ok()??;
        let begun = ["nbf", "iat"].iter().all(|name| match number(name) {
            Ok(moment) => moment.is_none_or(|moment| moment <= now.saturating_add(skew)),
            Err(()) => false,
        });
        let longest = now.saturating_add(i64::from(self.config.max_token_hours) * 3_600).saturating_add(skew);
        let until = exp.saturating_add(skew);
        (begun && until > now && exp <= longest).then(|| Timestamp(until.saturating_mul(1_000_000)))
    }

    /// The key with this name; looked up when it is not known.
    async fn key(&self, kid: &str) -> Option<DecodingKey> {
        if let Some(key) = self.keys.read().await.get(kid) {
            return Some(key.clone());
        }
        let lookup = self.lookup.lock().await;
        // Whoever waited for the lock finds what the one before has found.
        if let Some(key) = self.keys.read().await.get(kid) {
            return Some(key.clone());
        }
        if lookup.check().is_err() {
            tracing::warn!("keys of the identity provider are not looked up again so soon");
            return None;
        }
        match self.published().await {
            Ok(keys) => {
                let found = keys.get(kid).cloned();
                *self.keys.write().await = Arc::new(keys);
                found
            }
            Err(error) => {
                // Those that are known go on to hold.
                tracing::warn!(error = format!("{error:#}"), "the keys of the identity provider cannot be read");
                None
            }
        }
    }

    /// The keys that the provider publishes.
    async fn published(&self) -> anyhow::Result<Keys> {
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.client.get(address).send().await?.error_for_status()?.json().await?;
        ensure!(discovery.issuer == self.config.issuer, "it calls itself {}", discovery.issuer);
        let set: JwkSet = self.client.get(discovery.jwks_uri).send().await?.error_for_status()?.json().await?;
        let named = set.keys.iter().filter_map(|key| {
            // Keys of kinds that we do not know are not for us.
            Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?))
        });
        Ok(named.collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(grants: Value) -> OidcConfig {
        let config = json!({ "issuer": "https://id.example", "audience": "jixiao", "grants": grants });
        serde_json::from_value(config).expect("a configuration")
    }

    fn claims(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).expect("claims")
    }

    #[test]
    fn claims_become_grants() {
        let config = config(json!([
            { "claim": "groups", "value": "audit", "role": "AUDITOR", "jurisdiction": "440000" },
            { "claim": "groups", "value": "file", "role": "UNIT_FILER", "department_claim": "units" },
            { "claim": "kind", "value": "root", "role": "ADMIN" },
        ]));
        config.validate().expect("valid");
        let held = |value| config.grants(&claims(value)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(held(json!({ "groups": ["audit", "x"], "units": ["1"] })), ["AUDITOR 440000"]);
        assert_eq!(held(json!({ "groups": "file", "units": ["1", "2"] })), ["UNIT_FILER 1", "UNIT_FILER 2"]);
        assert_eq!(held(json!({ "kind": "root" })), ["ADMIN *"]);
        assert!(held(json!({ "groups": { "audit": true }, "kind": 7 })).is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_the_start() {
        assert!(config(json!([{ "claim": "a", "value": "b", "role": "KING" }])).validate().is_err());
        let two = json!([{ "claim": "a", "value": "b", "role": "AUDITOR", "department": "1", "jurisdiction": "2" }]);
        assert!(config(two).validate().is_err());
        let good = config(json!([]));
        assert!(OidcConfig { issuer: "http://id.example".to_owned(), ..good.clone() }.validate().is_err());
        assert!(OidcConfig { algorithms: vec![Algorithm::RS256, Algorithm::HS256], ..good }.validate().is_err());
    }

    #[test]
    fn a_token_holds_now_and_not_for_too_long() {
        const NOW: i64 = 1_700_000_000;
        let oidc = Oidc::new(config(json!([]))).expect("a client");
        let until =
            |value| oidc.until(&claims(value), Timestamp(NOW * 1_000_000)).map(|until| until.0 / 1_000_000 - NOW);
        assert_eq!(until(json!({ "exp": NOW + 60 })), Some(90));
        assert_eq!(until(json!({ "exp": NOW - 29 })), Some(1));
        assert_eq!(until(json!({ "exp": NOW - 30 })), None);
        assert_eq!(until(json!({ "exp": NOW + 86_401 + 30 })), None, "far in the future");
        assert_eq!(until(json!({ "exp": NOW + 60, "nbf": NOW + 30 })), Some(90));
        assert_eq!(until(json!({ "exp": NOW + 60, "nbf": NOW + 31 })), None);
        assert_eq!(until(json!({ "exp": NOW + 60, "iat": NOW + 3_600 })), None);
        assert_eq!(until(json!({ "exp": NOW + 60, "nbf": "soon" })), None);
        assert_eq!(until(json!({ "exp": "never" })), None);
    }
}
