//! Packets that were seen passing, for the pane that shows them.
//!
//! The newest are kept. A line is worded when it is drawn, but for those whose words depend on what
//! passed before (`words`); so a flood costs little more than its bytes.

mod filter;
mod pane;
mod ring;
mod words;

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Session;
use crate::packet::Sighting;
use filter::Filter;
use ring::Ring;
use words::Printers;

pub use pane::Depth;
pub use ring::{Break, Row};

/// Packets that were seen passing.
#[derive(Clone, Debug)]
pub struct Packets {
    /// What is kept.
    ring: Ring,
    /// What a pane that is held still shows.
    held: Option<Ring>,
    /// What is asked of those that are shown.
    filter: Option<Filter>,
    /// For lines whose words depend on those before them.
    printers: Printers,
    /// The chosen one, by its number in the ring; without any the pane follows its end.
    chosen: Option<u64>,
    /// So many rows of the screen are above it, where it was clicked at; else it is in the middle.
    above: Option<usize>,
    /// The one whose fields are shown.
    open: Option<Open>,
    /// Why none can be seen: a sentence.
    refused: Option<String>,
    /// So many were seen.
    pub seen: u64,
    /// So many of these are kept no more.
    pub forgotten: u64,
    /// So many more passed for which there was no room.
    pub missed: u64,
    /// In which times of day are shown.
    pub zone: TimeZone,
}

/// A packet whose fields are shown.
#[derive(Clone, Debug)]
pub struct Open {
    /// It; it stays, even when it is kept no more.
    pub sighting: Arc<Sighting>,
    /// Its line.
    pub words: Arc<str>,
    /// The chosen field.
    pub field: usize,
}

impl Default for Packets {
    fn default() -> Self {
        Self {
            ring: Ring::default(),
            held: None,
            filter: None,
            printers: Printers::default(),
            chosen: None,
            above: None,
            open: None,
            refused: None,
            seen: 0,
            forgotten: 0,
            missed: 0,
            zone: TimeZone::UTC,
        }
    }
}

impl Packets {
    fn take(&mut self, sighting: Arc<Sighting>) {
        self.seen += 1;
        let words = self.printers.words(&sighting);
        self.push(Row::Seen { sighting, words });
    }

    fn skip(&mut self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.seen += count;
        self.forgotten += count;
    }

    fn push(&mut self, row: Row) {
        let passes = self
            .filter
            .as_ref()
            .is_none_or(|filter| filter.passes(&row));
        self.forgotten += self.ring.push(row, passes);
    }

    /// The pane is looked at again.
    pub(super) fn resume(&mut self) {
        self.refused = None;
        self.interrupt(Break::NotLookedAt);
    }

    /// Why none can be seen, whatever passes: what was refused, where, and what helps.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// The sandbox was made anew.
    pub(super) fn sandbox_is_new(&mut self) {
        self.printers = Printers::default();
        self.interrupt(Break::Anew);
    }

    /// Says between the lines why there are none: once, and not before the first.
    fn interrupt(&mut self, why: Break) {
        if let Some(Row::Seen { .. }) = self.ring.last() {
            self.push(Row::Break(why));
        }
    }
}

impl Session {
    /// Packets cannot be heard.
    pub(super) fn packets_refused(&mut self, why: &str) {
        self.packets.refused = Some(super::transcript::clean(why));
    }

    /// Packets have passed.
    pub(super) fn packets_passed(&mut self, sightings: Vec<Arc<Sighting>>, missed: u64) {
        self.packets.missed += missed;
        // Those that the others would push out at once are not even looked at: so what one event
        // costs has a bound, however much has passed.
        let over = sightings.len().saturating_sub(ring::MOST);
        self.packets.skip(over);
        for sighting in sightings.into_iter().skip(over) {
            self.packets.take(sighting);
        }
    }
}
