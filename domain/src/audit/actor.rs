//! How the trail spells who acted.

use std::fmt;

use uuid::Uuid;

const USER: &str = "user:";
const API_TOKEN: &str = "api_token:";

/// Who acted, as an entry of the trail names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorId {
    /// A person.
    User(Uuid),
    /// A program.
    ApiToken(Uuid),
    /// Whoever sits at the machine.
    Operator,
}

impl ActorId {
    /// What an entry's `actor` says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == super::OPERATOR {
            return Some(Self::Operator);
        }
        let user = text.strip_prefix(USER).and_then(|id| Uuid::parse_str(id).ok()).map(Self::User);
        user.or_else(|| text.strip_prefix(API_TOKEN).and_then(|id| Uuid::parse_str(id).ok()).map(Self::ApiToken))
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(out, "{USER}{id}"),
            Self::ApiToken(id) => write!(out, "{API_TOKEN}{id}"),
            Self::Operator => out.write_str(super::OPERATOR),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for actor in [ActorId::User(Uuid::nil()), ActorId::ApiToken(Uuid::max()), ActorId::Operator] {
            assert_eq!(ActorId::parse(&actor.to_string()), Some(actor));
        }
        assert_eq!(ActorId::parse("user:x"), None);
    }
}
