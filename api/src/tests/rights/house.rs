//! A workspace with somebody in every role, a program with every scope, and one of everything.

use std::time::Duration;

use nhip_domain::{
    api_token::{self, NewToken},
    audit::Requester,
    database::Urgency,
    tenant::Right,
    user::{login_link, reset_password},
};
use nhip_entity::{account, api_token::Scope, cloud_account, member::Role, message};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::super::{
    app::{Shop, TestApp, text},
    graph::{BUSINESS, NUMBER},
};
use crate::graphql::rights::Who;

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) name: String,
    pub(super) bearer: Option<String>,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nobody,
    Stranger,
    Member(Role),
    Program { scope: Scope, bound: bool },
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passes,
    Refused(&'static str),
}

/// Whose things are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    Anothers,
    Nobodys,
}

impl Asker {
    /// What the table says.
    pub(super) fn outcome(&self, who: Who, whose: Whose) -> Outcome {
        if who == Who::Anyone {
            return Outcome::Passes;
        }
        if self.kind == Kind::Nobody {
            return Outcome::Refused("UNAUTHENTICATED");
        }
        let (is_there, may) = match who {
            Who::Anyone | Who::Known | Who::Holder => (true, true),
            Who::Person => (true, self.scope().is_none()),
            Who::May(right) => (whose == Whose::Own && self.belongs(), self.has(right)),
            // Who may not bill is told so, whatever they name.
            Who::Bill(wanted) => {
                let may = self.scope() == Some(wanted);
                (!may || self.bills(whose), may)
            }
            Who::ReadLedgers(wanted) => (true, self.scope() == Some(wanted)),
        };
        match (is_there, may) {
            (false, _) => Outcome::Refused("NOT_FOUND"),
            (true, false) => Outcome::Refused("FORBIDDEN"),
            (true, true) => Outcome::Passes,
        }
    }

    fn scope(&self) -> Option<Scope> {
        match self.kind {
            Kind::Program { scope, .. } => Some(scope),
            Kind::Nobody | Kind::Stranger | Kind::Member(_) => None,
        }
    }

    fn belongs(&self) -> bool {
        matches!(self.kind, Kind::Member(_) | Kind::Program { bound: true, .. })
    }

    fn has(&self, right: Right) -> bool {
        match self.kind {
            Kind::Member(role) => role >= right.least_role(),
            Kind::Program { scope, .. } => right.scopes().contains(&scope),
            Kind::Nobody | Kind::Stranger => false,
        }
    }

    fn bills(&self, whose: Whose) -> bool {
        match whose {
            Whose::Own => true,
            Whose::Anothers => !self.belongs(),
            Whose::Nobodys => false,
        }
    }
}

/// What an operation may name.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    pub(super) workspace: String,
    account: String,
    chat: String,
    message: String,
    user: String,
    invitation: String,
    token: String,
}

impl Ids {
    pub(super) fn nobodys() -> Self {
        let nil = Uuid::nil().to_string();
        Self {
            workspace: nil.clone(),
            account: nil.clone(),
            chat: "1".to_owned(),
            message: "wa_backend:3EB00000000000000000".to_owned(),
            user: nil.clone(),
            invitation: nil.clone(),
            token: nil,
        }
    }

    /// The same things, as if they were in this workspace.
    pub(super) fn in_workspace(&self, workspace: &str) -> Self {
        Self { workspace: workspace.to_owned(), ..self.clone() }
    }

    /// The value of an argument, wherever it stands.
    pub(super) fn fill(&self, field: &str, argument: &str) -> Option<String> {
        let id = match (field, argument) {
            (_, "workspaceId") | ("workspace", "id") => &self.workspace,
            (_, "accountId") | ("account", "id") => &self.account,
            (_, "chatId") | ("chat", "id") => &self.chat,
            (_, "messageId") | ("message", "id") => &self.message,
            (_, "userId") => &self.user,
            (_, "invitationId") => &self.invitation,
            (_, "tokenId") => &self.token,
            (_, "email") => "new@example.com",
            (_, "phone") => "+12025550100",
            (_, "password" | "newPassword") => "correct horse battery",
            (_, "url") => "http://127.0.0.1:1/x.png",
            (_, "locale") => "en",
            (_, "phoneNumberId") => NUMBER,
            (_, "businessAccountId") => BUSINESS,
            (_, "since") => "2026-01-01T00:00:00Z",
            (_, "until") => "2026-01-02T00:00:00Z",
            (_, "role") => return Some("MEMBER".to_owned()),
            (_, "first") => return Some("1".to_owned()),
            (_, "bucket") => return Some("3600".to_owned()),
            (_, "maxMs") => return Some("2000".to_owned()),
            _ => return None,
        };
        Some(format!("\"{id}\""))
    }
}

pub(super) struct House<'a> {
    pub(super) owner: Shop<'a>,
    owner_email: String,
    pub(super) askers: Vec<Asker>,
    pub(super) ids: Ids,
}

