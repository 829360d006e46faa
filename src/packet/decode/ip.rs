//! IPv4 (RFC 791) and IPv6 (RFC 8200).

use std::net::IpAddr;

use pnet::packet::ipv4::Ipv4Packet;
use pnet::packet::ipv6::Ipv6Packet;

use super::{Cut, Told, icmp, transport};
use crate::packet::number::proto;
use crate::packet::{Body, Ip, Net, read};

/// So many extension headers are followed; a sender needs four at most.
const MOST_HEADERS: usize = 16;
/// Don't fragment, among the three flags of IPv4.
const DONT_FRAGMENT: u8 = 0b010;
/// The offset within the two bytes of a fragment header, in units of 8 bytes above three flags.
const FRAGMENT_OFFSET: u16 = 0xfff8;

/// How a packet came to be read: from the wire, or from an error that quotes it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whence {
    /// From the wire; so many frames may be nested in it.
    Wire(u8),
    /// From an error, which quotes but its first bytes.
    Quoted,
}

/// An IPv4 packet from the wire.
pub(super) fn v4(bytes: &[u8], depth: u8) -> Told {
    told(bytes, 4, |bytes| v4_packet(bytes, Whence::Wire(depth)))
}

/// An IPv6 packet from the wire.
pub(super) fn v6(bytes: &[u8], depth: u8) -> Told {
    told(bytes, 6, |bytes| v6_packet(bytes, Whence::Wire(depth)))
}

fn told(bytes: &[u8], version: u8, packet: impl FnOnce(&[u8]) -> Option<Ip>) -> Told {
    let first = bytes.first().ok_or(Cut)?;
    if first >> 4 != version || (version == 4 && first & 15 < 5) {
        return Ok(None);
    }
    let ip = packet(bytes).ok_or(Cut)?;
    Ok(Some(Net::Ip(Box::new(ip))))
}

/// A packet that an error quotes.
pub(super) fn quoted(bytes: &[u8]) -> Option<Ip> {
    match bytes.first()? {
        0x45..=0x4f => v4_packet(bytes, Whence::Quoted),
        0x60..=0x6f => v6_packet(bytes, Whence::Quoted),
        _ => None,
    }
}

fn v4_packet(bytes: &[u8], whence: Whence) -> Option<Ip> {
    let header = Ipv4Packet::new(bytes)?;
    let length = usize::from(header.get_total_length());
    // A packet that the device will cut up (TSO, "big TCP") may have 0 here.
    let whole = if length == 0 {
        bytes
    } else {
        read::first(bytes, length)
    };
    let proto = header.get_next_level_protocol().0;
    let body = if header.get_fragment_offset() == 0 {
        let rest = whole.get(usize::from(header.get_header_length()) * 4..);
        rest.map_or(Body::Cut, |rest| body(4, proto, rest, whence))
    } else {
        Body::Other
    };
    Some(Ip {
        src: IpAddr::V4(header.get_source()),
        dst: IpAddr::V4(header.get_destination()),
        ttl: header.get_ttl(),
        id: header.get_identification(),
        df: header.get_flags() & DONT_FRAGMENT != 0,
        length,
        proto,
        body,
    })
}

fn v6_packet(bytes: &[u8], whence: Whence) -> Option<Ip> {
    let header = Ipv6Packet::new(bytes)?;
    let said = usize::from(header.get_payload_length());
    let rest = read::behind(bytes, Ipv6Packet::minimum_packet_size());
    // Length 0 is a jumbogram (RFC 2675), or one that the device will cut up.
    let rest = if said == 0 {
        rest
    } else {
        read::first(rest, said)
    };
    let (proto, body) = match upper(header.get_next_header().0, rest) {
        Upper::Here(proto, rest) => (proto, body(6, proto, rest, whence)),
        Upper::Elsewhere(proto) => (proto, Body::Other),
        Upper::Cut(proto) => (proto, Body::Cut),
    };
    Some(Ip {
        src: IpAddr::V6(header.get_source()),
        dst: IpAddr::V6(header.get_destination()),
        ttl: header.get_hop_limit(),
        id: 0,
        df: false,
        length: said + Ipv6Packet::minimum_packet_size(),
        proto,
        body,
    })
}

/// What stands behind the extension headers.
enum Upper<'a> {
    /// This protocol, and its bytes.
    Here(u8, &'a [u8]),
    /// This protocol, in another fragment; or a chain that goes on too long.
    Elsewhere(u8),
    /// It ends within the header with this number.
    Cut(u8),
}

/// Follows the extension headers (RFC 8200 4).
fn upper(mut next: u8, mut rest: &[u8]) -> Upper<'_> {
    for _ in 0..MOST_HEADERS {
        if !is_extension(next) {
            return Upper::Here(next, rest);
        }
        let behind = length(next, rest).and_then(|length| rest.get(length..));
        let (Some(behind), Some(after)) = (behind, rest.first()) else {
            return Upper::Cut(next);
        };
        let fragment = next == proto::FRAGMENT;
        if fragment && read::u16(rest, 2).is_some_and(|word| word & FRAGMENT_OFFSET != 0) {
            return Upper::Elsewhere(*after);
        }
        (next, rest) = (*after, behind);
    }
    Upper::Elsewhere(next)
}

fn is_extension(next: u8) -> bool {
    matches!(
        next,
        proto::HOP_BY_HOP
            | proto::ROUTING
            | proto::DESTINATION
            | proto::MOBILITY
            | proto::HIP
            | proto::SHIM6
            | proto::AUTHENTICATION
            | proto::FRAGMENT
    )
}

/// The length of an extension header, bytes.
fn length(next: u8, header: &[u8]) -> Option<usize> {
    let units = usize::from(read::byte(header, 1)?);
    Some(match next {
        proto::FRAGMENT => 8,
        proto::AUTHENTICATION => (units + 2) * 4,
        _ => (units + 1) * 8,
    })
}

/// What a packet of IP `version` carries.
fn body(version: u8, proto: u8, bytes: &[u8], whence: Whence) -> Body {
    let body = match (version, proto) {
        (4, proto::ICMP) => icmp::v4(bytes, whence),
        (6, proto::ICMPV6) => icmp::v6(bytes, whence),
        (_, proto::UDP) => transport::udp(bytes, whence),
        (_, proto::TCP) => transport::tcp(bytes, whence),
        _ => Some(Body::Other),
    };
    body.unwrap_or(Body::Cut)
}
