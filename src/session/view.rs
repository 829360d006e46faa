//! Looking around: focus, scrolling, and which namespace's tables are shown.

use super::shell::input::Input;
use super::state::{Area, Pane, Session};
use crate::world::Ns;

/// Panes in the order in which Tab goes through them. What somebody has put in the place of the
/// tables is wanted next.
const ORDER: [Pane; 8] = [
    Pane::Text,
    Pane::Packets,
    Pane::Trace,
    Pane::Map,
    Pane::Commands,
    Pane::Checks,
    Pane::Tables,
    Pane::Transcript,
];

impl Session {
    pub(super) fn focus_by(&mut self, by: isize) {
        let drawn: Vec<Pane> = ORDER
            .into_iter()
            .filter(|pane| self.can_focus(*pane))
            .collect();
        let Some(count) = isize::try_from(drawn.len()).ok().filter(|count| *count > 0) else {
            return;
        };
        let here = drawn
            .iter()
            .position(|pane| *pane == self.focus)
            .unwrap_or(0);
        let next = (here.cast_signed() + by).rem_euclid(count);
        self.focus = drawn[next.unsigned_abs()];
    }

    /// Is it on the screen, or would it be if it had the focus?
    fn can_focus(&self, pane: Pane) -> bool {
        match pane {
            Pane::Tables | Pane::Packets | Pane::Trace | Pane::Map => pane == self.view.pane(),
            // A wide view hides them for as long as it has the focus.
            Pane::Text | Pane::Commands | Pane::Checks if self.is_wide() => true,
            Pane::Text
            | Pane::Commands
            | Pane::Checks
            | Pane::Transcript
            | Pane::Shell
            | Pane::Help => self.areas.is_empty() || self.area(pane).is_some(),
        }
    }

    /// The keys go to `pane`, which stands at its beginning.
    pub(super) fn bring(&mut self, pane: Pane) {
        self.focus = pane;
        self.scroll.remove(&pane);
    }

    pub(super) fn choose(&mut self, index: usize) {
        if let Some(ns) = self.world.spaces.keys().nth(index) {
            self.chosen = ns.clone();
            self.scroll.remove(&Pane::Tables);
        }
    }

    pub(super) fn choose_next(&mut self) {
        let all: Vec<&Ns> = self.world.spaces.keys().collect();
        let here = all.iter().position(|ns| **ns == self.chosen).unwrap_or(0);
        if !all.is_empty() {
            self.choose((here + 1) % all.len());
        }
    }

    /// The pane that the keys scroll: the help while it is open.
    pub(super) fn scrolled_pane(&self) -> Pane {
        if self.help { Pane::Help } else { self.focus }
    }

    pub(super) fn area(&self, pane: Pane) -> Option<&Area> {
        self.areas
            .iter()
            .find(|area| area.pane == pane && area.ns.is_none() && area.packet.is_none())
    }

    pub(super) fn page(&mut self, pages: i32) {
        if self.shells.shown().is_some() && !self.help {
            self.hand_over(Input::Page(pages));
            return;
        }
        let pane = self.scrolled_pane();
        let rows = self
            .area(pane)
            .map_or(1, |area| i32::from(area.height.saturating_sub(1).max(1)));
        self.scroll_by(pane, pages.saturating_mul(rows));
    }

    pub(super) fn scroll_by(&mut self, pane: Pane, lines: i32) {
        if pane == Pane::Packets {
            self.packets.go(lines);
            return;
        }
        let (end, shown) = self
            .area(pane)
            .map_or((0, 0), |area| (area.max_scroll, area.offset));
        let from = i32::from(self.scroll.get(&pane).copied().unwrap_or(shown));
        let to = from.saturating_add(lines).clamp(0, i32::from(end));
        let to = u16::try_from(to).unwrap_or(end);
        // At its end the transcript follows what is printed again.
        if to == end && pane == Pane::Transcript {
            self.scroll.remove(&pane);
        } else {
            self.scroll.insert(pane, to);
        }
    }

    fn pane_at(&self, x: u16, y: u16) -> Option<Area> {
        let within = |area: &&Area| {
            (area.x..area.x.saturating_add(area.width)).contains(&x)
                && (area.y..area.y.saturating_add(area.height)).contains(&y)
        };
        self.areas.iter().rev().find(within).copied()
    }

    pub(super) fn wheel(&mut self, x: u16, y: u16, lines: i32) {
        let pane = if self.help {
            Some(Pane::Help)
        } else {
            self.pane_at(x, y).map(|area| area.pane)
        };
        if let Some(pane) = pane {
            self.scroll_by(pane, lines);
        }
    }

    pub(super) fn click(&mut self, x: u16, y: u16) {
        if self.help {
            self.help = false;
            return;
        }
        let Some(area) = self.pane_at(x, y) else {
            return;
        };
        let had_focus = self.focus == area.pane;
        self.focus = area.pane;
        if let Some(index) = area.ns {
            self.choose(index);
        }
        if let Some(number) = area.packet {
            let top = self.area(area.pane).map_or(0, |pane| pane.y);
            let above = usize::from(area.y.saturating_sub(top).saturating_sub(1));
            self.packets.click(number, above, had_focus);
        }
    }
}
