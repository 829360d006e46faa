//! What the packets' keys do: choose, open, hold still.

use std::sync::Arc;

use super::{Open, Packets, Row};
use crate::packet::Sighting;
use crate::packet::fields::fields;

/// How far somebody has gone into the packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The pane follows its end.
    Follows,
    /// A packet is chosen.
    Chosen,
    /// Its fields are shown.
    Fields,
}

impl Packets {
    /// How far somebody has gone into them.
    pub fn depth(&self) -> Depth {
        match (&self.open, self.chosen) {
            (Some(_), _) => Depth::Fields,
            (None, Some(_)) => Depth::Chosen,
            (None, None) => Depth::Follows,
        }
    }

    /// The packet whose fields are shown.
    pub fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// Is the pane held still?
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// How many rows there are to be seen.
    pub fn len(&self) -> usize {
        self.shown().len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at this place.
    pub fn row(&self, place: usize) -> Option<&Row> {
        self.shown().row(place)
    }

    /// The place of the chosen row.
    pub fn chosen(&self) -> Option<usize> {
        let last = self.len().checked_sub(1)?;
        Some(self.shown().place(self.chosen?).min(last))
    }

    /// The number of the row at this place, by which it is found for as long as it is kept.
    pub fn number(&self, place: usize) -> Option<u64> {
        self.shown().number(place)
    }

    /// So many rows of the screen are to be seen above the chosen one, if that is wished.
    pub fn above(&self) -> Option<usize> {
        self.above
    }

    fn shown(&self) -> &super::Ring {
        self.held.as_ref().unwrap_or(&self.ring)
    }

    /// Chooses the row so many lines on, or the field, where fields are shown.
    pub(in crate::session) fn go(&mut self, lines: i32) {
        if let Some(open) = &mut self.open {
            let last = count_fields(&open.sighting).saturating_sub(1);
            open.field = moved(open.field, lines).min(last);
            return;
        }
        self.above = None;
        let end = self.len();
        let place = moved(self.chosen().unwrap_or(end), lines);
        self.chosen = self.shown().number(place);
    }

    /// Chooses the row of this number, which stays where it is on the screen, so many rows below the
    /// first; one that is chosen already is opened, if the pane had the focus.
    pub(in crate::session) fn click(&mut self, number: u64, above: usize, had_focus: bool) {
        if had_focus && self.chosen == Some(number) {
            self.open_chosen();
            return;
        }
        self.chosen = Some(number);
        self.above = Some(above);
    }

    /// Closes what is open; false where nothing was.
    pub(in crate::session) fn back(&mut self) -> bool {
        self.open.take().is_some() || self.chosen.take().is_some()
    }

    /// Closes all that is open, and follows the end.
    pub(in crate::session) fn follow(&mut self) {
        self.open = None;
        self.chosen = None;
    }

    /// Holds the pane still, or lets it go on.
    pub(in crate::session) fn pause(&mut self) {
        self.held = match self.held {
            None => Some(self.ring.clone()),
            Some(_) => None,
        };
    }

    /// What is kept and shown.
    pub(in crate::session) fn to_write(&self) -> Vec<Arc<Sighting>> {
        let rows = (0..self.len()).filter_map(|place| self.row(place));
        rows.filter_map(Row::sighting).cloned().collect()
    }

    /// Shows the fields of the chosen packet, or closes them.
    pub(in crate::session) fn open_chosen(&mut self) {
        if self.open.take().is_some() {
            return;
        }
        let row = self.chosen().and_then(|place| self.row(place));
        self.open = row.and_then(|row| {
            Some(Open {
                sighting: Arc::clone(row.sighting()?),
                words: row.words(),
                field: 0,
            })
        });
    }
}

fn moved(from: usize, lines: i32) -> usize {
    let by = usize::try_from(lines.unsigned_abs()).unwrap_or(usize::MAX);
    if lines < 0 {
        from.saturating_sub(by)
    } else {
        from.saturating_add(by)
    }
}

/// How many fields it has.
fn count_fields(sighting: &Sighting) -> usize {
    fields(sighting.medium, &sighting.bytes).len()
}
