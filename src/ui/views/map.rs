//! The map of the sandbox.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::ui::ink;
use crate::ui::sheet::{self, Sheet};

/// Draws it.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Area {
    let rows: Vec<Line<'static>> = Vec::new();
    let title = ink::line(theme, Slot::Heading, "Map");
    let sheet = Sheet::new(session, Pane::Map, title, rows);
    sheet::draw(&sheet, area, theme, buffer)
}
