//! The live tables: as many namespaces beside and below each other as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::sheet::{self, Sheet};
use super::tables::{block, is_fresh};
use super::{ink, tabs};
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Columns that a namespace's tables need to be read with ease.
const COLUMN: u16 = 38;

/// A namespace placed on the screen.
struct Placed<'a> {
    index: usize,
    ns: &'a Ns,
    area: Rect,
}

/// Draws the tables; says where each namespace lies, and last where all of them do.
pub(super) fn draw(session: &Session, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
    let spaces: Vec<&Ns> = session.world.spaces.keys().collect();
    if spaces.is_empty() {
        let title = ink::line(theme, Slot::Heading, "Namespaces");
        let rows = vec![ink::line(theme, Slot::Dim, "none yet")];
        let sheet = Sheet::new(session, Pane::Tables, title, rows);
        return vec![sheet::draw(&sheet, area, theme, buffer)];
    }
    let chosen = spaces
        .iter()
        .position(|ns| **ns == session.chosen)
        .unwrap_or(0);
    if let Some(placed) = all_at_once(session, theme, &spaces, area) {
        let mut areas: Vec<Area> = placed
            .iter()
            .map(|one| column(session, theme, one, one.index == chosen, buffer))
            .collect();
        areas.push(whole(area, 0));
        return areas;
    }
    let columns = (area.width / COLUMN).max(1);
    if columns == 1 {
        alone(session, theme, &spaces, chosen, area, buffer)
    } else {
        side_by_side(session, theme, &spaces, (chosen, columns), area, buffer)
    }
}

/// Places every namespace, in the fewest columns in which all of them fit whole.
fn all_at_once<'a>(
    session: &Session,
    theme: &Theme,
    spaces: &[&'a Ns],
    area: Rect,
) -> Option<Vec<Placed<'a>>> {
    let most = (area.width / COLUMN).max(1);
    (1..=most).find_map(|columns| {
        let width = area.width / columns;
        let mut placed = Vec::new();
        let (mut x, mut y) = (area.x, area.y);
        for (index, ns) in spaces.iter().copied().enumerate() {
            let shape = Rect { width, ..area };
            let rows = block(session, ns, theme, sheet::inner_width(shape)).len();
            let height = u16::try_from(rows + 1).ok()?;
            if y + height > area.bottom() {
                x += width;
                y = area.y;
            }
            if x + width > area.right() || y + height > area.bottom() {
                return None;
            }
            let area = Rect {
                x,
                y,
                width,
                height,
            };
            placed.push(Placed { index, ns, area });
            y += height;
        }
        Some(placed)
    })
}

/// The chosen namespace, with a tab for each.
fn alone(
    session: &Session,
    theme: &Theme,
    spaces: &[&Ns],
    chosen: usize,
    area: Rect,
    buffer: &mut Buffer,
) -> Vec<Area> {
    let (title, mut areas) = tabs::line(session, theme, spaces, chosen, area);
    let ns = spaces.get(chosen).copied().unwrap_or(&Ns::Host);
    let rows = block(session, ns, theme, sheet::inner_width(area));
    let sheet = Sheet::new(session, Pane::Tables, title, rows);
    let drawn = sheet::draw(&sheet, area, theme, buffer);
    areas.push(drawn);
    with_max(areas, drawn.max_scroll)
}

/// Tabs, and below them the chosen namespace and its neighbours, a column each.
fn side_by_side(
    session: &Session,
    theme: &Theme,
    spaces: &[&Ns],
    (chosen, columns): (usize, u16),
    area: Rect,
    buffer: &mut Buffer,
) -> Vec<Area> {
    let (title, mut areas) = tabs::line(session, theme, spaces, chosen, area);
    let bar = Rect { height: 1, ..area };
    let sheet = Sheet::new(session, Pane::Tables, title, Vec::new());
    sheet::draw(&sheet, bar, theme, buffer);
    let many = usize::from(columns).min(spaces.len());
    let width = area.width / u16::try_from(many).unwrap_or(1);
    let first = chosen.min(spaces.len() - many);
    let mut max = 0;
    for (place, (index, ns)) in (0_u16..).zip(spaces.iter().enumerate().skip(first).take(many)) {
        let area = Rect {
            x: area.x + place * width,
            y: area.y + 1,
            width,
            height: area.height.saturating_sub(1),
        };
        let one = Placed { index, ns, area };
        let drawn = column(session, theme, &one, index == chosen, buffer);
        if index == chosen {
            max = drawn.max_scroll;
        }
        areas.push(drawn);
    }
    areas.push(whole(area, max));
    with_max(areas, max)
}

/// Scrolling is the chosen namespace's, wherever the mouse is.
fn with_max(mut areas: Vec<Area>, max: u16) -> Vec<Area> {
    for area in &mut areas {
        area.max_scroll = max;
    }
    areas
}

fn column(
    session: &Session,
    theme: &Theme,
    placed: &Placed<'_>,
    chosen: bool,
    buffer: &mut Buffer,
) -> Area {
    let rows = block(session, placed.ns, theme, sheet::inner_width(placed.area));
    let hidden = (rows.len() + 1).saturating_sub(usize::from(placed.area.height));
    let title = tabs::label(session, theme, placed.ns, placed.index, chosen);
    let mut sheet = Sheet::new(session, Pane::Tables, title, rows);
    sheet.focused &= chosen;
    if !chosen {
        sheet.offset = None;
        if hidden > 0 {
            let note = format!("{} {hidden} more", theme.signs().more);
            sheet.note = ink::line(theme, Slot::Dim, &note);
        }
    }
    Area {
        ns: Some(placed.index),
        ..sheet::draw(&sheet, placed.area, theme, buffer)
    }
}

/// The pane as a whole.
fn whole(area: Rect, max_scroll: u16) -> Area {
    Area {
        pane: Pane::Tables,
        ns: None,
        x: area.x,
        y: area.y,
        width: area.width,
        height: area.height,
        max_scroll,
    }
}

/// `●` behind the name of a namespace in which something has just changed.
pub(super) fn mark(session: &Session, theme: &Theme, ns: &Ns) -> Line<'static> {
    if is_fresh(session, ns) {
        ink::line(theme, Slot::Changed, theme.signs().changed)
    } else {
        Line::default()
    }
}
