//! Reading bodies: never more than agreed, never longer than agreed.

use std::{sync::Arc, time::Duration};

use futures::StreamExt as _;
use poem::{Body, Request, http::header};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// No body that callers of ours send is larger.
pub const LIMIT: usize = 64 * 1_024;
/// What is read and thrown away of a body that is too large, so that its sender gets to read the answer.
const DRAIN: usize = 32 * 1_024 * 1_024;

/// What large bodies, all together, may take of the memory at once.
const ROOM: usize = 64 * 1_024 * 1_024;
/// How long one may wait for room.
const PATIENCE: Duration = Duration::from_secs(2);

/// Room for bodies larger than [`LIMIT`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

impl Room {
    /// Room for a request's body of at most `limit` bytes, for as long as that is kept; none if there is too little, for too
    /// long.
    pub async fn take(&self, request: &Request, limit: usize) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(announced(request).unwrap_or(limit).min(limit)).ok()?;
        timeout(PATIENCE, Arc::clone(&self.0).acquire_many_owned(bytes)).await.ok()?.ok()
    }
}

fn announced(request: &Request) -> Option<usize> {
    request.header(header::CONTENT_LENGTH).and_then(|length| length.parse().ok())
}

/// How much of a body there was.
#[derive(Debug)]
pub enum Read {
    /// All of it.
    Whole(Vec<u8>),
    /// More than the limit: its beginning.
    TooLarge(Vec<u8>),
    /// It did not come in time, or broke off: its beginning.
    Cut(Vec<u8>),
}

impl Read {
    /// What came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) | Self::TooLarge(bytes) | Self::Cut(bytes) => bytes,
        }
    }
}

/// Reads a request's body of at most `limit` bytes, chunked or not.
pub async fn read(request: &mut Request, limit: usize, within: Duration) -> Read {
    // Whoever asks first is told no before they send anything.
    let announced = announced(request);
    if request.headers().contains_key(header::EXPECT) && announced.is_some_and(|length| length > limit) {
        return Read::TooLarge(Vec::new());
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(LIMIT));
    match timeout(within, fill(&mut bytes, request.take_body(), limit)).await {
        Ok(Ok(length)) if length > limit => Read::TooLarge(bytes),
        Ok(Ok(_)) => Read::Whole(bytes),
        // What was announced is too large, whether it comes or not.
        Ok(Err(_)) | Err(_) if bytes.len() == limit || announced.is_some_and(|length| length > limit) => {
            Read::TooLarge(bytes)
        }
        Ok(Err(_)) | Err(_) => Read::Cut(bytes),
    }
}

async fn fill(bytes: &mut Vec<u8>, body: Body, limit: usize) -> std::io::Result<usize> {
    let (mut length, mut chunks) = (0_usize, Box::pin(body.into_bytes_stream()));
    while length <= DRAIN
        && let Some(chunk) = chunks.next().await
    {
        let chunk = chunk?;
        length = length.saturating_add(chunk.len());
        bytes.extend_from_slice(chunk.get(..limit - bytes.len()).unwrap_or(&chunk));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_of(body: impl Into<Body>) -> Read {
        read(&mut Request::builder().body(body), LIMIT, Duration::from_secs(1)).await
    }

    fn chunks(count: usize, size: usize) -> Body {
        let chunks = futures::stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(vec![b'x'; size])));
        Body::from_bytes_stream(chunks)
    }

    #[tokio::test]
    async fn a_body_of_the_limit_is_taken_and_one_more_byte_is_not() {
        assert!(matches!(read_of(vec![b'x'; LIMIT]).await, Read::Whole(bytes) if bytes.len() == LIMIT));
        assert!(matches!(read_of(vec![b'x'; LIMIT + 1]).await, Read::TooLarge(bytes) if bytes.len() == LIMIT));
    }

    #[tokio::test]
    async fn chunked_bodies_have_the_same_limit() {
        assert!(matches!(read_of(chunks(64, 1_024)).await, Read::Whole(_)));
        assert!(matches!(read_of(chunks(65, 1_024)).await, Read::TooLarge(_)));
        assert!(matches!(read_of(chunks(100_000, 1_024)).await, Read::TooLarge(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_wait_for_room_which_they_get_once_others_are_done() {
        let room = Room::default();
        let chunked = Request::default();
        let most = room.take(&chunked, ROOM - 10).await;
        let small = Request::builder().header(header::CONTENT_LENGTH, 10).finish();
        assert!(room.take(&small, LIMIT).await.is_some());
        assert!(room.take(&chunked, LIMIT).await.is_none());
        drop(most);
        assert!(room.take(&chunked, LIMIT).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_cut() {
        let first = futures::stream::iter([Ok::<_, std::io::Error>(b"{".to_vec())]);
        let body = Body::from_bytes_stream(first.chain(futures::stream::pending()));
        assert!(matches!(read_of(body).await, Read::Cut(bytes) if bytes == b"{"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_announced_as_too_large_is_so_even_if_it_does_not_come() {
        let body = Body::from_bytes_stream(futures::stream::pending::<std::io::Result<Vec<u8>>>());
        let mut request = Request::builder().header(header::CONTENT_LENGTH, LIMIT + 1).body(body);
        let read = read(&mut request, LIMIT, Duration::from_secs(1)).await;
        assert!(matches!(read, Read::TooLarge(bytes) if bytes.is_empty()));
    }
}
