//! Making a token on the command line: the only way to billing scopes.

use std::time::Duration;

use chrono::TimeDelta;
use nhip_entity::{
    api_token::{self, Scope},
    workspace,
};
use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel as _};
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    clock::rng,
    cx::Cx,
    database::Urgency,
    error::{Broken, Result},
    refusal::Refusal,
    text,
    token::{Token, TokenKind},
};

/// No token of the operator's lives longer.
const LONGEST_LIFE: Duration = Duration::from_hours(365 * 24);

/// A token to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The one workspace it is bound to; billing tokens may go without.
    pub workspace_id: Option<Uuid>,
    /// How long it is good.
    pub life: Duration,
}

/// Makes a token, for whoever sits at the machine. The token itself is returned here and never again.
///
/// Refused without a scope, with a life of more than a year, and where a scope needs a workspace and none is named.
pub async fn create(cx: &Cx, new: NewToken) -> Result<(Token, api_token::Model)> {
    let name = check(&new)?;
    if let Some(id) = new.workspace_id {
        workspace::Entity::find_by_id(id).one(cx.db.read()).await?.ok_or(Refusal::NotFound)?;
    }
    let token = Token::draw(TokenKind::Api, &mut rng());
    let now = cx.now();
    let row = api_token::Model {
        id: cx.clock.new_id(),
        workspace_id: new.workspace_id,
        name,
        scopes: serde_json::to_value(&new.scopes).map_err(|_tells_nothing| Broken::Unreadable("scopes to store"))?,
        token_hash: token.hash().to_vec(),
        hint: token.hint(),
        created_by: None,
        created_at: now,
        last_used_at: None,
        expires_at: Some(now + TimeDelta::from_std(new.life).unwrap_or_default()),
        revoked_at: None,
    };
    let txn = cx.db.write(Urgency::Normal).await?;
    api_token::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(&*txn).await?;
    let change = Change {
        workspace_id: row.workspace_id,
        actor: audit::OPERATOR.to_owned(),
        requester: &Requester::default(),
        action: "api_token.create",
        target: Some(row.id.to_string()),
        detail: Some(row.scopes.clone()),
    };
    audit::record(cx, &*txn, change).await?;
    txn.commit().await?;
    Ok((token, row))
}

fn check(new: &NewToken) -> Result<String, Refusal> {
    let refuse = |field, problem: &str| Err(Refusal::BadInput { field, problem: problem.to_owned() });
    let is_billing = |scope: &Scope| matches!(scope, Scope::BillingRead | Scope::BillingWrite);
    if new.scopes.is_empty() {
        return refuse("scopes", "Name at least one scope, such as billing:write");
    }
    if new.life.is_zero() || new.life > LONGEST_LIFE {
        return refuse("expiresAt", "A token lives a year at most");
    }
    if new.workspace_id.is_none() && !new.scopes.iter().all(is_billing) {
        return refuse("workspaceId", "Only billing scopes go without a workspace; name the workspace");
    }
    text::name("name", &new.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(scopes: &[Scope]) -> NewToken {
        NewToken { name: "job".to_owned(), scopes: scopes.to_vec(), workspace_id: None, life: LONGEST_LIFE }
    }

    #[test]
    fn only_billing_tokens_go_without_a_workspace() {
        assert!(check(&new(&[Scope::BillingRead, Scope::BillingWrite])).is_ok());
        assert!(check(&new(&[Scope::BillingRead, Scope::WorkspaceRead])).is_err());
        assert!(check(&NewToken { workspace_id: Some(Uuid::nil()), ..new(&[Scope::WorkspaceRead]) }).is_ok());
    }

    #[test]
    fn a_token_has_a_scope_and_an_end_within_a_year() {
        assert!(check(&new(&[])).is_err());
        let ages = LONGEST_LIFE + Duration::from_secs(1);
        assert!(check(&NewToken { life: ages, ..new(&[Scope::BillingRead]) }).is_err());
    }
}
