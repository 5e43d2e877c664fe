//! A beat whose answer was lost: it may have journaled a message as sending, which nobody handed over.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use nhip_entity::message::Model as Message;

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

    /// Of the messages that are sending when a lane is claimed, those that certainly never left. They are told until
    /// [`Self::forget`], for as long as nobody else claims the lane.
    pub(super) fn never_left(&self, epoch: i64, sending: &[Message]) -> HashSet<String> {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lost) = remembered.as_mut().filter(|lost| lost.epoch + 1 == epoch) else { return HashSet::new() };
        lost.epoch = epoch;
        let never_left = sending.iter().filter(|row| row.hand_overs == 1 && !lost.handed_over.contains(&row.id));
        never_left.map(|row| row.id.clone()).collect()
    }

    /// All of them are back in the queue.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
