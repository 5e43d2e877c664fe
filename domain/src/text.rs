//! What people type: checked once, at the door.

use unicode_normalization::UnicodeNormalization as _;

use crate::refusal::Refusal;

/// The longest e-mail address that mail itself can carry.
const MAX_EMAIL: usize = 254;
/// The most characters of a name.
pub const MAX_NAME: usize = 100;

/// A name of a person or a thing: in NFC, trimmed, 1 to 100 characters, none of them a control character.
pub fn name(field: &'static str, given: &str) -> Result<String, Refusal> {
    let name: String = given.trim().nfc().collect();
    let refuse = |problem: &str| Err(Refusal::BadInput { field, problem: format!("`{field}` {problem}") });
    match name.chars().count() {
        0 => refuse("must not be empty"),
        1..=MAX_NAME if name.chars().any(char::is_control) => refuse("must not contain control characters"),
        1..=MAX_NAME => Ok(name),
        _ => refuse("must have at most 100 characters"),
    }
}

/// An e-mail address as it is compared: trimmed, lower case. Its shape alone is checked; only a mail proves more.
pub fn email(given: &str) -> Result<String, Refusal> {
    let email = given.trim().to_lowercase();
    let looks_right = email.len() <= MAX_EMAIL
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.contains('@') && domain.split('.').all(|label| !label.is_empty())
        });
    if looks_right {
        return Ok(email);
    }
    Err(Refusal::BadInput { field: "email", problem: "`email` must look like name@example.com".to_owned() })
}

/// A language tag, such as `en` or `vi`.
pub fn locale(given: &str) -> Result<String, Refusal> {
    if (2..=35).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(given.to_owned());
    }
    Err(Refusal::BadInput { field: "locale", problem: "`locale` must be a language tag, such as en or vi".to_owned() })
}

/// A phone number by its digits, 7 to 15 of them; the marks that people write between them are dropped.
pub fn phone(field: &'static str, given: &str) -> Result<String, Refusal> {
    digits(given).filter(|digits| (7..=15).contains(&digits.len())).ok_or_else(|| {
        let problem = format!("`{field}` must be a phone number in international format, such as +15105566777");
        Refusal::BadInput { field, problem }
    })
}

/// The digits of a phone number or a part of one, without the marks that people write between them; none if it is neither.
#[must_use]
pub fn digits(given: &str) -> Option<String> {
    let dropped = |c: char| c.is_whitespace() || "+-.()/".contains(c);
    let digits: String = given.chars().filter(|c| !dropped(*c)).collect();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_nfc_and_trimmed() {
        assert_eq!(name("name", "  Cafe\u{301} ").unwrap(), "Caf\u{e9}");
    }

    #[test]
    fn empty_long_and_unprintable_names_are_refused() {
        for given in ["", " \t ", "a\0b", "a\nb", &"x".repeat(101)] {
            assert!(name("name", given).is_err(), "{given:?}");
        }
        assert!(name("name", &"é".repeat(100)).is_ok());
    }

    #[test]
    fn an_email_is_compared_without_case() {
        assert_eq!(email(" Ada@Example.COM ").unwrap(), "ada@example.com");
        for given in ["", "ada", "@example.com", "ada@", "ada@example..com", "a da@example.com", "ada@b@c", "a\0@b.c"] {
            assert!(email(given).is_err(), "{given:?}");
        }
    }

    #[test]
    fn a_part_of_a_phone_has_digits_alone() {
        assert_eq!(digits("+1 (510)").as_deref(), Some("1510"));
        for given in ["", "+", "+1510CALL"] {
            assert_eq!(digits(given), None, "{given:?}");
        }
    }

    #[test]
    fn a_phone_is_its_digits() {
        assert_eq!(phone("phone", "+1 (510) 556-6777").unwrap(), "15105566777");
        for given in ["", "123456", "1234567890123456", "+1510CALL", "+١٢٣٤٥٦٧٨"] {
            assert!(phone("phone", given).is_err(), "{given:?}");
        }
    }
}
