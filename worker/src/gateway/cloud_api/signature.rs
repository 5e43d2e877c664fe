//! What an app's secret signs: Meta's callbacks, and our proof to Meta that we know it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header that carries a callback's signature.
pub const HEADER: &str = "x-hub-signature-256";

/// A signature as the header carries it: `sha256=` and 64 hex digits. None for anything else.
#[must_use]
pub fn parse(header: &str) -> Option<[u8; 32]> {
    let mut signature = [0; 32];
    hex::decode_to_slice(header.trim().strip_prefix("sha256=")?, &mut signature).ok()?;
    Some(signature)
}

/// Whether the app's secret signed these very bytes; takes as long whatever the answer.
#[must_use]
pub fn is_signed(app_secret: &str, body: &[u8], signature: &[u8; 32]) -> bool {
    mac(app_secret, body).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

/// The signature of these bytes, in hex.
#[must_use]
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    mac(app_secret, body).map(|mac| hex::encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// There always is one: HMAC takes keys of any length.
fn mac(app_secret: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).ok()?;
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    const OF_THE_RFC: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn a_signature_is_hmac_sha_256_in_hex() {
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), OF_THE_RFC);
    }

    #[test]
    fn only_the_secret_and_the_very_bytes_make_a_signature_right() {
        let right = parse(&format!("sha256={OF_THE_RFC}")).unwrap();
        assert!(is_signed("Jefe", b"what do ya want for nothing?", &right));
        assert!(!is_signed("jefe", b"what do ya want for nothing?", &right));
        assert!(!is_signed("Jefe", b"what do ya want for nothing", &right));
    }

    #[test]
    fn a_header_is_the_name_of_the_hash_and_64_digits() {
        for header in ["", "sha256=", OF_THE_RFC, "sha1=5bdc", "sha256=5bdc", &format!("sha256={OF_THE_RFC}00")] {
            assert_eq!(parse(header), None, "{header}");
        }
        assert!(parse(&format!("sha256={}", OF_THE_RFC.to_uppercase())).is_some());
    }
}
