//! A person takes messages out of the queue; their credits come back.

use nhip_entity::message::{self, MessageStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::settle::{Ending, How, settle};
use crate::{cx::Cx, error::Result, sql::PART, tenant::Tenant};

/// The most messages that one call cancels.
const MOST: u64 = 1_000;

/// Which queued messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// These; ids without the prefix.
    Messages(Vec<String>),
    /// All of one account.
    Account(Uuid),
    /// All of the workspace.
    AllQueued,
}

/// What was canceled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canceled {
    /// The messages, oldest first.
    pub messages: Vec<message::Model>,
    /// The credits that came back.
    pub credits: i64,
}

/// Cancels queued messages, oldest first, at most 1,000 a call, in transactions of at most 500. What has left the queue in
/// the meantime goes on as it was.
pub async fn cancel(cx: &Cx, tenant: &Tenant, which: &Which) -> Result<Canceled> {
    tenant.sender()?;
    let queued = queued(cx, tenant.workspace_id(), which).await?;
    let mut canceled = Canceled::default();
    for part in queued.chunks(usize::try_from(PART).unwrap_or(usize::MAX)) {
        let ending = |row: &message::Model| Ending {
            workspace_id: row.workspace_id,
            message_id: row.id.clone(),
            how: How::Canceled,
        };
        let endings: Vec<Ending> = part.iter().map(ending).collect();
        let ended = settle(cx, &endings).await?;
        let gone = part.iter().zip(ended).filter(|(_, ended)| *ended).map(|(row, _)| row);
        canceled.credits += gone.clone().map(|row| i64::from(row.credits)).sum::<i64>();
        let ids: Vec<&str> = gone.map(|row| row.id.as_str()).collect();
        let rows = message::Entity::find().filter(message::Column::Id.is_in(ids));
        canceled.messages.extend(rows.order_by_asc(message::Column::Place).all(cx.db.read()).await?);
    }
    Ok(canceled)
}

async fn queued(cx: &Cx, workspace_id: Uuid, which: &Which) -> Result<Vec<message::Model>> {
    use message::Column;
    let rows = message::Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id))
        .filter(Column::Status.eq(MessageStatus::Queued))
        .order_by_asc(Column::Place)
        .limit(MOST);
    let rows = match which {
        Which::Messages(ids) => rows.filter(Column::Id.is_in(ids)),
        Which::Account(account_id) => rows.filter(Column::AccountId.eq(*account_id)),
        Which::AllQueued => rows,
    };
    Ok(rows.all(cx.db.read()).await?)
}
