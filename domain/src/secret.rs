//! The installation's secret key and what is derived from it: sealed copies at rest, the key that signs access tokens.

mod examples;
mod reseal;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use rand::Rng;
use sha2::Sha256;

pub use self::reseal::reseal_all;
use crate::error::Broken;

/// The least length of `NHIP_SECRET_KEY`, in bytes.
pub const MIN_KEY_BYTES: usize = 32;
/// In front of every sealed value: how it is sealed. First came nothing but nonce and text; then, which key opens it stood
/// before them. The first is still read, and sealed anew by a rotation.
const NAMELESS: u8 = 1;
const NAMED: u8 = 2;
const NONCE_BYTES: usize = 24;
const ID_BYTES: usize = 4;

/// What a key is told from others by: says nothing about the key itself.
type KeyId = [u8; ID_BYTES];

/// `NHIP_SECRET_KEY`, and the keys derived from it. Never printed.
///
/// It may be several, newest first: the newest seals and signs, all open and verify, so that a key can be replaced while
/// everything runs.
#[derive(Clone)]
pub struct SecretKey {
    newest: Keys,
    older: Vec<Keys>,
}

#[derive(Clone)]
struct Keys {
    id: KeyId,
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
    /// Takes configured keys: newest first, between them commas or line breaks.
    pub fn new(text: &str) -> Result<Self, KeyError> {
        let mut keys = parts(text).map(Keys::new);
        let newest = keys.next().unwrap_or(Err(KeyError::TooShort(0)))?;
        Ok(Self { newest, older: keys.collect::<Result<_, _>>()? })
    }

    /// Draws the text of a new key.
    #[must_use]
    pub fn draw(rng: &mut impl Rng) -> String {
        let mut bytes = [0; MIN_KEY_BYTES];
        rng.fill_bytes(&mut bytes);
        STANDARD.encode(bytes)
    }

    /// The text of `keys` with a new one in front, of which the second is the newest of before. Older ones are dropped.
    #[must_use]
    pub fn replaced(keys: &str, rng: &mut impl Rng) -> String {
        let new = Self::draw(rng);
        parts(keys).next().map_or_else(|| new.clone(), |newest| format!("{new}\n{newest}"))
    }

    /// Whether it is more than one key.
    #[must_use]
    pub fn has_older(&self) -> bool {
        !self.older.is_empty()
    }

    /// The seeds of the Ed25519 keys of access tokens: the first one signs, all verify.
    pub fn signing_seeds(&self) -> impl Iterator<Item = [u8; 32]> {
        self.all().map(|keys| keys.signing)
    }

    /// Encrypts `secret`, bound to `owner`: what was sealed for one owner does not open for another.
    pub fn seal(&self, owner: &[u8], secret: &[u8], rng: &mut impl Rng) -> Result<Vec<u8>, Broken> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let sealed = self
            .newest
            .sealing
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: owner })
            .map_err(|_tells_nothing| Broken::Unreadable("secret to seal"))?;
        Ok([&[NAMED], self.newest.id.as_slice(), &nonce, &sealed].concat())
    }

    /// Decrypts what [`SecretKey::seal`] made for the same owner.
    ///
    /// [`Broken::SealedByAnotherKey`] where none of these keys made it, as far as it says which did.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        let sealed = Sealed::read(sealed).ok_or(UNREADABLE)?;
        let fits = |keys: &&Keys| sealed.by.is_none_or(|id| keys.id == id);
        if let Some(id) = sealed.by.filter(|_| !self.all().any(|keys| fits(&keys))) {
            let known = self.all().map(|keys| hex::encode(keys.id)).collect::<Vec<_>>().join(", ");
            return Err(Broken::SealedByAnotherKey { id: hex::encode(id), known });
        }
        self.all().filter(fits).find_map(|keys| keys.open(owner, &sealed)).ok_or(UNREADABLE)
    }

    /// The same sealed by the newest key, and naming it; none if it is already.
    pub(crate) fn reseal(&self, owner: &[u8], sealed: &[u8], rng: &mut impl Rng) -> Result<Option<Vec<u8>>, Broken> {
        let secret = self.open(owner, sealed)?;
        let is_by_newest = Sealed::read(sealed).is_some_and(|sealed| sealed.by == Some(self.newest.id));
        if is_by_newest { Ok(None) } else { self.seal(owner, &secret, rng).map(Some) }
    }

    fn all(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

const UNREADABLE: Broken =
    Broken::Unreadable("sealed secret (it is damaged, another's, or older than NHIP_SECRET_KEY's keys)");

/// A sealed value, taken apart.
struct Sealed<'a> {
    /// The key that it names.
    by: Option<KeyId>,
    nonce: [u8; NONCE_BYTES],
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn read(sealed: &'a [u8]) -> Option<Self> {
        let (how, rest) = sealed.split_first()?;
        let (by, rest) = match *how {
            NAMELESS => (None, rest),
            NAMED => rest.split_first_chunk::<ID_BYTES>().map(|(id, rest)| (Some(*id), rest))?,
            _ => return None,
        };
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>()?;
        Some(Self { by, nonce: *nonce, text })
    }
}

impl Keys {
    fn new(text: &str) -> Result<Self, KeyError> {
        if text.len() < MIN_KEY_BYTES {
            return Err(KeyError::TooShort(text.len()));
        }
        if examples::is_known(text) {
            return Err(KeyError::Known);
        }
        let keys = Hkdf::<Sha256>::new(Some(b"nhip"), text.as_bytes());
        Ok(Self {
            id: derive(&keys, b"name"),
            sealing: XChaCha20Poly1305::new(&derive::<32>(&keys, b"seal").into()),
            signing: derive(&keys, b"sign"),
        })
    }

