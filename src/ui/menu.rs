//! The menu of lessons.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::notice::{self, LEAST};
use super::{clean, footer, ink, wrap};
use crate::keys::{MENU, Mode};
use crate::menu::{Entry, HowFar, Menu, Row};
use crate::theme::{Slot, Theme};

/// Rows kept for the lesson under the cursor.
const ABOUT: u16 = 6;

/// Columns after which the two ends of a row are too far apart for the eye.
const WIDEST: u16 = 96;

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
    let ended = menu
        .entries
        .iter()
        .filter(|entry| entry.how_far.done)
        .count();
    let count = format!("{ended}/{} done", menu.entries.len());
    let x = area
        .right()
        .saturating_sub(u16::try_from(count.len()).unwrap_or(0) + 1);
    buffer.set_line(x, area.y, &ink::line(theme, Slot::Dim, &count), area.width);
    let list = Rect {
        y: area.y + 2,
        width: area.width.min(WIDEST),
        height: area.height.saturating_sub(4 + ABOUT),
        ..area
    };
    let rows = draw_list(menu, theme, list, buffer);
    let about = Rect {
        y: rows.last().map_or(list.y, |row| row.y + row.height) + 1,
        height: ABOUT,
        ..list
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

fn draw_list(menu: &Menu, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Row> {
    let entries = &menu.entries;
    if entries.is_empty() {
        let none = ink::line(theme, Slot::Bad, "  There is no lesson here.");
        buffer.set_line(area.x, area.y, &none, area.width);
    }
    // With room for it, each lesson says in a second row what it is about.
    let spacious = entries.len() * 3 <= usize::from(area.height);
    let pitch = if spacious { 3 } else { 1 };
    let fit = usize::from(area.height / pitch).max(1);
    let first = (menu.cursor + 1).saturating_sub(fit);
    let ids = entries
        .iter()
        .map(|entry| entry.id.len())
        .max()
        .unwrap_or(0);
    let mut rows = Vec::new();
    let shown = entries.iter().enumerate().skip(first).take(fit);
    for ((index, entry), y) in shown.zip((area.y..area.bottom()).step_by(usize::from(pitch))) {
        let chosen = index == menu.cursor;
        let line = item(entry, chosen, ids, theme, area.width);
        buffer.set_line(area.x, y, &line, area.width);
        if spacious {
            let summary = ink::line(theme, Slot::Dim, &entry.summary);
            let room = area.width.saturating_sub(7);
            let summary = wrap::cut(&summary, room, theme.signs().more);
            buffer.set_line(area.x + 5, y + 1, &summary, room);
        }
        rows.push(Row {
            index,
            x: area.x,
            y,
            width: area.width,
            height: pitch,
        });
    }
    more(
        first,
        "above",
        area.y.saturating_sub(1),
        theme,
        area,
        buffer,
    );
    let below = entries.len().saturating_sub(first + fit);
    more(below, "below", area.bottom(), theme, area, buffer);
    rows
}

/// Says that there are more lessons than fit.
fn more(count: usize, place: &str, y: u16, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if count > 0 {
        let text = format!("   {} {count} more {place}", theme.signs().more);
        buffer.set_line(area.x, y, &ink::line(theme, Slot::Dim, &text), area.width);
    }
}

fn item(entry: &Entry, chosen: bool, ids: usize, theme: Theme, width: u16) -> Line<'static> {
    let signs = theme.signs();
    let cursor = if chosen { signs.current } else { " " };
    let (sign, slot) = match entry.how_far {
        HowFar { done: true, .. } => (signs.ok, Slot::Ok),
        HowFar {
            left_at: Some(_), ..
        } => (signs.to_come, Slot::Focus),
        HowFar { left_at: None, .. } => (signs.to_come, Slot::Dim),
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
    let left_at = entry.how_far.left_at;
    let left_at = left_at.map_or_else(String::new, |step| place(step, entry.steps));
    let right = ink::spans(
        theme,
        &[
            (Slot::Text, "  "),
            (Slot::Focus, &left_at),
            (Slot::Dim, &id),
            (Slot::Text, &minutes),
        ],
    );
    let room = usize::from(width).saturating_sub(right.width() + 2);
    let mut line = wrap::cut(&left, u16::try_from(room).unwrap_or(0), signs.more);
    line.push_span(" ".repeat(room.saturating_sub(line.width())));
    line.spans.extend(right.spans);
    line
}

/// Where a lesson was left.
fn place(step: usize, steps: usize) -> String {
    format!("at step {} of {steps}", step + 1)
}

fn draw_about(menu: &Menu, theme: Theme, area: Rect, buffer: &mut Buffer) {
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
    if let Some(step) = entry.how_far.left_at {
        let place = place(step, entry.steps);
        let offer = format!("Enter continues {place}, as you left it; f starts over.");
        rows.insert(0, ink::line(theme, Slot::Focus, &offer));
    }
    let needs: Vec<&str> = entry.needs.iter().map(|need| need.name()).collect();
    let mut facts = format!("{} steps", entry.steps);
    if !needs.is_empty() {
        facts = format!("{facts}; needs {}", needs.join(", "));
    }
    if let Some(base) = &entry.base {
        facts = format!("{facts}; begins where {base} ends");
    }
    rows.extend(wrap::words(&ink::line(theme, Slot::Dim, &facts), width, 0));
    let room = usize::from(area.height.saturating_sub(1));
    if let Some(last) = room.checked_sub(1).filter(|_| rows.len() > room) {
        rows.truncate(room);
        rows[last] = ink::line(theme, Slot::Dim, theme.signs().more);
    }
    for (row, y) in rows.iter().zip(area.y + 1..area.bottom()) {
        buffer.set_line(area.x + 2, y, row, width);
    }
}
