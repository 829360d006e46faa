//! Which device is the other end of which: each cable once.

use std::collections::BTreeSet;

use super::model::{Cable, End};
use crate::world::link::LinkKind;
use crate::world::{Ns, World};

/// All cables, and what stands on what; each once.
pub(super) fn all(world: &World) -> Vec<Cable> {
    let mut cables = Vec::new();
    let mut plugged = BTreeSet::new();
    for (space, (ns, tables)) in world.spaces.iter().enumerate() {
        for (device, link) in tables.links.values().enumerate() {
            let near = End { space, device };
            let stands_on = match &link.kind {
                LinkKind::Veth => false,
                LinkKind::Macvlan { .. } | LinkKind::Other(_) => true,
                // A bridge has nothing below it, and a tunnel's other end is no device.
                LinkKind::None | LinkKind::Bridge | LinkKind::Vxlan { .. } => continue,
            };
            if plugged.contains(&near) || (stands_on && link.peer.is_none_or(|index| index == 0)) {
                continue;
            }
            let far = other(world, ns, link.index, !stands_on)
                .filter(|far| stands_on || !plugged.contains(far));
            if !stands_on {
                plugged.extend([Some(near), far].into_iter().flatten());
            }
            cables.push(Cable {
                near,
                far,
                stands_on,
            });
        }
    }
    cables
}

/// The device that device `index` of namespace `ns` names; of a veth only one that is a veth too.
fn other(world: &World, ns: &Ns, index: u32, of_veth: bool) -> Option<End> {
    let far = world.other_end(ns, index)?;
    let space = world.spaces.keys().position(|ns| *ns == far.ns)?;
    let links = &world.spaces.get(&far.ns)?.links;
    let is_veth = links.get(&far.index)?.kind == LinkKind::Veth;
    let device = links.keys().position(|index| *index == far.index)?;
    (is_veth || !of_veth).then_some(End { space, device })
}
