//! A plan, drawn.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::MOST;
use super::canvas::{Canvas, EAST, Ink, NORTH, SOUTH, WEST};
use super::model::{Cable, Map, Role, State};
use super::plan::{Detail, Placed, Plan, Room, plan};
use super::rows::{self, Row};
use super::summary::summary;
use super::walk::{Walk, number};
use crate::world::Ns;

/// How a map is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Columns and rows that are there. A picture may need more.
    pub room: (u16, u16),
    /// How much is shown.
    pub detail: Detail,
    /// Who sits where.
    pub seats: &'a [Option<Ns>],
    /// Can more than ASCII be shown?
    pub unicode: bool,
    /// The namespace that is lit.
    pub chosen: Option<&'a Ns>,
    /// Devices that have changed in the last moments, by their ifindexes.
    pub changed: &'a BTreeSet<(Ns, u32)>,
    /// The way of a packet.
    pub walk: Option<&'a Walk>,
    /// How much of the way lies behind it, in thousandths; all of it is a still picture.
    pub moved: u16,
}

impl Default for Look<'_> {
    fn default() -> Self {
        static NOTHING: BTreeSet<(Ns, u32)> = BTreeSet::new();
        Self {
            room: (100, 40),
            detail: Detail::Addresses,
            seats: &[],
            unicode: true,
            chosen: None,
            changed: &NOTHING,
            walk: None,
            moved: STILL,
        }
    }
}

/// That a device has no carrier, where there are few columns for it.
const NO_CARRIER: &str = "no link";

/// All of the way lies behind a packet.
const STILL: u16 = 1000;

/// Draws `map`; where there are too many namespaces for a picture, lists them.
pub fn draw(map: &Map, look: &Look<'_>) -> Canvas {
    let named = map.spaces.iter().filter(|space| space.role == Role::Named);
    if named.count() > MOST {
        return summary(map, look);
    }
    let room = Room {
        size: look.room,
        detail: look.detail,
        seats: look.seats,
    };
    let plan = plan(map, room);
    let mut canvas = Canvas::new(plan.width, plan.height, look.unicode);
    for one in &plan.boxes {
        let lit = look
            .chosen
            .is_some_and(|ns| map.spaces[one.space].ns() == *ns);
        let ink = if lit { Ink::Lit } else { Ink::Border };
        canvas.frame((one.x, one.y), one.width, one.height, ink);
    }
    for (cable, routed) in map.cables.iter().zip(&plan.cables) {
        lay(map, cable, &routed.cells, &mut canvas);
    }
    for one in &plan.boxes {
        fill(map, one, look, &mut canvas);
    }
    if let Some(walk) = look.walk {
        go(map, &plan, walk, look.moved, &mut canvas);
    }
    canvas
}

/// A cable, and at each end that does not work a sign.
fn lay(map: &Map, cable: &Cable, cells: &[(u16, u16)], canvas: &mut Canvas) {
    let broken = cable.far.is_some() && map.state(cable) != State::Up;
    canvas.line(cells, Ink::Cable, broken || cable.stands_on);
    let unicode = canvas.unicode();
    let ends = [(Some(cable.near), cells.first()), (cable.far, cells.last())];
    for (end, cell) in ends {
        let state = end
            .and_then(|end| map.device(end))
            .map(|device| device.state);
        let (Some(state), Some((x, y))) = (state, cell) else {
            continue;
        };
        match state {
            State::Up => {}
            State::Down => canvas.sign(*x, *y, if unicode { '✗' } else { 'x' }, Ink::Bad),
            State::NoCarrier => canvas.sign(*x, *y, if unicode { '○' } else { 'o' }, Ink::Weak),
        }
    }
    if let (None, Some((x, y))) = (cable.far, cells.last()) {
        canvas.sign(*x, *y, '?', Ink::Weak);
    }
}

/// A box's text.
fn fill(map: &Map, one: &Placed, look: &Look<'_>, canvas: &mut Canvas) {
    let Some(space) = map.spaces.get(one.space) else {
        return;
    };
    let lit = look.chosen.is_some_and(|ns| space.ns() == *ns);
    let room = one.width.saturating_sub(5);
    let title = match (lit, look.unicode) {
        (true, true) => format!(" ▶ {}", space.name),
        (true, false) => format!(" > {}", space.name),
        (false, _) => format!(" {}", space.name),
    };
    let ink = if lit { Ink::Lit } else { Ink::Title };
    let end = canvas.text(one.x + 1, one.y, room + 1, &title, ink);
    canvas.text(end, one.y, 1, " ", ink);
    let (left, inner) = (one.x + 1, one.width.saturating_sub(2));
    let y = (one.y + one.height).saturating_sub(1);
    if let Some(lo) = space.devices.iter().find(|device| rows::is_quiet(device)) {
        let (word, ink) = match lo.trouble().filter(|_| look.detail != Detail::Names) {
            Some(trouble) => (format!(" {} {trouble} ", lo.name), Ink::Bad),
            None => (format!(" {} ", lo.name), Ink::Detail),
        };
        canvas.text(left + 1, y, inner.saturating_sub(2), &word, ink);
        if look.changed.contains(&(space.ns(), lo.index)) {
            changed(left + 1, y, canvas);
        }
    }
    if one.rows.is_empty() {
        canvas.text(
            left + 1,
            one.y + 1,
            inner.saturating_sub(1),
            "only lo",
            Ink::Detail,
        );
    }
    for (place, (row, y)) in one.rows.iter().enumerate() {
        let next = one.rows.get(place + 1).filter(|(row, _)| row.port);
        trunk(left + 1, *y, row, next.map(|(_, y)| *y), canvas);
        let beside = row.port || next.is_some();
        row_text(map, one, (row, *y), beside, look, canvas);
    }
}

