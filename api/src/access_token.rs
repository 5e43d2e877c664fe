//! Access tokens: JWTs that live a quarter of an hour, and never longer than their session.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use nhip_domain::{Broken, secret::SecretKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a token is good.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// How far the clocks of our own processes may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// No token of ours is longer; longer ones are not worth a look.
const LONGEST: usize = 1_024;
const ISSUER: &str = "nhip";
const AUDIENCE: &str = "nhip-api";
/// RFC 9068's: so that no other JWT signed with the same key passes for an access token.
const TYPE: &str = "at+jwt";
/// What PKCS #8 puts in front of an Ed25519 seed (RFC 8410).
const PKCS8: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// Signs and checks access tokens. The newest key signs; whatever an older one signed is good until it ends.
#[derive(Clone)]
pub struct AccessTokens {
    signing: EncodingKey,
    key_id: String,
    verifying: HashMap<String, DecodingKey>,
    validation: Validation,
}

/// What a genuine token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Who.
    pub user_id: Uuid,
    /// The session that must be alive.
    pub session_id: Uuid,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    /// The session.
    sid: Uuid,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// Derives the key pairs from the installation's secret.
    pub fn new(secret: &SecretKey) -> Result<Self, Broken> {
        let keys: Vec<_> = secret.signing_seeds().map(|seed| SigningKey::from_bytes(&seed)).collect();
        let newest = keys.first().ok_or(Broken::Unreadable("secret key"))?;
        let verifying = |key: &SigningKey| (id_of(key), DecodingKey::from_ed_der(key.verifying_key().as_bytes()));
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked below, by the injected clock.
        validation.validate_exp = false;
        Ok(Self {
            signing: EncodingKey::from_ed_der(&[PKCS8, newest.as_bytes()].concat()),
            key_id: id_of(newest),
            verifying: keys.iter().map(verifying).collect(),
            validation,
        })
    }

    /// A token for a session, and when it ends.
    pub fn issue(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), Broken> {
        let expires_at = DateTime::from_timestamp((now + LIFE).timestamp(), 0).unwrap_or(now);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id,
            sid: session_id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(self.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|_tells_nothing| Broken::Unreadable("access token to sign"))?;
        Ok((token, expires_at))
    }

    /// What the token says, if it is one of ours and good now.
    #[must_use]
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Option<Bearer> {
        if token.len() > LONGEST {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let key = self.verifying.get(header.kid.as_deref()?)?;
        let is_ours = header.typ.as_deref() == Some(TYPE) && header.crit.is_none();
        let data = jsonwebtoken::decode::<Claims>(token, key, &self.validation).ok()?;
        let issued_at = DateTime::from_timestamp(data.claims.iat, 0)?;
        let expires_at = DateTime::from_timestamp(data.claims.exp, 0)?;
        let is_now = issued_at <= now + LEEWAY && now < expires_at + LEEWAY && expires_at - issued_at <= LIFE;
        (is_ours && is_now).then_some(Bearer { user_id: data.claims.sub, session_id: data.claims.sid, expires_at })
    }
}

