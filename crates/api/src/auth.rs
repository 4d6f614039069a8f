//! Access tokens: made at sign-in, checked at every request. One algorithm, every claim needed, one clock: ours.

use jixiao_service::id::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::config::Secret;

/// Who issues the tokens, and for whom: tokens of other programs under the same secret are none of ours.
const ISSUER: &str = "jixiao";
const AUDIENCE: &str = "jixiao-api";
/// Seconds that the clocks of two nodes may differ.
const LEEWAY: i64 = 5;
/// Longer than any token we issue.
const MAX_BYTES: usize = 4096;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// A fresh access token.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token itself.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The token is not ours, not whole, or not valid now. Which of these is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadToken;

/// Issues and checks access tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    seconds: i64,
}

impl Tokens {
    /// Tokens under `secret` that live for so many minutes.
    #[must_use]
    pub fn new(secret: &Secret, minutes: u32) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub", "nbf"]);
        // Times are checked in `verify`, against the moment of the request.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            encoding: EncodingKey::from_secret(secret.expose().as_bytes()),
            decoding: DecodingKey::from_secret(secret.expose().as_bytes()),
            validation,
            seconds: i64::from(minutes) * 60,
        }
    }

    /// A token for the user with this key.
    ///
    /// # Errors
    /// When the cryptography fails.
    pub fn issue(&self, user: i64, now: Timestamp) -> anyhow::Result<AccessToken> {
        let iat = seconds(now);
        let exp = iat + self.seconds;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            iat,
            nbf: iat,
            exp,
            jti: format!("{:032x}", rand::random::<u128>()),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(AccessToken { token: Secret::new(token), expires_at: Timestamp(exp * 1_000_000) })
    }

    /// The key of the user whose token this is, and when it ends.
    ///
    /// # Errors
    /// [`BadToken`], whatever is wrong.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<(i64, Timestamp), BadToken> {
        if token.len() > MAX_BYTES {
            return Err(BadToken);
        }
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).map_err(|_| BadToken)?.claims;
        let now = seconds(now);
        let begun = claims.nbf <= now.saturating_add(LEEWAY);
        let ended = claims.exp.saturating_add(LEEWAY) <= now;
        // A token that outlives what we issue was not made by us, secret or not.
        let too_long = claims.exp > now.saturating_add(self.seconds).saturating_add(LEEWAY);
        let user = claims.sub.parse::<i64>().ok().filter(|user| user.to_string() == claims.sub);
        let until = Timestamp(claims.exp.saturating_add(LEEWAY).saturating_mul(1_000_000));
        user.filter(|_| begun && !ended && !too_long).map(|user| (user, until)).ok_or(BadToken)
    }
}

fn seconds(moment: Timestamp) -> i64 {
    moment.0.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    const NOW: Timestamp = Timestamp(1_722_400_000_000_000);
    const KEY: &str = "f3b9c1d27e5a4068b1c2d3e4f5a60718";

    fn tokens() -> Tokens {
        Tokens::new(&Secret::new(KEY), 15)
    }

    fn claims() -> Value {
        let now = seconds(NOW);
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "iat": now, "nbf": now, "exp": now + 900, "jti": "x"})
    }

    fn signed(algorithm: Algorithm, key: &str, claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key.as_bytes())).expect("signs")
    }

    fn changed(name: &str, value: Option<Value>) -> String {
        let mut claims = claims();
        let object = claims.as_object_mut().expect("an object");
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
        signed(Algorithm::HS256, KEY, &claims)
    }

    #[test]
    fn a_token_names_its_user_until_it_ends() {
        let tokens = tokens();
        let access = tokens.issue(7, NOW).expect("issues");
        let token = access.token.expose();
        assert_eq!(tokens.verify(token, NOW), Ok((7, Timestamp(NOW.0 + 905_000_000))));
        assert_eq!(access.expires_at, Timestamp(NOW.0 + 900_000_000));
        assert_eq!(tokens.verify(token, Timestamp(NOW.0 + 899_000_000)).map(|(user, _)| user), Ok(7));
        assert_eq!(tokens.verify(token, Timestamp(NOW.0 + 906_000_000)), Err(BadToken));
        assert_eq!(tokens.verify(token, Timestamp(NOW.0 - 10_000_000)), Err(BadToken));
        assert_ne!(token, tokens.issue(7, NOW).expect("issues").token.expose());
    }

    #[test]
    fn every_claim_is_needed_and_checked() {
        assert!(tokens().verify(&signed(Algorithm::HS256, KEY, &claims()), NOW).is_ok());
        for name in ["iss", "aud", "sub", "iat", "nbf", "exp", "jti"] {
            assert_eq!(tokens().verify(&changed(name, None), NOW), Err(BadToken), "without {name}");
        }
        let now = seconds(NOW);
        for (name, value) in [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("aud", json!(["other"])),
            ("sub", json!("seven")),
            ("sub", json!("+7")),
            ("sub", json!(7)),
            ("exp", json!(now - 60)),
            ("exp", json!(now + 1_000_000)),
            ("exp", json!("later")),
            ("nbf", json!(now + 60)),
        ] {
            assert_eq!(tokens().verify(&changed(name, Some(value.clone())), NOW), Err(BadToken), "{name} {value}");
        }
    }

    #[test]
    fn only_our_algorithm_and_key() {
        let none = |header: Value| {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(&header), part(&claims()))
        };
        for bad in [
            none(json!({"alg": "none", "typ": "JWT"})),
            none(json!({"alg": "NONE"})),
            none(json!({"alg": "RS256"})),
            none(json!({"alg": "HS256"})),
            signed(Algorithm::HS384, KEY, &claims()),
            signed(Algorithm::HS512, KEY, &claims()),
            signed(Algorithm::HS256, "another-key-another-key-another-1", &claims()),
            String::new(),
            "a.b.c".to_owned(),
            "x".repeat(10_000),
        ] {
            assert_eq!(tokens().verify(&bad, NOW), Err(BadToken), "{bad}");
        }
    }

    #[test]
    fn a_changed_token_is_refused() {
        let good = signed(Algorithm::HS256, KEY, &claims());
        for at in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let bad = String::from_utf8(bytes).expect("ascii");
            assert_eq!(tokens().verify(&bad, NOW), Err(BadToken), "changed at {at}");
        }
    }
}
