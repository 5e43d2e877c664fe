//! Connecting a WhatsApp number.

use nhip_entity::{
    account::{self, AccountState, Gateway},
    chat::{self, ChatKind},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel as _,
    QueryFilter as _, SqlErr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::cloud_api::{self, CloudApi};
use crate::{
    audit::{self, Change},
    cx::Cx,
    database::{Transaction, Urgency},
    error::{Error, Result},
    lock,
    refusal::Refusal,
    settings::Settings,
    signal::Event,
    tenant::Admin,
    text,
};

/// An account to be.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The way to WhatsApp.
    pub gateway: Gateway,
    /// Its number, in international format.
    pub phone: Option<String>,
    /// What its owners call it; its number, if they do not say.
    pub name: Option<String>,
    /// What it is known by at Meta, for [`Gateway::CloudApi`].
    pub cloud_api: Option<CloudApi>,
}

impl NewAccount {
    /// The same in our own spelling.
    ///
    /// Refused where something is missing or cannot be what it should, before anybody is asked about it.
    pub fn checked(self) -> Result<Self, Refusal> {
        let refuse = |field, problem: &str| Err(Refusal::BadInput { field, problem: problem.to_owned() });
        match (self.gateway, &self.cloud_api) {
            (Gateway::Simulator, None) | (Gateway::CloudApi, Some(_)) => {}
            (Gateway::CloudApi, None) => {
                return refuse("cloudApi", "`cloudApi` is missing: CLOUD_API needs what Meta gave you");
            }
            (Gateway::Simulator, Some(_)) => {
                return refuse("cloudApi", "`cloudApi` goes with the gateway CLOUD_API alone");
            }
            (Gateway::Web, _) => {
                return refuse("gateway", "This gateway is not available in this build; take SIMULATOR or CLOUD_API");
            }
        }
        let Some(phone) = self.phone else { return refuse("phone", "`phone` is missing") };
        Ok(Self {
            phone: Some(text::phone("phone", &phone)?),
            name: self.name.map(|name| text::name("name", &name)).transpose()?,
            cloud_api: self.cloud_api.map(CloudApi::checked).transpose()?,
            gateway: self.gateway,
        })
    }
}

/// The chats that a new account of the built-in WhatsApp comes with, in the order of their numbers.
const SIMULATED_CHATS: [(ChatKind, &str, &str, Option<&str>); 2] = [
    (ChatKind::Group, "Team", "120363000000000001@g.us", None),
    (ChatKind::Contact, "Ada Example", "12025550100@s.whatsapp.net", Some("12025550100")),
];

/// Refused as [`Refusal::Taken`] where the workspace has an account of that number already: asked before Meta is.
pub async fn may_connect(cx: &Cx, admin: &Admin, new: &NewAccount) -> Result<()> {
    let Some(phone) = &new.phone else { return Ok(()) };
    let live = admin.tenant().accounts().filter(account::Column::State.ne(AccountState::Removed));
    match live.filter(account::Column::Phone.eq(phone)).one(cx.db.read()).await? {
        Some(_) => Err(has_it(phone).into()),
        None => Ok(()),
    }
}

/// Connects an account: from now on the one that was connected most recently.
///
/// Refused as [`Refusal::Taken`] where the workspace has an account of that number already. Whether Meta knows the
/// account was asked before: no transaction waits for anybody.
pub async fn connect(cx: &Cx, admin: &Admin, new: NewAccount) -> Result<account::Model> {
    let new = new.checked()?;
    let account = decide(cx, admin.workspace_id(), &new);
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [account.workspace_id]).await?;
    let row = account.clone().into_active_model().reset_all();
    account::Entity::insert(row).exec_without_returning(&*txn).await.map_err(|err| taken(err, &account))?;
    match &new.cloud_api {
        Some(at_meta) => cloud_api::store(cx, &txn, account.id, at_meta).await?,
        None => add_simulated_chats(&txn, &account).await?,
    }
    let change = admin.tenant().change("account.connect", account.id.to_string());
    let detail = detail(&account, new.cloud_api.as_ref());
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Account { workspace_id: account.workspace_id, id: account.id });
    cx.signals.nudge(account.id);
    Ok(account)
}

/// What the audit trail keeps: no secrets.
fn detail(account: &account::Model, at_meta: Option<&CloudApi>) -> Value {
    let mut detail = json!({"gateway": account.gateway, "phone": account.phone});
    if let (Some(detail), Some(at_meta)) = (detail.as_object_mut(), at_meta) {
        detail.extend(at_meta.ids());
    }
    detail
}

fn decide(cx: &Cx, workspace_id: Uuid, new: &NewAccount) -> account::Model {
    let phone = new.phone.clone().unwrap_or_default();
    let name = new.name.clone().unwrap_or_else(|| format!("+{phone}"));
    let now = cx.now();
    let (pace_min_ms, pace_max_ms) = first_pace(&cx.settings);
    account::Model {
        id: cx.clock.new_id(),
        workspace_id,
        phone: Some(phone),
        name,
        gateway: new.gateway,
        state: AccountState::Connected,
        reason: None,
        reason_detail: None,
        restricted_until: None,
        connected_at: Some(now),
        created_at: now,
        unable_since: None,
        pace_min_ms,
        pace_max_ms,
        daily_cap: None,
        capped_until: None,
        held_until: None,
        reported_at: None,
        template_name: None,
        template_language: None,
        lane_owner: None,
        lane_epoch: 0,
        lane_taken_over: false,
        next_send_at: None,
    }
}

/// A new account's pace, which the installation's floor bounds like any other.
fn first_pace(settings: &Settings) -> (i32, i32) {
    let ms = |pace: std::time::Duration| i32::try_from(pace.as_millis()).unwrap_or(i32::MAX);
    let min = ms(settings.pace_min.max(settings.pace_floor));
    (min, ms(settings.pace_max).max(min))
}

async fn add_simulated_chats(txn: &Transaction, account: &account::Model) -> Result<(), DbErr> {
    // One statement each: their numbers follow this order.
    for (kind, name, jid, phone) in SIMULATED_CHATS {
        let chat = chat::ActiveModel {
            workspace_id: Set(account.workspace_id),
            account_id: Set(account.id),
            kind: Set(kind),
            name: Set(name.to_owned()),
            renamed: Set(false),
            jid: Set(jid.to_owned()),
            phone: Set(phone.map(str::to_owned)),
            created_at: Set(account.created_at),
            ..Default::default()
        };
        chat::Entity::insert(chat).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn taken(err: DbErr, account: &account::Model) -> Error {
    match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => has_it(account.phone.as_deref().unwrap_or_default()).into(),
        _ => err.into(),
    }
}

fn has_it(phone: &str) -> Refusal {
    let problem = format!("This workspace has an account with the phone +{phone} already");
    Refusal::Taken { field: "phone", problem }
}
