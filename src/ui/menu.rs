//! The menu of lessons.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::notice::{self, LEAST};
use super::{clean, footer, ink, wrap};
use crate::keys::{MENU, Mode};
use crate::lesson::Need;
use crate::menu::{Entry, Menu, Row};
use crate::theme::{Slot, Theme};

/// Rows kept for the lesson under the cursor.
const ABOUT: u16 = 6;

/// Draws it; says where each lesson lies.
pub fn draw_menu(menu: &Menu, theme: &Theme, frame: &mut Frame<'_>) -> Vec<Row> {
    let theme = *theme;
    let area = frame.area();
    let buffer = frame.buffer_mut();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        notice::too_small(theme, area, buffer);
        return Vec::new();
    }
    let head = ink::spans(
        theme,
        &[
            (Slot::Bar, " tutor "),
            (Slot::Text, "  container networking, on the real kernel"),
        ],
    );
    buffer.set_line(area.x, area.y, &head, area.width);
    let ended = menu.entries.iter().filter(|entry| entry.done).count();
    let count = format!("{ended}/{} done", menu.entries.len());
    let x = area
        .right()
        .saturating_sub(u16::try_from(count.len()).unwrap_or(0) + 1);
    buffer.set_line(x, area.y, &ink::line(theme, Slot::Dim, &count), area.width);
    let list = Rect {
        y: area.y + 2,
        height: area.height.saturating_sub(4 + ABOUT),
        ..area
    };
    let rows = draw_list(menu, theme, list, buffer);
    let about = Rect {
        y: list.bottom() + 1,
        height: ABOUT,
        ..area
    };
    draw_about(menu, theme, about, buffer);
    let bottom = Rect {
        y: area.bottom().saturating_sub(1),
        height: 1,
        ..area
    };
    footer::draw(MENU, Mode::Menu, theme, bottom, buffer);
    clean::seal(buffer, theme.unicode);
    rows
}

fn draw_list(
    menu: &Menu,
    theme: Theme,
    area: Rect,
    buffer: &mut ratatui::buffer::Buffer,
) -> Vec<Row> {
    let height = usize::from(area.height).max(1);
    let first = (menu.cursor + 1).saturating_sub(height);
    let ids = menu
        .entries
        .iter()
        .map(|entry| entry.id.len())
        .max()
        .unwrap_or(0);
    let mut rows = Vec::new();
    for ((index, entry), y) in menu
        .entries
        .iter()
        .enumerate()
        .skip(first)
        .zip(area.y..area.bottom())
    {
        let chosen = index == menu.cursor;
        let line = item(entry, chosen, ids, theme, area.width);
        buffer.set_line(area.x, y, &line, area.width);
        rows.push(Row {
            index,
            x: area.x,
            y,
            width: area.width,
            height: 1,
        });
    }
    if menu.entries.is_empty() {
        let none = ink::line(theme, Slot::Bad, "  There is no lesson here.");
        buffer.set_line(area.x, area.y, &none, area.width);
    }
    let hidden = menu.entries.len().saturating_sub(first + height);
    if hidden > 0 {
        let more = format!("   {} {hidden} more below", theme.signs().more);
        buffer.set_line(
            area.x,
            area.bottom(),
            &ink::line(theme, Slot::Dim, &more),
            area.width,
        );
    }
    rows
}

fn item(entry: &Entry, chosen: bool, ids: usize, theme: Theme, width: u16) -> Line<'static> {
    let signs = theme.signs();
    let cursor = if chosen { signs.current } else { " " };
    let (sign, slot) = if entry.done {
        (signs.ok, Slot::Ok)
    } else {
        (signs.to_come, Slot::Dim)
    };
    let minutes = format!("{:>3} min", entry.minutes);
    let title_slot = if chosen { Slot::Focus } else { Slot::Text };
    let left = ink::spans(
        theme,
        &[
            (Slot::Focus, " "),
            (Slot::Focus, cursor),
            (Slot::Text, " "),
            (slot, sign),
            (Slot::Text, " "),
            (title_slot, &entry.title),
        ],
    );
    let id = format!("  {:<ids$}  ", entry.id);
    let right = ink::spans(theme, &[(Slot::Dim, &id), (Slot::Text, &minutes)]);
    let room = usize::from(width).saturating_sub(right.width() + 2);
    let mut line = wrap::cut(&left, u16::try_from(room).unwrap_or(0), signs.more);
    line.push_span(" ".repeat(room.saturating_sub(line.width())));
    line.spans.extend(right.spans);
    line
}

fn draw_about(menu: &Menu, theme: Theme, area: Rect, buffer: &mut ratatui::buffer::Buffer) {
    let rule = theme.signs().rule[0].repeat(usize::from(area.width));
    buffer.set_line(
        area.x,
        area.y,
        &ink::line(theme, Slot::Border, &rule),
        area.width,
    );
    let Some(entry) = menu.current() else {
        return;
    };
    let width = area.width.saturating_sub(4);
    let mut rows = wrap::words(&ink::line(theme, Slot::Text, &entry.summary), width, 0);
    let needs: Vec<&str> = entry.needs.iter().copied().map(need).collect();
    let mut facts = format!("{} steps", entry.steps);
    if !needs.is_empty() {
        facts = format!("{facts}; needs {}", needs.join(", "));
    }
    if let Some(base) = &entry.base {
        facts = format!("{facts}; begins where {base} ends");
    }
    rows.extend(wrap::words(&ink::line(theme, Slot::Dim, &facts), width, 0));
    for (row, y) in rows.iter().zip(area.y + 1..area.bottom()) {
        buffer.set_line(area.x + 2, y, row, width);
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Veth => "veth",
        Need::Bridge => "bridge",
        Need::Nat => "nat",
        Need::Conntrack => "conntrack",
        Need::Icmp => "icmp",
        Need::Capture => "capture",
        Need::Vxlan => "vxlan",
        Need::Macvlan => "macvlan",
    }
}
