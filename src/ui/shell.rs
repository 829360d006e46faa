//! The learner's own shell: its cells as they are, in colours that this terminal has.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthChar;

use super::ink;
use super::sheet::{self, Sheet};
use crate::keys::{LESSON, Mode};
use crate::session::shell::ShellView;
use crate::session::shell::view::{Attributes, Cell};
use crate::session::state::Area;
use crate::session::{Action, Pane, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Draws it, with a title that says where it is and what leads out.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let view = session.shells.view();
    let mut parts = vec![(Slot::Focus, "Shell in ".to_owned())];
    let ns = session.shells.shown().unwrap_or(&Ns::Host);
    parts.push((Slot::Prompt, ns.to_string()));
    if session.shells.is_in_deleted() {
        parts.push((Slot::Bad, " (deleted)".to_owned()));
    }
    match view {
        Some(view) => parts.push((Slot::Dim, format!("  {} {}", view.shell, view.title))),
        None => parts.push((Slot::Dim, "  starting".to_owned())),
    }
    let parts: Vec<(Slot, &str)> = parts
        .iter()
        .map(|(slot, text)| (*slot, text.as_str()))
        .collect();
    let mut sheet = Sheet::new(session, Pane::Shell, ink::spans(theme, &parts), Vec::new());
    sheet.focused = true;
    sheet.note = note(view, theme);
    let drawn = sheet::draw(&sheet, area, theme, buffer);
    if let Some(view) = view {
        cells(view, theme, body(area), buffer);
    }
    drawn
}

/// What leads out, and whether this is the past.
fn note(view: Option<&ShellView>, theme: Theme) -> ratatui::text::Line<'static> {
    let back = view.map_or(0, |view| view.back);
    let leave = LESSON
        .iter()
        .filter(|row| row.modes.contains(Mode::Shell))
        .find(|row| {
            row.keys
                .iter()
                .any(|(_, action)| *action == Action::LeaveShell)
        })
        .map_or("", |row| row.label);
    let past = if back > 0 {
        format!("{back} lines back  ")
    } else {
        String::new()
    };
    ink::spans(
        theme,
        &[
            (Slot::Changed, &past),
            (Slot::Key, leave),
            (Slot::Dim, " leaves it"),
        ],
    )
}

/// Where the cursor stands on the screen.
pub(super) fn cursor(session: &Session, area: Rect) -> Option<Position> {
    let (x, y) = session.shells.view()?.cursor?;
    let body = body(area);
    (x < body.width && y < body.height).then(|| Position::new(body.x + x, body.y + y))
}

/// The pane without its title.
fn body(area: Rect) -> Rect {
    Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    }
}

fn cells(view: &ShellView, theme: Theme, body: Rect, buffer: &mut Buffer) {
    for (row, y) in (0..view.size.rows).zip(body.y..body.bottom()) {
        for (cell, x) in view.row(row).iter().zip(body.x..body.right()) {
            if cell.attributes.contains(Attributes::SPACER) {
                continue; // it belongs to the character before it
            }
            let fits = cell.c.width().unwrap_or(0) <= usize::from(body.right() - x);
            let drawn = &mut buffer[(x, y)];
            if fits && !cell.attributes.contains(Attributes::HIDDEN) {
                match &cell.marks {
                    Some(marks) => drawn.set_symbol(&format!("{}{marks}", cell.c)),
                    None => drawn.set_char(cell.c),
                };
            }
            drawn.set_style(style(cell, theme));
        }
    }
}

fn style(cell: &Cell, theme: Theme) -> Style {
    let mut modifier = modifier(cell.attributes);
    // Without colours, what stood on another colour stands out by being reversed.
    if theme.needs_reverse(cell.paper) {
        modifier.toggle(Modifier::REVERSED);
    }
    Style::new()
        .fg(theme.shown(cell.ink))
        .bg(theme.shown(cell.paper))
        .add_modifier(modifier)
}

fn modifier(attributes: Attributes) -> Modifier {
    let mut modifier = Modifier::empty();
    for (attribute, shown) in [
        (Attributes::BOLD, Modifier::BOLD),
        (Attributes::DIM, Modifier::DIM),
        (Attributes::ITALIC, Modifier::ITALIC),
        (Attributes::UNDERLINE, Modifier::UNDERLINED),
        (Attributes::REVERSE, Modifier::REVERSED),
        (Attributes::STRIKE, Modifier::CROSSED_OUT),
    ] {
        modifier.set(shown, attributes.contains(attribute));
    }
    modifier
}
