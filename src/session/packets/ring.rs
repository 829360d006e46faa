//! The newest packets, and which of them are shown.

use std::collections::VecDeque;
use std::sync::Arc;

use super::words::words;
use crate::packet::Sighting;

/// So many rows are kept; the oldest go first.
pub(super) const MOST: usize = 10_000;
/// And so many bytes of packets: one of 64 KiB, which a veth carries whole, weighs as many small ones.
const BYTES: usize = 16 << 20;

/// A row of the pane.
#[derive(Clone, Debug)]
pub enum Row {
    /// A packet was seen.
    Seen {
        /// It.
        sighting: Arc<Sighting>,
        /// Its line, where that depends on what passed before.
        words: Option<Arc<str>>,
    },
    /// None were seen for a while.
    Break(Break),
}

/// Why none were seen for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The sandbox was dropped, and made anew.
    Anew,
    /// Nobody looked.
    NotLookedAt,
}

impl Break {
    /// In a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anew => "the sandbox was made anew here",
            Self::NotLookedAt => "this pane was closed here: nothing was captured meanwhile",
        }
    }
}

impl Row {
    /// What tcpdump prints for it, without time and device.
    pub fn words(&self) -> Arc<str> {
        match self {
            Self::Seen {
                words: Some(words), ..
            } => words.clone(),
            Self::Seen { sighting, .. } => words(sighting).into(),
            Self::Break(why) => why.words().into(),
        }
    }

    /// The packet, if it is one.
    pub fn sighting(&self) -> Option<&Arc<Sighting>> {
        match self {
            Self::Seen { sighting, .. } => Some(sighting),
            Self::Break(_) => None,
        }
    }

    fn bytes(&self) -> usize {
        self.sighting().map_or(0, |sighting| sighting.bytes.len())
    }
}

/// The newest rows. Each has a number, by which it is found for as long as it is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Ring {
    rows: VecDeque<Row>,
    /// Number of the first.
    first: u64,
    bytes: usize,
    /// The numbers of those that are shown; without a filter all are.
    passing: Option<VecDeque<u64>>,
}

impl Ring {
    /// Adds a row, which is shown or not; how many packets are kept no more for it.
    pub(super) fn push(&mut self, row: Row, passes: bool) -> u64 {
        self.bytes += row.bytes();
        if let Some(passing) = self.passing.as_mut().filter(|_| passes) {
            passing.push_back(self.first + as_number(self.rows.len()));
        }
        self.rows.push_back(row);
        let mut forgotten = 0;
        while self.rows.len() > MOST || self.bytes > BYTES && self.rows.len() > 1 {
            let Some(row) = self.rows.pop_front() else {
                break;
            };
            self.bytes -= row.bytes();
            self.first += 1;
            forgotten += u64::from(row.sighting().is_some());
        }
        while let Some(passing) = &mut self.passing
            && passing.front().is_some_and(|number| *number < self.first)
        {
            passing.pop_front();
        }
        forgotten
    }

    /// Shows those that pass; all of them where nothing is asked of them.
    pub(super) fn sift(&mut self, passes: Option<impl Fn(&Row) -> bool>) {
        self.passing = passes.map(|passes| {
            let rows = (self.first..).zip(&self.rows);
            let passing = rows.filter(|(_, row)| passes(row));
            passing.map(|(number, _)| number).collect()
        });
    }

    /// The newest row, shown or not.
    pub(super) fn last(&self) -> Option<&Row> {
        self.rows.back()
    }

    /// How many rows are shown.
    pub(super) fn len(&self) -> usize {
        let shown = self.passing.as_ref().map(VecDeque::len);
        shown.unwrap_or(self.rows.len())
    }

    /// The number of the row at this place among those shown.
    pub(super) fn number(&self, place: usize) -> Option<u64> {
        match &self.passing {
            Some(passing) => passing.get(place).copied(),
            None => (place < self.rows.len()).then(|| self.first + as_number(place)),
        }
    }

    /// Where the row of this number stands among those shown, or the one after it would.
    pub(super) fn place(&self, number: u64) -> usize {
        match &self.passing {
            Some(passing) => passing.partition_point(|passing| *passing < number),
            None => usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX),
        }
    }

    /// The row at this place among those shown.
    pub(super) fn row(&self, place: usize) -> Option<&Row> {
        let number = self.number(place)?;
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.rows.get(place)
    }
}

fn as_number(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}
