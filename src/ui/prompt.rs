//! The prompt that is open: the line, and below it what there is to say about it.
//!
//! It keeps a fixed number of rows below the line, so that the line stays where it is while it is
//! being typed.

mod advice;
mod choices;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{ink, wrap};
use crate::session::prompt::{Advice, Prompt};
use crate::session::{Phase, Session};
use crate::theme::{Slot, Theme};

/// So many rows of a long line are seen at once.
const MOST_ROWS: usize = 3;

/// An open prompt, ready to be drawn.
pub(super) struct Board {
    rows: Vec<Line<'static>>,
    /// Row and column of the cursor.
    cursor: (u16, u16),
    /// So many rows it takes.
    height: u16,
}

/// The prompt, if it is open, for a pane whose body has this size.
pub(super) fn board(session: &Session, theme: Theme, width: u16, height: u16) -> Option<Board> {
    let prompt = session.prompt_line()?;
    let advice = session.advice()?;
    let wanted = if height >= 12 { 6 } else { 4 };
    let below = usize::from(height.saturating_sub(2).min(wanted));
    let (mut rows, mut cursor) = line(session, prompt, &advice, theme, width);
    let line_rows = rows.len();
    if let Some(queued) = queued(prompt, theme) {
        rows.extend(wrap::words(&queued, width, 0));
    }
    let start = u16::try_from(session.prompt_text().len()).unwrap_or(0);
    let said = advice::rows(&advice, prompt, theme, (start, width), below);
    if let Advice::Search(search, _) = &advice {
        let before = advice::SEARCH.len() + ratatui::text::Span::raw(&*search.wanted).width();
        let column = u16::try_from(before)
            .unwrap_or(0)
            .min(width.saturating_sub(1));
        cursor = (u16::try_from(rows.len()).unwrap_or(0), column);
    }
    rows.extend(said);
    rows.truncate(line_rows + below);
    Some(Board {
        rows,
        cursor,
        height: u16::try_from(line_rows + below).unwrap_or(height),
    })
}

impl Board {
    /// Rows that it takes.
    pub(super) fn height(&self) -> u16 {
        self.height
    }

    /// Draws it; where the cursor stands.
    pub(super) fn draw(&self, area: Rect, theme: Theme, buffer: &mut Buffer) -> Position {
        for (line, y) in self.rows.iter().zip(area.y..area.bottom()) {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            wrap::cut(line, area.width, theme.signs().more).render(row, buffer);
        }
        let (row, column) = self.cursor;
        Position {
            x: (area.x + column).min(area.right().saturating_sub(1)),
            y: (area.y + row).min(area.bottom().saturating_sub(1)),
        }
    }
}

/// The line, wrapped as a terminal does, and where its cursor stands: as many rows of it as are
/// shown, those around the cursor.
fn line(
    session: &Session,
    prompt: &Prompt,
    advice: &Advice<'_>,
    theme: Theme,
    width: u16,
) -> (Vec<Line<'static>>, (u16, u16)) {
    let waits = session.phase == Phase::Idle;
    let sign = if waits { Slot::Prompt } else { Slot::Dim };
    let text = match advice {
        Advice::Search(_, Some(found)) => found,
        _ => prompt.line.text(),
    };
    let mut spans = vec![ink::span(theme, sign, &session.prompt_text())];
    for (slot, part) in parts(text, advice) {
        spans.push(ink::span(theme, slot, part));
    }
    if text.is_empty() && waits && session.step_is_done() {
        spans.push(ink::span(theme, Slot::Dim, " step done "));
        spans.push(ink::span(theme, Slot::Key, " Enter"));
    }
    let rows = wrap::columns(&Line::from(spans), width);
    let before = [
        ink::span(theme, sign, &session.prompt_text()),
        ink::span(theme, sign, prompt.line.before_cursor()),
    ];
    let before = wrap::columns(&Line::from(before.to_vec()), width);
    let mut row = before.len().saturating_sub(1);
    let mut column = before.last().map_or(0, Line::width);
    if column >= usize::from(width) {
        (row, column) = (row + 1, 0);
    }
    let mut rows = rows;
    if row >= rows.len() {
        rows.push(Line::default());
    }
    let first = (row + 1).saturating_sub(MOST_ROWS);
    let behind = rows.len().saturating_sub(first + MOST_ROWS);
    let mut shown: Vec<Line<'static>> = rows.into_iter().skip(first).take(MOST_ROWS).collect();
    mark_cut(&mut shown, first > 0, behind > 0, theme, width);
    let place = |number: usize| u16::try_from(number).unwrap_or(0);
    (shown, (place(row - first), place(column)))
}

/// Signs where rows are left out before and behind those shown.
fn mark_cut(rows: &mut [Line<'static>], before: bool, behind: bool, theme: Theme, width: u16) {
    let signs = theme.signs();
    if let Some(row) = rows.first_mut().filter(|_| before) {
        let text: String = row.to_string().chars().skip(1).collect();
        *row = ink::spans(theme, &[(Slot::Dim, signs.aside[0]), (Slot::Code, &text)]);
    }
    if let Some(row) = rows.last_mut().filter(|_| behind) {
        *row = wrap::cut(row, width.saturating_sub(1), "");
        row.push_span(ink::span(theme, Slot::Dim, signs.aside[1]));
    }
}

/// The line in pieces: what is wrong in it stands out.
fn parts<'a>(text: &'a str, advice: &Advice<'_>) -> Vec<(Slot, &'a str)> {
    let (slot, at) = match advice {
        Advice::Refused(error) => (Slot::Bad, error.at.clone()),
        Advice::Mistake(error) => (Slot::Pending, error.at.clone()),
        Advice::Search(..) | Advice::List(_) | Advice::Said(_) | Advice::Words(..) => {
            return vec![(Slot::Code, text)];
        }
    };
    match (
        text.get(..at.start),
        text.get(at.clone()),
        text.get(at.end..),
    ) {
        (Some(before), Some(bad), Some(behind)) => {
            vec![(Slot::Code, before), (slot, bad), (Slot::Code, behind)]
        }
        _ => vec![(Slot::Code, text)],
    }
}

/// Lines that wait behind this one.
fn queued(prompt: &Prompt, theme: Theme) -> Option<Line<'static>> {
    let count = crate::session::prompt::counted(prompt.queue.len(), "more line");
    (!prompt.queue.is_empty()).then(|| {
        ink::spans(
            theme,
            &[
                (Slot::Note, &format!("{count} pasted: ")),
                (Slot::Key, "Enter"),
                (Slot::Note, " runs this one and brings the next, "),
                (Slot::Key, "Ctrl-C"),
                (Slot::Note, " drops them"),
            ],
        )
    })
}
