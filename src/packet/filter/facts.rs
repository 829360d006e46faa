//! What filters ask about a frame, read from its bytes without making anything of the rest.

use std::net::IpAddr;

use crate::packet::number::{self, ethertype, proto};
use crate::packet::{Medium, read};
use crate::world::link::Mac;

/// Ethernet header, bytes.
const ETHERNET: usize = 14;
/// IPv6 header, bytes.
const IPV6: usize = 40;
/// The bits of an IPv4 fragment's offset.
const OFFSET: u16 = 0x1fff;

/// What filters ask about a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Ethertype, behind any VLAN tag.
    pub(super) kind: Option<u16>,
    /// Sender's and receiver's hardware address.
    pub(super) macs: Option<[Mac; 2]>,
    /// Protocol number of what IP carries; of IPv6's extension headers only that of a fragment is
    /// looked behind, as tcpdump does.
    pub(super) proto: Option<u8>,
    /// Sender's and receiver's address, in ARP too.
    pub(super) hosts: Option<[IpAddr; 2]>,
    /// Absent in fragments but the first.
    pub(super) ports: Option<[u16; 2]>,
    /// Of VXLAN: its network identifier and the frame within.
    pub(super) within: Option<(u32, &'a [u8])>,
}

impl<'a> Facts<'a> {
    /// Those of a frame.
    pub fn of(medium: Medium, bytes: &'a [u8]) -> Self {
        match medium {
            Medium::Ethernet => Self::of_ethernet(bytes),
            Medium::Bare => match bytes.first().map(|first| first >> 4) {
                Some(4) => Self::of_network(ethertype::IPV4, bytes),
                Some(6) => Self::of_network(ethertype::IPV6, bytes),
                Some(_) | None => Self::default(),
            },
        }
    }

    /// Those of what stands behind a link header, whose ethertype is known.
    pub fn of_network(kind: u16, bytes: &'a [u8]) -> Self {
        let told = match kind {
            ethertype::IPV4 => v4(bytes),
            ethertype::IPV6 => v6(bytes),
            ethertype::ARP | ethertype::RARP => arp(bytes),
            _ => None,
        };
        Self {
            kind: Some(kind),
            ..told.unwrap_or_default()
        }
    }

    fn of_ethernet(bytes: &'a [u8]) -> Self {
        let (Some(dst), Some(src), Some(mut kind)) = (
            read::mac(bytes, 0),
            read::mac(bytes, 6),
            read::u16(bytes, 12),
        ) else {
            return Self::default();
        };
        let mut rest = read::behind(bytes, ETHERNET);
        while number::TAGS.contains(&kind)
            && let Some(behind) = read::u16(rest, 2)
        {
            kind = behind;
            rest = read::behind(rest, number::TAG);
        }
        Self {
            macs: Some([src, dst]),
            ..Self::of_network(kind, rest)
        }
    }
}

fn v4(bytes: &[u8]) -> Option<Facts<'_>> {
    let proto = read::byte(bytes, 9)?;
    let (src, dst) = (read::v4(bytes, 12)?, read::v4(bytes, 16)?);
    let header = usize::from(read::byte(bytes, 0)? & 15) * 4;
    let whole = read::u16(bytes, 6)? & OFFSET == 0;
    let carried = bytes.get(header..).filter(|_| whole).unwrap_or_default();
    Some(Facts {
        proto: Some(proto),
        hosts: Some([src.into(), dst.into()]),
        ports: ports(proto, carried),
        within: within(proto, carried),
        ..Facts::default()
    })
}

fn v6(bytes: &[u8]) -> Option<Facts<'_>> {
    let next = read::byte(bytes, 6)?;
    let (src, dst) = (read::v6(bytes, 8)?, read::v6(bytes, 24)?);
    let carried = read::behind(bytes, IPV6);
    let proto = if next == proto::FRAGMENT {
        read::byte(carried, 0)
    } else {
        Some(next)
    };
    Some(Facts {
        proto,
        hosts: Some([src.into(), dst.into()]),
        ports: ports(next, carried),
        within: within(next, carried),
        ..Facts::default()
    })
}

fn arp(bytes: &[u8]) -> Option<Facts<'_>> {
    let (src, dst) = (read::v4(bytes, 14)?, read::v4(bytes, 24)?);
    Some(Facts {
        hosts: Some([src.into(), dst.into()]),
        ..Facts::default()
    })
}

/// TCP, UDP and SCTP begin with their ports.
fn ports(proto: u8, carried: &[u8]) -> Option<[u16; 2]> {
    if !matches!(proto, proto::TCP | proto::UDP | proto::SCTP) {
        return None;
    }
    Some([read::u16(carried, 0)?, read::u16(carried, 2)?])
}

fn within(proto: u8, carried: &[u8]) -> Option<(u32, &[u8])> {
    if proto != proto::UDP {
        return None;
    }
    let to = read::u16(carried, 2)?;
    let vxlan = carried.get(number::UDP_HEADER..)?;
    let valid = number::VXLAN.contains(&to) && vxlan.first()? & number::VXLAN_VALID != 0;
    let vni = read::u24(vxlan, 4).filter(|_| valid)?;
    Some((vni, vxlan.get(number::VXLAN_HEADER..)?))
}
