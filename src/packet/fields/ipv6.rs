//! IPv6 and its extension headers (RFC 8200).

use super::bytes::Bytes;
use super::ipv4::Carried;
use super::names;
use super::teller::{Read, Teller};
use crate::packet::number::proto;

/// Bytes.
const HEADER: usize = 40;
/// So many extension headers are told.
const MOST_HEADERS: usize = 16;

/// What an extension header says.
struct Extension {
    next: u8,
    length: usize,
    /// Of a fragment: is it one behind the first?
    fragment: Option<bool>,
}

impl Teller {
    /// An IPv6 packet.
    pub(super) fn ipv6(&mut self, bytes: Bytes<'_>) {
        let what = "From the first sender to the last receiver, over as many hops as it takes.";
        let Some(carried) = self.header("IPv6", what, bytes, |t| t.ipv6_header(bytes)) else {
            return;
        };
        let Some(carried) = carried else {
            self.data(bytes);
            return;
        };
        let packet = carried.length.map_or(bytes, |length| bytes.first(length));
        self.extensions(carried, packet.behind(HEADER));
        self.padding(bytes.behind(packet.len()));
    }

    fn ipv6_header(&mut self, bytes: Bytes<'_>) -> Option<Read<Option<Carried>>> {
        let first = bytes.u8(0)?;
        if first >> 4 != 6 {
            let value = format!("{}, where 6 should stand", first >> 4);
            self.wrong("version", bytes.at(0, 1), value);
            return Some(Read {
                length: 1,
                says: "makes no sense".to_owned(),
                next: None,
            });
        }
        self.field("version", bytes.at(0, 1), "6".to_owned());
        let class = bytes.u16(0)? >> 4 & 0xff;
        let what = "Whether some traffic goes before other traffic, and whether a router had too much to do.";
        self.told(
            "traffic class",
            bytes.at(0, 2),
            format!("0x{class:02x}"),
            what,
        );
        let flow = bytes.u24(1)? & 0x000f_ffff;
        let what =
            "The same in all packets of one conversation, so that they can take the same way.";
        self.told("flow label", bytes.at(1, 3), format!("0x{flow:05x}"), what);
        let said = usize::from(bytes.u16(4)?);
        let what = "What follows the 40 bytes of this header.";
        self.told(
            "payload length",
            bytes.at(4, 2),
            format!("{said} bytes"),
            what,
        );
        let next = bytes.u8(6)?;
        let value = format!("{next} ({})", names::proto(next));
        self.told(
            "next header",
            bytes.at(6, 1),
            value,
            "What follows this header.",
        );
        let what =
            "Each router takes one off; at 0 the packet dies, so that none goes round for ever.";
        self.told("hop limit", bytes.at(7, 1), bytes.u8(7)?, what);
        let (src, dst) = (bytes.v6(8)?, bytes.v6(24)?);
        let what = "Where it comes from, and where answers go.";
        self.told("source address", bytes.at(8, 16), src, what);
        let what = "Where it is to arrive in the end; routes are looked up by this.";
        self.told("destination address", bytes.at(24, 16), dst, what);
        Some(Read {
            length: HEADER,
            says: format!("{src} → {dst}"),
            next: Some(Carried {
                header: HEADER,
                // Longer than can be written here, or left to the device.
                length: (said > 0).then_some(HEADER + said),
                src: src.into(),
                dst: dst.into(),
                proto: next,
                fragment: false,
                behind: false,
            }),
        })
    }

    /// The headers between the first and what the packet carries.
    fn extensions(&mut self, mut carried: Carried, mut rest: Bytes<'_>) {
        for _ in 0..MOST_HEADERS {
            let (name, unit, least) = match carried.proto {
                proto::HOP_BY_HOP => ("IPv6 options for each hop", 8, 8),
                proto::ROUTING => ("IPv6 routing", 8, 8),
                proto::DESTINATION => ("IPv6 options for the destination", 8, 8),
                proto::AUTHENTICATION => ("IPv6 authentication", 4, 8),
                proto::FRAGMENT => ("IPv6 fragment", 0, 8),
                proto::MOBILITY | proto::HIP | proto::SHIM6 => ("IPv6 mobility", 8, 8),
                _ => break,
            };
            let what = "A further header, which few packets have.";
            let read = |t: &mut Self| t.extension(rest, unit, least);
            let Some(extension) = self.header(name, what, rest, read) else {
                return;
            };
            carried.proto = extension.next;
            rest = rest.behind(extension.length);
            if let Some(behind) = extension.fragment {
                carried.fragment = true;
                carried.behind = behind;
            }
            if carried.behind {
                break;
            }
        }
        self.transport(carried, rest);
    }

    /// `unit` is what its length counts; a fragment's header has none.
    fn extension(
        &mut self,
        bytes: Bytes<'_>,
        unit: usize,
        least: usize,
    ) -> Option<Read<Extension>> {
        let next = bytes.u8(0)?;
        let value = format!("{next} ({})", names::proto(next));
        self.told(
            "next header",
            bytes.at(0, 1),
            value,
            "What follows this header.",
        );
        let mut length = least;
        let mut fragment = None;
        if unit > 0 {
            length += usize::from(bytes.u8(1)?) * unit;
            self.field("header length", bytes.at(1, 1), format!("{length} bytes"));
        } else {
            let words = bytes.u16(2)?;
            let what = "Where this fragment belongs in the whole packet.";
            self.told(
                "fragment offset",
                bytes.at(2, 2),
                format!("{} bytes", words & 0xfff8),
                what,
            );
            let more = if words & 1 == 1 {
                "follow"
            } else {
                "none follow"
            };
            self.field("more fragments", bytes.at(3, 1), more.to_owned());
            let what = "Tells which fragments belong together.";
            self.told(
                "identification",
                bytes.at(4, 4),
                format!("0x{:08x}", bytes.u32(4)?),
                what,
            );
            fragment = Some(words & 0xfff8 != 0);
        }
        bytes.u8(length - 1)?;
        Some(Read {
            length,
            says: format!("then {}", names::proto(next)),
            next: Extension {
                next,
                length,
                fragment,
            },
        })
    }
}
