//! A pane: a line with its title, and below it rows that scroll.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{ink, wrap};
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};

/// What is seen of a pane that nobody has scrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Its beginning.
    Top,
    /// Its end.
    Bottom,
    /// These rows, the first of them at any rate.
    Show(Range<usize>),
}

/// Rows of a pane, made when they are seen.
pub(super) struct Rows<'a> {
    /// How many there are.
    pub(super) total: usize,
    /// Some of them.
    pub(super) get: Box<dyn Fn(Range<usize>) -> Vec<Line<'static>> + 'a>,
}

impl From<Vec<Line<'static>>> for Rows<'_> {
    fn from(lines: Vec<Line<'static>>) -> Self {
        Self {
            total: lines.len(),
            get: Box::new(move |range| lines.get(range).unwrap_or_default().to_vec()),
        }
    }
}

/// A pane, ready to be drawn.
pub(super) struct Sheet<'a> {
    /// Which.
    pub(super) pane: Pane,
    /// Left in its title line.
    pub(super) title: Line<'static>,
    /// Right in its title line.
    pub(super) note: Line<'static>,
    /// What it holds, in rows no wider than [`inner_width`], or a picture than [`whole_width`].
    pub(super) rows: Rows<'a>,
    /// What is seen of it at first.
    pub(super) rest: Rest,
    /// Where it was scrolled to, if it was.
    pub(super) offset: Option<u16>,
    /// Has it the focus?
    pub(super) focused: bool,
}

impl<'a> Sheet<'a> {
    /// A pane as the session has focused and scrolled it.
    pub(super) fn new(
        session: &Session,
        pane: Pane,
        title: Line<'static>,
        rows: impl Into<Rows<'a>>,
    ) -> Self {
        Self {
            pane,
            title,
            note: Line::default(),
            rows: rows.into(),
            rest: Rest::Top,
            offset: session.scroll.get(&pane).copied(),
            focused: session.focus == pane && session.shells.shown().is_none(),
        }
    }
}

/// Columns for the rows of a pane: one is kept for the scrollbar, and one before it for air.
pub(super) fn inner_width(area: Rect) -> u16 {
    area.width.saturating_sub(2)
}

/// Columns for a picture, which brings air of its own.
pub(super) fn whole_width(area: Rect) -> u16 {
    area.width.saturating_sub(1)
}

/// Draws it; says where it lies and how far it can be scrolled.
pub(super) fn draw(sheet: &Sheet<'_>, area: Rect, theme: Theme, buffer: &mut Buffer) -> Area {
    let body = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let height = usize::from(body.height);
    let max = sheet.rows.total.saturating_sub(height);
    let offset = sheet
        .offset
        .map_or_else(|| resting(&sheet.rest, height), usize::from)
        .min(max);
    if area.height > 0 {
        title(sheet, area, theme, buffer);
    }
    let seen = offset..(offset + height).min(sheet.rows.total);
    for (line, y) in (sheet.rows.get)(seen).iter().zip(body.y..) {
        let line = wrap::cut(line, whole_width(area), theme.signs().more);
        let row = Rect {
            y,
            height: 1,
            ..body
        };
        line.render(row, buffer);
    }
    if max > 0 {
        scrollbar(body, offset, sheet.rows.total, theme, buffer);
    }
    Area {
        pane: sheet.pane,
        ns: None,
        packet: None,
        x: area.x,
        y: area.y,
        width: area.width,
        height: area.height,
        aside: 0,
        max_aside: 0,
        max_scroll: u16::try_from(max).unwrap_or(u16::MAX),
        offset: u16::try_from(offset).unwrap_or(u16::MAX),
    }
}

fn resting(rest: &Rest, height: usize) -> usize {
    match rest {
        Rest::Top => 0,
        Rest::Bottom => usize::MAX,
        Rest::Show(rows) => rows.end.saturating_sub(height).min(rows.start),
    }
}

/// A line across, with a title and a note on it.
fn title(sheet: &Sheet<'_>, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let (title, note, focused) = (&sheet.title, &sheet.note, sheet.focused);
    let slot = if focused { Slot::Focus } else { Slot::Border };
    let sign = theme.signs().rule[usize::from(focused)];
    let rule = sign.repeat(usize::from(area.width));
    buffer.set_line(area.x, area.y, &ink::line(theme, slot, &rule), area.width);
    let note_width = u16::try_from(note.width()).unwrap_or(u16::MAX);
    let room = area.width.saturating_sub(4);
    let with_note = note_width > 0 && note_width.saturating_add(8) <= room;
    let title_room = if with_note {
        room - note_width - 2
    } else {
        room
    };
    if title.width() > 0 {
        let mut shown = wrap::cut(title, title_room, theme.signs().more);
        shown.spans.insert(0, " ".into());
        shown.push_span(" ");
        over_rule(area.x + 1, area.y, &shown, title_room + 2, buffer);
    }
    if with_note {
        let mut shown = note.clone();
        shown.spans.insert(0, " ".into());
        shown.push_span(" ");
        let x = area.x + area.width - note_width - 3;
        over_rule(x, area.y, &shown, note_width + 2, buffer);
    }
}

/// Writes on a rule, of which nothing stays, neither colour nor attribute.
fn over_rule(x: u16, y: u16, line: &Line<'static>, room: u16, buffer: &mut Buffer) {
    let width = u16::try_from(line.width()).unwrap_or(room).min(room);
    buffer.set_style(Rect::new(x, y, width, 1), Style::reset());
    buffer.set_line(x, y, line, room);
}

/// Where on the whole the rows that are seen lie.
pub(super) fn scrollbar(
    body: Rect,
    offset: usize,
    total: usize,
    theme: Theme,
    buffer: &mut Buffer,
) {
    let height = usize::from(body.height);
    let thumb = (height * height)
        .div_ceil(total.max(1))
        .clamp(1, height.max(1));
    let free = height.saturating_sub(thumb);
    let max = total.saturating_sub(height).max(1);
    // Rounded, but at an end only when there.
    let from = match offset {
        0 => 0,
        at if at >= max => free,
        at => (at * free / max).clamp(1.min(free), free.saturating_sub(1).max(1.min(free))),
    };
    let x = body.x + body.width.saturating_sub(1);
    for (row, y) in (0..height).zip(body.y..) {
        let (sign, slot) = if (from..from + thumb).contains(&row) {
            (theme.signs().scroll[1], Slot::Dim)
        } else {
            (theme.signs().scroll[0], Slot::Border)
        };
        buffer.set_string(x, y, sign, theme.style(slot));
    }
}
