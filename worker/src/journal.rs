//! Where lanes write what they do: the database, in group commits.

use std::sync::Arc;

use async_trait::async_trait;
use nhip_domain::{
    Broken, Cx,
    lane::{self, Claimed, Outlook},
    message::{self, Authority, Beat, Begun, Ending, Fact, Outgoing},
};
use uuid::Uuid;

use crate::group::Group;

/// Why something could not be written; shared by all that were in the batch.
pub type WriteError = Arc<Broken>;

/// What a lane asks of the world. One implementation writes to the database; tests simulate hours with one in memory.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Claims an account's lane, if it can send, has work, and has no other living owner.
    async fn claim(&self, worker_id: Uuid, account_id: Uuid) -> Result<Option<Claimed>, WriteError>;
    /// The account's messages whose outcome is unknown.
    async fn in_doubt(&self, account_id: Uuid) -> Result<Vec<Outgoing>, WriteError>;
    /// A beat: only what this returns may be sent.
    async fn beat(&self, authority: Authority, beat: Beat) -> Result<Begun, WriteError>;
    /// Something that WhatsApp did.
    async fn record(&self, fact: Fact) -> Result<(), WriteError>;
    /// A message ends, and its credits come back; whether this ended it.
    async fn settle(&self, ending: Ending) -> Result<bool, WriteError>;
    /// What lies before the lane.
    async fn outlook(&self, account_id: Uuid) -> Result<Outlook, WriteError>;
    /// A restricted account cannot write to new chats: ends what is queued for them; how many.
    async fn refuse_new_chats(&self, account_id: Uuid) -> Result<u64, WriteError>;
    /// Gives the lane back.
    async fn release(&self, authority: Authority) -> Result<(), WriteError>;
}

/// The journal in the database. Beats and settlements go in separate batches, so that a workspace whose row is hot never
/// delays anyone's beat.
#[derive(Clone)]
pub struct DbJournal {
    cx: Cx,
    claims: Group<(Uuid, Uuid), Option<Claimed>>,
    /// Read together like the rest: thousands of lanes begin at once.
    doubts: Group<Uuid, Vec<Outgoing>>,
    beats: Group<(Authority, Beat), Begun>,
    facts: Group<Fact, ()>,
    endings: Group<Ending, bool>,
    releases: Group<Authority, ()>,
}

impl DbJournal {
    /// Starts the writers.
    #[must_use]
    pub fn start(cx: &Cx) -> Self {
        let (claims, doubts, beats) = (cx.clone(), cx.clone(), cx.clone());
        let (facts, endings, releases) = (cx.clone(), cx.clone(), cx.clone());
        Self {
            cx: cx.clone(),
            claims: Group::start("claims", move |items| claim_all(claims.clone(), items)),
            doubts: Group::start("doubts", move |accounts| doubts_of(doubts.clone(), accounts)),
            beats: Group::start("beats", move |items: Vec<(Authority, Beat)>| {
                let cx = beats.clone();
                async move { message::begin(&cx, &items).await }
            }),
            facts: Group::start("facts", move |items: Vec<Fact>| {
                let cx = facts.clone();
                async move {
                    message::record(&cx, &items).await?;
                    Ok(vec![(); items.len()])
                }
            }),
            endings: Group::start("endings", move |items: Vec<Ending>| {
                let cx = endings.clone();
                async move { Ok(message::settle(&cx, &items).await?) }
            }),
            releases: Group::start("releases", move |items| release_all(releases.clone(), items)),
        }
    }
}

/// All of one process, so all of one worker but for the moment in which it changed its id.
async fn claim_all(cx: Cx, items: Vec<(Uuid, Uuid)>) -> Result<Vec<Option<Claimed>>, Broken> {
    let mut claimed = Vec::new();
    for worker_id in distinct(items.iter().map(|(worker_id, _)| *worker_id)) {
        let of = items.iter().filter(|(worker, _)| *worker == worker_id).map(|(_, account_id)| *account_id);
        let accounts: Vec<Uuid> = of.collect();
        claimed.extend(lane::claim(&cx, worker_id, &accounts).await?);
    }
    let find = |account_id| claimed.iter().find(|lane: &&Claimed| lane.account_id == account_id).cloned();
    Ok(items.into_iter().map(|(_, account_id)| find(account_id)).collect())
}

async fn doubts_of(cx: Cx, accounts: Vec<Uuid>) -> Result<Vec<Vec<Outgoing>>, Broken> {
    let found = message::in_doubt(&cx, accounts.clone()).await?;
    let of = |account_id: Uuid| found.iter().filter(move |message| message.account_id == account_id);
    Ok(accounts.into_iter().map(|account_id| of(account_id).cloned().collect()).collect())
}

async fn release_all(cx: Cx, items: Vec<Authority>) -> Result<Vec<()>, Broken> {
    for worker_id in distinct(items.iter().map(|lane| lane.worker_id)) {
        let of = items.iter().filter(|lane| lane.worker_id == worker_id).map(|lane| (lane.account_id, lane.epoch));
        let lanes: Vec<(Uuid, i64)> = of.collect();
        lane::release(&cx, worker_id, &lanes).await?;
    }
    Ok(vec![(); items.len()])
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[async_trait]
impl Journal for DbJournal {
    async fn claim(&self, worker_id: Uuid, account_id: Uuid) -> Result<Option<Claimed>, WriteError> {
        self.claims.submit((worker_id, account_id)).await
    }

    async fn in_doubt(&self, account_id: Uuid) -> Result<Vec<Outgoing>, WriteError> {
        self.doubts.submit(account_id).await
    }

    async fn beat(&self, authority: Authority, beat: Beat) -> Result<Begun, WriteError> {
        self.beats.submit((authority, beat)).await
    }

    async fn record(&self, fact: Fact) -> Result<(), WriteError> {
        self.facts.submit(fact).await
    }

    async fn settle(&self, ending: Ending) -> Result<bool, WriteError> {
        self.endings.submit(ending).await
    }

    async fn outlook(&self, account_id: Uuid) -> Result<Outlook, WriteError> {
        lane::outlook(&self.cx, account_id).await.map_err(told)
    }

    async fn refuse_new_chats(&self, account_id: Uuid) -> Result<u64, WriteError> {
        message::refuse_new_chats(&self.cx, account_id).await.map_err(told)
    }

    async fn release(&self, authority: Authority) -> Result<(), WriteError> {
        self.releases.submit(authority).await
    }
}

fn told(err: impl Into<Broken>) -> WriteError {
    Arc::new(err.into())
}
