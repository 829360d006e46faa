//! Cables: which device is the other end of a veth, across namespaces.

use super::link::{Link, LinkKind};
use super::{Ns, Space, World};

/// One end of a cable: a device of a namespace, by ifindex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// The namespace.
    pub ns: Ns,
    /// ifindex.
    pub index: u32,
}

impl World {
    /// The device that device `index` of `ns` names as its peer: the other end of a veth, the
    /// device below a macvlan. Nothing where it names none, or where that one is not known.
    ///
    /// A veth tells its peer's ifindex and namespace, as a number (`link-netnsid`). Only namespaces
    /// in `/run/netns` have a name for that number; of the others, the end that points back is the
    /// one.
    pub fn other_end(&self, ns: &Ns, index: u32) -> Option<End> {
        let here = self.spaces.get(ns)?;
        let link = here.links.get(&index)?;
        let peer = link.peer.filter(|peer| *peer != 0)?;
        let end = |ns: &Ns| End {
            ns: ns.clone(),
            index: peer,
        };
        let Some(nsid) = link.peer_ns else {
            return here.links.contains_key(&peer).then(|| end(ns));
        };
        let named = here.nsids.get(&nsid).map(|name| Ns::from_name(name));
        (self.spaces.iter())
            .filter(|(other, _)| *other != ns)
            .filter(|(other, _)| named.as_ref().is_none_or(|named| named == *other))
            .filter_map(|(other, there)| Some((other, there, there.links.get(&peer)?)))
            .filter(|(_, there, peer)| {
                link.kind != LinkKind::Veth || points_back(there, peer, ns, index)
            })
            // One that has a name would have been named, unless it has just come.
            .min_by_key(|(other, _, _)| matches!(other, Ns::Named(_)))
            .map(|(other, _, _)| end(other))
    }
}

/// Does this end of a veth name the other one, as far as it can say?
fn points_back(there: &Space, peer: &Link, ns: &Ns, index: u32) -> bool {
    let back = peer.peer_ns.and_then(|nsid| there.nsids.get(&nsid));
    peer.kind == LinkKind::Veth
        && peer.peer == Some(index)
        && back.is_none_or(|name| Ns::from_name(name) == *ns)
}
