//! Making a token: in a workspace, or on the command line, which is the only way to billing scopes.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{
    api_token::{self, Scope},
    workspace,
};
use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel as _};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    clock::rng,
    cx::Cx,
    database::{Transaction, Urgency},
    error::{Broken, Result},
    refusal::Refusal,
    tenant::Admin,
    text,
    token::{Token, TokenKind},
};

const ACTION: &str = "api_token.create";

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
    let (token, row) = draw(cx, name, &new.scopes)?;
    let ends = cx.now() + TimeDelta::from_std(new.life).unwrap_or_default();
    let row = api_token::Model { workspace_id: new.workspace_id, expires_at: Some(ends), ..row };
    let txn = cx.db.write(Urgency::Normal).await?;
    let change = Change {
        workspace_id: row.workspace_id,
        actor: audit::OPERATOR.to_owned(),
        requester: &Requester::default(),
        action: ACTION,
        target: Some(row.id.to_string()),
        detail: Some(row.scopes.clone()),
    };
    insert(cx, &txn, &row, change).await?;
    txn.commit().await?;
    Ok((token, row))
}

/// Makes a token of a workspace's, for programs that work in it. It is as good as its maker: it ends when they leave or are
/// admins no more.
///
/// Refused without a scope, with an end that has passed, and with billing scopes, which the command line alone gives.
pub async fn create_in(
    cx: &Cx,
    admin: &Admin,
    name: &str,
    scopes: &[Scope],
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Token, api_token::Model)> {
    let name = text::name("name", name)?;
    let scopes: BTreeSet<Scope> = scopes.iter().copied().collect();
    check_bound(cx, &scopes, expires_at)?;
    let created_by = admin.tenant().person()?;
    let (token, row) = draw(cx, name, &scopes)?;
    let workspace_id = Some(admin.workspace_id());
    let row = api_token::Model { workspace_id, created_by: Some(created_by), expires_at, ..row };
    let txn = cx.db.write(Urgency::Normal).await?;
    let change = admin.tenant().change(ACTION, row.id.to_string());
    let detail = json!({"name": row.name, "scopes": row.scopes, "expiresAt": row.expires_at});
    insert(cx, &txn, &row, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok((token, row))
}

fn draw(cx: &Cx, name: String, scopes: impl Serialize) -> Result<(Token, api_token::Model), Broken> {
    let token = Token::draw(TokenKind::Api, &mut rng());
    let row = api_token::Model {
        id: cx.clock.new_id(),
        workspace_id: None,
        name,
        scopes: serde_json::to_value(scopes).map_err(|_tells_nothing| Broken::Unreadable("scopes to store"))?,
        token_hash: token.hash().to_vec(),
        hint: token.hint(),
        created_by: None,
        created_at: cx.now(),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    };
    Ok((token, row))
}

async fn insert(cx: &Cx, txn: &Transaction, row: &api_token::Model, change: Change<'_>) -> Result<(), DbErr> {
    api_token::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(txn).await?;
    audit::record(cx, txn, change).await
}

fn check(new: &NewToken) -> Result<String, Refusal> {
    if new.scopes.is_empty() {
        return refuse("scopes", "Name at least one scope, such as billing:write");
    }
    if new.life.is_zero() || new.life > LONGEST_LIFE {
        return refuse("expiresAt", "A token lives a year at most");
    }
    if new.workspace_id.is_none() && !new.scopes.iter().copied().all(is_billing) {
        return refuse("workspaceId", "Only billing scopes go without a workspace; name the workspace");
    }
    text::name("name", &new.name)
}

fn check_bound(cx: &Cx, scopes: &BTreeSet<Scope>, expires_at: Option<DateTime<Utc>>) -> Result<(), Refusal> {
    if scopes.iter().copied().any(is_billing) {
        let problem = "Billing scopes are given on the operator's command line alone; ask the operator";
        return Err(Refusal::Forbidden(problem.to_owned()));
    }
    if scopes.is_empty() {
        return refuse("scopes", "Name at least one scope, such as WORKSPACE_READ");
    }
    if expires_at.is_some_and(|at| at <= cx.now()) {
        return refuse("expiresAt", "`expiresAt` has passed already");
    }
    Ok(())
}

fn is_billing(scope: Scope) -> bool {
    matches!(scope, Scope::BillingRead | Scope::BillingWrite)
}

fn refuse<T>(field: &'static str, problem: &str) -> Result<T, Refusal> {
    Err(Refusal::BadInput { field, problem: problem.to_owned() })
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
