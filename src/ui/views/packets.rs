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
const NOTHING_YET: &str = "Nothing has passed since this pane was opened; what passed before was not \
                           kept. A packet is shown once at every device that it passes: a `ping` over \
                           a bridge fills several lines.";

/// What a pane adds that can hear nothing.
const AGAIN: &str = "Close this pane and open it once more to try again.";

/// Draws it; says where it lies, and each packet in it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
    let packets = &session.packets;
    if let Some(open) = packets.open() {
        return vec![fields_of(session, open, theme, area, buffer)];
    }
    let width = sheet::inner_width(area);
    let body = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let mut rows = said_first(packets, theme, width);
    let said = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let body = Rect {
        y: body.y.saturating_add(said),
        height: body.height.saturating_sub(said),
        ..body
    };
    let look = Look::new(session, theme, width);
    let window = window(packets, &look, usize::from(body.height));
    let lines = window.rows.iter().map(|(_, line)| line.clone());
    rows.extend(lines);
    let mut list = Sheet::new(session, Pane::Packets, title(packets, theme), rows);
    let room = usize::from(area.width).saturating_sub(list.title.width() + 12);
    list.note = ink::line(theme, Slot::Dim, &counts(packets, room));
    let drawn = sheet::draw(&list, area, theme, buffer);
    if packets.len() > usize::from(body.height) {
        sheet::scrollbar(body, window.first, packets.len(), theme, buffer);
    }
    let whole = Area {
        max_scroll: 0, // the session goes from packet to packet
        offset: 0,
        ..drawn
    };
    let each = window.rows.chunk_by(|(one, _), (next, _)| one == next);
    let each = each.scan(body.y, |y, lines| {
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let area = Area {
            packet: lines.first().and_then(|(place, _)| packets.number(*place)),
            y: *y,
            height,
            ..whole
        };
        *y = y.saturating_add(height);
        Some(area)
    });
    std::iter::once(whole).chain(each).collect()
}

/// What stands above the packets: why none are heard, or that none have come.
fn said_first(packets: &Packets, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let (slot, text) = match packets.refused() {
        Some(why) => (Slot::Bad, format!("{why} {AGAIN}")),
        None if packets.is_empty() => (Slot::Dim, NOTHING_YET.to_owned()),
        None => return Vec::new(),
    };
    wrap::words(&Line::from(ink::prose(theme, slot, &text)), width, 0)
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

/// What is seen of the packets.
struct Window {
    /// The rows of the screen, and of which place.
    rows: Vec<(usize, Line<'static>)>,
    /// The place of the first packet that was worded for it.
    first: usize,
}

/// The end, or what is around the chosen packet. Only this is worded, whatever is kept.
fn window(packets: &Packets, look: &Look<'_>, height: usize) -> Window {
    let chosen = packets.chosen();
    let middle = chosen.unwrap_or(packets.len());
    let lines = |place: usize| {
        let row = packets.row(place);
        let lines = row.map_or_else(Vec::new, |row| look.lines(row, chosen == Some(place)));
        lines.into_iter().map(move |line| (place, line))
    };
    let mut above: Vec<Vec<(usize, Line<'static>)>> = Vec::new();
    let mut before = 0;
    let mut first = middle;
    while before < height && first > 0 {
        first -= 1;
        above.push(lines(first).collect());
        before += above.last().map_or(0, Vec::len);
    }
    let mut rows: Vec<(usize, Line<'static>)> = above.into_iter().rev().flatten().collect();
    for place in middle..packets.len() {
        if rows.len() >= before + height {
            break;
        }
        rows.extend(lines(place));
    }
    // Where it was clicked at, or in the middle.
    let wished = packets.above().unwrap_or(height / 2);
    let wished = before.saturating_sub(wished.min(height.saturating_sub(1)));
    let start = wished.min(rows.len().saturating_sub(height));
    let rows = rows.into_iter().skip(start).take(height).collect();
    Window { rows, first }
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
