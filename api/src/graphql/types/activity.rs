//! `ActivityBucket`.

use async_graphql::SimpleObject;
use nhip_domain::activity::{self, Bucket};

use super::super::scalars::{DateTime, int};

/// What happened in one bucket of time.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ActivityBucket {
    /// When it begins.
    at: DateTime,
    /// Messages that were accepted.
    accepted: i32,
    /// Calls of the webhook that were refused.
    refused: i32,
    /// Messages that left for WhatsApp.
    sent: i32,
    /// Messages that came to their recipients' phones.
    delivered: i32,
    /// Messages that were read.
    read: i32,
    /// Messages that failed.
    failed: i32,
    /// Messages that were canceled.
    canceled: i32,
    /// Credits that messages took.
    charged_credits: i32,
    /// Credits that came back.
    restored_credits: i32,
}

impl From<Bucket> for ActivityBucket {
    fn from(Bucket { at, counts }: Bucket) -> Self {
        Self {
            at: at.into(),
            accepted: int(counts.accepted),
            refused: int(counts.refused),
            sent: int(counts.sent),
            delivered: int(counts.delivered),
            read: int(counts.read),
            failed: int(counts.failed),
            canceled: int(counts.canceled),
            charged_credits: int(counts.charged),
            restored_credits: int(counts.restored),
        }
    }
}

/// What a chart costs: each of its buckets costs what one does.
pub(super) fn cost(since: DateTime, until: DateTime, bucket: i32, child: usize) -> usize {
    let buckets = activity::buckets(since.0, until.0, bucket.into());
    usize::try_from(buckets).unwrap_or_default().saturating_mul(child).saturating_add(1)
}
