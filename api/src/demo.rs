//! `nhip serve --demo`: a workspace to try everything with, and what to paste. Printed to the terminal alone, never logged:
//! the links are secrets.

use std::time::Duration;

use nhip_domain::{
    Cx, Refusal,
    account::{self, NewAccount},
    audit::Requester,
    authenticate::{self, Caller},
    tenant::Admin,
    token::Token,
    user::{Opened, login_link, session, sign_up},
    webhook,
};
use nhip_entity::{account::Gateway, user};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use nhip_worker::open::StartError;

const EMAIL: &str = "demo@nhip.local";
const WORKSPACE: &str = "Demo shop";
const PHONE: &str = "+15105566777";
/// A link is for whoever reads the terminal now.
const LINK_LIFE: Duration = Duration::from_hours(1);

/// Makes the demo's workspace in an empty database, with so many credits, and prints at every start how to use it.
pub async fn prepare(cx: &Cx, credits: i64) -> Result<(), StartError> {
    if user::Entity::find().count(cx.db.read()).await? == 0 {
        seed(cx, credits).await?;
    }
    let Some(link) = link(cx, LINK_LIFE).await? else {
        println!("\nThis database has users, but not {EMAIL}: there is nothing to show.\n");
        return Ok(());
    };
    let (caller, admin) = enter(cx).await?;
    let webhook = webhook::reveal(cx, &admin).await?;
    leave(cx, &caller).await?;
    println!("{}", instructions(cx, &link, &webhook.token));
    Ok(())
}

/// Logs in as the demo's owner, by a link that is used at once. Refused as [`Refusal::NotFound`] unless this is a demo.
pub async fn log_in(cx: &Cx, requester: &Requester) -> nhip_domain::Result<Opened> {
    if !cx.settings.demo {
        return Err(Refusal::NotFound.into());
    }
    let token = login_link::make(cx, EMAIL, LINK_LIFE).await?;
    login_link::redeem(cx, token.reveal(), requester).await
}

/// Who the demo is for, what they own, and what they may spend.
async fn seed(cx: &Cx, credits: i64) -> Result<(), StartError> {
    let newcomer = sign_up::Newcomer {
        email: EMAIL.to_owned(),
        password: None,
        name: "Demo".to_owned(),
        workspace_name: WORKSPACE.to_owned(),
        locale: None,
    };
    let opened = sign_up::welcome(cx, newcomer, credits, &Requester::default()).await?;
    session::end(cx, opened.session_id).await?;
    let (caller, admin) = enter(cx).await?;
    let account = NewAccount {
        gateway: Gateway::Simulator,
        phone: Some(PHONE.to_owned()),
        name: Some(WORKSPACE.to_owned()),
        cloud_api: None,
    };
    account::connect(cx, &admin, account).await?;
    webhook::generate(cx, &admin).await?;
    leave(cx, &caller).await
}

async fn link(cx: &Cx, life: Duration) -> Result<Option<Token>, StartError> {
    match login_link::make(cx, EMAIL, life).await {
        Ok(token) => Ok(Some(token)),
        Err(nhip_domain::Error::Refused(Refusal::NotFound)) => Ok(None),
        Err(err) => Err(err.into()),
    }
}

/// Logs the demo's owner in: authority comes out of authentication, here as everywhere.
async fn enter(cx: &Cx) -> Result<(Caller, Admin), StartError> {
    let gone = || StartError::Other(format!("{EMAIL} has no workspace to show"));
    let token = link(cx, LINK_LIFE).await?.ok_or_else(gone)?;
    let opened = login_link::redeem(cx, token.reveal(), &Requester::default()).await?;
    let caller = authenticate::by_session(cx, opened.session_id, opened.user.id, Requester::default()).await?;
    let caller = caller.ok_or_else(gone)?;
    let (tenant, _) = caller.tenants(cx).await?.into_iter().next().ok_or_else(gone)?;
    Ok((caller, tenant.admin()?))
}

async fn leave(cx: &Cx, caller: &Caller) -> Result<(), StartError> {
    if let Some(session_id) = caller.session_id() {
        session::end(cx, session_id).await?;
    }
    Ok(())
}

fn instructions(cx: &Cx, link: &Token, webhook: &Token) -> String {
    let (address, webhook) = (&cx.settings.public_url, webhook::url(&cx.settings, webhook));
    let curl = |phone: &str| {
        let body = format!(
            r#"{{"action": "send", "whatsapp account phone": "{PHONE}", "phone": "{phone}", "text": "lorem ipsum"}}"#
        );
        format!("curl -X POST '{webhook}' -H 'Content-Type: application/json' -d '{body}'")
    };
    format!(
        "
Nhip's demo runs at     {address}
Log in, once, with      {address}/login?link={link}
The webhook's URL is    {webhook}

Send a WhatsApp message (to the built-in WhatsApp, which reaches no phone):

{first}

Send one to a number that is not on WhatsApp; its credit comes back:

{second}
",
        link = link.reveal(),
        first = curl("+14151231234"),
        second = curl("+12025550101"),
    )
}
