//! The other end of a veth, and the device below a macvlan, by name across namespaces.

use crate::world::link::Link;
use crate::world::{Ns, World};

/// What stands behind the `@` of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// A device of the same namespace.
    Here(String),
    /// A device of another namespace.
    There(String, Ns),
    /// One that is not known, by its ifindex.
    Unknown(u32),
}

/// The device that `link` of namespace `ns` names as its peer.
pub(super) fn peer(world: &World, ns: &Ns, link: &Link) -> Option<Peer> {
    let index = link.peer.filter(|index| *index != 0)?;
    let Some(end) = world.other_end(ns, link.index) else {
        return Some(Peer::Unknown(index));
    };
    let name = world.spaces[&end.ns].link_name(end.index);
    Some(if end.ns == *ns {
        Peer::Here(name)
    } else {
        Peer::There(name, end.ns)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Space;
    use crate::world::link::LinkKind;
    use std::collections::BTreeMap;

    fn veth(index: u32, name: &str, peer: u32, nsid: Option<i32>) -> Link {
        Link {
            index,
            name: name.to_owned(),
            peer: Some(peer),
            peer_ns: nsid,
            kind: LinkKind::Veth,
            ..Link::default()
        }
    }

    fn space(links: Vec<Link>, nsids: &[(i32, &str)]) -> Space {
        Space {
            links: links.into_iter().map(|link| (link.index, link)).collect(),
            nsids: nsids
                .iter()
                .map(|(id, name)| (*id, (*name).to_owned()))
                .collect(),
            ..Space::default()
        }
    }

    /// `host` with two cables to namespaces in which the other end has the same ifindex.
    fn world() -> World {
        let host = space(
            vec![veth(4, "hlink3", 2, Some(0)), veth(5, "hlink4", 2, Some(1))],
            &[(0, "app3"), (1, "app4")],
        );
        World {
            spaces: BTreeMap::from([
                (Ns::Host, host),
                (
                    Ns::from_name("app3"),
                    space(vec![veth(2, "clink3", 4, Some(0))], &[]),
                ),
                (
                    Ns::from_name("app4"),
                    space(vec![veth(2, "clink4", 5, Some(0))], &[]),
                ),
            ]),
        }
    }

    fn of(world: &World, ns: &Ns, index: u32) -> Option<Peer> {
        peer(world, ns, &world.spaces[ns].links[&index])
    }

    #[test]
    fn the_other_end_is_found_by_its_namespace() {
        let world = world();
        let app4 = Ns::from_name("app4");
        let there = |name: &str, ns: &Ns| Some(Peer::There(name.to_owned(), ns.clone()));
        assert_eq!(of(&world, &Ns::Host, 5), there("clink4", &app4));
        // `host` has no name in /run/netns: the end that points back is the one.
        assert_eq!(of(&world, &app4, 2), there("hlink4", &Ns::Host));
    }

    #[test]
    fn an_end_that_is_not_known_keeps_its_number() {
        let mut world = world();
        world.spaces.remove(&Ns::from_name("app3"));
        assert_eq!(of(&world, &Ns::Host, 4), Some(Peer::Unknown(2)));
        let host = space(vec![veth(4, "a", 5, None), veth(5, "b", 4, None)], &[]);
        world.spaces.insert(Ns::Host, host);
        assert_eq!(of(&world, &Ns::Host, 4), Some(Peer::Here("b".to_owned())));
    }
}
