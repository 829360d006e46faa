//! Ethernet, VLAN tags, ARP.

use super::bytes::Bytes;
use super::names;
use super::teller::{Read, Teller};
use crate::packet::number::{self, ethertype};

/// Ethernet header, bytes.
const HEADER: usize = 14;
/// Up to this, the type is a length (IEEE 802.3).
const MAX_LENGTH: u16 = 1500;
/// ARP for IPv4 over Ethernet, bytes.
const ARP: usize = 28;
/// So many tags are told.
const MOST_TAGS: usize = 8;

impl Teller {
    /// An Ethernet frame.
    pub(super) fn ethernet(&mut self, bytes: Bytes<'_>) {
        let what =
            "From one device to the next over one cable or switch; the next hop gets a new one.";
        let kind = self.header("Ethernet", what, bytes, |t| {
            let (dst, src) = (bytes.mac(0)?, bytes.mac(6)?);
            t.told("destination", bytes.at(0, 6), dst, receiver(dst.0));
            let what = "The device that sent this frame, which need not be where the packet began.";
            t.told("source", bytes.at(6, 6), src, what);
            let kind = bytes.u16(12)?;
            t.kind(bytes, 12, kind);
            Some(Read {
                length: HEADER,
                says: format!("{src} → {dst}"),
                next: kind,
            })
        });
        if let Some(kind) = kind {
            self.tagged(kind, bytes.behind(HEADER), MOST_TAGS);
        }
    }

    /// The type, or in old frames the length.
    fn kind(&mut self, bytes: Bytes<'_>, at: usize, kind: u16) {
        let place = bytes.at(at, 2);
        if kind <= MAX_LENGTH {
            let what =
                "In the old form of frames, which spanning tree still uses, a length stands here.";
            self.told("length", place, kind, what);
        } else {
            let value = format!("0x{kind:04x} ({})", names::ethertype(kind));
            self.told("type", place, value, "What the frame carries.");
        }
    }

    fn tagged(&mut self, kind: u16, bytes: Bytes<'_>, more: usize) {
        if !number::TAGS.contains(&kind) {
            self.network(kind, bytes);
            return;
        }
        let Some(more) = more.checked_sub(1) else {
            self.wrong(
                "tags",
                bytes.whole(),
                "more tags than make sense".to_owned(),
            );
            return;
        };
        let what = "The frame belongs to one of several networks that share a cable.";
        let behind = self.header("VLAN tag", what, bytes, |t| {
            let tag = bytes.u16(0)?;
            let place = bytes.at(0, 2);
            let id = tag & number::VLAN_ID;
            t.told(
                "priority",
                place.clone(),
                tag >> 13,
                "Which frames go first where there are too many.",
            );
            t.told("VLAN identifier", place, id, "Which of the networks.");
            let kind = bytes.u16(2)?;
            t.kind(bytes, 2, kind);
            Some(Read {
                length: number::TAG,
                says: format!("VLAN {id}"),
                next: kind,
            })
        });
        if let Some(kind) = behind {
            self.tagged(kind, bytes.behind(number::TAG), more);
        }
    }

    /// What an ethertype announces.
    fn network(&mut self, kind: u16, bytes: Bytes<'_>) {
        match kind {
            ethertype::ARP | ethertype::RARP => self.arp(bytes),
            ethertype::IPV4 => self.ipv4(bytes),
            ethertype::IPV6 => self.ipv6(bytes),
            _ => self.data(bytes),
        }
    }

    /// A packet with nothing before it.
    pub(super) fn bare(&mut self, bytes: Bytes<'_>) {
        match bytes.u8(0).map(|first| first >> 4) {
            Some(4) => self.ipv4(bytes),
            Some(6) => self.ipv6(bytes),
            Some(version) => {
                let value = format!("{version}, where 4 or 6 should stand");
                self.wrong("version", bytes.at(0, 1), value);
                self.data(bytes);
            }
            None => self.wrong("cut off", bytes.whole(), "there are no bytes".to_owned()),
        }
    }

    fn arp(&mut self, bytes: Bytes<'_>) {
        let what = "Finds out which hardware address belongs to an IP address on this network.";
        let read = self.header("ARP", what, bytes, |t| {
            let (hardware, protocol) = (bytes.u16(0)?, bytes.u16(2)?);
            let (lengths, operation) = (bytes.u16(4)?, bytes.u16(6)?);
            let hardware_name = if hardware == 1 { " (Ethernet)" } else { "" };
            t.field(
                "hardware type",
                bytes.at(0, 2),
                format!("{hardware}{hardware_name}"),
            );
            let protocol_name = names::ethertype(protocol);
            t.field(
                "protocol type",
                bytes.at(2, 2),
                format!("0x{protocol:04x} ({protocol_name})"),
            );
            let [hard, soft] = lengths.to_be_bytes();
            t.field("hardware size", bytes.at(4, 1), format!("{hard} bytes"));
            t.field("protocol size", bytes.at(5, 1), format!("{soft} bytes"));
            let says = match operation {
                1 => "request: who has the target's IP address?",
                2 => "reply: it is mine",
                3 => "reverse request",
                4 => "reverse reply",
                _ => "unknown",
            };
            t.told(
                "operation",
                bytes.at(6, 2),
                format!("{operation} ({says})"),
                "A question or its answer.",
            );
            if (hardware, protocol, lengths) != number::ARP_OF_IPV4_OVER_ETHERNET {
                t.data(bytes.behind(8));
                let says = "not of IPv4 over Ethernet".to_owned();
                return Some(Read {
                    length: 8,
                    says,
                    next: None,
                });
            }
            t.arp_addresses(bytes).map(|says| Read {
                length: ARP,
                says,
                next: Some(ARP),
            })
        });
        if let Some(Some(length)) = read {
            self.padding(bytes.behind(length));
        }
    }

    fn arp_addresses(&mut self, bytes: Bytes<'_>) -> Option<String> {
        let (sender_mac, sender) = (bytes.mac(8)?, bytes.v4(14)?);
        let what = "Whoever hears this may note which hardware address belongs to the sender.";
        self.told(
            "sender's hardware address",
            bytes.at(8, 6),
            sender_mac,
            what,
        );
        self.field("sender's IP address", bytes.at(14, 4), sender.to_string());
        let target_mac = bytes.mac(18)?;
        let what = "All zero in a question: it is what is asked for.";
        self.told(
            "target's hardware address",
            bytes.at(18, 6),
            target_mac,
            what,
        );
        let target = bytes.v4(24)?;
        self.field("target's IP address", bytes.at(24, 4), target.to_string());
        Some(match bytes.u16(6)? {
            1 => format!("who has {target}? Tell {sender}"),
            2 => format!("{sender} is at {sender_mac}"),
            _ => format!("{sender} to {target}"),
        })
    }

    /// What stands behind the end of a packet.
    pub(super) fn padding(&mut self, bytes: Bytes<'_>) {
        if bytes.len() > 0 {
            let what = "A frame on a cable has 60 bytes at least; what is missing is filled up.";
            self.told(
                "padding",
                bytes.whole(),
                format!("{} bytes", bytes.len()),
                what,
            );
        }
    }
}

fn receiver(mac: [u8; 6]) -> &'static str {
    match mac {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => "Everybody on this network takes it (broadcast).",
        [first, ..] if first & 1 == 1 => "All members of a group take it (multicast).",
        _ => {
            "The device that takes this frame: the next hop, which need not be where the packet ends."
        }
    }
}
