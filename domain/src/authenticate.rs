//! Who calls, and which workspaces are theirs. The only way to a [`Tenant`].

use std::collections::HashSet;

use nhip_entity::{
    account, api_token,
    api_token::Scope,
    chat,
    member::{self, Role},
    message, user, workspace,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::*};
use uuid::Uuid;

use crate::{
    api_token as programs,
    audit::Requester,
    cx::Cx,
    error::{Broken, Result},
    refusal::Refusal,
    tenant::{Actor, Biller, Ledgers, Tenant},
    token::Token,
    user::session,
};

/// An authenticated caller: a person's session or a program's token.
#[derive(Clone, Debug)]
pub struct Caller {
    who: Who,
    requester: Requester,
}

#[derive(Clone, Debug)]
enum Who {
    Person { user: user::Model, session_id: Uuid },
    Program { token: api_token::Model, scopes: Vec<Scope> },
}

/// What somebody authenticated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A person's session, by its id.
    Session(Uuid),
    /// A program's API token, by its id.
    ApiToken(Uuid),
}

/// The caller behind an access token that was found genuine; none if its session is over.
pub async fn by_session(
    cx: &Cx,
    session_id: Uuid,
    user_id: Uuid,
    requester: Requester,
) -> Result<Option<Caller>, Broken> {
    let user = session::alive(cx, session_id).await?.filter(|user| user.id == user_id);
    Ok(user.map(|user| Caller { who: Who::Person { user, session_id }, requester }))
}

/// The caller behind an API token; none if it is unknown, revoked or expired.
pub async fn by_api_token(cx: &Cx, token: &Token, requester: Requester) -> Result<Option<Caller>, Broken> {
    let Some(token) = programs::find(cx, token).await? else { return Ok(None) };
    if let Err(err) = programs::note_use(cx, &token).await {
        // Nobody is turned away for it.
        tracing::warn!(error = &err as &dyn std::error::Error, "an API token's use was not noted");
    }
    let scopes = programs::scopes(&token)?;
    Ok(Some(Caller { who: Who::Program { token, scopes }, requester }))
}

/// Those among credentials that are still good; for connections that outlive a request.
pub async fn still_good(cx: &Cx, credentials: &[Credential]) -> Result<HashSet<Credential>, Broken> {
    let (mut sessions, mut tokens) = (Vec::new(), Vec::new());
    for credential in credentials {
        match credential {
            Credential::Session(id) => sessions.push(*id),
            Credential::ApiToken(id) => tokens.push(*id),
        }
    }
    let sessions = session::alive_among(cx, sessions).await?.into_iter().map(Credential::Session);
    let tokens = programs::good_among(cx, tokens).await?.into_iter().map(Credential::ApiToken);
    Ok(sessions.chain(tokens).collect())
}

impl Caller {
    /// The person; programs are refused.
    pub fn person(&self) -> Result<&user::Model, Refusal> {
        match &self.who {
            Who::Person { user, .. } => Ok(user),
            Who::Program { .. } => Err(Refusal::Forbidden("API tokens cannot do this; log in".to_owned())),
        }
    }

    /// The person's session; none for programs.
    #[must_use]
    pub fn session_id(&self) -> Option<Uuid> {
        match &self.who {
            Who::Person { session_id, .. } => Some(*session_id),
            Who::Program { .. } => None,
        }
    }

    /// From where they call.
    #[must_use]
    pub fn requester(&self) -> &Requester {
        &self.requester
    }

