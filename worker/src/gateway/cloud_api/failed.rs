//! Why a send failed, before it is judged what that means to its lane.

use nhip_entity::message::FailureReason;

use super::{
    errors::Verdict,
    graph::{Failure, GraphError},
    sender::NoSender,
};
use crate::gateway::Unsent;

const CONVERT: &str = "Meta's Cloud API takes JPEG, PNG and WebP images, MP4 and 3GP videos, AAC, AMR, MP3, M4A and Ogg sound, \
    PDF, plain text, and documents of Word, Excel and PowerPoint: convert the file, or send its link as text";

/// Why a send failed.
pub(super) enum Failed {
    /// Before anybody was asked.
    Ours(Unsent),
    /// For want of what the account is known by at Meta.
    NoSender(NoSender),
    /// The file did not get there.
    Upload(Failure),
    /// The message did not get there, or nobody knows.
    Meta(Failure),
}

impl Failed {
    /// Whether it is a refusal that stops the account.
    pub(super) fn stops_account(&self) -> bool {
        match self {
            Self::Meta(Failure::Refused(error)) | Self::Upload(Failure::Refused(error)) => {
                matches!(error.verdict(), Verdict::Stop(..))
            }
            Self::Meta(_) | Self::Upload(_) | Self::NoSender(_) | Self::Ours(_) => false,
        }
    }
}

impl From<Unsent> for Failed {
    fn from(unsent: Unsent) -> Self {
        Self::Ours(unsent)
    }
}

impl From<NoSender> for Failed {
    fn from(why: NoSender) -> Self {
        Self::NoSender(why)
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::Meta(failure)
    }
}

/// Whether a free text was refused that a template may carry.
pub(super) fn is_past_window(error: &GraphError) -> bool {
    error.code == Some(131_047)
}

/// Whether a message may have been refused because Meta does not have its file. (The number, of which it may say the same, is
/// there: it took the upload.)
pub(super) fn is_file_gone(error: &GraphError) -> bool {
    error.is_lost_file() || error.is_no_such_object()
}

/// Why a message fails whose file Meta did not take, for the owner to read, too: what is a bad parameter of a message, is a
/// bad type of a file.
pub(super) fn refused_upload(error: &GraphError) -> (FailureReason, String) {
    match (error.code, error.failure()) {
        (Some(100), _) | (_, FailureReason::FileTypeUnsupported) => {
            (FailureReason::FileTypeUnsupported, format!("{error}; {CONVERT}"))
        }
        _ => (FailureReason::FileRejected, error.explain()),
    }
}
