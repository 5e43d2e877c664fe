//! How deep a text nests, before anything that recurses sees it.

/// The deepest nesting of brackets outside strings and comments.
pub(super) fn nesting(query: &str) -> usize {
    let (mut depth, mut deepest, mut rest) = (0_usize, 0, query.as_bytes());
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'#' => skip_until(after, |rest| rest.starts_with(b"\n") || rest.starts_with(b"\r"), 1),
            b'"' if after.starts_with(b"\"\"") => skip_block(after.get(2..).unwrap_or_default()),
            b'"' => skip_string(after),
            _ => after,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn skip_string(mut rest: &[u8]) -> &[u8] {
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'"' | b'\n' | b'\r' => return after,
            b'\\' => after.get(1..).unwrap_or_default(),
            _ => after,
        };
    }
    rest
}

fn skip_block(mut rest: &[u8]) -> &[u8] {
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(b"\"\"\"") {
            return after;
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    rest
}

fn skip_until(mut rest: &[u8], found: impl Fn(&[u8]) -> bool, length: usize) -> &[u8] {
    while !rest.is_empty() && !found(rest) {
        rest = rest.get(1..).unwrap_or_default();
    }
    rest.get(length..).unwrap_or_default()
}
