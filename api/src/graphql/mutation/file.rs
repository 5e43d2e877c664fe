//! Looking at a file link before a message depends on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use moka::sync::Cache;
use nhip_domain::Refusal;
use nhip_worker::{
    file::{NoFile, name_in_link},
    gateway::File,
};
use uuid::Uuid;

use super::super::{ask::Ask as _, enums::FailureReason, scalars::int};

/// Checks of one workspace within [`WINDOW`], in one process: each is a download.
const CHECKS: u32 = 10;
/// Over which they are counted.
const WINDOW: Duration = Duration::from_mins(1);
/// Workspaces that are counted at the same time.
const COUNTED: u64 = 100_000;

/// Looking at file links.
pub(super) struct FileMutation {
    checks: Cache<Uuid, Arc<AtomicU32>>,
}

impl Default for FileMutation {
    fn default() -> Self {
        Self { checks: Cache::builder().max_capacity(COUNTED).time_to_live(WINDOW).build() }
    }
}

/// A link to look at.
#[derive(InputObject)]
struct CheckFileUrlInput {
    /// Whose.
    workspace_id: ID,
    /// The link, as `file_url` would have it.
    url: String,
    /// The name that the recipient would see; the link's last part unless given.
    file_name: Option<String>,
}

/// What a worker would find behind a file link.
#[derive(SimpleObject)]
struct FileCheck {
    /// Whether there is a file that can be sent.
    ok: bool,
    /// What a message with this link would fail with.
    reason: Option<FailureReason>,
    /// What is wrong, and what to do about it.
    detail: Option<String>,
    /// The host that is at fault.
    host: Option<String>,
    /// A link that should work, where one can be derived.
    direct_url: Option<String>,
    /// The name that the recipient would see.
    file_name: Option<String>,
    /// Bytes.
    size: Option<i32>,
    /// Its type, by its content.
    mime: Option<String>,
}

#[Object]
impl FileMutation {
    /// Downloads the link now, as a worker would, and says what came of it; at most 10 a minute.
    async fn check_file_url(&self, ctx: &Context<'_>, input: CheckFileUrlInput) -> Result<FileCheck> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        tenant.sender()?;
        let count = self.checks.get_with(tenant.workspace_id(), Arc::default);
        if count.fetch_add(1, Ordering::Relaxed) >= CHECKS {
            return Err(Refusal::RateLimited { retry_after_s: WINDOW.as_secs() }.into());
        }
        let name = input.file_name.filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| name_in_link(&input.url));
        Ok(match ctx.deps()?.downloader.download(input.url.trim(), name.trim()).await {
            Ok(file) => found(file),
            Err(no_file) => missing(no_file),
        })
    }
}

fn found(file: File) -> FileCheck {
    FileCheck {
        ok: true,
        reason: None,
        detail: None,
        host: None,
        direct_url: None,
        size: Some(int(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX))),
        file_name: Some(file.name),
        mime: Some(file.mime),
    }
}

fn missing(no_file: NoFile) -> FileCheck {
    FileCheck {
        ok: false,
        reason: Some(no_file.reason.into()),
        detail: Some(no_file.detail),
        host: no_file.host,
        direct_url: no_file.direct_url,
        file_name: None,
        size: None,
        mime: None,
    }
}
