//! Which packets are shown.

use super::{Packets, Row};
use crate::packet::filter::{Expr, FilterError, parse};
use crate::session::{Session, View};

/// What is asked of packets.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// As it was typed.
    text: String,
    expr: Expr,
}

impl Filter {
    /// Is this row shown? What says why there are none for a while always is.
    pub(super) fn passes(&self, row: &Row) -> bool {
        row.sighting()
            .is_none_or(|sighting| self.expr.passes(sighting))
    }
}

impl Packets {
    /// The filter, as it was typed; empty where there is none.
    pub fn filter(&self) -> &str {
        self.filter.as_ref().map_or("", |filter| &filter.text)
    }

    /// How many packets are kept and shown.
    pub fn passing(&self) -> usize {
        let rows = (0..self.len()).filter_map(|place| self.row(place));
        rows.filter_map(Row::sighting).count()
    }

    fn sift(&mut self) {
        let filter = self.filter.as_ref();
        let passes = filter.map(|filter| |row: &Row| filter.passes(row));
        for ring in [Some(&mut self.ring), self.held.as_mut()]
            .into_iter()
            .flatten()
        {
            ring.sift(passes);
        }
    }
}

impl Session {
    /// Shows only packets that pass the filter; all of them where it is empty.
    ///
    /// # Errors
    /// Where the filter makes no sense; the one before it stays.
    pub(in crate::session) fn filter_packets(&mut self, text: &str) -> Result<(), FilterError> {
        let text = text.trim();
        self.packets.filter = if text.is_empty() {
            None
        } else {
            let expr = parse(text)?;
            let text = text.to_owned();
            Some(Filter { text, expr })
        };
        self.packets.sift();
        Ok(())
    }

    /// Opens the prompt to say which packets are shown.
    pub(in crate::session) fn ask_filter(&mut self) {
        self.show(View::Packets);
        let typed = format!(":filter {}", self.packets.filter());
        self.open_prompt(&typed);
        if let Some(prompt) = &mut self.line {
            prompt.once = true;
        }
    }
}
