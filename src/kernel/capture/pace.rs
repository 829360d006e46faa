//! How fast a capture may go.
//!
//! Whoever floods a device makes more frames than anybody can read. Each would be read, worded,
//! kept and drawn by the thread that also takes the keys. So a capture rests when it has shown
//! enough for one frame of the screen, and what comes meanwhile is left to the kernel.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A frame of the screen.
const TURN: Duration = Duration::from_millis(16);
/// Lines shown in one turn at most.
const LINES: usize = 200;
/// Frames read in one turn at most, most of which a filter may have left out.
const FRAMES: usize = 1_000;

/// What was done in the turn under way.
#[derive(Debug, Default)]
pub struct Pace {
    began: Option<Instant>,
    lines: usize,
    frames: usize,
}

impl Pace {
    /// Is it enough for this turn?
    pub fn is_full(&self) -> bool {
        self.lines >= LINES || self.frames >= FRAMES
    }

    /// A frame was read, and perhaps shown.
    pub fn count(&mut self, shown: bool) {
        if self.began.is_none_or(|began| began.elapsed() >= TURN) {
            *self = Self {
                began: Some(Instant::now()),
                ..Self::default()
            };
        }
        self.frames += 1;
        self.lines += usize::from(shown);
    }

    /// Waits for the next turn, and begins it.
    pub async fn rest(&mut self) {
        if let Some(began) = self.began {
            sleep_until(began + TURN).await;
        }
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(frames: usize, shown: bool) -> Pace {
        // A turn that lasts longer than this test on the slowest machine.
        let mut pace = Pace {
            began: Some(Instant::now() + Duration::from_secs(60)),
            ..Pace::default()
        };
        (0..frames).for_each(|_| pace.count(shown));
        pace
    }

    #[test]
    fn a_turn_is_over_after_so_many_lines_or_frames() {
        assert!(!counted(LINES - 1, true).is_full());
        assert!(counted(LINES, true).is_full());
        assert!(!counted(FRAMES - 1, false).is_full());
        assert!(counted(FRAMES, false).is_full());
    }

    #[test]
    fn what_is_counted_later_belongs_to_the_next_turn() {
        let mut pace = counted(LINES - 1, true);
        pace.began = Instant::now().checked_sub(TURN);
        pace.count(true);
        assert!(!pace.is_full());
    }
}
