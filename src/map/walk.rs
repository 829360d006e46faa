//! The way of a packet over the cables.

use serde::{Deserialize, Serialize};

use super::model::{End, Map};
use super::plan::partners;
use crate::trace::{Leg, Story, What};

/// A cable that a packet has crossed, or into which it went without coming out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// From here.
    pub from: End,
    /// To there.
    pub to: End,
    /// Is it on its way back?
    pub back: bool,
}

/// The way of a packet over the cables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The cables, in order of time.
    pub crossings: Vec<Crossing>,
    /// Where it came to its end without an answer: the namespace's place, and the device's.
    pub died: Option<(usize, Option<usize>)>,
}

impl Walk {
    /// Is there anything of it on a map?
    pub fn is_seen(&self) -> bool {
        !self.crossings.is_empty() || self.died.is_some()
    }

    /// In words: each cable with the number that it bears on the map, and where it came to its end.
    pub fn lines(&self, map: &Map, unicode: bool) -> Vec<String> {
        let (arrow, cross) = if unicode { ("→", '✗') } else { ("->", 'X') };
        let name = |space: usize, device: Option<usize>| {
            let found = map.spaces.get(space);
            let name = found.map_or("?", |space| &space.name);
            let device = found.and_then(|space| space.devices.get(device?));
            device.map_or_else(|| name.to_owned(), |it| format!("{name}/{}", it.name))
        };
        let end = |end: End| name(end.space, Some(end.device));
        let crossings = self.crossings.iter().enumerate();
        let mut lines: Vec<String> = crossings
            .map(|(place, crossing)| {
                let (from, to) = (end(crossing.from), end(crossing.to));
                let back = if crossing.back {
                    ", on the way back"
                } else {
                    ""
                };
                format!("{} {from} {arrow} {to}{back}", number(place))
            })
            .collect();
        let died = self.died.map(|(space, device)| name(space, device));
        lines.extend(died.map(|at| format!("{cross} {at}: its end")));
        lines
    }

    /// Did it come to its end at this device?
    pub(super) fn died_at(&self, end: End) -> bool {
        self.died == Some((end.space, Some(end.device)))
    }
}

/// The sign of step `place`, from 0: a digit, then letters. Many fonts lack numbers in circles.
pub fn number(place: usize) -> char {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    char::from_digit(place.saturating_add(1), 36).unwrap_or('*')
}

/// The way of `story` over the cables of `map`, as far as they are there still.
pub fn walk(map: &Map, story: &Story) -> Walk {
    let partners = partners(map);
    let mut crossings: Vec<Crossing> = Vec::new();
    let mut last = None;
    for hop in &story.way {
        let back = match hop.leg {
            Leg::Request => false,
            Leg::Reply | Leg::Error => true,
            Leg::Ask => continue,
        };
        let What::Seen { out, .. } = &hop.what else {
            continue;
        };
        let Some(here) = (hop.dev.as_deref()).and_then(|dev| map.find(&hop.ns, dev)) else {
            continue;
        };
        last = Some(here);
        let Some(there) = partners.get(&here).copied() else {
            continue;
        };
        let (from, to) = if *out { (here, there) } else { (there, here) };
        let crossing = Crossing { from, to, back };
        if !crossings.contains(&crossing) {
            crossings.push(crossing);
        }
    }
    let died = story.diagnosis.as_ref().and_then(|diagnosis| {
        let at = diagnosis.at.as_ref();
        at.and_then(|(ns, dev)| {
            let space = map.spaces.iter().position(|space| space.ns() == *ns)?;
            let device = dev.as_deref().and_then(|dev| map.find(ns, dev));
            Some((space, device.map(|end| end.device)))
        })
        .or_else(|| last.map(|end| (end.space, Some(end.device))))
    });
    Walk { crossings, died }
}
