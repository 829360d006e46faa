//! How the map is looked at: who sits where on it, how near, and the packet that runs along it.

use std::time::Duration;

use super::state::{Pane, Session, View};
use crate::world::seats::{Seats, seat};

/// How much the map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zoom {
    /// Names only.
    Far,
    /// Names, kinds and states.
    Middle,
    /// Addresses too.
    #[default]
    Near,
}

/// How the map is looked at.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    /// Who sits where, by the order in which they came.
    pub seats: Seats,
    /// How much is shown.
    pub zoom: Zoom,
    /// So many columns of it are out of sight at the left.
    pub aside: u16,
    /// A packet's way is shown at once, and nothing moves.
    pub still: bool,
    /// When the packet that was followed last began to run along its way, while it runs.
    pub began: Option<Duration>,
}

/// A packet takes this long for each thing that was seen of it, and for all of them at most this
/// long.
const STEP: Duration = Duration::from_millis(220);
const LONGEST: Duration = Duration::from_secs(5);
/// So long after the last frame comes the next one.
const FRAME: Duration = Duration::from_millis(50);
/// Columns that a key moves it.
const ASIDE: u16 = 8;

impl Mapped {
    /// Nearer, or further away.
    pub(super) fn zoom(&mut self, nearer: bool) {
        self.zoom = match (self.zoom, nearer) {
            (Zoom::Far, true) | (Zoom::Near, false) => Zoom::Middle,
            (Zoom::Middle | Zoom::Near, true) => Zoom::Near,
            (Zoom::Far | Zoom::Middle, false) => Zoom::Far,
        };
    }

    /// When the next frame of a running packet is due.
    pub(super) fn next_frame(&self, now: Duration) -> Option<Duration> {
        self.began.map(|_| now + FRAME)
    }
}

impl Session {
    /// Moves what is seen of the map to the side.
    pub(super) fn map_aside(&mut self, right: bool) {
        let (shown, end) = self
            .area(Pane::Map)
            .map_or((0, 0), |area| (area.aside, area.max_aside));
        self.mapped.aside = if right {
            shown.saturating_add(ASIDE).min(end)
        } else {
            shown.saturating_sub(ASIDE)
        };
    }

    /// Gives those who have come a place, and takes that of those who have gone.
    pub(super) fn seat_all(&mut self) {
        seat(&mut self.mapped.seats, self.world.spaces.keys());
    }

    /// Lets packets run along their way, or no more.
    pub(super) fn switch_motion(&mut self) {
        self.mapped.still = !self.mapped.still;
        self.mapped.began = None;
        let text = if self.mapped.still {
            "A packet's way is shown on the map at once."
        } else {
            "A packet runs along its way on the map."
        };
        self.note(text);
    }

    /// A packet's story was told: it runs along its way, where that is looked at.
    pub(super) fn set_off(&mut self) {
        let runs = self.view == View::Map && !self.mapped.still;
        self.mapped.began = runs.then_some(self.now);
    }

    /// How long the packet that was followed last runs.
    fn run_time(&self) -> Duration {
        let seen = self
            .followed
            .last
            .as_ref()
            .map_or(0, |story| story.way.len());
        let seen = u32::try_from(seen).unwrap_or(u32::MAX);
        STEP.saturating_mul(seen).min(LONGEST)
    }

    /// How far the packet is on its way, in thousandths; 1000 when nothing runs.
    pub fn moved(&self) -> u16 {
        let (Some(began), time) = (self.mapped.began, self.run_time().as_millis().max(1)) else {
            return 1000;
        };
        let gone = self.now.saturating_sub(began).as_millis();
        u16::try_from((gone * 1000 / time).min(1000)).unwrap_or(1000)
    }

    /// A packet that has come to its end, or that nobody looks at, runs no more.
    pub(super) fn come_to_rest(&mut self) {
        if self.moved() >= 1000 || self.view != View::Map {
            self.mapped.began = None;
        }
    }
}
