//! Packets as they pass, of every namespace: a list, or the fields of one.

mod detail;
mod line;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::session::packets::{Open, Packets};
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::ui::sheet::{self, Sheet};
use crate::ui::{ink, wrap};
use line::Look;

/// What an empty pane says.
const NOTHING_YET: &str = "Nothing has passed yet. A packet is shown once at every device that it \
                           passes: a `ping` over a bridge fills several lines.";

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let packets = &session.packets;
    if let Some(open) = packets.open() {
        return fields_of(session, open, theme, area, buffer);
    }
    let look = Look::new(session, theme, sheet::inner_width(area));
    let height = usize::from(area.height.saturating_sub(1));
    let (rows, first) = if packets.is_empty() {
        (nothing_yet(theme, sheet::inner_width(area)), 0)
    } else {
        window(packets, &look, height)
    };
    let mut list = Sheet::new(session, Pane::Packets, title(packets, theme), rows);
    let room = usize::from(area.width).saturating_sub(list.title.width() + 12);
    list.note = ink::line(theme, Slot::Dim, &counts(packets, room));
    let drawn = sheet::draw(&list, area, theme, buffer);
    let body = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    if packets.len() > height {
        sheet::scrollbar(body, first, packets.len(), theme, buffer);
    }
    Area {
        max_scroll: 0, // the session goes from packet to packet
        offset: 0,
        ..drawn
    }
}

/// Draws the fields of one.
fn fields_of(
    session: &Session,
    open: &Open,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Area {
    let height = usize::from(area.height.saturating_sub(1));
    let rows = detail::rows(session, open, theme, sheet::inner_width(area), height);
    let title = ink::line(theme, Slot::Heading, "Packet, field by field");
    let mut sheet = Sheet::new(session, Pane::Packets, title, rows);
    sheet.note = ink::spans(theme, &[(Slot::Key, "Esc"), (Slot::Dim, " all packets")]);
    sheet.offset = None;
    sheet::draw(&sheet, area, theme, buffer)
}

fn title(packets: &Packets, theme: Theme) -> Line<'static> {
    let filter = packets.filter();
    let colon = if filter.is_empty() { "" } else { ": " };
    let parts = [
        (Slot::Heading, "Packets"),
        (Slot::Heading, colon),
        (Slot::Code, filter),
    ];
    ink::spans(theme, &parts)
}

fn nothing_yet(theme: Theme, width: u16) -> Vec<Line<'static>> {
    let line = Line::from(ink::prose(theme, Slot::Dim, NOTHING_YET));
    wrap::words(&line, width, 0)
}

/// The lines that are seen, and the place of the first packet of them: the end, or what is around
/// the chosen packet. Only these are worded, whatever is kept.
fn window(packets: &Packets, look: &Look<'_>, height: usize) -> (Vec<Line<'static>>, usize) {
    let chosen = packets.chosen();
    let middle = chosen.unwrap_or(packets.len());
    let lines = |place: usize| {
        let row = packets.row(place);
        row.map_or_else(Vec::new, |row| look.lines(row, chosen == Some(place)))
    };
    let mut above: Vec<Vec<Line<'static>>> = Vec::new();
    let mut before = 0;
    let mut first = middle;
    while before < height && first > 0 {
        first -= 1;
        above.push(lines(first));
        before += above.last().map_or(0, Vec::len);
    }
    let mut rows: Vec<Line<'static>> = above.into_iter().rev().flatten().collect();
    for place in middle..packets.len() {
        if rows.len() >= before + height {
            break;
        }
        rows.extend(lines(place));
    }
    let centred = before.saturating_sub(height / 2);
    let start = centred.min(rows.len().saturating_sub(height));
    (rows.into_iter().skip(start).take(height).collect(), first)
}

/// How many there are, in so much room: what matters most first.
fn counts(packets: &Packets, room: usize) -> String {
    let some = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
    let parts = [
        packets.is_held().then(|| "held still".to_owned()),
        some(packets.missed, "missed"),
        (!packets.filter().is_empty()).then(|| format!("{} shown", packets.passing())),
        some(packets.seen, "seen"),
        some(packets.forgotten, "forgotten"),
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    while parts.join(", ").len() > room && parts.len() > 1 {
        parts.pop();
    }
    parts.join(", ")
}
