//! `RTM_NEWNEIGH` of family `AF_BRIDGE` -> a row of the forwarding database.

use std::net::IpAddr;

use netlink_packet_route::AddressFamily;
use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage};

use crate::world::fdb::FdbEntry;
use crate::world::link::Mac;

/// Ticks of a second in `struct nda_cacheinfo` (`USER_HZ`).
const USER_HZ: u32 = 100;

/// The row that a message tells of; `None` for what is no forwarding entry.
pub fn row(message: &NeighbourMessage) -> Option<FdbEntry> {
    let header = &message.header;
    if header.family != AddressFamily::Bridge {
        return None;
    }
    let mut row = FdbEntry {
        link: header.ifindex,
        state: header.state.into(),
        flags: header.flags.bits(),
        ..FdbEntry::default()
    };
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                row.mac = Mac(bytes.as_slice().try_into().ok()?);
            }
            NeighbourAttribute::Controller(index) => row.master = Some(*index),
            NeighbourAttribute::Destination(address) => row.dst = remote(address),
            NeighbourAttribute::Vlan(vlan) => row.vlan = Some(*vlan),
            NeighbourAttribute::IfIndex(index) => row.via = Some(*index),
            NeighbourAttribute::Port(port) => row.port = Some(*port),
            NeighbourAttribute::Vni(vni) => row.vni = Some(*vni),
            NeighbourAttribute::CacheInfo(info) => {
                row.ages = Some((info.used / USER_HZ, info.updated / USER_HZ));
            }
            _ => {}
        }
    }
    Some(row)
}

/// VXLAN's remote end. The crate cannot know that a bridge's message holds an IP address, and
/// hands the bytes over.
fn remote(address: &NeighbourAddress) -> Option<IpAddr> {
    match address {
        NeighbourAddress::Inet(ip) => Some(IpAddr::V4(*ip)),
        NeighbourAddress::Inet6(ip) => Some(IpAddr::V6(*ip)),
        NeighbourAddress::Other(bytes) => (<[u8; 4]>::try_from(bytes.as_slice()).map(IpAddr::from))
            .or_else(|_| <[u8; 16]>::try_from(bytes.as_slice()).map(IpAddr::from))
            .ok(),
        _ => None,
    }
}
