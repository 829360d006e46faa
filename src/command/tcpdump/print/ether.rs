//! Link headers, and what follows them.

use std::fmt::Write as _;

use pnet::packet::ethernet::EthernetPacket;

use super::layer::hardware;
use super::{Cooked, Cut, Direction, Layer, Line};
use crate::packet::fields::{HexRow, hex};

/// Ethernet header, bytes.
const HEADER: usize = 14;
/// Header of a cooked capture (`LINUX_SLL2`), bytes: tcpdump counts it.
const COOKED: usize = 20;
/// Up to this, the type field is a length (IEEE 802.3).
const MAX_LENGTH: u16 = 1500;
/// VLAN tags (IEEE 802.1Q).
const VLAN: [u16; 4] = [0x8100, 0x9100, 0x9200, 0x88a8];

impl Line<'_> {
    /// An Ethernet frame.
    pub(super) fn ether(&mut self, frame: Layer<'_>) -> Result<(), Cut> {
        let header = EthernetPacket::new(frame.bytes).ok_or(frame.cut())?;
        let addresses = format!("{} > {}, ", header.get_source(), header.get_destination());
        let mut kind = header.get_ethertype().0;
        let mut at = HEADER;
        let mut shown = String::new();
        while VLAN.contains(&kind) {
            let tagged = frame.named("vlan");
            let tag = tagged.u16(at)?;
            // The length stands behind the first tag only.
            let length = if shown.is_empty() {
                format!("length {}: ", frame.length)
            } else {
                String::new()
            };
            let _ = write!(
                shown,
                "ethertype {}, {length}vlan {}, p {}, ",
                type_name(kind),
                tag & 0xfff,
                tag >> 13
            );
            kind = tagged.u16(at + 2)?;
            at += 4;
        }
        let payload = frame.after(at, "ether");
        let length = match (kind <= MAX_LENGTH, shown.is_empty()) {
            (true, _) => {
                shown += "802.3";
                format!(", length {}: ", payload.length.min(kind.into()))
            }
            (false, first) => {
                let _ = write!(shown, "ethertype {}", type_name(kind));
                if first {
                    format!(", length {}: ", frame.length)
                } else {
                    ", ".to_owned()
                }
            }
        };
        let header = addresses + &shown + &length;
        self.network(kind, payload, &header)
    }

    /// A frame captured on `any`.
    pub(super) fn cooked(&mut self, cooked: &Cooked<'_>, payload: Layer<'_>) -> Result<(), Cut> {
        let direction = match cooked.direction {
            Direction::In => "In",
            Direction::Broadcast => "B",
            Direction::Multicast => "M",
            Direction::Other => "P",
            Direction::Out => "Out",
        };
        self.say(format_args!(
            "{:<5} {direction:<3} ",
            cooked.dev.unwrap_or("?")
        ));
        let address = cooked
            .address
            .map(|address| hardware(&address) + " ")
            .unwrap_or_default();
        let header = |length: usize| {
            format!(
                "ifindex {} {address}ethertype {}, length {}: ",
                cooked.index,
                type_name(cooked.protocol),
                length + COOKED
            )
        };
        if self.link_header {
            self.out += &header(payload.length);
        }
        let (kind, rest) = self.cooked_tags(cooked.protocol, payload)?;
        self.carried(kind, rest, &header(rest.length))
    }

    /// Tags behind a cooked header, of which tcpdump knows but one kind there.
    fn cooked_tags<'a>(
        &mut self,
        mut kind: u16,
        mut rest: Layer<'a>,
    ) -> Result<(u16, Layer<'a>), Cut> {
        while kind == VLAN[0] {
            let tagged = rest.named("vlan");
            let (tag, behind) = (tagged.u16(0)?, tagged.u16(2)?);
            if self.link_header {
                self.say(format_args!("vlan {}, p {}, ", tag & 0xfff, tag >> 13));
            }
            self.say(format_args!("ethertype {}, ", name(behind)));
            (kind, rest) = (behind, rest.after(4, "sll2"));
        }
        Ok((kind, rest))
    }

    /// The network layer, by ethertype; `header` is what `-e` shows before it.
    fn network(&mut self, kind: u16, payload: Layer<'_>, header: &str) -> Result<(), Cut> {
        if self.link_header {
            self.out += header;
        }
        self.carried(kind, payload, header)
    }

    /// As [`Self::network`], `header` having been shown.
    fn carried(&mut self, kind: u16, payload: Layer<'_>, header: &str) -> Result<(), Cut> {
        match kind {
            0x0800 => self.ip(payload.named("ip")),
            0x86dd => self.ip6(payload.named("ip6")),
            0x0806 | 0x8035 => self.arp(payload.named("arp")),
            _ => {
                if !self.link_header {
                    self.out += header;
                }
                self.dump(payload.bytes);
                Ok(())
            }
        }
    }

    /// Bytes in hexadecimal, and as text: 16 a line.
    pub(super) fn dump(&mut self, bytes: &[u8]) {
        for row in hex(bytes) {
            self.say(format_args!("\n\t{row}"));
        }
    }

    /// Bytes in hexadecimal only.
    pub(super) fn dump_digits(&mut self, bytes: &[u8]) {
        for HexRow { offset, hex, .. } in hex(bytes) {
            self.say(format_args!("\n\t0x{offset:04x}:  {hex}"));
        }
    }
}

/// An ethertype's name and number.
fn type_name(kind: u16) -> String {
    format!("{} (0x{kind:04x})", name(kind))
}

/// An ethertype's name.
fn name(kind: u16) -> &'static str {
    match kind {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x8035 => "Reverse ARP",
        0x86dd => "IPv6",
        0x8100 => "802.1Q",
        0x88a8 => "802.1Q-QinQ",
        0x9100 => "802.1Q-9100",
        0x9200 => "802.1Q-9200",
        0x88cc => "LLDP",
        0x888e => "EAPOL",
        0x8847 => "MPLS unicast",
        0x8848 => "MPLS multicast",
        0x88e5 => "802.1AE MACsec",
        _ => "Unknown",
    }
}
