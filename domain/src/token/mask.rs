//! Text that people sent and others will read, without the webhook tokens that stand in it: tools quote the URL they call.

use std::borrow::Cow;

use super::TokenKind;

/// Stands where a token stood.
const MASK: &str = "…";

/// The same bytes without the secret part of any webhook token, be it whole, cut or misspelled.
#[must_use]
pub fn mask(bytes: &[u8]) -> Cow<'_, [u8]> {
    let prefix = TokenKind::Webhook.prefix().as_bytes();
    let (mut masked, mut rest) = (Vec::new(), bytes);
    while let Some(found) = rest.windows(prefix.len()).position(|window| window == prefix) {
        let (before, after) = rest.split_at(found + prefix.len());
        let secret = after.iter().take_while(|&&byte| is_of_a_token(byte)).count();
        masked.extend_from_slice(before);
        if secret > 0 {
            masked.extend_from_slice(MASK.as_bytes());
        }
        rest = after.get(secret..).unwrap_or_default();
    }
    if rest.len() == bytes.len() {
        return Cow::Borrowed(bytes);
    }
    masked.extend_from_slice(rest);
    Cow::Owned(masked)
}

/// The same for text.
#[must_use]
pub fn mask_text(text: &str) -> Cow<'_, str> {
    match mask(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
    }
}

fn is_of_a_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Token;

    #[test]
    fn tokens_are_masked_wherever_they_stand_whole_or_cut() {
        let drawn = Token::draw(TokenKind::Webhook, &mut crate::clock::rng());
        let token = drawn.reveal();
        for (text, masked) in [
            (format!("https://nhip.example/webhook/{token}/?a=1"), "https://nhip.example/webhook/nhip_wh_…/?a=1"),
            (format!("{token} {token}"), "nhip_wh_… nhip_wh_…"),
            (token[..20].to_owned(), "nhip_wh_…"),
            (format!("ả{token}ả"), "ảnhip_wh_…ả"),
        ] {
            assert_eq!(mask_text(&text), masked);
        }
        let not_text = [b"\xff".as_slice(), token.as_bytes(), b"\xfe"].concat();
        assert_eq!(mask(&not_text).as_ref(), b"\xffnhip_wh_\xe2\x80\xa6\xfe");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in ["", "nhip", "nhip_wh_", "{\"text\": \"nhip_wh_…\"}", "nhip_at_secret of another kind"] {
            assert_eq!(mask_text(text), text);
        }
    }
}
