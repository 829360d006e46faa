//! What was heard and is not taken yet, for each who listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::packet::Sighting;

/// Bytes kept for one who listens and does not take; beyond that it is missed.
const ROOM: usize = 32 << 20;
/// What a sighting takes beside its bytes, about.
const OVERHEAD: usize = size_of::<Sighting>() + 64;

/// What one who listens has not taken yet. What there is no room for is counted instead.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    sightings: Vec<Arc<Sighting>>,
    bytes: usize,
    missed: u64,
}

impl Inbox {
    /// Comes back when something is in it.
    pub async fn filled(&self) {
        loop {
            if self.lock().is_some() {
                return;
            }
            // What came in between has left a permit.
            self.filled.notified().await;
        }
    }

    /// Takes out what is in it, and how much was missed since the last time.
    pub fn empty(&self) -> (Vec<Arc<Sighting>>, u64) {
        let waiting = std::mem::take(&mut *self.lock());
        (waiting.sightings, waiting.missed)
    }

    fn put(&self, sightings: &[Arc<Sighting>], missed: u64) {
        let mut waiting = self.lock();
        waiting.missed += missed;
        for sighting in sightings {
            let bytes = sighting.bytes.len() + OVERHEAD;
            if waiting.bytes + bytes > ROOM {
                waiting.missed += 1;
            } else {
                waiting.bytes += bytes;
                waiting.sightings.push(sighting.clone());
            }
        }
        drop(waiting);
        self.filled.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn is_some(&self) -> bool {
        !self.sightings.is_empty() || self.missed > 0
    }
}

/// All who listen.
#[derive(Clone, Debug, Default)]
pub struct Audience(Arc<Mutex<Vec<Arc<Inbox>>>>);

impl Audience {
    /// One more.
    pub fn admit(&self) -> Arc<Inbox> {
        let inbox = Arc::<Inbox>::default();
        self.lock().push(inbox.clone());
        inbox
    }

    /// One less.
    pub fn dismiss(&self, gone: &Arc<Inbox>) {
        self.lock().retain(|inbox| !Arc::ptr_eq(inbox, gone));
    }

    /// Hands each what was heard, and how much was missed.
    pub fn tell(&self, sightings: &[Arc<Sighting>], missed: u64) {
        if sightings.is_empty() && missed == 0 {
            return;
        }
        for inbox in self.lock().iter() {
            inbox.put(sightings, missed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Inbox>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt;

    use super::*;
    use crate::packet::{Direction, Medium};
    use crate::world::Ns;

    fn sighting(bytes: usize) -> Arc<Sighting> {
        Arc::new(Sighting {
            number: 0,
            at: Duration::ZERO,
            ns: Ns::Host,
            index: 1,
            dev: "lo".to_owned(),
            direction: Direction::In,
            medium: Medium::Ethernet,
            bytes: vec![0; bytes],
            length: bytes,
        })
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let audience = Audience::default();
        let (one, other) = (audience.admit(), audience.admit());
        let large = sighting(ROOM / 2);
        audience.tell(&[large.clone(), large.clone(), sighting(60)], 3);
        let (taken, missed) = one.empty();
        assert_eq!(
            (taken.len(), missed),
            (2, 4),
            "the second large one is not kept"
        );
        assert_eq!(taken[1].bytes.len(), 60);
        audience.tell(&[large], 0);
        assert_eq!(one.empty().0.len(), 1, "there is room again");
        assert_eq!(other.empty().1, 5, "each has room of its own");
    }

    #[test]
    fn who_waits_is_woken() {
        let audience = Audience::default();
        let inbox = audience.admit();
        assert!(inbox.filled().now_or_never().is_none());
        audience.tell(&[], 0);
        assert!(inbox.filled().now_or_never().is_none(), "that was nothing");
        audience.tell(&[sighting(60)], 0);
        assert!(inbox.filled().now_or_never().is_some());
        inbox.empty();
        assert!(inbox.filled().now_or_never().is_none());
        audience.dismiss(&inbox);
        audience.tell(&[sighting(60)], 0);
        assert!(inbox.filled().now_or_never().is_none());
    }
}
