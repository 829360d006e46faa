//! The only way that text gets into a pane: cleaned, and with a meaning.

use ratatui::text::{Line, Span};

use super::clean::clean;
use crate::theme::{Slot, Theme};

/// `text`, cleaned, in the style of `slot`.
pub(super) fn span(theme: Theme, slot: Slot, text: &str) -> Span<'static> {
    Span::styled(clean(text, theme.unicode), theme.style(slot))
}

/// A line of one meaning.
pub(super) fn line(theme: Theme, slot: Slot, text: &str) -> Line<'static> {
    Line::from(span(theme, slot, text))
}

/// A line of several.
pub(super) fn spans(theme: Theme, parts: &[(Slot, &str)]) -> Line<'static> {
    parts
        .iter()
        .map(|(slot, text)| span(theme, *slot, text))
        .collect::<Vec<_>>()
        .into()
}

/// A sentence of a lesson: what stands between backquotes is code, two stars make no difference.
pub(super) fn prose(theme: Theme, slot: Slot, text: &str) -> Vec<Span<'static>> {
    let text = text.replace("**", "");
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(place, part)| span(theme, if place % 2 == 1 { Slot::Code } else { slot }, part))
        .collect()
}
