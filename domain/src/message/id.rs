//! The id that WhatsApp itself carries.

use rand::Rng;

/// Draws a message id: `3EB0` and 16 upper-case hex digits, the form that WhatsApp's own clients make.
pub(super) fn draw(rng: &mut impl Rng) -> String {
    format!("3EB0{:016X}", rng.next_u64())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_id_is_3eb0_and_16_upper_case_hex_digits() {
        let id = super::draw(&mut crate::clock::rng());
        assert_eq!(id.len(), 20);
        assert!(id.starts_with("3EB0") && id.chars().all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c)), "{id}");
    }
}
