//! Secrets that travel in URLs and headers: a prefix that scanners find, 256 random bits, and a checksum, so that garbage
//! costs no query.

mod mask;

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng;
use sha2::{Digest as _, Sha256};

pub use self::mask::{mask, mask_text};

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A webhook URL.
    Webhook,
    /// The API, for programs.
    Api,
    /// A new access token.
    Refresh,
    /// A one-time link.
    Link,
    /// An invitation's link.
    Invitation,
}

impl TokenKind {
    /// How such tokens begin.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Webhook => "nhip_wh_",
            Self::Api => "nhip_at_",
            Self::Refresh => "nhip_rt_",
            Self::Link => "nhip_ll_",
            Self::Invitation => "nhip_in_",
        }
    }
}

/// SHA-256 of a token: all that is stored, and what it is looked up by.
pub type TokenHash = [u8; 32];

const SECRET_BYTES: usize = 32;
const CHECKSUM_BYTES: usize = 4;

/// A well-formed token. It prints as its prefix and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    kind: TokenKind,
    text: String,
}

impl Token {
    /// Draws a new one.
    #[must_use]
    pub fn draw(kind: TokenKind, rng: &mut impl Rng) -> Self {
        let mut bytes = [0; SECRET_BYTES + CHECKSUM_BYTES];
        let (secret, sum) = bytes.split_at_mut(SECRET_BYTES);
        rng.fill_bytes(secret);
        sum.copy_from_slice(&checksum(kind, secret));
        Self { kind, text: format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(bytes)) }
    }

    /// Takes `text` if it is a token of this kind with a right checksum.
    #[must_use]
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(kind.prefix())?).ok()?;
        let (secret, sum) = bytes.split_at_checked(SECRET_BYTES)?;
        (sum == checksum(kind, secret)).then(|| Self { kind, text: text.to_owned() })
    }

    /// What it is stored and looked up by.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(&self.text).into()
    }

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Its first characters, to recognise it by.
    #[must_use]
    pub fn hint(&self) -> String {
        self.text.chars().take(self.kind.prefix().len() + 4).chain(['…']).collect()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}…", self.kind.prefix())
    }
}

fn checksum(kind: TokenKind, secret: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind.prefix().as_bytes());
    hasher.update(secret);
    hasher.finalize().to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_token_parses_as_its_own_kind_only() {
        let token = Token::draw(TokenKind::Webhook, &mut crate::clock::rng());
        assert_eq!(Token::parse(TokenKind::Webhook, token.reveal()), Some(token.clone()));
        assert_eq!(Token::parse(TokenKind::Api, token.reveal()), None);
        assert_eq!(token.reveal().len(), "nhip_wh_".len() + 48);
    }

    #[test]
    fn a_token_with_a_changed_character_is_none() {
        let token = Token::draw(TokenKind::Api, &mut crate::clock::rng());
        let (head, last) = token.reveal().split_at(token.reveal().len() - 1);
        let other = if last == "A" { "B" } else { "A" };
        assert_eq!(Token::parse(TokenKind::Api, &format!("{head}{other}")), None);
    }

    #[test]
    fn garbage_is_none() {
        for text in ["", "nhip_wh_", "nhip_wh_xyz", "NHIP_WH_", "nhip_wh_é", "nhip_wh_AAAA"] {
            assert_eq!(Token::parse(TokenKind::Webhook, text), None, "{text}");
        }
    }

    #[test]
    fn a_token_does_not_print_itself() {
        let token = Token::draw(TokenKind::Refresh, &mut crate::clock::rng());
        assert_eq!(format!("{token:?}"), "nhip_rt_…");
    }
}
