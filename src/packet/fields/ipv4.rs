//! IPv4 (RFC 791).

use std::net::IpAddr;

use super::bytes::Bytes;
use super::checksum::Cover;
use super::names;
use super::teller::{Read, Teller};
use crate::packet::number::proto;

/// Without options, bytes.
const HEADER: usize = 20;
/// The offset among the bits behind the flags, in units of 8 bytes.
const OFFSET: u16 = 0x1fff;
const DONT_FRAGMENT: u16 = 0x4000;
const MORE_FRAGMENTS: u16 = 0x2000;

/// What an IP header says of what follows.
#[derive(Clone, Copy)]
pub(super) struct Carried {
    pub(super) header: usize,
    /// Bytes of the packet by its header, if it tells.
    pub(super) length: Option<usize>,
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) proto: u8,
    /// It is cut into fragments, and this is one of them.
    pub(super) fragment: bool,
    /// It is a fragment behind the first.
    pub(super) behind: bool,
}

impl Carried {
    /// What a checksum of TCP, UDP or ICMPv6 covers.
    pub(super) fn cover(&self, bytes: Bytes<'_>) -> Cover {
        Cover {
            src: self.src,
            dst: self.dst,
            proto: self.proto,
            whole: !self.fragment && bytes.missing() == 0,
        }
    }
}

impl Teller {
    /// An IPv4 packet.
    pub(super) fn ipv4(&mut self, bytes: Bytes<'_>) {
        let what = "From the first sender to the last receiver, over as many hops as it takes.";
        let Some(carried) = self.header("IPv4", what, bytes, |t| t.ipv4_header(bytes)) else {
            return;
        };
        let Some(carried) = carried else {
            self.data(bytes);
            return;
        };
        // A packet that the device will cut up may have a length of 0.
        let packet = carried.length.map_or(bytes, |length| bytes.first(length));
        let rest = packet.behind(carried.header);
        self.transport(carried, rest);
        self.padding(bytes.behind(packet.len()));
    }

    /// What a packet carries.
    pub(super) fn transport(&mut self, carried: Carried, rest: Bytes<'_>) {
        if carried.behind {
            self.field(
                "fragment",
                rest.whole(),
                format!("{} bytes of a packet that began in another", rest.len()),
            );
            self.missing(rest);
            return;
        }
        match (carried.proto, carried.src) {
            (proto::ICMP, IpAddr::V4(_)) => self.icmp(rest, !carried.fragment),
            (proto::ICMPV6, IpAddr::V6(_)) => self.icmp6(rest, carried),
            (proto::UDP, _) => self.udp(rest, carried),
            (proto::TCP, _) => self.tcp(rest, carried),
            _ => self.data(rest),
        }
    }

