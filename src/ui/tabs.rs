//! A tab for each namespace: its number, its name, and a mark when something in it has changed.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

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

/// The tabs that fit in the title line of `area`, the chosen one among them, and where they lie.
pub(super) fn line(
    session: &Session,
    theme: Theme,
    namespaces: &[&Ns],
    chosen: usize,
    area: Rect,
) -> (Line<'static>, Vec<Area>) {
    let labels: Vec<Line<'static>> = namespaces
        .iter()
        .enumerate()
        .map(|(index, ns)| label(session, theme, ns, index, index == chosen))
        .collect();
    // A title stands two columns in, with as much free behind it; two for `‹` and `›` each.
    let room = usize::from(area.width).saturating_sub(8);
    let shown = window(&labels, chosen, room);
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut areas = Vec::new();
    let mut x = area.x + 2;
    let [left, right] = theme.signs().aside;
    if shown.start > 0 {
        spans.push(ink::span(theme, Slot::Key, left));
        spans.push(" ".into());
        x += 2;
    }
    for index in shown.clone() {
        let label = labels.get(index).cloned().unwrap_or_default();
        let width = u16::try_from(label.width()).unwrap_or(u16::MAX);
        areas.push(Area {
            pane: Pane::Tables,
            ns: Some(index),
            x,
            y: area.y,
            width,
            height: 1,
            max_scroll: 0,
        });
        if index > shown.start {
            spans.push("  ".into());
        }
        spans.extend(label.spans);
        x = x.saturating_add(width + 2);
    }
    if shown.end < labels.len() {
        spans.push(" ".into());
        spans.push(ink::span(theme, Slot::Key, right));
    }
    (Line::from(spans), areas)
}

/// As many neighbours of the chosen one as there is room for.
fn window(labels: &[Line<'_>], chosen: usize, room: usize) -> std::ops::Range<usize> {
    let width = |range: std::ops::Range<usize>| -> usize {
        labels
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|label| label.width() + 2)
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
