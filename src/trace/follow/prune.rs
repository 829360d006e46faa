//! A frame that a bridge sends everywhere is one packet: what arrives where nobody takes it in is
//! left out, as long as somebody else does. So is the copy that a bridge takes for whoever captures
//! on it.

use super::ground;
use super::sight::Sight;
use crate::packet::Direction;
use crate::trace::Evidence;
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::link::Mac;

/// A bridge that sent the frame everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flood {
    pub ns: Ns,
    /// ifindex of the bridge.
    pub bridge: u32,
}

/// Leaves out copies; the bridges that made any.
pub(super) fn prune(evidence: &Evidence, sights: &mut Vec<Sight>) -> Vec<Flood> {
    let floods = floods(evidence, sights);
    let taken: Vec<Mac> = (sights.iter())
        .filter(|sight| sight.seen.direction == Direction::In && ends(evidence, sight))
        .filter_map(|sight| Some(sight.ether?.dst))
        .collect();
    let idle = |sight: &Sight| {
        sight.is_for_another()
            && ends(evidence, sight)
            && sight.ether.is_some_and(|ether| taken.contains(&ether.dst))
    };
    let gone: Vec<(End, Option<Mac>)> = (sights.iter())
        .filter(|sight| idle(sight))
        .filter_map(|sight| {
            let end = evidence.after.other_end(sight.ns(), sight.seen.index)?;
            Some((end, sight.ether.map(|ether| ether.dst)))
        })
        .collect();
    let led_nowhere = |sight: &Sight| {
        let mac = sight.ether.map(|ether| ether.dst);
        sight.is_out()
            && (gone.iter()).any(|(end, dst)| {
                end.ns == *sight.ns() && end.index == sight.seen.index && *dst == mac
            })
    };
    sights.retain(|sight| !idle(sight) && !led_nowhere(sight));
    let passed_on: Vec<Through> = (sights.iter())
        .filter(|sight| sight.is_out())
        .filter_map(|sight| through(sight, port_of(evidence, sight)?))
        .collect();
    sights.retain(|sight| !is_overheard(evidence, sight, &passed_on));
    floods
}

/// A frame at a bridge: where it stands, its ifindex, and for whom the frame is.
type Through = (Ns, u32, Mac);

fn through(sight: &Sight, bridge: u32) -> Option<Through> {
    Some((sight.ns().clone(), bridge, sight.ether?.dst))
}

/// A bridge that is promiscuous, since somebody captures on it, takes a copy of what is for others
/// (`br_handle_frame_finish` of `net/bridge/br_input.c`), which goes no further: the frame itself
/// leaves by a port.
fn is_overheard(evidence: &Evidence, sight: &Sight, passed_on: &[Through]) -> bool {
    let index = sight.seen.index;
    sight.is_for_another()
        && ground::is_bridge(ground::space(&evidence.after, sight.ns()), index)
        && through(sight, index).is_some_and(|it| passed_on.contains(&it))
}

/// The bridge, as ifindex, that it was seen at a port of.
fn port_of(evidence: &Evidence, sight: &Sight) -> Option<u32> {
    let space = ground::space(&evidence.after, sight.ns());
    Some(ground::bridge_of(space, sight.seen.index)?.index)
}

/// Is it in at a device that is neither a bridge nor a port of one?
fn ends(evidence: &Evidence, sight: &Sight) -> bool {
    let space = ground::space(&evidence.after, sight.ns());
    !sight.is_out()
        && ground::bridge_of(space, sight.seen.index).is_none()
        && !ground::is_bridge(space, sight.seen.index)
}

fn floods(evidence: &Evidence, sights: &[Sight]) -> Vec<Flood> {
    let mut ports: Vec<(Flood, u32)> = (sights.iter())
        .filter(|sight| sight.is_out())
        .filter_map(|sight| {
            let flood = Flood {
                ns: sight.ns().clone(),
                bridge: port_of(evidence, sight)?,
            };
            Some((flood, sight.seen.index))
        })
        .collect();
    ports.dedup();
    let mut floods: Vec<Flood> = Vec::new();
    for (flood, port) in &ports {
        let another = ports.iter().any(|(other, at)| other == flood && at != port);
        if another && !floods.contains(flood) {
            floods.push(flood.clone());
        }
    }
    floods
}