    fn open(&self, owner: &[u8], sealed: &Sealed<'_>) -> Option<Vec<u8>> {
        self.sealing.decrypt(&XNonce::from(sealed.nonce), Payload { msg: sealed.text, aad: owner }).ok()
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SecretKey(…)")
    }
}

fn derive<const BYTES: usize>(keys: &Hkdf<Sha256>, purpose: &[u8]) -> [u8; BYTES] {
    let mut key = [0; BYTES];
    // At most 32 are always within HKDF-SHA256's 8,160; were they not, a key of zeros would be a defect, so it stops here.
    let expanded = keys.expand(purpose, &mut key);
    debug_assert!(expanded.is_ok());
    key
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

    /// As it was sealed before keys were named.
    fn nameless(key: &SecretKey, owner: &[u8], secret: &[u8]) -> Vec<u8> {
        let named = key.seal(owner, secret, &mut rng()).unwrap();
        [&[NAMELESS], &named[1 + ID_BYTES..]].concat()
    }

    #[test]
    fn a_sealed_value_names_its_key_and_an_unknown_one_is_told() {
        let (ours, theirs) = (key(), key());
        let sealed = ours.seal(b"workspace 1", b"token", &mut rng()).unwrap();
        assert_eq!((sealed[0], &sealed[1..=ID_BYTES]), (NAMED, ours.newest.id.as_slice()));
        let problem = theirs.open(b"workspace 1", &sealed).unwrap_err().to_string();
        let (by, known) = (hex::encode(ours.newest.id), hex::encode(theirs.newest.id));
        assert_eq!(
            problem,
            format!("sealed by the key {by}, which is not in NHIP_SECRET_KEY (it has {known}): put it back")
        );
        let damaged = ours.open(b"workspace 1", &sealed[..sealed.len() - 1]).unwrap_err();
        assert!(matches!(damaged, Broken::Unreadable(_)), "{damaged}");
        for torn in [&[][..], &[NAMED], &sealed[..3], &sealed[..ID_BYTES + NONCE_BYTES], &[9; 60]] {
            assert!(ours.open(b"workspace 1", torn).is_err(), "{torn:?}");
        }
    }

    #[test]
    fn what_names_no_key_opens_by_any_and_is_sealed_anew_with_its_name() {
        let text = SecretKey::draw(&mut rng());
        let old = SecretKey::new(&text).unwrap();
        let sealed = nameless(&old, b"workspace 1", b"token");
        let both = SecretKey::new(&SecretKey::replaced(&text, &mut rng())).unwrap();
        for key in [&old, &both] {
            assert_eq!(key.open(b"workspace 1", &sealed).unwrap(), b"token");
            let anew = key.reseal(b"workspace 1", &sealed, &mut rng()).unwrap().unwrap();
            assert_eq!(&anew[1..=ID_BYTES], key.newest.id);
            assert_eq!(key.open(b"workspace 1", &anew).unwrap(), b"token");
        }
        assert!(key().open(b"workspace 1", &sealed).is_err());
    }

    #[test]
    fn an_older_key_opens_what_it_sealed_until_it_is_sealed_anew() {
        let text = SecretKey::draw(&mut rng());
        let old = SecretKey::new(&text).unwrap();
        let sealed = old.seal(b"workspace 1", b"token", &mut rng()).unwrap();
        let both_text = SecretKey::replaced(&text, &mut rng());
        let both = SecretKey::new(&both_text).unwrap();
        assert!(both.has_older() && !old.has_older());
        assert_eq!(both.open(b"workspace 1", &sealed).unwrap(), b"token");
        let anew = both.reseal(b"workspace 1", &sealed, &mut rng()).unwrap().unwrap();
        assert_eq!(both.reseal(b"workspace 1", &anew, &mut rng()).unwrap(), None);
        assert!(old.open(b"workspace 1", &anew).is_err());
        let next = SecretKey::new(&SecretKey::replaced(&both_text, &mut rng())).unwrap();
        assert_eq!(next.open(b"workspace 1", &anew).unwrap(), b"token");
        assert!(next.open(b"workspace 1", &sealed).is_err(), "the oldest key is gone");
    }

    #[test]
    fn short_and_known_keys_are_refused() {
        assert_eq!(SecretKey::new("short").unwrap_err(), KeyError::TooShort(5));
        assert_eq!(SecretKey::new(" , ").unwrap_err(), KeyError::TooShort(0));
        let good = SecretKey::draw(&mut rng());
        assert_eq!(SecretKey::new(&format!("{good},short")).unwrap_err(), KeyError::TooShort(5));
        assert_eq!(SecretKey::new(&"a".repeat(40)).unwrap_err(), KeyError::Known);
        assert_eq!(SecretKey::new("please-change-me-please-change-me-please").unwrap_err(), KeyError::Known);
    }

    #[test]
    fn a_key_may_have_words_and_blanks_in_it() {
        for text in [
            "test-secret-key-0123456789abcdef0123456789abcdef",
            "correct horse battery staple exchanged",
            " a secret that nobody else would have thought of \n",
        ] {
            assert!(SecretKey::new(text).is_ok_and(|key| !key.has_older()), "{text}");
        }
    }
}
