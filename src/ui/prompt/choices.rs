//! The ways to complete a word: each with its meaning where they are few, else in columns.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::session::complete::Item;
use crate::session::prompt::List;
use crate::theme::{Slot, Theme};
use crate::ui::{ink, wrap};

/// Blanks between two columns.
const GAP: usize = 2;

/// At most `most` rows.
pub(super) fn rows(list: &List, theme: Theme, width: u16, most: usize) -> Vec<Line<'static>> {
    let items = &list.items;
    let widest = items
        .iter()
        .map(|item| item.word.width())
        .max()
        .unwrap_or(0);
    if items.len() <= most {
        let each = items.iter().enumerate();
        return each
            .map(|(index, item)| with_meaning(item, list.chosen == Some(index), widest, theme))
            .collect();
    }
    let column = widest + GAP;
    let across = (usize::from(width).saturating_sub(GAP) / column).max(1);
    let down = most.saturating_sub(1).max(1);
    let page = across * down;
    let chosen = list.chosen.unwrap_or(0);
    let first = chosen / page * page;
    let shown = items
        .get(first..(first + page).min(items.len()))
        .unwrap_or_default();
    // Down each column, as `ls` lists.
    let down = shown.len().div_ceil(across).max(1);
    let mut rows: Vec<Line<'static>> = (0..down)
        .map(|row| {
            let cells = shown.iter().enumerate().skip(row).step_by(down);
            let mut line = Line::default();
            for (index, item) in cells {
                let picked = list.chosen == Some(first + index);
                let sign = sign(picked, theme);
                line.push_span(Span::raw(sign));
                line.push_span(ink::span(theme, slot(picked), &item.word));
                let pad = column.saturating_sub(item.word.width() + GAP);
                line.push_span(Span::raw(" ".repeat(pad)));
            }
            line
        })
        .collect();
    rows.push(foot(list, first, shown.len(), theme));
    rows
}

/// How many there are, and what the chosen one is.
fn foot(list: &List, first: usize, shown: usize, theme: Theme) -> Line<'static> {
    let count = list.items.len();
    let place = if shown < count {
        format!("{}-{} of {count}", first + 1, first + shown)
    } else {
        format!("{count}")
    };
    let meaning = list
        .chosen
        .and_then(|at| list.items.get(at))
        .map_or("", |item| item.meaning.as_str());
    let between = if meaning.is_empty() { "" } else { "  " };
    ink::spans(
        theme,
        &[
            (Slot::Dim, "  "),
            (Slot::Dim, &place),
            (Slot::Dim, ": "),
            (Slot::Key, "Tab"),
            (Slot::Dim, " next"),
            (Slot::Dim, between),
            (Slot::Text, meaning),
        ],
    )
}

fn with_meaning(item: &Item, picked: bool, widest: usize, theme: Theme) -> Line<'static> {
    let pad = " ".repeat(widest + GAP - item.word.width());
    let mut line = Line::from(sign(picked, theme));
    line.push_span(ink::span(theme, slot(picked), &item.word));
    line.push_span(Span::raw(pad));
    line.push_span(ink::span(theme, Slot::Dim, &item.meaning));
    line
}

fn slot(picked: bool) -> Slot {
    if picked { Slot::Key } else { Slot::Code }
}

/// Two columns that say which one is chosen.
fn sign(picked: bool, theme: Theme) -> String {
    let sign = if picked { theme.signs().current } else { " " };
    let line = wrap::cut(&Line::raw(sign), 1, "");
    format!("{line} ")
}
