//! A beat whose answer was lost: it may have journaled a message as sending, which nobody handed over.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use nhip_domain::message::Outgoing;

/// What a lane's runner remembers of its last beat, if the answer was lost: who claims the lane next under the epoch that
/// follows is the same runner, and nobody sent anything in between.
#[derive(Debug, Default)]
pub(super) struct LostBeat(Mutex<Option<Lost>>);

#[derive(Debug)]
struct Lost {
    epoch: i64,
    /// Messages that were sending before, so that were handed over.
    handed_over: HashSet<String>,
}

impl LostBeat {
    /// The answer to a beat of this epoch did not come.
    pub(super) fn remember(&self, epoch: i64, handed_over: &HashSet<String>) {
        let lost = Lost { epoch, handed_over: handed_over.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(lost);
    }

    /// The lane was claimed under this epoch. What is remembered counts for as long as nobody else claims it in between.
    pub(super) fn claimed(&self, epoch: i64) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *remembered = remembered.take().filter(|lost| lost.epoch + 1 == epoch).map(|lost| Lost { epoch, ..lost });
    }

    /// Of the messages that are sending, those that certainly never left: told until [`Self::forget`].
    pub(super) fn never_left(&self, sending: &[Outgoing]) -> HashSet<String> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lost) = remembered.as_ref() else { return HashSet::new() };
        let never_left = sending.iter().filter(|row| row.hand_overs == 1 && !lost.handed_over.contains(&row.id));
        never_left.map(|row| row.id.clone()).collect()
    }

    /// All of them are back in the queue.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
