//! The live tables: as many namespaces beside and below each other as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::pack::{self, Placed};
use super::sheet::{self, Sheet};
use super::tables::block;
use super::{ink, tabs};
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Columns that a namespace's tables need to be read with ease.
pub(super) const COLUMN: u16 = 38;

/// A namespace and its rows.
struct Block<'a> {
    ns: &'a Ns,
    rows: Vec<Line<'static>>,
}

/// Draws the tables; says where each namespace lies, and last where all of them do.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
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
    let most = (area.width / COLUMN).max(1);
    for columns in 1..=most {
        let blocks = blocks(session, theme, &spaces, area.width / columns);
        if let Some(placed) = pack::whole(&heights(&blocks), columns, area) {
            let areas = columns_of(session, theme, blocks, &placed, chosen, buffer);
            return scrolled_as_one(areas, area);
        }
    }
    let blocks = blocks(session, theme, &spaces, area.width / most);
    let placed = pack::some(&heights(&blocks), most, area, chosen);
    if placed.len() == spaces.len() {
        let areas = columns_of(session, theme, blocks, &placed, chosen, buffer);
        return scrolled_as_one(areas, area);
    }
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let placed = pack::some(&heights(&blocks), most, body, chosen);
    let (title, mut areas) = tabs::line(session, theme, &spaces, chosen, area);
    if placed.len() <= 1 {
        let rows = blocks.into_iter().nth(chosen).map(|block| block.rows);
        let sheet = Sheet::new(session, Pane::Tables, title, rows.unwrap_or_default());
        areas.push(sheet::draw(&sheet, area, theme, buffer));
    } else {
        let bar = Rect { height: 1, ..area };
        let sheet = Sheet::new(session, Pane::Tables, title, Vec::new());
        sheet::draw(&sheet, bar, theme, buffer);
        areas.extend(columns_of(session, theme, blocks, &placed, chosen, buffer));
    }
    scrolled_as_one(areas, area)
}

fn blocks<'a>(session: &Session, theme: Theme, spaces: &[&'a Ns], width: u16) -> Vec<Block<'a>> {
    let width = sheet::inner_width(Rect::new(0, 0, width, 1));
    spaces
        .iter()
        .map(|ns| Block {
            ns,
            rows: block(session, ns, theme, width),
        })
        .collect()
}

/// Rows of each, its title included.
fn heights(blocks: &[Block<'_>]) -> Vec<u16> {
    blocks
        .iter()
        .map(|block| u16::try_from(block.rows.len() + 1).unwrap_or(u16::MAX))
        .collect()
}

fn columns_of(
    session: &Session,
    theme: Theme,
    blocks: Vec<Block<'_>>,
    placed: &[Placed],
    chosen: usize,
    buffer: &mut Buffer,
) -> Vec<Area> {
    let mut areas = Vec::new();
    for (index, block) in blocks.into_iter().enumerate() {
        let Some(one) = placed.iter().find(|one| one.index == index) else {
            continue;
        };
        let hidden = (block.rows.len() + 1).saturating_sub(usize::from(one.area.height));
        let title = tabs::label(session, theme, block.ns, index, index == chosen);
        let mut sheet = Sheet::new(session, Pane::Tables, title, block.rows);
        if index != chosen {
            sheet.focused = false;
            sheet.offset = None;
            if hidden > 0 {
                let note = format!("{} {hidden} more", theme.signs().more);
                sheet.note = ink::line(theme, Slot::Dim, &note);
            }
        }
        let mut drawn = sheet::draw(&sheet, one.area, theme, buffer);
        drawn.ns = Some(index);
        if index != chosen {
            drawn.max_scroll = 0;
        }
        areas.push(drawn);
    }
    areas
}

/// Adds the pane as a whole. Scrolling is the chosen namespace's, wherever the mouse is.
fn scrolled_as_one(mut areas: Vec<Area>, area: Rect) -> Vec<Area> {
    let max_scroll = areas.iter().map(|area| area.max_scroll).max().unwrap_or(0);
    areas.push(Area {
        pane: Pane::Tables,
        ns: None,
        x: area.x,
        y: area.y,
        width: area.width,
        height: area.height,
        max_scroll,
    });
    for area in &mut areas {
        area.max_scroll = max_scroll;
    }
    areas
}
