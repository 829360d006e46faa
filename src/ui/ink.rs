//! The only way that text gets into a pane: cleaned, and with a meaning.

use ratatui::text::{Line, Span};

use super::clean::clean;
use crate::theme::{Slot, Theme};

/// `text`, cleaned, in the style of `slot`.
pub(super) fn span(theme: &Theme, slot: Slot, text: &str) -> Span<'static> {
    Span::styled(clean(text, theme.unicode), theme.style(slot))
}

/// A line of one meaning.
pub(super) fn line(theme: &Theme, slot: Slot, text: &str) -> Line<'static> {
    Line::from(span(theme, slot, text))
}

/// A line of several.
pub(super) fn spans(theme: &Theme, parts: &[(Slot, &str)]) -> Line<'static> {
    parts
        .iter()
        .map(|(slot, text)| span(theme, *slot, text))
        .collect::<Vec<_>>()
        .into()
}
