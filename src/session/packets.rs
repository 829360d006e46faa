//! Packets that were seen passing, for the pane that shows them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Session;
use crate::packet::Sighting;

/// So many are kept; the oldest go first.
const MOST: usize = 10_000;

/// Packets that were seen passing.
#[derive(Clone, Debug, Default)]
pub struct Packets {
    /// Kept, oldest first.
    pub kept: VecDeque<Arc<Sighting>>,
    /// So many are kept no more.
    pub forgotten: u64,
    /// So many passed for which there was no room.
    pub missed: u64,
}

impl Session {
    /// Packets have passed.
    pub(super) fn packets_passed(&mut self, sightings: Vec<Arc<Sighting>>, missed: u64) {
        self.packets.missed += missed;
        self.packets.kept.extend(sightings);
        while self.packets.kept.len() > MOST {
            self.packets.kept.pop_front();
            self.packets.forgotten += 1;
        }
    }
}