    /// Nothing when the bytes end within it; in it nothing, when it makes no sense.
    fn ipv4_header(&mut self, bytes: Bytes<'_>) -> Option<Read<Option<Carried>>> {
        let first = bytes.u8(0)?;
        let header = usize::from(first & 15) * 4;
        let senseless = Read {
            length: 1,
            says: "makes no sense".to_owned(),
            next: None,
        };
        if first >> 4 != 4 {
            let value = format!("{}, where 4 should stand", first >> 4);
            self.wrong("version", bytes.at(0, 1), value);
            return Some(senseless);
        }
        self.field("version", bytes.at(0, 1), "4".to_owned());
        if header < HEADER {
            let value = format!("{header} bytes, less than the {HEADER} that it has at least");
            self.wrong("header length", bytes.at(0, 1), value);
            return Some(senseless);
        }
        let what = "20 bytes, and more where there are options.";
        self.told(
            "header length",
            bytes.at(0, 1),
            format!("{header} bytes"),
            what,
        );
        self.service(bytes, bytes.u8(1)?);
        let length = self.total_length(bytes, header)?;
        let words = self.fragmentation(bytes)?;
        let what =
            "Each router takes one off; at 0 the packet dies, so that none goes round for ever.";
        self.told("time to live", bytes.at(8, 1), bytes.u8(8)?, what);
        let proto = bytes.u8(9)?;
        let value = format!("{proto} ({})", names::proto(proto));
        self.told(
            "protocol",
            bytes.at(9, 1),
            value,
            "What the packet carries.",
        );
        let stands = bytes.u16(10)?;
        let options = bytes.first(header);
        self.checksum(
            bytes.at(10, 2),
            options.there,
            10,
            stands,
            options.missing() == 0,
        );
        let (src, dst) = (bytes.v4(12)?, bytes.v4(16)?);
        let what = "Where it comes from, and where answers go; NAT writes another one here.";
        self.told("source address", bytes.at(12, 4), src, what);
        let what = "Where it is to arrive in the end; routes are looked up by this.";
        self.told("destination address", bytes.at(16, 4), dst, what);
        if header > HEADER {
            let place = bytes.at(HEADER, header - HEADER);
            self.field("options", place, format!("{} bytes", header - HEADER));
            bytes.u8(header - 1)?;
        }
        Some(Read {
            length: header,
            says: format!("{src} → {dst}"),
            next: Some(Carried {
                header,
                length: (length > 0).then_some(length),
                src: src.into(),
                dst: dst.into(),
                proto,
                fragment: words & (OFFSET | MORE_FRAGMENTS) != 0,
                behind: words & OFFSET != 0,
            }),
        })
    }

    /// The class of traffic (RFC 2474) and congestion (RFC 3168).
    pub(super) fn service(&mut self, bytes: Bytes<'_>, service: u8) {
        let what = "Whether some traffic goes before other traffic.";
        self.told("service class", bytes.at(1, 1), service >> 2, what);
        let congestion = match service & 3 {
            0 => "0 (not used)",
            3 => "3 (a router had too much to do)",
            1 => "1 (routers may mark it)",
            _ => "2 (routers may mark it)",
        };
        let what = "A router that has too much to do marks a packet here rather than drop it.";
        self.told("congestion", bytes.at(1, 1), congestion, what);
    }

    /// 0 where it cannot be told from this.
    fn total_length(&mut self, bytes: Bytes<'_>, header: usize) -> Option<usize> {
        let length = usize::from(bytes.u16(2)?);
        let place = bytes.at(2, 2);
        if length == 0 {
            let value = "0: the device is left to cut it up and to fill this in".to_owned();
            self.field("total length", place, value);
            return Some(0);
        }
        if length < header {
            let value = format!("{length} bytes, less than the header's {header}");
            self.wrong("total length", place, value);
            return Some(header);
        }
        let what = "Header and contents; what stands behind it in the frame is padding.";
        self.told("total length", place, format!("{length} bytes"), what);
        Some(length)
    }

    fn fragmentation(&mut self, bytes: Bytes<'_>) -> Option<u16> {
        let id = bytes.u16(4)?;
        let what = "Tells which fragments belong together; it stays the same on the whole way.";
        self.told(
            "identification",
            bytes.at(4, 2),
            format!("0x{id:04x} ({id})"),
            what,
        );
        let words = bytes.u16(6)?;
        let flags = match (words & DONT_FRAGMENT != 0, words & MORE_FRAGMENTS != 0) {
            (false, false) => "none",
            (true, false) => "don't fragment",
            (false, true) => "more fragments follow",
            (true, true) => "don't fragment, more fragments follow",
        };
        let what = "With \"don't fragment\" a link that is too small drops it and says so.";
        self.told("flags", bytes.at(6, 1), flags, what);
        if words & 0x8000 != 0 {
            let value = "the first bit is set, which must be 0".to_owned();
            self.wrong("flags", bytes.at(6, 1), value);
        }
        let offset = u32::from(words & OFFSET) * 8;
        let what = "Where this fragment belongs in the whole packet.";
        self.told(
            "fragment offset",
            bytes.at(6, 2),
            format!("{offset} bytes"),
            what,
        );
        Some(words)
    }
}