/// A key's name, which tells nothing about it.
fn id_of(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()).chars().take(12).collect()
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AccessTokens").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use nhip_domain::clock::{Clock, rng};
    use serde_json::{Value, json};

    use super::*;

    fn tokens() -> AccessTokens {
        of(&SecretKey::draw(&mut rng()))
    }

    fn of(keys: &str) -> AccessTokens {
        AccessTokens::new(&SecretKey::new(keys).unwrap()).unwrap()
    }

    fn now() -> DateTime<Utc> {
        Clock::system().now()
    }

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::nil(), "sid": Uuid::nil(),
            "iat": now().timestamp(), "exp": now().timestamp() + 900,
        })
    }

    /// Signs what no issuer of ours would.
    fn forge(tokens: &AccessTokens, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &tokens.signing, Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    }

    fn header(tokens: &AccessTokens) -> Value {
        json!({"alg": "EdDSA", "typ": TYPE, "kid": tokens.key_id})
    }

    fn with(mut value: Value, name: &str, to: Value) -> Value {
        value[name] = to;
        value
    }

    fn without(mut value: Value, name: &str) -> Value {
        value.as_object_mut().unwrap().remove(name);
        value
    }

    #[test]
    fn a_token_says_who_and_which_session() {
        let (tokens, user_id, session_id) = (tokens(), Uuid::from_u128(1), Uuid::from_u128(2));
        let (token, expires_at) = tokens.issue(user_id, session_id, now()).unwrap();
        assert_eq!(tokens.check(&token, now()), Some(Bearer { user_id, session_id, expires_at }));
    }

    #[test]
    fn a_token_ends_after_a_quarter_of_an_hour() {
        let tokens = tokens();
        let (token, _) = tokens.issue(Uuid::nil(), Uuid::nil(), now()).unwrap();
        assert!(tokens.check(&token, now() + TimeDelta::minutes(14)).is_some());
        assert_eq!(tokens.check(&token, now() + TimeDelta::minutes(16)), None);
    }

    #[test]
    fn a_forged_token_that_says_all_it_should_passes_so_that_the_vectors_below_fail_for_their_own_reason() {
        let tokens = tokens();
        assert!(tokens.check(&forge(&tokens, &header(&tokens), &claims()), now()).is_some());
    }

    #[test]
    fn another_installations_token_is_not_taken() {
        let (ours, theirs) = (tokens(), tokens());
        assert_eq!(ours.check(&forge(&theirs, &header(&ours), &claims()), now()), None);
    }

    #[test]
    fn a_replaced_key_verifies_what_it_signed_and_signs_no_more() {
        let old_text = SecretKey::draw(&mut rng());
        let (old, both) = (of(&old_text), of(&SecretKey::replaced(&old_text, &mut rng())));
        let (before, _) = old.issue(Uuid::nil(), Uuid::nil(), now()).unwrap();
        assert!(both.check(&before, now()).is_some());
        let (after, _) = both.issue(Uuid::nil(), Uuid::nil(), now()).unwrap();
        assert!(both.check(&after, now()).is_some());
        assert_eq!(old.check(&after, now()), None);
        let claimed = forge(&old, &with(header(&old), "kid", json!(both.key_id)), &claims());
        assert_eq!(both.check(&claimed, now()), None, "each key signs in its own name alone");
    }

    #[test]
    fn a_token_without_a_signature_is_not_taken() {
        let tokens = tokens();
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!("{}.{}.", part(with(header(&tokens), "alg", json!("none"))), part(claims()));
        assert_eq!(tokens.check(&token, now()), None);
        let signed = forge(&tokens, &header(&tokens), &claims());
        let (message, _) = signed.rsplit_once('.').unwrap();
        assert_eq!(tokens.check(&format!("{message}."), now()), None);
    }

    #[test]
    fn a_token_signed_with_the_public_key_as_a_secret_is_not_taken() {
        let secret = SecretKey::new(&SecretKey::draw(&mut rng())).unwrap();
        let tokens = AccessTokens::new(&secret).unwrap();
        let seed = secret.signing_seeds().next().unwrap();
        let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(tokens.key_id.clone()), ..Header::default() };
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&public)).unwrap();
        assert_eq!(tokens.check(&token, now()), None);
    }

    #[test]
    fn what_the_header_must_say_it_must_say() {
        let tokens = tokens();
        let good = header(&tokens);
        for bad in [
            with(good.clone(), "typ", json!("JWT")),
            without(good.clone(), "typ"),
            with(good.clone(), "kid", json!("0000000000000000")),
            without(good.clone(), "kid"),
            with(good.clone(), "crit", json!(["exp"])),
            with(good.clone(), "alg", json!("HS256")),
        ] {
            assert_eq!(tokens.check(&forge(&tokens, &bad, &claims()), now()), None, "{bad}");
        }
    }

    #[test]
    fn what_the_claims_must_say_they_must_say() {
        let tokens = tokens();
        let (good, iat) = (claims(), now().timestamp());
        let mut bad: Vec<Value> =
            ["iss", "aud", "sub", "sid", "iat", "exp"].iter().map(|name| without(good.clone(), name)).collect();
        bad.extend([
            with(good.clone(), "iss", json!("someone")),
            with(good.clone(), "aud", json!("another-api")),
            with(good.clone(), "sub", json!("\0")),
            with(good.clone(), "sid", json!("")),
            // Expired, issued tomorrow, good for too long, in milliseconds.
            with(with(good.clone(), "iat", json!(iat - 960)), "exp", json!(iat - 60)),
            with(with(good.clone(), "iat", json!(iat + 3_600)), "exp", json!(iat + 4_500)),
            with(good.clone(), "exp", json!(iat + 901)),
            with(good.clone(), "exp", json!((iat + 900) * 1_000)),
            with(good.clone(), "exp", json!(i64::MAX)),
            with(good.clone(), "exp", json!((iat + 900).to_string())),
        ]);
        for bad in bad {
            assert_eq!(tokens.check(&forge(&tokens, &header(&tokens), &bad), now()), None, "{bad}");
        }
    }

    #[test]
    fn garbage_is_not_taken() {
        let tokens = tokens();
        for text in ["", ".", "..", "a.b.c", &"x".repeat(5_000)] {
            assert_eq!(tokens.check(text, now()), None);
        }
    }
}
