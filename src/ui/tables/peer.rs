//! The other end of a veth, and the device below a macvlan, by name across namespaces.

use crate::world::link::{Link, LinkKind};
use crate::world::{Ns, Space, World};

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
pub(super) fn peer(world: &World, ns: &Ns, space: &Space, link: &Link) -> Option<Peer> {
    let index = link.peer.filter(|index| *index != 0)?;
    let Some(nsid) = link.peer_ns else {
        return Some(
            space
                .links
                .get(&index)
                .map_or(Peer::Unknown(index), |peer| Peer::Here(peer.name.clone())),
        );
    };
    let named = space.nsids.get(&nsid).map(|name| Ns::from_name(name));
    let found = world
        .spaces
        .iter()
        .filter(|(other, _)| *other != ns)
        .filter(|(other, _)| named.as_ref().is_none_or(|named| named == *other))
        .filter_map(|(other, there)| Some((other, there, there.links.get(&index)?)))
        .find(|(_, there, peer)| {
            link.kind != LinkKind::Veth || points_back(there, peer, ns, link.index)
        });
    Some(found.map_or(Peer::Unknown(index), |(other, _, peer)| {
        Peer::There(peer.name.clone(), other.clone())
    }))
}

/// Does this end of a veth name the other one, as far as it can say?
fn points_back(there: &Space, peer: &Link, ns: &Ns, index: u32) -> bool {
    let back = peer.peer_ns.and_then(|nsid| there.nsids.get(&nsid));
    peer.kind == LinkKind::Veth
        && peer.peer == Some(index)
        && back.is_none_or(|name| Ns::from_name(name) == *ns)
}
