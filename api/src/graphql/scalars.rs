//! Ids and times as the contract spells them.

use async_graphql::{ID, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::Utc;
use nhip_domain::{Refusal, webhook::answer::MESSAGE_ID_PREFIX};
use uuid::Uuid;

/// A moment: RFC 3339, in UTC, with microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateTime(pub(super) chrono::DateTime<Utc>);

/// A moment: RFC 3339, in UTC, with microseconds.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let at = chrono::DateTime::parse_from_rfc3339(text)
            .map_err(|_shown| InputValueError::custom("must be a moment in RFC 3339, such as 2026-11-22T12:00:00Z"))?;
        Ok(Self(at.with_timezone(&Utc)))
    }

    // Before anything of the request is executed.
    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(rfc3339(self.0))
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(at: chrono::DateTime<Utc>) -> Self {
        Self(at)
    }
}

/// A moment as the contract spells it, wherever it stands.
pub(super) fn rfc3339(at: chrono::DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// An id of ours; whatever is none belongs to nobody.
pub(super) fn uuid(id: &ID) -> Result<Uuid, Refusal> {
    Uuid::try_parse(id).map_err(|_not_there| Refusal::NotFound)
}

/// A chat's number.
pub(super) fn chat_number(id: &ID) -> Result<i64, Refusal> {
    id.parse().map_err(|_not_there| Refusal::NotFound)
}

/// A message's id as the database knows it.
pub(super) fn message_key(id: &ID) -> Result<String, Refusal> {
    id.strip_prefix(MESSAGE_ID_PREFIX).map(str::to_owned).ok_or(Refusal::NotFound)
}

/// A message's id as the world knows it.
pub(super) fn message_id(key: &str) -> ID {
    ID(format!("{MESSAGE_ID_PREFIX}{key}"))
}

/// A whole number of the API's: 32 bits.
pub(super) fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_utc_with_microseconds() {
        let moment = DateTime::parse(Value::String("2026-11-22T13:00:00.5+01:00".to_owned())).unwrap();
        assert_eq!(moment.to_value(), Value::String("2026-11-22T12:00:00.500000Z".to_owned()));
        assert!(DateTime::parse(Value::String("yesterday".to_owned())).is_err());
    }

    #[test]
    fn a_message_goes_by_its_full_id_only() {
        assert_eq!(message_key(&ID("wa_backend:3EB0".to_owned())).unwrap(), "3EB0");
        assert!(message_key(&ID("3EB0".to_owned())).is_err());
        assert_eq!(message_id("3EB0").0, "wa_backend:3EB0");
    }
}
