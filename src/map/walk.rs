//! The way of a packet over the cables.

use super::model::{End, Map};
use super::plan::partners;
use crate::trace::{Leg, Story, What};

/// A cable that a packet has crossed, or into which it went without coming out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// From here.
    pub from: End,
    /// To there.
    pub to: End,
    /// Is it on its way back?
    pub back: bool,
}

/// The way of a packet over the cables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// The cables, in order of time.
    pub crossings: Vec<Crossing>,
    /// Where it came to its end without an answer: the namespace's place, and the device's.
    pub died: Option<(usize, Option<usize>)>,
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
