//! Where every box and every row stands.
//!
//! Three columns: the internet, the host in the middle, and the namespaces at its right; where there
//! are few columns the internet sits above the namespaces. The host's box is as tall as what it is
//! plugged into, and its rows stand where the other ends do, so that most cables are straight.
//! Namespaces keep their seats: who comes takes a free one, and nobody moves.

use std::collections::BTreeMap;

use super::model::{End, Map, Role};
use super::route::{self, Exit, Routed};
use super::rows::{self, Row};
use crate::world::Ns;

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Names only.
    Names,
    /// Names, kinds and states.
    States,
    /// Addresses too.
    #[default]
    Addresses,
}

/// From so many columns on the internet stands at the left.
const THREE: u16 = 62;
/// Rows from which on boxes have air between them.
const AIRY: u16 = 20;
/// Rows above the first namespace: those of a bridge and its address, and where the uplink is at the
/// left those of its device too. So the host's rows can stand where the other ends do.
const ABOVE: (u16, u16) = (2, 4);
/// A box's columns, borders included: at least, where there is room, and at most.
const WIDTH: (u16, u16, u16) = (18, 30, 48);
/// A channel's columns: at least, and at most.
const CHANNEL: (u16, u16) = (3, 14);

/// A box in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its place in the map.
    pub(super) space: usize,
    /// Its column, 0 to 2.
    pub(super) column: usize,
    /// Its cells.
    pub(super) x: u16,
    pub(super) y: u16,
    pub(super) width: u16,
    pub(super) height: u16,
    /// Its rows, and the cells' row of each.
    pub(super) rows: Vec<(Row, u16)>,
}

/// Everything in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) boxes: Vec<Placed>,
    /// The cables' ways, in the map's order.
    pub(super) cables: Vec<Routed>,
    pub(super) width: u16,
    pub(super) height: u16,
}

/// What a plan is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room<'a> {
    /// Columns and rows that are there.
    pub(super) size: (u16, u16),
    /// How much is shown.
    pub(super) detail: Detail,
    /// Who sits where.
    pub(super) seats: &'a [Option<Ns>],
}

/// Gives everything its place.
pub(super) fn plan(map: &Map, room: Room<'_>) -> Plan {
    let mut boxes = seated(map, room);
    let partners = partners(map);
    if let Some(host) = (boxes.iter()).position(|one| role(map, one) == Role::Host) {
        let mut middle = boxes.swap_remove(host);
        align(map, &mut middle, &boxes, &partners);
        boxes.push(middle);
    }
    boxes.sort_by_key(|one| one.space);
    let exits = exits(&boxes, map);
    let bottom = boxes.iter().map(|one| one.y + one.height).max();
    let mut routes = route::route(map, &exits, bottom.unwrap_or(0));
    let widths = widths(map, &boxes, room);
    let edges = columns(&mut boxes, widths, routes.tracks, room.size.0);
    routes.place(&edges);
    let cables = routes.cables;
    let cells = cables.iter().flat_map(|cable| cable.cells.iter());
    let (mut width, mut height) = cells.fold((0, 0), |(x, y), cell| {
        (x.max(cell.0 + 1), y.max(cell.1 + 1))
    });
    for one in &boxes {
        width = width.max(one.x + one.width);
        height = height.max(one.y + one.height);
    }
    Plan {
        boxes,
        cables,
        width,
        height,
    }
}

fn role(map: &Map, one: &Placed) -> Role {
    map.spaces
        .get(one.space)
        .map_or(Role::Named, |space| space.role)
}

/// The other ends, by end.
pub(super) fn partners(map: &Map) -> BTreeMap<End, End> {
    let both = map.cables.iter().filter(|cable| !cable.stands_on);
    both.filter_map(|cable| Some((cable.near, cable.far?)))
        .flat_map(|(near, far)| [(near, far), (far, near)])
        .collect()
}

/// Every box with its rows, closely packed; the host's at the top.
fn seated(map: &Map, room: Room<'_>) -> Vec<Placed> {
    let three = room.size.0 >= THREE;
    let gap = u16::from(room.size.1 >= AIRY);
    let least = match room.detail {
        Detail::Names | Detail::States => 3,
        Detail::Addresses => 4,
    };
    let uplink = map.spaces.iter().any(|space| space.role == Role::Internet);
    let above = match (uplink, three) {
        (true, true) => ABOVE.1,
        (true, false) => 0, // it is above them itself
        (false, _) => ABOVE.0,
    };
    let mut next = [0, 0, above];
    let mut boxes = Vec::new();
    for space in (0..map.spaces.len()).filter(|space| map.spaces[*space].role != Role::Named) {
        let column = match (map.spaces[space].role, three) {
            (Role::Internet, true) => 0,
            (Role::Internet, false) => 2,
            (Role::Host | Role::Named, _) => 1,
        };
        let one = pack(map, space, column, next[column], room.detail);
        next[column] = one.y + one.height + gap;
        boxes.push(one);
    }
    let rows = room.size.1.saturating_sub(above) / (least + gap);
    let capacity = usize::from(rows.max(2));
    for (seat, ns) in order(map, room.seats).into_iter().enumerate() {
        // A second column of them, once the first is full.
        let column = if three && (seat / capacity) % 2 == 1 {
            0
        } else {
            2
        };
        match ns {
            Some(space) => {
                let mut one = pack(map, space, column, next[column], room.detail);
                one.height = one.height.max(least);
                next[column] = one.y + one.height + gap;
                boxes.push(one);
            }
            None => next[column] += least + gap,
        }
    }
    boxes
}

