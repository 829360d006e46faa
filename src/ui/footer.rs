//! The last line: the keys that mean something now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::ink;
use crate::keys::{Binding, Mode};
use crate::theme::{Slot, Theme};

/// How many of the last keys are always there: help and quit.
const KEPT: usize = 2;

/// Draws the keys of `table` for `mode`: as many as fit, the first and the last before the others.
pub(super) fn draw<'t, A: 'static>(
    table: impl IntoIterator<Item = &'t Binding<A>>,
    mode: Mode,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut items: Vec<Line<'static>> = table
        .into_iter()
        .filter(|row| row.modes.contains(mode) && !row.short.is_empty())
        .map(|row| {
            ink::spans(
                theme,
                &[
                    (Slot::Key, row.label),
                    (Slot::Dim, " "),
                    (Slot::Dim, row.short),
                ],
            )
        })
        .collect();
    let room = usize::from(area.width).saturating_sub(2);
    let mut dropped = false;
    while items.len() > KEPT && width(&items, dropped) > room {
        items.remove(items.len() - KEPT - 1);
        dropped = true;
    }
    let last = items.len().saturating_sub(KEPT);
    let mut spans: Vec<Span<'static>> = vec![" ".into()];
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            spans.push("  ".into());
        }
        if dropped && index == last {
            spans.push(ink::span(theme, Slot::Dim, theme.signs().more));
            spans.push("  ".into());
        }
        spans.extend(item.spans);
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

fn width(items: &[Line<'_>], dropped: bool) -> usize {
    let sign = if dropped { 3 } else { 0 };
    items.iter().map(|item| item.width() + 2).sum::<usize>() + sign
}
