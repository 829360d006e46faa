//! Names for numbers.

use crate::packet::number::{ethertype, proto};

/// Of an ethertype.
pub(super) fn ethertype(kind: u16) -> &'static str {
    match kind {
        ethertype::IPV4 => "IPv4",
        ethertype::ARP => "ARP",
        ethertype::RARP => "reverse ARP",
        ethertype::IPV6 => "IPv6",
        0x8100 => "VLAN tag",
        0x88a8 => "outer VLAN tag",
        0x88cc => "LLDP",
        0x888e => "port authentication",
        0x8847 | 0x8848 => "MPLS",
        _ => "not known here",
    }
}

/// Of what IP carries.
pub(super) fn proto(proto: u8) -> &'static str {
    match proto {
        proto::HOP_BY_HOP => "options for each hop",
        proto::ICMP => "ICMP",
        2 => "IGMP",
        4 => "IPv4 in IP",
        proto::TCP => "TCP",
        proto::UDP => "UDP",
        41 => "IPv6 in IP",
        proto::ROUTING => "routing",
        proto::FRAGMENT => "fragment",
        47 => "GRE",
        50 => "ESP",
        proto::AUTHENTICATION => "AH",
        proto::ICMPV6 => "ICMPv6",
        59 => "nothing",
        proto::DESTINATION => "options for the destination",
        proto::SCTP => "SCTP",
        _ => "not known here",
    }
}

/// Of an ICMP message.
pub(super) fn icmp(kind: u8) -> &'static str {
    match kind {
        0 => "echo reply",
        3 => "destination unreachable",
        4 => "source quench",
        5 => "redirect",
        8 => "echo request",
        9 => "router advertisement",
        10 => "router solicitation",
        11 => "time exceeded",
        12 => "parameter problem",
        13 => "timestamp request",
        14 => "timestamp reply",
        _ => "not known here",
    }
}

/// Of an ICMP message's code (RFC 792, RFC 1122, RFC 1812).
pub(super) fn icmp_code(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (3, 0) => "no route to its network",
        (3, 1) => "the host does not answer",
        (3, 2) => "the protocol is not known there",
        (3, 3) => "nobody listens on the port",
        (3, 4) => "too large, and must not be cut",
        (3, 5) => "source route failed",
        (3, 9) => "its network is forbidden",
        (3, 10) => "the host is forbidden",
        (3, 13) => "forbidden by a filter",
        (5, 0) => "for the network",
        (5, 1) => "for the host",
        (11, 0) => "the time to live ran out on the way",
        (11, 1) => "fragments did not arrive in time",
        _ => return None,
    })
}

/// Of an ICMPv6 message (RFC 4443, RFC 4861, RFC 2710, RFC 3810).
pub(super) fn icmp6(kind: u8) -> &'static str {
    match kind {
        1 => "destination unreachable",
        2 => "packet too big",
        3 => "time exceeded",
        4 => "parameter problem",
        128 => "echo request",
        129 => "echo reply",
        130 => "multicast listener query",
        131 | 143 => "multicast listener report",
        132 => "multicast listener done",
        133 => "router solicitation",
        134 => "router advertisement",
        135 => "neighbour solicitation",
        136 => "neighbour advertisement",
        137 => "redirect",
        _ => "not known here",
    }
}

/// Of an ICMPv6 message's code (RFC 4443).
pub(super) fn icmp6_code(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (1, 0) => "no route to it",
        (1, 1) => "forbidden",
        (1, 2) => "beyond the scope of the source address",
        (1, 3) => "the host does not answer",
        (1, 4) => "nobody listens on the port",
        (3, 0) => "the hop limit ran out on the way",
        (3, 1) => "fragments did not arrive in time",
        _ => return None,
    })
}
