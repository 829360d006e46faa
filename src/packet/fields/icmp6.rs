//! ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861).

use super::bytes::Bytes;
use super::icmp::Rest;
use super::ipv4::Carried;
use super::names;
use super::teller::{Read, Teller};

/// Bytes before what it is about.
const HEADER: usize = 8;
/// A neighbour's message up to its options, bytes.
const NEIGHBOUR: usize = 24;
/// A router's message up to its options, bytes.
const ROUTER: usize = 16;
/// So many options are told.
const MOST_OPTIONS: usize = 16;

impl Teller {
    /// An ICMPv6 message.
    pub(super) fn icmp6(&mut self, bytes: Bytes<'_>, carried: Carried) {
        let what = "Messages about the network itself: pings, neighbours, and what went wrong with packets.";
        let read = self.header("ICMPv6", what, bytes, |t| {
            let (kind, code) = (bytes.u8(0)?, bytes.u8(1)?);
            t.message(bytes, names::icmp6(kind), names::icmp6_code(kind, code))?;
            let stands = bytes.u16(2)?;
            t.covering(bytes.at(2, 2), bytes.there, 2, stands, carried.cover(bytes));
            let (length, rest) = t.icmp6_words(bytes, kind)?;
            Some(Read {
                length,
                says: names::icmp6(kind).to_owned(),
                next: (length, rest),
            })
        });
        let Some((length, rest)) = read else {
            return;
        };
        match rest {
            Some(rest) => self.rest(Some(rest), bytes.behind(length)),
            None => self.options(bytes.behind(length)),
        }
    }

    /// The length of the header, and what follows it, if not options.
    fn icmp6_words(&mut self, bytes: Bytes<'_>, kind: u8) -> Option<(usize, Option<Rest>)> {
        match kind {
            1..=4 => {
                let word = bytes.u32(4)?;
                match kind {
                    2 => {
                        let what = "The largest packet that the next link takes.";
                        self.told("MTU", bytes.at(4, 4), format!("{word} bytes"), what);
                    }
                    4 => {
                        let what = "The byte of the packet that made no sense.";
                        self.told("pointer", bytes.at(4, 4), word, what);
                    }
                    _ => {}
                }
                Some((HEADER, Some(Rest::Quoted)))
            }
            128 | 129 => {
                self.echo(bytes)?;
                Some((HEADER, Some(Rest::Data)))
            }
            133 => {
                bytes.u32(4)?;
                Some((HEADER, None))
            }
            134 => {
                self.told(
                    "hop limit",
                    bytes.at(4, 1),
                    bytes.u8(4)?,
                    "What hosts should write into their packets.",
                );
                let what = "How long hosts may use this router as their gateway.";
                self.told(
                    "router lifetime",
                    bytes.at(6, 2),
                    format!("{} s", bytes.u16(6)?),
                    what,
                );
                bytes.u32(12)?;
                Some((ROUTER, None))
            }
            135 | 136 => {
                if kind == 136 {
                    self.advert_flags(bytes)?;
                }
                let what = "Whose hardware address this is about.";
                self.told("target", bytes.at(8, 16), bytes.v6(8)?, what);
                Some((NEIGHBOUR, None))
            }
            _ => {
                self.field(
                    "rest of the header",
                    bytes.at(4, 4),
                    format!("0x{:08x}", bytes.u32(4)?),
                );
                Some((HEADER, Some(Rest::Data)))
            }
        }
    }

    fn advert_flags(&mut self, bytes: Bytes<'_>) -> Option<()> {
        let flags = bytes.u8(4)?;
        let names = [(0x80, "router"), (0x40, "asked for"), (0x20, "override")];
        let set = names.into_iter().filter(|(bit, _)| flags & bit != 0);
        let set: Vec<&str> = set.map(|(_, name)| name).collect();
        let value = if set.is_empty() {
            "none".to_owned()
        } else {
            set.join(", ")
        };
        let what = "Whether it is a router, whether somebody asked, and whether it replaces what is known.";
        self.told("flags", bytes.at(4, 1), value, what);
        Some(())
    }

    /// Options of neighbour discovery, whose length counts 8 bytes.
    fn options(&mut self, mut bytes: Bytes<'_>) {
        for _ in 0..MOST_OPTIONS {
            let (Some(kind), Some(units)) = (bytes.u8(0), bytes.u8(1)) else {
                break;
            };
            let length = usize::from(units) * 8;
            if length == 0 {
                self.wrong("option", bytes.at(0, 2), "has no length".to_owned());
                break;
            }
            let option = bytes.first(length);
            match (kind, option.mac(2)) {
                (1, Some(mac)) => {
                    self.field("sender's hardware address", option.whole(), mac.to_string());
                }
                (2, Some(mac)) => {
                    self.field("target's hardware address", option.whole(), mac.to_string());
                }
                _ => self.field("option", option.whole(), format!("{kind}, {length} bytes")),
            }
            self.missing(option);
            bytes = bytes.behind(length);
        }
        self.data(bytes);
    }
}
