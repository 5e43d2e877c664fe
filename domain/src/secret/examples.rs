//! Keys that stand in a document somewhere, and are nobody's secret.

/// What examples ask to be replaced by.
const ASKS_FOR_A_KEY: &[&str] = &["changeme", "changethis", "replaceme", "replacethis", "yoursecret"];
/// Of what examples are made.
const PLACEHOLDERS: &[&str] = &[
    "secret", "key", "change", "replace", "password", "example", "please", "super", "random", "your", "nhip", "this",
    "my", "me",
];
/// What a key has at least beside placeholders: half of what 32 bytes have when hex digits write them.
const LEAST_BESIDE: usize = 16;

/// Something that stands in a document somewhere: a character again and again, a request to replace it, words for a key
/// and hardly anything else.
pub(super) fn is_known(text: &str) -> bool {
    let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let beside = PLACEHOLDERS.iter().fold(bare.clone(), |left, word| left.replace(word, ""));
    let first = text.chars().next();
    text.chars().all(|c| Some(c) == first)
        || ASKS_FOR_A_KEY.iter().any(|words| bare.contains(words))
        || (beside != bare && beside.len() < LEAST_BESIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_keys_with_words_in_them() {
        for example in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "please-change-me-please-change-me-please",
            "CHANGE_ME_to_32_random_bytes_or_rather_more",
            "my-super-secret-key-my-super-secret-key",
            "your-secret-key-of-at-least-32-bytes-goes-here",
        ] {
            assert!(is_known(example), "{example}");
        }
        for own in ["test-secret-key-0123456789abcdef0123456789abcdef", "correct horse battery staple exchanged"] {
            assert!(!is_known(own), "{own}");
        }
    }
}
