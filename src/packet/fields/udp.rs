//! UDP (RFC 768), and VXLAN (RFC 7348) within it.

use super::bytes::Bytes;
use super::ipv4::Carried;
use super::teller::{Read, Teller};
use crate::packet::number;

/// Bytes.
const HEADER: usize = number::UDP_HEADER;
const SOURCE: &str = "Where answers go; NAT may write another one here.";
const DESTINATION: &str = "Which program takes it there.";

impl Teller {
    /// A UDP datagram.
    pub(super) fn udp(&mut self, bytes: Bytes<'_>, carried: Carried) {
        let what = "Single messages from one program to another, without a connection.";
        let read = self.header("UDP", what, bytes, |t| {
            let (src, dst) = t.ports(bytes)?;
            let length = t.udp_length(bytes, carried)?;
            let datagram = bytes.first(length);
            let stands = bytes.u16(6)?;
            // IPv6 demands one, but for tunnels (RFC 8200 8.1, RFC 6935).
            if stands == 0 && (carried.src.is_ipv4() || number::VXLAN.contains(&dst)) {
                let value = "0x0000, none, as the sender may choose".to_owned();
                t.field("checksum", bytes.at(6, 2), value);
            } else {
                let cover = carried.cover(datagram);
                t.covering(bytes.at(6, 2), datagram.there, 6, stands, cover);
            }
            Some(Read {
                length: HEADER,
                says: format!("port {src} → {dst}"),
                next: (dst, datagram.behind(HEADER)),
            })
        });
        let Some((dst, payload)) = read else {
            return;
        };
        let valid = payload
            .u8(0)
            .is_some_and(|flags| flags & number::VXLAN_VALID != 0);
        if number::VXLAN.contains(&dst) && valid {
            self.vxlan(payload);
        } else {
            self.data(payload);
        }
    }

    /// Both ports.
    pub(super) fn ports(&mut self, bytes: Bytes<'_>) -> Option<(u16, u16)> {
        let (src, dst) = (bytes.u16(0)?, bytes.u16(2)?);
        self.told("source port", bytes.at(0, 2), src, SOURCE);
        self.told("destination port", bytes.at(2, 2), dst, DESTINATION);
        Some((src, dst))
    }

    /// The length of the datagram that can be relied on.
    fn udp_length(&mut self, bytes: Bytes<'_>, carried: Carried) -> Option<usize> {
        let said = usize::from(bytes.u16(4)?);
        let there = bytes.len() + bytes.missing();
        let place = bytes.at(4, 2);
        if said < HEADER {
            let value = format!("{said} bytes, less than the header's {HEADER}");
            self.wrong("length", place, value);
            return Some(there);
        }
        if said > there && !carried.fragment {
            let value = format!("{said} bytes, and the packet has {there} for it");
            self.wrong("length", place, value);
            return Some(there);
        }
        self.told(
            "length",
            place,
            format!("{said} bytes"),
            "Header and contents.",
        );
        Some(said)
    }

    fn vxlan(&mut self, bytes: Bytes<'_>) {
        let what = "A whole Ethernet frame travels within a datagram, so that networks span other networks.";
        let read = self.header("VXLAN", what, bytes, |t| {
            let flags = bytes.u8(0)?;
            t.field(
                "flags",
                bytes.at(0, 1),
                format!("0x{flags:02x} (the identifier is valid)"),
            );
            let vni = bytes.u24(4)?;
            let what = "Which of the networks that share this tunnel.";
            t.told("network identifier", bytes.at(4, 3), vni, what);
            bytes.u8(7)?;
            Some(Read {
                length: number::VXLAN_HEADER,
                says: format!("network {vni}"),
                next: (),
            })
        });
        if read.is_some() {
            let inner = bytes.behind(number::VXLAN_HEADER);
            self.nest(inner.whole(), |t| t.ethernet(inner));
        }
    }
}
