//! Whole numbers where digits are wanted: spreadsheets turn `14151231234` into `1.4151231234e10`.

/// Digits that a number may have, at most.
const MAX_DIGITS: i64 = 256;

/// The digits of a whole JSON number, however it is spelled; or what is wrong with it.
pub(super) fn whole_digits(raw: &str) -> Result<String, &'static str> {
    if raw.starts_with('-') {
        return Err("must be a whole number, not a negative one");
    }
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let significant = format!("{whole}{fraction}");
    let significant = significant.trim_start_matches('0');
    let leading = significant.trim_end_matches('0');
    if leading.is_empty() {
        return Ok("0".into());
    }
    let zeros =
        exponent_of(exponent).saturating_sub(length(fraction)).saturating_add(length(significant) - length(leading));
    if zeros < 0 {
        return Err("must be a whole number, without a fraction");
    }
    if length(leading).saturating_add(zeros) > MAX_DIGITS {
        return Err("is longer than 256 digits");
    }
    Ok(leading.to_owned() + &"0".repeat(usize::try_from(zeros).unwrap_or_default()))
}

/// An exponent; one beyond 64 bits is as good as endless.
fn exponent_of(raw: &str) -> i64 {
    raw.parse().unwrap_or(if raw.starts_with('-') { i64::MIN } else { i64::MAX })
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_become_their_digits_however_spelled() {
        for (raw, digits) in [
            ("0", "0"),
            ("77234", "77234"),
            ("14151231234.0", "14151231234"),
            ("1.4151231234e10", "14151231234"),
            ("1.4151231234E+10", "14151231234"),
            ("141512312340e-1", "14151231234"),
            ("0.5e1", "5"),
            ("0.00e99", "0"),
            ("0e99999999999999999999", "0"),
            ("18446744073709551617", "18446744073709551617"),
            ("1e3", "1000"),
        ] {
            assert_eq!(whole_digits(raw).as_deref(), Ok(digits), "{raw}");
        }
        assert_eq!(whole_digits("1e255").map(|digits| digits.len()), Ok(256));
    }

    #[test]
    fn fractions_negative_numbers_and_endless_ones_are_refused() {
        for (raw, problem) in [
            ("1.5", "must be a whole number, without a fraction"),
            ("15e-1", "must be a whole number, without a fraction"),
            ("1e-99999999999999999999", "must be a whole number, without a fraction"),
            ("-5", "must be a whole number, not a negative one"),
            ("-0", "must be a whole number, not a negative one"),
            ("1e256", "is longer than 256 digits"),
            ("1e99999999999999999999", "is longer than 256 digits"),
            ("1.5e9223372036854775807", "is longer than 256 digits"),
        ] {
            assert_eq!(whole_digits(raw), Err(problem), "{raw}");
        }
    }
}
