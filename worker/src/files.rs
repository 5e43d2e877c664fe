//! The files that lanes will need: fetched ahead while their messages wait, kept until those are over.
//!
//! They are kept in memory alone. What a process had fetched when it died is fetched again by whoever takes the lane over:
//! it finds its message without a file, and puts it back to wait for one.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use nhip_domain::{
    Broken, Cx,
    message::{self, Ending, How, Outgoing, WantedFile},
};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    download::{Downloader, MAX_BYTES, NoFile, Share, Shares},
    gateway::File,
    journal::Journal,
    lane::Lanes,
};

/// Downloads at the same time. No workspace has more of them than it leaves free; nor of the room.
const AT_ONCE: usize = 32;
/// What all kept files together may weigh, in KiB.
const ROOM_KIB: usize = 256 * 1_024;
/// Between two looks for files that are wanted, unless somebody asks.
const LOOK: Duration = Duration::from_secs(1);
/// Looks until files that nobody needs soon are dropped.
const TIDY: u32 = 30;
/// Before the second and the third attempt at a file that may be there later.
const AGAIN: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];

/// Where lanes get files from.
#[async_trait]
pub trait FileSource: Send + Sync {
    /// The file of a message, if it is here.
    fn get(&self, message_id: &str) -> Option<File>;
    /// Fetches the file of a message that has been on its way before, and must be asked for again.
    async fn fetch(&self, message: &Outgoing) -> Result<File, NoFile>;
    /// The message is over: its file may go.
    fn forget(&self, message_id: &str);
    /// Something waits for a file.
    fn look(&self);
}

/// For lanes whose messages have no files.
#[derive(Clone, Copy, Debug)]
pub struct WithoutFiles;

#[async_trait]
impl FileSource for WithoutFiles {
    fn get(&self, _message_id: &str) -> Option<File> {
        None
    }

    async fn fetch(&self, _message: &Outgoing) -> Result<File, NoFile> {
        Err(NoFile::for_now("There are no files here"))
    }

    fn forget(&self, _message_id: &str) {}

    fn look(&self) {}
}

/// The files of this process's lanes; cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    cx: Cx,
    journal: Arc<dyn Journal>,
    downloader: Downloader,
    kept: Mutex<HashMap<String, Kept>>,
    fetching: Mutex<HashSet<String>>,
    /// KiB that kept files may weigh.
    room: Shares,
    /// Downloads.
    slots: Shares,
    wanted: Notify,
}

struct Kept {
    file: File,
    _room: Option<Share>,
}

#[async_trait]
impl FileSource for Files {
    fn get(&self, message_id: &str) -> Option<File> {
        self.kept().get(message_id).map(|kept| kept.file.clone())
    }

    async fn fetch(&self, message: &Outgoing) -> Result<File, NoFile> {
        if let Some(file) = self.get(&message.id) {
            return Ok(file);
        }
        let file = self
            .download_patiently(&WantedFile {
                id: message.id.clone(),
                workspace_id: message.workspace_id,
                account_id: message.account_id,
                file_url: message.file_url.clone().unwrap_or_default(),
                file_name: message.file_name.clone().unwrap_or_default(),
            })
            .await?;
        // There is one such message in a lane at most, so it needs no room of its own.
        self.kept().insert(message.id.clone(), Kept { file: file.clone(), _room: None });
        Ok(file)
    }

    fn forget(&self, message_id: &str) {
        self.kept().remove(message_id);
    }

    fn look(&self) {
        self.0.wanted.notify_one();
    }
}

impl Files {
    /// Nothing is fetched yet.
    #[must_use]
    pub fn new(cx: Cx, journal: Arc<dyn Journal>, downloader: Downloader) -> Self {
        Self(Arc::new(Inner {
            cx,
            journal,
            downloader,
            kept: Mutex::default(),
            fetching: Mutex::default(),
            room: Shares::of(ROOM_KIB),
            slots: Shares::of(AT_ONCE),
            wanted: Notify::new(),
        }))
    }

