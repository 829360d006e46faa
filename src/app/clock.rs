//! Time for the session, which has none of its own: the one clock, and the next wake.

use std::time::Duration;

use tokio::time::Instant;

/// Time since a session began, and when it wants to be woken.
pub struct Clock {
    start: Instant,
    wake: Option<Instant>,
}

impl Clock {
    /// A clock that stands at zero.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            wake: None,
        }
    }

    /// Time since the start.
    pub fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Wakes at `at`, or earlier if that was asked for before.
    pub fn wake_at(&mut self, at: Duration) {
        let at = self.start + at;
        self.wake = Some(self.wake.map_or(at, |old| old.min(at)));
    }

    /// No wake is wanted.
    pub fn clear(&mut self) {
        self.wake = None;
    }

    /// Is a wake wanted?
    pub fn is_set(&self) -> bool {
        self.wake.is_some()
    }

    /// Resolves when the wake is due.
    pub async fn due(&self) {
        if let Some(at) = self.wake {
            tokio::time::sleep_until(at).await;
        }
    }
}
