//! When a network can be used: an acknowledgement does not say so.
//!
//! Carrier travels along a veth, and a bridge port starts to pass frames, a moment after the
//! command that caused it has ended (`net/core/link_watch.c`). A frame sent before that is lost,
//! and the first ping with it: the next try comes a second later.

use super::link::{Link, LinkFlags, LinkKind, OperState, PortState};
use super::{Ns, Space, World};

/// Devices that are about to be usable and are not yet, by namespace and name.
pub fn unready(world: &World) -> Vec<(&Ns, &str)> {
    (world.spaces.iter())
        .flat_map(|(ns, space)| {
            (space.links.values())
                .filter(move |link| link.is_up() && pending(world, space, link))
                .map(move |link| (ns, link.name.as_str()))
        })
        .collect()
}

/// Is no device about to be usable? Wait for it, with a deadline, before anything is sent.
pub fn ready(world: &World) -> bool {
    unready(world).is_empty()
}

fn pending(world: &World, space: &Space, link: &Link) -> bool {
    let carrier = link.flags.contains(LinkFlags::LOWER_UP);
    let cable =
        link.kind == LinkKind::Veth && other_end(world, space, link).is_some_and(Link::is_up);
    let bridge = (link.master)
        .and_then(|master| space.links.get(&master))
        .is_some_and(|master| master.is_up() && master.kind == LinkKind::Bridge);
    let port = bridge && link.port.is_some_and(|port| port != PortState::Forwarding);
    (cable && (!carrier || link.state != OperState::Up)) || (port && (carrier || cable))
}

/// The veth at the other end, wherever it stands.
pub fn other_end<'a>(world: &'a World, space: &'a Space, link: &Link) -> Option<&'a Link> {
    let peer = link.peer?;
    let Some(nsid) = link.peer_ns else {
        return space.links.get(&peer);
    };
    if let Some(name) = space.nsids.get(&nsid) {
        return world.spaces.get(&Ns::from_name(name))?.links.get(&peer);
    }
    // The namespace is not in /run/netns: the two ends know each other by ifindex.
    (world.spaces.iter())
        .filter(|(ns, other)| !matches!(ns, Ns::Named(_)) && !std::ptr::eq(*other, space))
        .filter_map(|(_, other)| other.links.get(&peer))
        .find(|end| end.kind == LinkKind::Veth && end.peer == Some(link.index))
}