impl<'a> House<'a> {
    pub(super) async fn build(app: &'a TestApp) -> Self {
        let name = |who: &str| format!("{who}-{}", app.cx().clock.new_id().simple());
        let owner = app.shop(&name("owner")).await;
        let me = owner.ok("{ me { email } }", json!({})).await;
        let owner_email = text(&me["me"]["email"]);
        let admin = owner.joined_by(&name("admin"), "ADMIN").await;
        let member = owner.joined_by(&name("member"), "MEMBER").await;
        let account = owner.connect("15105566777").await;
        owner.webhook().await;
        let message = owner.send("x").await;
        owner.invite("guest@example.com", "MEMBER").await;
        let (_, token) = owner.api_token(json!(["WORKSPACE_READ"])).await;
        let query = "query($w: ID!) { workspace(id: $w) { chats { nodes { id } } invitations { id } } }";
        let seen = owner.ok(query, json!({"w": owner.id})).await["workspace"].clone();
        let ids = Ids {
            workspace: owner.id.clone(),
            account,
            chat: text(&seen["chats"]["nodes"][0]["id"]),
            message,
            user: member.user_id().await,
            invitation: text(&seen["invitations"][0]["id"]),
            token,
        };
        let mut askers = vec![Asker { name: "nobody".to_owned(), bearer: None, kind: Kind::Nobody }];
        for (role, shop) in [(Role::Owner, &owner), (Role::Admin, &admin), (Role::Member, &member)] {
            let bearer = Some(shop.bearer.clone());
            askers.push(Asker { name: format!("{role:?}"), bearer, kind: Kind::Member(role) });
        }
        let stranger = app.shop(&name("stranger")).await;
        askers.push(Asker { name: "stranger".to_owned(), bearer: Some(stranger.bearer), kind: Kind::Stranger });
        for scope in Scope::iter() {
            askers.push(program(app, scope, Some(owner.id.parse().unwrap())).await);
        }
        for scope in [Scope::BillingRead, Scope::BillingWrite] {
            askers.push(program(app, scope, None).await);
        }
        Self { owner, owner_email, askers, ids }
    }

    /// The account of the Cloud API, connected at first need; whichever house had the one number that Meta knows lets it go.
    async fn cloud_account(&self, app: &TestApp) -> String {
        let query = "query($w: ID!) { workspace(id: $w) { accounts { nodes { id gateway } } } }";
        let accounts =
            self.owner.ok(query, json!({"w": self.owner.id})).await["workspace"]["accounts"]["nodes"].clone();
        let known = accounts.as_array().unwrap().iter().find(|account| account["gateway"] == "CLOUD_API");
        if let Some(account) = known {
            return text(&account["id"]);
        }
        let txn = app.cx().db.write(Urgency::Normal).await.unwrap();
        cloud_account::Entity::delete_many().exec(&*txn).await.unwrap();
        txn.commit().await.unwrap();
        self.owner.connect_cloud().await
    }

    /// Makes what a mutation needs to succeed, and says which argument names it.
    pub(super) async fn prepare(&self, app: &TestApp, asker: &Asker, field: &str) -> Option<(&'static str, String)> {
        let email = self.owner_email.clone();
        match field {
            "resumeAccount" => {
                let pause = "mutation($a: ID!) { pauseAccount(input: {accountId: $a}) { id } }";
                self.owner.ok(pause, json!({"a": self.ids.account})).await;
                None
            }
            "reconnectAccount" => {
                let state = Expr::value(<&str>::from(account::AccountState::LoggedOut));
                let all = account::Entity::update_many().col_expr(account::Column::State, state);
                let txn = app.cx().db.write(Urgency::Normal).await.unwrap();
                all.filter(account::Column::Id.eq(self.ids.account.parse::<Uuid>().unwrap()))
                    .exec(&*txn)
                    .await
                    .unwrap();
                txn.commit().await.unwrap();
                None
            }
            "updateCloudApiCredentials" | "setAccountTemplate" => Some(("accountId", self.cloud_account(app).await)),
            "resendMessage" => {
                let status = Expr::value(<&str>::from(message::MessageStatus::Failed));
                let all = message::Entity::update_many().col_expr(message::Column::Status, status);
                let id = self.ids.message.trim_start_matches("wa_backend:");
                let txn = app.cx().db.write(Urgency::Normal).await.unwrap();
                all.filter(message::Column::Id.eq(id)).exec(&*txn).await.unwrap();
                txn.commit().await.unwrap();
                None
            }
            "revokeSession" => {
                let me = app.graphql(asker.bearer.as_deref(), "{ me { sessions { id } } }", json!({})).await;
                Some(("sessionId", text(&me["data"]["me"]["sessions"][0]["id"])))
            }
            "redeemLoginLink" => {
                let link = login_link::make(app.cx(), &email, login_link::LIFE).await.unwrap();
                Some(("token", link.reveal().to_owned()))
            }
            "resetPassword" => {
                let (link, _) = reset_password::request(app.cx(), &email, &Requester::default()).await.unwrap();
                Some(("token", link.reveal().to_owned()))
            }
            "acceptInvitation" | "invitation" => {
                Some(("token", self.owner.invite("somebody-new@example.com", "MEMBER").await))
            }
            "logIn" => {
                signed_up(app, "known@example.com").await;
                Some(("email", "known@example.com".to_owned()))
            }
            "openDemo" => {
                signed_up(app, "demo@nhip.local").await;
                None
            }
            "refreshSession" => {
                let session = signed_up(app, "returning@example.com").await;
                Some(("refreshToken", text(&session["refreshToken"])))
            }
            _ => None,
        }
    }
}

async fn signed_up(app: &TestApp, email: &str) -> Value {
    let query = "mutation($e: String!) { signUp(input: {email: $e, password: \"correct horse battery\", \
                   name: \"x\", workspaceName: \"x\"}) { refreshToken } }";
    app.graphql(None, query, json!({"e": email})).await["data"]["signUp"].clone()
}

async fn program(app: &TestApp, scope: Scope, workspace_id: Option<Uuid>) -> Asker {
    let new = NewToken { name: "job".to_owned(), scopes: vec![scope], workspace_id, life: Duration::from_hours(1) };
    let (token, _) = api_token::create(app.cx(), new).await.unwrap();
    let bound = workspace_id.is_some();
    Asker {
        name: format!("{scope:?}, {}", if bound { "bound" } else { "unbound" }),
        bearer: Some(token.reveal().to_owned()),
        kind: Kind::Program { scope, bound },
    }
}