    /// Fetches what this process's lanes will need, until `stop`.
    pub async fn fetch_ahead(&self, lanes: &Arc<Lanes>, tasks: &TaskTracker, stop: &CancellationToken) {
        for round in 1_u32.. {
            if let Err(err) = self.start_wanted(lanes, tasks, stop).await {
                complain(&err, "files that are wanted cannot be looked for");
            }
            if round.is_multiple_of(TIDY)
                && let Err(err) = self.tidy().await
            {
                complain(&err, "files cannot be tidied");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = timeout(LOOK, self.0.wanted.notified()) => {}
            }
        }
    }

    async fn start_wanted(
        &self,
        lanes: &Arc<Lanes>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<(), Broken> {
        for wanted in message::wanted_files(&self.0.cx, lanes.term().worker_id()).await? {
            if !self.fetching().insert(wanted.id.clone()) {
                continue;
            }
            let (files, lanes, stop) = (self.clone(), Arc::clone(lanes), stop.clone());
            tasks.spawn(async move {
                let account_id = wanted.account_id;
                if let Some(Err(err)) = stop.run_until_cancelled(files.bring(&wanted)).await {
                    complain(&err, "what became of a file cannot be written; it is looked for again");
                }
                files.fetching().remove(&wanted.id);
                lanes.poke(account_id);
            });
        }
        Ok(())
    }

    /// Fetches one file and lets its message go, or ends the message.
    async fn bring(&self, wanted: &WantedFile) -> Result<(), Broken> {
        let mut room = self.0.room.take(wanted.workspace_id, MAX_BYTES / 1_024).await;
        match self.download_patiently(wanted).await {
            Ok(file) => {
                let (size, mime) = (file.bytes.len(), file.mime.clone());
                room.keep(size / 1_024 + 1);
                self.kept().insert(wanted.id.clone(), Kept { file, _room: Some(room) });
                let waits = message::file_is_there(&self.0.cx, wanted, size, &mime).await?;
                if !waits {
                    self.forget(&wanted.id);
                }
                Ok(())
            }
            Err(no_file) => self.give_up(wanted, no_file).await,
        }
    }

    async fn download_patiently(&self, wanted: &WantedFile) -> Result<File, NoFile> {
        for wait in AGAIN {
            match self.download(wanted.workspace_id, &wanted.file_url, &wanted.file_name).await {
                Err(no_file) if no_file.may_pass => {
                    tracing::debug!(message.id = wanted.id, detail = no_file.detail, "a file is not there yet");
                }
                outcome => return outcome,
            }
            sleep(wait).await;
        }
        self.download(wanted.workspace_id, &wanted.file_url, &wanted.file_name).await
    }

    async fn download(&self, workspace_id: Uuid, url: &str, name: &str) -> Result<File, NoFile> {
        let _slot = self.0.slots.take(workspace_id, 1).await;
        self.0.downloader.download(url, name).await
    }

    async fn give_up(&self, wanted: &WantedFile, no_file: NoFile) -> Result<(), Broken> {
        let how = How::Unsent { reason: no_file.reason, detail: no_file.detail };
        let ending = Ending { workspace_id: wanted.workspace_id, message_id: wanted.id.clone(), how };
        self.0.journal.settle(ending).await.map(drop).map_err(Broken::Shared)
    }

    /// Drops files whose messages ended elsewhere, or wait for something that may take long.
    async fn tidy(&self) -> Result<(), Broken> {
        let ids: Vec<String> = self.kept().keys().cloned().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let needed: HashSet<String> = message::may_leave(&self.0.cx, ids).await?.into_iter().collect();
        self.kept().retain(|id, _| needed.contains(id));
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fetching(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn complain(err: &Broken, what: &'static str) {
    tracing::warn!(error = err as &(dyn std::error::Error + 'static), "{what}");
}