/// The named namespaces by their seats; those without one behind them.
fn order(map: &Map, seats: &[Option<Ns>]) -> Vec<Option<usize>> {
    let named = |ns: &Ns| map.spaces.iter().position(|space| space.ns() == *ns);
    let mut order: Vec<Option<usize>> = (seats.iter())
        .map(|seat| seat.as_ref().and_then(named))
        .collect();
    for (space, _) in (map.spaces.iter().enumerate()).filter(|(_, one)| one.role == Role::Named) {
        if !order.contains(&Some(space)) {
            order.push(Some(space));
        }
    }
    order
}

fn pack(map: &Map, space: usize, column: usize, y: u16, detail: Detail) -> Placed {
    let rows = (map.spaces.get(space)).map_or_else(Vec::new, |space| rows::rows(space, detail));
    let mut next = y + 1;
    let rows = rows.into_iter().map(|row| {
        let at = next;
        next += row.height();
        (row, at)
    });
    let rows: Vec<(Row, u16)> = rows.collect();
    Placed {
        space,
        column,
        x: 0,
        y,
        width: 0,
        height: next.max(y + 2) + 1 - y,
        rows,
    }
}

/// Puts the host's rows where the other ends of their cables are, in an order in which few cross.
fn align(map: &Map, host: &mut Placed, others: &[Placed], partners: &BTreeMap<End, End>) {
    let wish = |row: &Row| {
        let here = End {
            space: host.space,
            device: row.device,
        };
        let there = partners.get(&here)?;
        let one = others.iter().find(|one| one.space == there.space)?;
        let uplink = role(map, one) != Role::Internet;
        let (_, y) = one
            .rows
            .iter()
            .find(|(row, _)| row.device == there.device)?;
        Some((uplink, *y))
    };
    // A bridge and its ports stay together.
    let mut groups: Vec<Vec<(Row, Option<u16>)>> = Vec::new();
    let mut keys: Vec<(bool, u16)> = Vec::new();
    for (row, _) in host.rows.drain(..) {
        let wished = wish(&row);
        let (uplink, y) = wished.map_or((true, u16::MAX), |wished| wished);
        match (groups.last_mut(), keys.last_mut()) {
            (Some(group), Some(key)) if !row.first => {
                group.push((row, wished.map(|(_, y)| y)));
                *key = (*key).min((uplink, y));
            }
            _ => {
                groups.push(vec![(row, wished.map(|(_, y)| y))]);
                keys.push((uplink, y));
            }
        }
    }
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|group| keys[*group]);
    let mut next = host.y + 1;
    for group in order {
        let mut group = std::mem::take(&mut groups[group]);
        group.sort_by_key(|(row, wish)| (!row.first, wish.unwrap_or(u16::MAX)));
        for (row, wish) in group {
            let at = next.max(wish.unwrap_or(0));
            next = at + row.height();
            host.rows.push((row, at));
        }
    }
    host.height = next.max(host.y + 2) + 1 - host.y;
}

/// By which side each cable leaves its box, and in which row.
fn exits(boxes: &[Placed], map: &Map) -> Vec<[Option<Exit>; 2]> {
    let place = |end: End| {
        let one = boxes.iter().find(|one| one.space == end.space)?;
        let (_, y) = one.rows.iter().find(|(row, _)| row.device == end.device)?;
        Some((one.column, *y))
    };
    let leaves = |(column, y): (usize, u16), towards: Option<usize>| Exit {
        y,
        right: match (column, towards) {
            (2, Some(2)) | (0, _) => true,
            (1, Some(0)) | (2, _) => false,
            (_, None | Some(_)) => true,
        },
        column,
    };
    (map.cables.iter())
        .map(|cable| {
            let (near, far) = (place(cable.near), cable.far.and_then(place));
            let column = |end: Option<(usize, u16)>| end.map(|(column, _)| column);
            [
                near.map(|end| leaves(end, column(far))),
                far.map(|end| leaves(end, column(near))),
            ]
        })
        .collect()
}

/// How wide the boxes of each column are.
fn widths(map: &Map, boxes: &[Placed], room: Room<'_>) -> [u16; 3] {
    let share = if room.size.0 >= THREE {
        room.size.0.saturating_sub(2 * CHANNEL.0) / 3
    } else {
        room.size.0.saturating_sub(CHANNEL.0) / 2
    };
    let (usual, most) = (share.clamp(WIDTH.0, WIDTH.1), share.clamp(WIDTH.0, WIDTH.2));
    let mut widths = [0; 3];
    for one in boxes {
        let Some(space) = map.spaces.get(one.space) else {
            continue;
        };
        let wanted = u16::try_from(rows::width(space, room.detail) + 2).unwrap_or(u16::MAX);
        // What is longer is cut, or it would push others out of sight.
        let width = &mut widths[one.column];
        *width = (*width).max(wanted.clamp(usual, most));
    }
    widths
}

/// Gives columns and channels their places; the left edge of each channel, and its right one.
fn columns(boxes: &mut [Placed], widths: [u16; 3], tracks: [u16; 3], room: u16) -> [(u16, u16); 3] {
    let between = if widths[0] > 0 { 2 } else { 1 };
    let free = room.saturating_sub(widths.iter().sum()) / between;
    let usual = free.clamp(CHANNEL.0, CHANNEL.1);
    let mut edges = [(0, 0); 3];
    let mut x = 0_u16;
    for (column, width) in widths.into_iter().enumerate() {
        for one in boxes.iter_mut().filter(|one| one.column == column) {
            (one.x, one.width) = (x, width);
        }
        let needed = tracks[column];
        let channel = match column {
            0 if width == 0 => 0,
            2 => needed + u16::from(needed > 0),
            _ => usual.max(needed + 2),
        };
        let end = (x + width).saturating_sub(1);
        edges[column] = (end, end + channel + 1);
        x += width + channel;
    }
    edges
}
