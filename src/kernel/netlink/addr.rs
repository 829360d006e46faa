//! `RTM_NEWADDR` -> a row of addresses.

use std::net::IpAddr;

use ipnet::IpNet;
use netlink_packet_route::address::{AddressAttribute, AddressMessage};

use crate::world::addr::Addr;

/// The row that a message tells of; `None` where it holds no IPv4 or IPv6 address.
///
/// IPv4 tells its own address as `IFA_LOCAL` and the other end (or itself) as `IFA_ADDRESS`; IPv6
/// leaves `IFA_LOCAL` out unless there is another end.
pub fn row(message: &AddressMessage) -> Option<Addr> {
    let header = &message.header;
    let (mut local, mut address) = (None, None);
    let mut row = Addr {
        link: header.index,
        net: IpNet::default(),
        peer: None,
        broadcast: None,
        scope: header.scope.into(),
        flags: u32::from(header.flags.bits()),
        label: None,
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 0,
    };
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Local(ip) => local = Some(*ip),
            AddressAttribute::Address(ip) => address = Some(*ip),
            AddressAttribute::Broadcast(ip) => row.broadcast = Some(*ip),
            AddressAttribute::Label(label) => row.label = Some(label.clone()),
            AddressAttribute::Flags(flags) => row.flags = flags.bits(),
            AddressAttribute::CacheInfo(info) => {
                row.valid = info.ifa_valid;
                row.preferred = info.ifa_preferred;
            }
            AddressAttribute::Protocol(proto) => row.proto = (*proto).into(),
            _ => {}
        }
    }
    let own: IpAddr = local.or(address)?;
    row.net = IpNet::new(own, header.prefix_len).ok()?;
    row.peer = address.filter(|other| *other != own);
    Some(row)
}
