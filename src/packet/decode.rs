//! Bytes become a [`Decoded`].
//!
//! Lengths that packets state are believed only as far as there are bytes; what is nested (a
//! tunnel's frame, the packet that an error quotes) is followed so far and no further.

mod icmp;
mod ip;
#[cfg(test)]
mod tests;
mod transport;

use pnet::packet::ethernet::{EtherTypes, EthernetPacket};

use super::{Arp, Decoded, Ether, Medium, Net, number, read};
use crate::world::link::Mac;

/// Frames within frames are followed so far.
const DEPTH: u8 = 4;

/// What stands in the bytes of a frame.
///
/// Takes any bytes: what is missing is [`Net::Cut`] or [`Body::Cut`](super::Body::Cut), and what
/// makes no sense as what it says it is (an IPv4 packet of version 9, ARP for another protocol
/// than IPv4) is [`Net::Other`].
pub fn decode(medium: Medium, bytes: &[u8]) -> Decoded {
    nested(medium, bytes, DEPTH)
}

/// A frame in which `depth` more may be nested.
fn nested(medium: Medium, bytes: &[u8], depth: u8) -> Decoded {
    match medium {
        Medium::Ethernet => ethernet(bytes, depth),
        Medium::Bare => Decoded {
            ether: None,
            net: bare(bytes, depth),
        },
    }
}

fn ethernet(bytes: &[u8], depth: u8) -> Decoded {
    let cut = |ether| Decoded {
        ether,
        net: Net::Cut,
    };
    let Some(header) = EthernetPacket::new(bytes) else {
        return cut(None);
    };
    let mut ether = Ether {
        src: address(header.get_source()),
        dst: address(header.get_destination()),
        kind: header.get_ethertype().0,
        vlan: None,
    };
    let mut rest = read::behind(bytes, EthernetPacket::minimum_packet_size());
    while number::TAGS.contains(&ether.kind) {
        let (Some(tag), Some(kind)) = (read::u16(rest, 0), read::u16(rest, 2)) else {
            return cut(Some(ether));
        };
        ether.vlan.get_or_insert(tag & number::VLAN_ID);
        ether.kind = kind;
        rest = read::behind(rest, number::TAG);
    }
    Decoded {
        ether: Some(ether),
        net: net(ether.kind, rest, depth),
    }
}

fn address(mac: pnet::util::MacAddr) -> Mac {
    Mac(mac.octets())
}

/// What an ethertype announces.
fn net(kind: u16, bytes: &[u8], depth: u8) -> Net {
    let known = match pnet::packet::ethernet::EtherType(kind) {
        EtherTypes::Arp => arp(bytes),
        EtherTypes::Ipv4 => ip::v4(bytes, depth),
        EtherTypes::Ipv6 => ip::v6(bytes, depth),
        _ => Ok(None),
    };
    match known {
        Ok(Some(net)) => net,
        Ok(None) => Net::Other(kind),
        Err(Cut) => Net::Cut,
    }
}

/// A packet with nothing before it says itself what it is.
fn bare(bytes: &[u8], depth: u8) -> Net {
    match bytes.first().map(|first| first >> 4) {
        Some(4) => net(EtherTypes::Ipv4.0, bytes, depth),
        Some(6) => net(EtherTypes::Ipv6.0, bytes, depth),
        Some(_) => Net::Other(0),
        None => Net::Cut,
    }
}

/// There are fewer bytes than it takes to tell.
struct Cut;

/// Something, or nothing of that kind.
type Told = Result<Option<Net>, Cut>;

fn arp(bytes: &[u8]) -> Told {
    let [hardware, protocol, lengths, operation] =
        [0, 2, 4, 6].map(|at| read::u16(bytes, at).ok_or(Cut));
    if (hardware?, protocol?, lengths?) != number::ARP_OF_IPV4_OVER_ETHERNET {
        return Ok(None);
    }
    let reply = match operation? {
        number::ARP_REQUEST => false,
        number::ARP_REPLY => true,
        _ => return Ok(None),
    };
    let read = || {
        Some(Arp {
            reply,
            sender_mac: read::mac(bytes, 8)?,
            sender: read::v4(bytes, 14)?,
            target_mac: read::mac(bytes, 18)?,
            target: read::v4(bytes, 24)?,
        })
    };
    read().map(|arp| Some(Net::Arp(arp))).ok_or(Cut)
}
