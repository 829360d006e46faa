//! A lesson's text: Markdown as the theme shows it.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use tui_markdown::{AlertKind, Options, StyleSheet};

use super::clean::clean;
use super::{ink, wrap};
use crate::theme::{Slot, Theme};

/// The theme's meanings for Markdown's parts.
#[derive(Clone)]
struct Styles(Theme);

impl StyleSheet for Styles {
    fn heading(&self, _level: u8) -> Style {
        self.0.style(Slot::Heading)
    }

    fn heading_marker(&self, _level: u8) -> &'static str {
        ""
    }

    fn heading_meta(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn code(&self) -> Style {
        self.0.style(Slot::Code)
    }

    fn code_block_fence(&self) -> &'static str {
        ""
    }

    fn link(&self) -> Style {
        self.0.style(Slot::Code).add_modifier(Modifier::UNDERLINED)
    }

    fn blockquote(&self) -> Style {
        self.0.style(Slot::Note)
    }

    fn alert(&self, kind: AlertKind) -> Style {
        self.0.style(match kind {
            AlertKind::Note | AlertKind::Tip | AlertKind::Important => Slot::Note,
            AlertKind::Warning | AlertKind::Caution => Slot::Bad,
        })
    }

    fn alert_icon(&self, _kind: AlertKind) -> &'static str {
        ""
    }

    fn table_header(&self) -> Style {
        self.0.style(Slot::Heading)
    }

    fn table_border(&self) -> Style {
        self.0.style(Slot::Border)
    }

    fn list_marker(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn metadata_block(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn html(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn math_inline(&self) -> Style {
        self.0.style(Slot::Code)
    }

    fn math_display(&self) -> Style {
        self.0.style(Slot::Code)
    }

    fn footnote_ref(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn footnote_def(&self) -> Style {
        self.0.style(Slot::Dim)
    }

    fn image_alt(&self) -> Style {
        self.0.style(Slot::Dim)
    }
}

/// The rows of `markdown` in `width` columns.
pub(super) fn rows(markdown: &str, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let source: String = markdown
        .trim()
        .lines()
        .flat_map(|line| [clean(line, true), "\n".to_owned()])
        .collect();
    let options = Options::new(Styles(theme)).table_width(width);
    let text = tui_markdown::from_str_with_options(&source, &options);
    let mut rows = Vec::new();
    for line in text.lines {
        let (line, hang) = own(&line, text.style, theme);
        rows.extend(wrap::words(&line, width, hang));
    }
    rows
}

/// A line of the rendered Markdown with our own list sign, and how far its second row is indented.
fn own(line: &Line<'_>, base: Style, theme: Theme) -> (Line<'static>, u16) {
    let base = base.patch(line.style);
    let mut spans: Vec<Span<'static>> = line
        .spans
        .iter()
        .map(|span| Span::styled(clean(&span.content, theme.unicode), base.patch(span.style)))
        .collect();
    let mut hang = 0;
    if let Some(first) = spans.first_mut() {
        let marker = first.content.trim();
        let numbered = marker
            .strip_suffix('.')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
        if marker == "-" {
            let indent = first.content.len() - first.content.trim_start().len();
            hang = indent + 2;
            let sign = format!("{}{} ", " ".repeat(indent), theme.signs().item);
            *first = ink::span(theme, Slot::Dim, &sign);
        } else if numbered {
            hang = first.width();
        }
    }
    if hang == 0 {
        let text: String = spans.iter().map(|span| span.content.as_ref()).collect();
        hang = text.len() - text.trim_start().len();
    }
    (Line::from(spans), u16::try_from(hang).unwrap_or(0))
}
