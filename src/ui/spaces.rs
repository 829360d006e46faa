//! The live tables: as many namespaces beside and below each other as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::pack::{self, Placed};
use super::sheet::{self, Rest, Sheet};
use super::tables::{Table, block, tables};
use super::{ink, tabs};
use crate::session::state::Area;
use crate::session::{Pane, Session};
use crate::theme::{Slot, Theme};
use crate::world::Ns;

/// Columns that a namespace's tables need to be read with ease.
pub(super) const COLUMN: u16 = 39;

/// A namespace and its tables.
type Tables<'a> = (&'a Ns, Vec<Table>);

/// A namespace and its rows.
struct Block<'a> {
    ns: &'a Ns,
    rows: Vec<Line<'static>>,
    /// What is seen of it at first: the latest change.
    rest: Rest,
}

/// Draws the tables; says where all of them lie, and then where each namespace does.
pub(super) fn draw(session: &Session, theme: Theme, area: Rect, buffer: &mut Buffer) -> Vec<Area> {
    let spaces: Vec<Tables<'_>> = session
        .world
        .spaces
        .keys()
        .map(|ns| (ns, tables(&session.world, ns)))
        .collect();
    if spaces.is_empty() {
        let title = ink::line(theme, Slot::Heading, "Namespaces");
        let rows = vec![ink::line(theme, Slot::Dim, "none yet")];
        let sheet = Sheet::new(session, Pane::Tables, title, rows);
        return vec![sheet::draw(&sheet, area, theme, buffer)];
    }
    let chosen = spaces
        .iter()
        .position(|(ns, _)| **ns == session.chosen)
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
    let areas = match placed.as_slice() {
        [_] => alone(session, theme, blocks, chosen, area, buffer),
        placed => columns_of(session, theme, blocks, placed, chosen, buffer),
    };
    scrolled_as_one(areas, area)
}

fn blocks<'a>(
    session: &Session,
    theme: Theme,
    spaces: &[Tables<'a>],
    width: u16,
) -> Vec<Block<'a>> {
    let width = sheet::inner_width(column(Rect::new(0, 0, width, 1)));
    spaces
        .iter()
        .map(|(ns, tables)| {
            let (rows, latest) = block(session, ns, tables, theme, width);
            Block {
                ns,
                rows,
                rest: latest.map_or(Rest::Top, Rest::Show),
            }
        })
        .collect()
}

/// A column without the space behind it.
fn column(area: Rect) -> Rect {
    Rect {
        width: area.width.saturating_sub(1),
        ..area
    }
}

/// Rows of each, its title included.
fn heights(blocks: &[Block<'_>]) -> Vec<u16> {
    blocks
        .iter()
        .map(|block| u16::try_from(block.rows.len() + 1).unwrap_or(u16::MAX))
        .collect()
}

/// The chosen namespace, with a tab for each.
fn alone(
    session: &Session,
    theme: Theme,
    blocks: Vec<Block<'_>>,
    chosen: usize,
    area: Rect,
    buffer: &mut Buffer,
) -> Vec<Area> {
    let labels = labels(session, theme, &blocks, chosen, |_| true);
    let (title, tabs) = tabs::fit(&labels, chosen, area.width.saturating_sub(4), theme);
    let mut areas: Vec<Area> = tabs::areas(&tabs, area.x + 2, area.y).collect();
    if let Some(block) = blocks.into_iter().nth(chosen) {
        let mut sheet = Sheet::new(session, Pane::Tables, title, block.rows);
        sheet.rest = block.rest;
        areas.push(sheet::draw(&sheet, area, theme, buffer));
    }
    areas
}

fn labels(
    session: &Session,
    theme: Theme,
    blocks: &[Block<'_>],
    chosen: usize,
    wanted: impl Fn(usize) -> bool,
) -> Vec<(usize, Line<'static>)> {
    blocks
        .iter()
        .enumerate()
        .filter(|(index, _)| wanted(*index))
        .map(|(index, block)| {
            let label = tabs::label(session, theme, block.ns, index, index == chosen);
            (index, label)
        })
        .collect()
}

/// Each namespace where it was placed; those that were not get a tab beside the first title.
fn columns_of(
    session: &Session,
    theme: Theme,
    blocks: Vec<Block<'_>>,
    placed: &[Placed],
    chosen: usize,
    buffer: &mut Buffer,
) -> Vec<Area> {
    let missing = labels(session, theme, &blocks, chosen, |index| {
        !placed.iter().any(|one| one.index == index)
    });
    let mut areas = Vec::new();
    for (index, block) in blocks.into_iter().enumerate() {
        let Some(one) = placed.iter().find(|one| one.index == index) else {
            continue;
        };
        let area = column(one.area);
        let hidden = (block.rows.len() + 1).saturating_sub(usize::from(area.height));
        let title = tabs::label(session, theme, block.ns, index, index == chosen);
        let title_width = u16::try_from(title.width()).unwrap_or(u16::MAX);
        let mut sheet = Sheet::new(session, Pane::Tables, title, block.rows);
        sheet.rest = block.rest;
        if index != chosen {
            sheet.focused = false;
            sheet.offset = None;
        }
        if areas.is_empty() && !missing.is_empty() {
            let room = area.width.saturating_sub(title_width + 10);
            let (note, tabs) = tabs::fit(&missing, 0, room, theme);
            let x = area
                .right()
                .saturating_sub(2 + u16::try_from(note.width()).unwrap_or(0));
            areas.extend(tabs::areas(&tabs, x, area.y));
            sheet.note = note;
        } else if index != chosen && hidden > 0 {
            let note = format!("{} {hidden} more", theme.signs().more);
            sheet.note = ink::line(theme, Slot::Dim, &note);
        }
        let mut drawn = sheet::draw(&sheet, area, theme, buffer);
        drawn.ns = Some(index);
        if index != chosen {
            (drawn.max_scroll, drawn.offset) = (0, 0);
        }
        areas.push(drawn);
    }
    areas
}

/// Puts the pane as a whole first. Scrolling is the chosen namespace's, wherever the mouse is.
fn scrolled_as_one(mut areas: Vec<Area>, area: Rect) -> Vec<Area> {
    let (max_scroll, offset) = areas
        .iter()
        .map(|area| (area.max_scroll, area.offset))
        .max()
        .unwrap_or_default();
    areas.insert(
        0,
        Area {
            pane: Pane::Tables,
            ns: None,
            packet: None,
            x: area.x,
            y: area.y,
            width: area.width,
            height: area.height,
            max_scroll,
            offset,
            aside: 0,
            max_aside: 0,
        },
    );
    for area in &mut areas {
        (area.max_scroll, area.offset) = (max_scroll, offset);
    }
    areas
}
