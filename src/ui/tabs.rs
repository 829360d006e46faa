//! A tab for each namespace: its number, its name, and a mark when something in it has changed.

use ratatui::text::Line;

use super::ink;
use super::tables::is_fresh;
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// `1 host`, with its mark.
pub(super) fn label(
    session: &Session,
    theme: Theme,
    ns: &Ns,
    index: usize,
    chosen: bool,
) -> Line<'static> {
    let number = format!("{}", index + 1);
    let mut line = if chosen {
        ink::line(theme, Slot::Bar, &format!(" {number} {ns} "))
    } else {
        ink::spans(
            theme,
            &[
                (Slot::Key, &number),
                (Slot::Text, " "),
                (Slot::Text, ns.name()),
            ],
        )
    };
    if is_fresh(session, ns) {
        line.push_span(ink::span(theme, Slot::Changed, theme.signs().changed));
    }
    line
}

/// A tab's namespace, its first column from the first tab's, and its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tab {
    index: usize,
    from: u16,
    width: u16,
}

/// As many tabs of `labels` as fit in `room` columns, the one at `keep` among them.
pub(super) fn fit(
    labels: &[(usize, Line<'static>)],
    keep: usize,
    room: u16,
    theme: Theme,
) -> (Line<'static>, Vec<Tab>) {
    // Two columns for `‹` and two for `›`.
    let shown = window(labels, keep, usize::from(room).saturating_sub(4));
    let [left, right] = theme.signs().aside;
    let mut line = Line::default();
    let mut tabs = Vec::new();
    if shown.start > 0 {
        line.push_span(ink::span(theme, Slot::Key, left));
        line.push_span(" ");
    }
    for place in shown.clone() {
        let Some((index, label)) = labels.get(place) else {
            continue;
        };
        if place > shown.start {
            line.push_span("  ");
        }
        tabs.push(Tab {
            index: *index,
            from: u16::try_from(line.width()).unwrap_or(u16::MAX),
            width: u16::try_from(label.width()).unwrap_or(u16::MAX),
        });
        line.spans.extend(label.spans.iter().cloned());
    }
    if shown.end < labels.len() {
        line.push_span(" ");
        line.push_span(ink::span(theme, Slot::Key, right));
    }
    (line, tabs)
}

/// Where tabs lie whose first stands at this place.
pub(super) fn areas(tabs: &[Tab], x: u16, y: u16) -> impl Iterator<Item = Area> {
    tabs.iter().map(move |tab| Area {
        pane: Pane::Tables,
        ns: Some(tab.index),
        packet: None,
        x: x.saturating_add(tab.from),
        y,
        width: tab.width,
        height: 1,
        aside: 0,
        max_aside: 0,
        max_scroll: 0,
        offset: 0,
    })
}

/// As many neighbours of the chosen one as there is room for.
fn window(labels: &[(usize, Line<'_>)], chosen: usize, room: usize) -> std::ops::Range<usize> {
    let width = |range: std::ops::Range<usize>| -> usize {
        labels
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|(_, label)| label.width() + 2)
            .sum()
    };
    let mut range = chosen..(chosen + 1).min(labels.len());
    loop {
        if range.end < labels.len() && width(range.start..range.end + 1) <= room {
            range.end += 1;
        } else if range.start > 0 && width(range.start - 1..range.end) <= room {
            range.start -= 1;
        } else {
            return range;
        }
    }
}