    /// The person, or the API token.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match &self.who {
            Who::Person { user, .. } => user.id,
            Who::Program { token, .. } => token.id,
        }
    }

    /// What they authenticated with.
    #[must_use]
    pub fn credential(&self) -> Credential {
        match &self.who {
            Who::Person { session_id, .. } => Credential::Session(*session_id),
            Who::Program { token, .. } => Credential::ApiToken(token.id),
        }
    }

    /// A workspace of theirs; any other does not exist.
    pub async fn tenant(&self, cx: &Cx, workspace_id: Uuid) -> Result<Tenant> {
        let actor = match &self.who {
            Who::Person { user, .. } => {
                let role = role_in(cx, workspace_id, user.id).await?.ok_or(Refusal::NotFound)?;
                Actor::Member { user_id: user.id, role }
            }
            Who::Program { token, scopes } => {
                if token.workspace_id != Some(workspace_id) || !exists(cx, workspace_id).await? {
                    return Err(Refusal::NotFound.into());
                }
                Actor::ApiToken { token_id: token.id, scopes: scopes.clone() }
            }
        };
        Ok(Tenant::new(workspace_id, actor).asked_from(self.requester.clone()))
    }

    /// All their workspaces, oldest first.
    pub async fn tenants(&self, cx: &Cx) -> Result<Vec<(Tenant, workspace::Model)>> {
        let all = workspace::Entity::find()
            .filter(workspace::Column::DeletedAt.is_null())
            .order_by_asc(workspace::Column::CreatedAt)
            .order_by_asc(workspace::Column::Id);
        let (roles, rows) = match &self.who {
            Who::Person { user, .. } => {
                let member = member::Entity::find().filter(member::Column::UserId.eq(user.id));
                let of = member.clone().select_only().column(member::Column::WorkspaceId).into_query();
                let rows = all.filter(workspace::Column::Id.in_subquery(of)).all(cx.db.read()).await?;
                (member.all(cx.db.read()).await?, rows)
            }
            Who::Program { token, .. } => match token.workspace_id {
                Some(id) => (Vec::new(), all.filter(workspace::Column::Id.eq(id)).all(cx.db.read()).await?),
                None => (Vec::new(), Vec::new()),
            },
        };
        let tenant = |row: &workspace::Model| {
            let actor = match &self.who {
                Who::Person { user, .. } => {
                    let member = roles.iter().find(|member| member.workspace_id == row.id)?;
                    Actor::Member { user_id: user.id, role: member.role }
                }
                Who::Program { token, scopes } => Actor::ApiToken { token_id: token.id, scopes: scopes.clone() },
            };
            Some(Tenant::new(row.id, actor).asked_from(self.requester.clone()))
        };
        Ok(rows.into_iter().filter_map(|row| Some((tenant(&row)?, row))).collect())
    }

    /// The workspace of an account of theirs.
    pub async fn tenant_of_account(&self, cx: &Cx, account_id: Uuid) -> Result<Tenant> {
        let of = account::Entity::find_by_id(account_id).select_only().column(account::Column::WorkspaceId);
        self.tenant_of(cx, of.into_tuple().one(cx.db.read()).await?).await
    }

    /// The workspace of a chat of theirs.
    pub async fn tenant_of_chat(&self, cx: &Cx, chat_id: i64) -> Result<Tenant> {
        let of = chat::Entity::find_by_id(chat_id).select_only().column(chat::Column::WorkspaceId);
        self.tenant_of(cx, of.into_tuple().one(cx.db.read()).await?).await
    }

    /// The workspace of a message of theirs.
    pub async fn tenant_of_message(&self, cx: &Cx, message_id: &str) -> Result<Tenant> {
        let of = message::Entity::find_by_id(message_id).select_only().column(message::Column::WorkspaceId);
        self.tenant_of(cx, of.into_tuple().one(cx.db.read()).await?).await
    }

    /// May move a workspace's credits: tokens with the scope `billing:write`, in the workspace they are bound to, if any.
    pub async fn biller(&self, cx: &Cx, workspace_id: Uuid) -> Result<(Biller, Tenant)> {
        let (token, scopes) = self.billing(Scope::BillingWrite)?;
        if token.workspace_id.is_some_and(|bound| bound != workspace_id) || !exists(cx, workspace_id).await? {
            return Err(Refusal::NotFound.into());
        }
        let actor = Actor::ApiToken { token_id: token.id, scopes: scopes.to_vec() };
        let biller = Biller::new(workspace_id, &actor, self.requester.clone());
        Ok((biller, Tenant::new(workspace_id, actor).asked_from(self.requester.clone())))
    }

    /// May read the ledgers: tokens with the scope `billing:read`.
    pub fn ledgers(&self) -> Result<Ledgers, Refusal> {
        let (token, _) = self.billing(Scope::BillingRead)?;
        Ok(Ledgers::new(token.workspace_id))
    }

    fn billing(&self, scope: Scope) -> Result<(&api_token::Model, &[Scope]), Refusal> {
        match &self.who {
            Who::Program { token, scopes } if scopes.contains(&scope) => Ok((token, scopes)),
            _ => Err(Refusal::Forbidden(format!("Only API tokens with the scope {} may do this", <&str>::from(scope)))),
        }
    }

    async fn tenant_of(&self, cx: &Cx, workspace_id: Option<Uuid>) -> Result<Tenant> {
        self.tenant(cx, workspace_id.ok_or(Refusal::NotFound)?).await
    }
}

async fn role_in(cx: &Cx, workspace_id: Uuid, user_id: Uuid) -> Result<Option<Role>, DbErr> {
    let living = living(workspace_id).select_only().column(workspace::Column::Id).into_query();
    let member = member::Entity::find_by_id((workspace_id, user_id))
        .filter(member::Column::WorkspaceId.in_subquery(living))
        .one(cx.db.read())
        .await?;
    Ok(member.map(|member| member.role))
}

async fn exists(cx: &Cx, workspace_id: Uuid) -> Result<bool, DbErr> {
    Ok(living(workspace_id).one(cx.db.read()).await?.is_some())
}

fn living(workspace_id: Uuid) -> Select<workspace::Entity> {
    workspace::Entity::find_by_id(workspace_id).filter(workspace::Column::DeletedAt.is_null())
}
