//! Making a workspace: its row, its owner, its webhook (without a URL yet), its first credits.

use nhip_entity::{
    credit_entry::CreditKind,
    member::{self, Role},
    webhook, workspace,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DbErr, EntityTrait, IntoActiveModel as _};
use uuid::Uuid;

use crate::{
    audit::{self, Requester},
    authenticate::Caller,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    ledger::{Book, Note},
    refusal::Refusal,
    text,
};

/// Whom a new workspace belongs to.
pub(crate) struct Owner<'a> {
    pub(crate) user_id: Uuid,
    pub(crate) requester: &'a Requester,
}

/// Makes a further workspace of a person; it starts without credits.
///
/// Refused to programs, and where sign-up is closed.
pub async fn create(cx: &Cx, caller: &Caller, name: &str) -> Result<workspace::Model> {
    let user = caller.person()?;
    if !cx.settings.sign_up_open {
        return Err(Refusal::Forbidden("New workspaces are closed here; ask the operator".to_owned()).into());
    }
    let name = text::name("name", name)?;
    let txn = cx.db.write(Urgency::Normal).await?;
    let owner = Owner { user_id: user.id, requester: caller.requester() };
    let workspace = create_in(cx, &txn, &owner, name, 0).await?;
    txn.commit().await?;
    Ok(workspace)
}

/// Makes a workspace in a transaction that does more.
pub(crate) async fn create_in(
    cx: &Cx,
    txn: &Transaction,
    owner: &Owner<'_>,
    name: String,
    credits: i64,
) -> Result<workspace::Model, DbErr> {
    let workspace = workspace::Model {
        id: cx.clock.new_id(),
        name,
        created_at: cx.now(),
        deleted_at: None,
        balance: 0,
        last_entry: 0,
        verified_entry: 0,
        last_place: 0,
        last_activation: 0,
        version: 0,
    };
    workspace::Entity::insert(workspace.clone().into_active_model().reset_all()).exec_without_returning(txn).await?;
    let member = member::Model {
        workspace_id: workspace.id,
        user_id: owner.user_id,
        role: Role::Owner,
        joined_at: workspace.created_at,
    };
    member::Entity::insert(member.into_active_model().reset_all()).exec_without_returning(txn).await?;
    // Without a token, and the columns that count from 0 by default.
    let webhook = webhook::ActiveModel { workspace_id: Set(workspace.id), enabled: Set(true), ..Default::default() };
    webhook::Entity::insert(webhook).exec_without_returning(txn).await?;
    let change = audit::Change {
        workspace_id: Some(workspace.id),
        actor: audit::name_of_user(owner.user_id),
        requester: owner.requester,
        action: "workspace.create",
        target: Some(workspace.id.to_string()),
        detail: None,
    };
    audit::record(cx, txn, change).await?;
    if credits <= 0 {
        return Ok(workspace);
    }
    // Nobody else can see the row yet: it needs no lock.
    let mut book = Book::open(workspace.created_at, std::slice::from_ref(&workspace));
    let note = Note { reason: Some("Welcome".to_owned()), ..Note::default() };
    book.add(workspace.id, CreditKind::Grant, credits, note);
    book.write(txn).await?;
    Ok(workspace::Model { balance: credits, last_entry: 1, ..workspace })
}
