//! Who may do what in a workspace: the one table of roles and scopes.

use nhip_entity::{api_token::Scope, member::Role};

use super::Actor;
use crate::refusal::Refusal;

/// What may be allowed in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Right {
    /// Read accounts, chats, messages, the webhook's log, members.
    Read,
    /// Read balance and entries.
    ReadCredits,
    /// Send and cancel messages, rename chats, look at file links.
    Send,
    /// Leave.
    Leave,
    /// Change the webhook and accounts; see to invitations, members who are no more than that, API tokens; read the audit log.
    Administer,
    /// Rename and delete the workspace, see to admins and owners.
    Own,
}

impl Right {
    /// The least role of a person who has it.
    #[must_use]
    pub fn least_role(self) -> Role {
        match self {
            Self::Read | Self::ReadCredits | Self::Send | Self::Leave => Role::Member,
            Self::Administer => Role::Admin,
            Self::Own => Role::Owner,
        }
    }

    /// The scopes of which a program needs one.
    #[must_use]
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Read => &[Scope::WorkspaceRead],
            Self::ReadCredits => &[Scope::WorkspaceRead, Scope::BillingRead],
            Self::Send => &[Scope::MessagesWrite],
            Self::Leave | Self::Administer | Self::Own => &[],
        }
    }

    /// Whether `actor` has it; the refusal says who has.
    pub(super) fn check(self, actor: &Actor) -> Result<(), Refusal> {
        let has = match actor {
            Actor::Member { role, .. } => *role >= self.least_role(),
            Actor::ApiToken { scopes, .. } => self.scopes().iter().any(|scope| scopes.contains(scope)),
        };
        if has {
            return Ok(());
        }
        Err(Refusal::Forbidden(match (actor, self.scopes().first()) {
            (Actor::ApiToken { .. }, Some(scope)) => format!("This token lacks the scope {}", <&str>::from(*scope)),
            (Actor::ApiToken { .. }, None) => "API tokens cannot do this; log in".to_owned(),
            (Actor::Member { .. }, _) if self == Self::Own => "Only an owner may do this; ask one of them".to_owned(),
            (Actor::Member { .. }, _) => "Only an owner or admin may do this; ask one of them".to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;
    use uuid::Uuid;

    use super::*;

    fn member(role: Role) -> Actor {
        Actor::Member { user_id: Uuid::nil(), role }
    }

    #[test]
    fn who_has_more_has_all_that_less_has() {
        for right in Right::iter() {
            assert!(right.check(&member(Role::Owner)).is_ok(), "{right:?}");
            let (admin, less) = (right.check(&member(Role::Admin)), right.check(&member(Role::Member)));
            assert!(admin.is_ok() || less.is_err(), "{right:?}");
        }
    }

    #[test]
    fn no_program_sees_to_people() {
        let all = Actor::ApiToken { token_id: Uuid::nil(), scopes: Scope::iter().collect() };
        assert!(Right::Administer.check(&all).is_err() && Right::Own.check(&all).is_err());
        assert!(Right::Read.check(&all).is_ok() && Right::Send.check(&all).is_ok());
    }
}
