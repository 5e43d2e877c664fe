//! Where in the body something stands.

use crate::refusal::Place;

/// The place of a byte offset into the body's text (after a BOM). An offset at the end is the place just past the last
/// character. Linear in the offset, so asked only for what is refused.
pub(super) fn place_at(text: &str, offset: usize) -> Place {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place {
        line: count(before.matches('\n').count()),
        column: count(before.get(line_start..).unwrap_or_default().chars().count()),
    }
}

/// From 0-based to a place's 1-based count.
fn count(zero_based: usize) -> u32 {
    u32::try_from(zero_based).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = "{\n \"ảo👍\": 1}";
        for (found, line, column) in [("{", 1, 1), ("\n", 1, 2), (" ", 2, 1), ("\"", 2, 2), ("👍", 2, 5), ("1", 2, 9)]
        {
            let offset = text.find(found).unwrap();
            assert_eq!(place_at(text, offset), Place { line, column }, "{found}");
        }
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_still_a_place() {
        assert_eq!(place_at("a👍b", 3), Place { line: 1, column: 2 });
        assert_eq!(place_at("a👍b", 6), Place { line: 1, column: 4 });
        assert_eq!(place_at("a👍b", 99), Place { line: 1, column: 4 });
        assert_eq!(place_at("", 0), Place { line: 1, column: 1 });
    }
}
