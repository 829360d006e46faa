//! The ways of cables through the channels between the columns.
//!
//! A cable leaves a box by its side, in its device's row, runs across the channel to a track of its
//! own, along it, and across to the other end. Two cables never share a cell but where they cross:
//! cables that would run along the same track get different ones, and where a cable's row at the
//! left is another one's at the right, the first has its track further left. Where that goes round
//! in a circle, and where columns lie between, a cable goes below everything, in a lane of its own.

use super::model::Map;

/// Where a cable leaves a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exit {
    /// The box's column.
    pub(super) column: usize,
    /// By its right side, or by its left one?
    pub(super) right: bool,
    /// In this row.
    pub(super) y: u16,
}

impl Exit {
    /// The channel that it leads into: 0 is right of column 0.
    fn channel(self) -> usize {
        if self.right {
            self.column
        } else {
            self.column.saturating_sub(1)
        }
    }
}

/// A cable in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Routed {
    /// Its cells, from the border of the near end's box to that of the other's; none where an end
    /// is not in the picture.
    pub(super) cells: Vec<(u16, u16)>,
}

/// A cable's way, before anybody knows how wide a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is not in the picture.
    None,
    /// The other end is not known.
    Stub(Exit),
    /// Across, without a bend.
    Straight(Exit, Exit),
    /// Along a track.
    Track(Exit, Exit),
    /// Along a track, a lane below everything, and another track.
    Lane(Exit, u16, Exit),
}

/// A part of a cable within one channel.
#[derive(Clone, Debug)]
struct Part {
    cable: usize,
    /// Is it the part of the near end, or the whole?
    near: bool,
    /// Rows in which it comes from the left, and from the right.
    left: Vec<u16>,
    right: Vec<u16>,
    /// The lane that it leads to.
    lane: Option<u16>,
}

/// All ways, and how many tracks each channel needs.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    ways: Vec<Way>,
    /// The tracks of each cable's parts.
    held: Vec<[u16; 2]>,
    pub(super) tracks: [u16; 3],
    pub(super) cables: Vec<Routed>,
}

/// Finds the ways; lanes begin below `bottom`.
pub(super) fn route(map: &Map, exits: &[[Option<Exit>; 2]], bottom: u16) -> Routes {
    let mut lane = bottom;
    let mut ways: Vec<Way> = (map.cables.iter().zip(exits))
        .map(|(cable, exits)| match *exits {
            [Some(near), None] if cable.far.is_none() => Way::Stub(near),
            [None, _] | [Some(_), None] => Way::None,
            [Some(near), Some(far)] if near.channel() != far.channel() => {
                lane += 1;
                Way::Lane(near, lane, far)
            }
            [Some(near), Some(far)] if near.y == far.y && near.right != far.right => {
                Way::Straight(near, far)
            }
            [Some(near), Some(far)] => Way::Track(near, far),
        })
        .collect();
    let mut held = vec![[0; 2]; ways.len()];
    let mut tracks = [0; 3];
    for (channel, tracks) in tracks.iter_mut().enumerate() {
        *tracks = loop {
            let parts = parts(&ways, channel);
            match assign(&parts, &mut held) {
                Ok(count) => break count,
                Err(cable) => {
                    if let Way::Track(near, far) = ways[cable] {
                        lane += 1;
                        ways[cable] = Way::Lane(near, lane, far);
                    }
                }
            }
        };
    }
    Routes {
        cables: vec![Routed::default(); ways.len()],
        ways,
        held,
        tracks,
    }
}

fn parts(ways: &[Way], channel: usize) -> Vec<Part> {
    let part = |cable: usize, near: bool, ends: &[Exit], lane: Option<u16>| {
        let rows = |right: bool| {
            let ends = ends.iter().filter(move |end| end.right == right);
            ends.map(|end| end.y).collect()
        };
        // The box whose right side it leaves by is at the channel's left.
        Part {
            cable,
            near,
            left: rows(true),
            right: rows(false),
            lane,
        }
    };
    let mut parts = Vec::new();
    for (cable, way) in ways.iter().enumerate() {
        match *way {
            Way::Track(near, far) if near.channel() == channel => {
                parts.push(part(cable, true, &[near, far], None));
            }
            Way::Lane(near, lane, far) => {
                for (is_near, end) in [(true, near), (false, far)] {
                    if end.channel() == channel {
                        parts.push(part(cable, is_near, &[end], Some(lane)));
                    }
                }
            }
            Way::None | Way::Stub(_) | Way::Straight(..) | Way::Track(..) => {}
        }
    }
    parts
}

impl Part {
    fn span(&self) -> (u16, u16) {
        let rows = self.left.iter().chain(&self.right).copied();
        let rows = rows.chain(self.lane);
        rows.fold((u16::MAX, 0), |(from, to), y| (from.min(y), to.max(y)))
    }

