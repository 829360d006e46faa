//! `RTM_NEWNEIGH` of IPv4 and IPv6 -> a row of neighbours.

use std::net::IpAddr;

use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage};

use crate::world::link::Mac;
use crate::world::neigh::Neigh;

/// The row that a message tells of; `None` for what is no IPv4 or IPv6 neighbour, as a bridge's
/// forwarding entry is not.
pub fn row(message: &NeighbourMessage) -> Option<Neigh> {
    let mut dst = None;
    let mut mac = None;
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(ip)) => {
                dst = Some(IpAddr::V4(*ip));
            }
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(ip)) => {
                dst = Some(IpAddr::V6(*ip));
            }
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                mac = bytes.as_slice().try_into().ok().map(Mac);
            }
            _ => {}
        }
    }
    Some(Neigh {
        link: message.header.ifindex,
        dst: dst?,
        mac,
        state: message.header.state.into(),
        flags: message.header.flags.bits(),
    })
}
