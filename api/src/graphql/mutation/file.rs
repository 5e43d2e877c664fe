//! Looking at a file link before a message depends on it.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use nhip_domain::file_check;
use nhip_worker::{
    download::{NoFile, name_in_link},
    gateway::File,
};

use super::super::{ask::Ask as _, enums::FailureReason, scalars::int};

/// Looking at file links.
#[derive(Default)]
pub(super) struct FileMutation;

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
    /// What would be sent; or what is wrong, and what to do about it.
    detail: String,
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
    async fn check_file_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A link to look at.")] input: CheckFileUrlInput,
    ) -> Result<FileCheck> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        file_check::count(ctx.cx()?, &tenant).await?;
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
        detail: format!("{} can be sent ({}, {} bytes)", file.name, file.mime, file.bytes.len()),
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
        detail: no_file.detail,
        host: no_file.host,
        direct_url: no_file.direct_url,
        file_name: None,
        size: None,
        mime: None,
    }
}