    fn meets(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.span(), other.span());
        a <= d && c <= b
    }

    /// Must its track be left of the other's?
    fn before(&self, other: &Self) -> bool {
        self.cable != other.cable && self.left.iter().any(|y| other.right.contains(y))
    }

    /// In which order few cross: short loops at the left first, then those that lead up, from the
    /// top, then those that lead down, from the bottom, and loops at the right last.
    fn order(&self) -> (u8, i32) {
        let (from, to) = self.span();
        let length = i32::from(to) - i32::from(from);
        match (self.left.as_slice(), self.right.as_slice()) {
            ([left], [right]) if left > right => (1, i32::from(*left)),
            ([left], [_] | []) => (2, -i32::from(*left)),
            ([], [right]) => (2, i32::from(*right)),
            (_, []) => (0, length),
            (_, _) => (3, -length),
        }
    }
}

/// Gives every part a track; how many there are. Whoever is in a circle of those that must be left
/// of each other is named instead.
fn assign(parts: &[Part], held: &mut [[u16; 2]]) -> Result<u16, usize> {
    let mut tracks: Vec<Option<u16>> = vec![None; parts.len()];
    let mut count = 0;
    for _ in 0..parts.len() {
        let free = |place: usize| {
            let mut others = parts.iter().zip(&tracks);
            others.all(|(other, track)| track.is_some() || !other.before(&parts[place]))
        };
        let left = (0..parts.len()).filter(|place| tracks[*place].is_none());
        let next = left
            .clone()
            .filter(|place| free(*place))
            .min_by_key(|place| parts[*place].order());
        let Some(next) = next else {
            let whole = left.clone().find(|place| parts[*place].lane.is_none());
            // A part that leads to a lane has one end only, so that no circle is of such alone.
            return Err(whole
                .or_else(|| left.clone().next())
                .map_or(0, |place| parts[place].cable));
        };
        let part = &parts[next];
        let placed = parts.iter().zip(&tracks);
        let placed: Vec<(&Part, u16)> = placed
            .filter_map(|(other, track)| Some((other, (*track)?)))
            .collect();
        let after = placed.iter().filter(|(other, _)| other.before(part));
        let least = after.map(|(_, track)| track + 1).max().unwrap_or(0);
        let taken = |track: u16| {
            let mut same = placed.iter().filter(|(_, other)| *other == track);
            same.any(|(other, _)| other.meets(part))
        };
        // Every other part holds one track at most.
        let track = (least..=count.max(least)).find(|track| !taken(*track));
        let track = track.unwrap_or(count.max(least));
        tracks[next] = Some(track);
        held[part.cable][usize::from(!part.near)] = track;
        count = count.max(track + 1);
    }
    Ok(count)
}

impl Routes {
    /// Turns ways into cells, the channels' edges being known: the columns of the borders at their
    /// left and right.
    pub(super) fn place(&mut self, edges: &[(u16, u16); 3]) {
        let edge = |end: Exit| {
            let (left, right) = edges[end.channel().min(2)];
            (if end.right { left } else { right }, end.y)
        };
        let tracks = self.tracks;
        let track = |end: Exit, track: u16| {
            let channel = end.channel().min(2);
            let (left, right) = edges[channel];
            let free = (right - left).saturating_sub(1 + tracks[channel]);
            // In the middle of the channel, but never beside a box: a line along it reads as its
            // border.
            left + 1 + (free / 2).max(1).min(free) + track
        };
        for (cable, way) in self.ways.iter().enumerate() {
            let held = self.held[cable];
            let corners = match *way {
                Way::None => Vec::new(),
                Way::Stub(end) => {
                    let (x, y) = edge(end);
                    let beside = if end.right {
                        x + 1
                    } else {
                        x.saturating_sub(1)
                    };
                    vec![(x, y), (beside, y)]
                }
                Way::Straight(near, far) => vec![edge(near), edge(far)],
                Way::Track(near, far) => {
                    let x = track(near, held[0]);
                    vec![edge(near), (x, near.y), (x, far.y), edge(far)]
                }
                Way::Lane(near, lane, far) => {
                    let (from, to) = (track(near, held[0]), track(far, held[1]));
                    vec![
                        edge(near),
                        (from, near.y),
                        (from, lane),
                        (to, lane),
                        (to, far.y),
                        edge(far),
                    ]
                }
            };
            self.cables[cable].cells = cells(&corners);
        }
    }
}

/// Every cell from corner to corner.
fn cells(corners: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut cells: Vec<(u16, u16)> = corners.first().copied().into_iter().collect();
    for to in corners.iter().skip(1) {
        while let Some(at) = cells.last().copied().filter(|at| at != to) {
            let step = |from: u16, to: u16| match from.cmp(&to) {
                std::cmp::Ordering::Less => from + 1,
                std::cmp::Ordering::Equal => from,
                std::cmp::Ordering::Greater => from - 1,
            };
            cells.push((
                step(at.0, to.0),
                if at.0 == to.0 { step(at.1, to.1) } else { at.1 },
            ));
        }
    }
    cells
}