/// The line that joins a bridge and its ports, in column `x`: from the row below the bridge on, and
/// from port to port.
fn trunk(x: u16, y: u16, row: &Row, next: Option<u16>, canvas: &mut Canvas) {
    if row.port {
        canvas.lead(x, y, NORTH | EAST, Ink::Cable, false);
        canvas.lead(x + 1, y, EAST | WEST, Ink::Cable, false);
    }
    let Some(next) = next else {
        return;
    };
    if row.port {
        canvas.lead(x, y, SOUTH, Ink::Cable, false);
    }
    for y in y + 1..next {
        canvas.lead(x, y, NORTH | SOUTH, Ink::Cable, false);
    }
}

fn row_text(
    map: &Map,
    one: &Placed,
    (row, y): (&Row, u16),
    trunk: bool,
    look: &Look<'_>,
    canvas: &mut Canvas,
) {
    let Some(space) = map.spaces.get(one.space) else {
        return;
    };
    let Some(device) = space.devices.get(row.device) else {
        return;
    };
    let right = (one.x + one.width).saturating_sub(1);
    let x = one.x + 2 + if row.port { 2 } else { 0 };
    let mut at = canvas.text(x, y, right.saturating_sub(x), &device.name, Ink::Device);
    for word in rows::words(device, look.detail) {
        let ink = match device.state {
            _ if Some(word.as_str()) != device.trouble() => Ink::Detail,
            State::Down | State::Up => Ink::Bad,
            State::NoCarrier => Ink::Weak,
        };
        let room = right.saturating_sub(at + 1);
        let cut = word.width() > usize::from(room) && device.state == State::NoCarrier;
        let word = if cut { NO_CARRIER } else { word.as_str() };
        if room > 1 {
            at = canvas.text(at + 1, y, room, word, ink);
        }
    }
    if look.changed.contains(&(space.ns(), device.index)) {
        changed(one.x + 1, y, canvas);
        if row.port {
            // The trunk stands where the sign would.
            canvas.tint(x, y, Ink::Changed);
        }
    }
    let longest = row.addresses.iter().map(|address| address.width()).max();
    let room = right.saturating_sub(one.x + 1);
    let free = room.saturating_sub(u16::try_from(longest.unwrap_or(0)).unwrap_or(room));
    // Beside a bridge's trunk they begin behind it, and with a column for air where there is one.
    let indent = if trunk { free.clamp(2, 3) } else { free.min(2) };
    for (below, address) in (y + 1..).zip(&row.addresses) {
        let x = one.x + 1 + indent;
        canvas.text(x, below, right.saturating_sub(x), address, Ink::Detail);
    }
}

fn changed(x: u16, y: u16, canvas: &mut Canvas) {
    let sign = if canvas.unicode() { '●' } else { '*' };
    canvas.sign(x, y, sign, Ink::Changed);
}

/// The way of a packet: a number on each cable where it went in, in order of time, and a cross
/// where it came to its end.
fn go(map: &Map, plan: &Plan, walk: &Walk, moved: u16, canvas: &mut Canvas) {
    let legs = legs(map, plan, walk);
    let total: usize = legs.iter().map(Vec::len).sum();
    let gone = total * usize::from(moved.min(STILL)) / usize::from(STILL);
    let mut behind = 0;
    for (place, cells) in legs.iter().enumerate() {
        let inner = cells
            .get(1..cells.len().saturating_sub(1))
            .unwrap_or_default();
        if behind > gone && moved < STILL {
            break;
        }
        let seen = (gone - behind).min(inner.len());
        let seen = if moved >= STILL { inner.len() } else { seen };
        for (x, y) in &inner[..seen] {
            canvas.tint(*x, *y, Ink::Packet);
        }
        if let Some((x, y)) = inner.first() {
            canvas.sign(*x, *y, number(place), Ink::Packet);
        }
        let packet = (moved < STILL).then(|| cells.get(gone - behind)).flatten();
        if let Some((x, y)) = packet {
            let sign = if canvas.unicode() { '◆' } else { '@' };
            canvas.sign(*x, *y, sign, Ink::Packet);
        }
        behind += cells.len();
    }
    if moved >= STILL {
        cross(plan, walk, canvas);
    }
}

/// The cells of each crossing, in the packet's direction.
fn legs(map: &Map, plan: &Plan, walk: &Walk) -> Vec<Vec<(u16, u16)>> {
    let crossings = walk.crossings.iter();
    crossings
        .map(|crossing| {
            let mut cables = map.cables.iter().zip(&plan.cables);
            let found = cables.find_map(|(cable, routed)| {
                let ends = (cable.near, cable.far?);
                if ends == (crossing.from, crossing.to) {
                    Some(routed.cells.clone())
                } else if ends == (crossing.to, crossing.from) {
                    Some(routed.cells.iter().rev().copied().collect())
                } else {
                    None
                }
            });
            found.unwrap_or_default()
        })
        .collect()
}

fn cross(plan: &Plan, walk: &Walk, canvas: &mut Canvas) {
    let Some((space, device)) = walk.died else {
        return;
    };
    let Some(one) = plan.boxes.iter().find(|one| one.space == space) else {
        return;
    };
    let mut rows = one.rows.iter();
    let row = rows.find(|(row, _)| device == Some(row.device));
    let y = row.map_or(one.y, |(_, y)| *y);
    let sign = if canvas.unicode() { '✗' } else { 'X' };
    canvas.sign((one.x + one.width).saturating_sub(2), y, sign, Ink::Bad);
}
