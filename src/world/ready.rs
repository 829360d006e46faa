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

/// Is a device of `space` about to be usable, as far as that namespace's tables tell?
///
/// A port waits for its bridge, and a bridge that is down is not on its way anywhere.
pub fn on_its_way(space: &Space, link: &Link) -> bool {
    let carrier = link.flags.contains(LinkFlags::UP | LinkFlags::LOWER_UP);
    let running = link.flags.contains(LinkFlags::RUNNING);
    carrier && (!running || waits(space, link))
}

/// Has it carrier to come from its other end, or is it on its way by itself?
fn pending(world: &World, space: &Space, link: &Link) -> bool {
    let cable =
        link.kind == LinkKind::Veth && other_end(world, space, link).is_some_and(Link::is_up);
    on_its_way(space, link) || (cable && (link.state != OperState::Up || waits(space, link)))
}

/// Is it a port of a bridge that is up, and passes no frames yet? The spanning tree may keep a port
/// off for good.
fn waits(space: &Space, link: &Link) -> bool {
    let bridge = link.master.and_then(|master| space.links.get(&master));
    let passes = match link.port {
        None | Some(PortState::Forwarding | PortState::Blocking) => true,
        Some(PortState::Disabled | PortState::Listening | PortState::Learning) => false,
    };
    !passes && bridge.is_some_and(|bridge| bridge.is_up() && bridge.kind == LinkKind::Bridge)
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

#[cfg(test)]
mod tests {
    use super::*;

    const UP: LinkFlags = LinkFlags::UP;
    const WITH_CARRIER: LinkFlags = LinkFlags::UP
        .union(LinkFlags::LOWER_UP)
        .union(LinkFlags::RUNNING);

    /// `hlink1` (3) in `host`, a port of `br0` (4); `clink1` (2) in `app1`.
    fn world(host: Link, app: Link) -> World {
        let bridge = Link {
            index: 4,
            name: "br0".to_owned(),
            flags: UP,
            kind: LinkKind::Bridge,
            ..Link::default()
        };
        let mut world = World::default();
        let mut space = Space::default();
        space.nsids.insert(0, "app1".to_owned());
        space.links = [bridge, host]
            .into_iter()
            .map(|link| (link.index, link))
            .collect();
        world.spaces.insert(Ns::Host, space);
        let mut space = Space::default();
        space.links.insert(app.index, app);
        world.spaces.insert(Ns::Named("app1".to_owned()), space);
        world
    }

    fn end(index: u32, peer: u32, flags: LinkFlags, state: OperState) -> Link {
        Link {
            index,
            name: format!("veth{index}"),
            flags,
            state,
            peer: Some(peer),
            peer_ns: Some(0),
            kind: LinkKind::Veth,
            ..Link::default()
        }
    }

    fn port(link: Link, state: PortState) -> Link {
        Link {
            master: Some(4),
            port: Some(state),
            ..link
        }
    }

    #[test]
    fn a_cable_with_one_end_down_is_not_waited_for() {
        let down = LinkFlags::empty();
        let host = end(3, 2, UP, OperState::LowerLayerDown);
        assert!(ready(&world(host, end(2, 3, down, OperState::Down))));
    }

    #[test]
    fn carrier_is_waited_for_at_both_ends() {
        let host = end(3, 2, UP, OperState::LowerLayerDown);
        let app = end(2, 3, WITH_CARRIER, OperState::Up);
        let world = world(host, app);
        assert_eq!(unready(&world), [(&Ns::Host, "veth3")]);
        let host = end(3, 2, WITH_CARRIER, OperState::Up);
        let app = end(2, 3, UP, OperState::LowerLayerDown);
        let app1 = Ns::Named("app1".to_owned());
        assert_eq!(unready(&self::world(host, app)), [(&app1, "veth2")]);
    }

    #[test]
    fn a_port_is_waited_for_until_it_passes_frames() {
        let app = end(2, 3, WITH_CARRIER, OperState::Up);
        let host = |state| port(end(3, 2, WITH_CARRIER, OperState::Up), state);
        for state in [
            PortState::Disabled,
            PortState::Listening,
            PortState::Learning,
        ] {
            assert!(!ready(&world(host(state), app.clone())));
        }
        for state in [PortState::Forwarding, PortState::Blocking] {
            assert!(ready(&world(host(state), app.clone())));
        }
    }

    #[test]
    fn a_port_of_a_bridge_that_is_down_is_not_waited_for() {
        let app = end(2, 3, WITH_CARRIER, OperState::Up);
        let host = port(end(3, 2, WITH_CARRIER, OperState::Up), PortState::Disabled);
        let mut world = world(host, app);
        if let Some(space) = world.spaces.get_mut(&Ns::Host) {
            space
                .links
                .entry(4)
                .and_modify(|bridge| bridge.flags = LinkFlags::empty());
        }
        assert!(ready(&world));
    }
}
