//! The installation's secret key and what is derived from it: sealed copies at rest, the key that signs access tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use rand::Rng;
use sha2::Sha256;

use crate::error::Broken;

/// The least length of `NHIP_SECRET_KEY`, in bytes.
pub const MIN_KEY_BYTES: usize = 32;
/// In front of every sealed value, for the day the key is rotated.
const SEALED_WITH: u8 = 1;
const NONCE_BYTES: usize = 24;

/// `NHIP_SECRET_KEY`, and the keys derived from it. Never printed.
#[derive(Clone)]
pub struct SecretKey {
    sealing: XChaCha20Poly1305,
    signing: [u8; 32],
}

/// Why a secret key is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too little to be secret.
    #[error("it has {0} bytes, at least {MIN_KEY_BYTES} are needed; `openssl rand -base64 32` makes one")]
    TooShort(usize),
    /// Something that stands in a document somewhere.
    #[error("it is a known example; `openssl rand -base64 32` makes one of your own")]
    Known,
}

impl SecretKey {
    /// Takes a configured key.
    pub fn new(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.len() < MIN_KEY_BYTES {
            return Err(KeyError::TooShort(text.len()));
        }
        if is_known_example(text) {
            return Err(KeyError::Known);
        }
        let keys = Hkdf::<Sha256>::new(Some(b"nhip"), text.as_bytes());
        Ok(Self { sealing: XChaCha20Poly1305::new(&derive(&keys, b"seal").into()), signing: derive(&keys, b"sign") })
    }

    /// Draws the text of a new key.
    #[must_use]
    pub fn draw(rng: &mut impl Rng) -> String {
        let mut bytes = [0; MIN_KEY_BYTES];
        rng.fill_bytes(&mut bytes);
        STANDARD.encode(bytes)
    }

    /// The seed of the Ed25519 key that signs access tokens.
    #[must_use]
    pub fn signing_seed(&self) -> [u8; 32] {
        self.signing
    }

    /// Encrypts `secret`, bound to `owner`: what was sealed for one owner does not open for another.
    pub fn seal(&self, owner: &[u8], secret: &[u8], rng: &mut impl Rng) -> Result<Vec<u8>, Broken> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let sealed = self
            .sealing
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: owner })
            .map_err(|_tells_nothing| Broken::Unreadable("secret to seal"))?;
        Ok([&[SEALED_WITH], nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`SecretKey::seal`] made for the same owner.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        const UNREADABLE: Broken = Broken::Unreadable("sealed secret (was NHIP_SECRET_KEY changed?)");
        let (&[SEALED_WITH], rest) = sealed.split_first_chunk::<1>().ok_or(UNREADABLE)? else {
            return Err(UNREADABLE);
        };
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(UNREADABLE)?;
        self.sealing
            .decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: owner })
            .map_err(|_tells_nothing| UNREADABLE)
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SecretKey(…)")
    }
}

fn derive(keys: &Hkdf<Sha256>, purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    // 32 bytes are always within HKDF-SHA256's 8,160; were they not, a key of zeros would be a defect, so it stops here.
    let expanded = keys.expand(purpose, &mut key);
    debug_assert!(expanded.is_ok());
    key
}

fn is_known_example(text: &str) -> bool {
    let first = text.chars().next();
    text.to_ascii_lowercase().contains("change") || text.contains("secret") || text.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::rng;

    fn key() -> SecretKey {
        SecretKey::new(&SecretKey::draw(&mut rng())).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_and_nobody_else() {
        let key = key();
        let sealed = key.seal(b"workspace 1", b"token", &mut rng()).unwrap();
        assert_eq!(key.open(b"workspace 1", &sealed).unwrap(), b"token");
        assert!(key.open(b"workspace 2", &sealed).is_err());
        assert!(self::key().open(b"workspace 1", &sealed).is_err());
    }

    #[test]
    fn short_and_known_keys_are_refused() {
        assert_eq!(SecretKey::new("short").unwrap_err(), KeyError::TooShort(5));
        assert_eq!(SecretKey::new(&"a".repeat(40)).unwrap_err(), KeyError::Known);
        assert_eq!(SecretKey::new("please-change-me-please-change-me-please").unwrap_err(), KeyError::Known);
    }
}
