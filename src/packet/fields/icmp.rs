//! ICMP (RFC 792).

use super::bytes::Bytes;
use super::names;
use super::teller::{Read, Teller};

/// Bytes before what it is about.
const HEADER: usize = 8;

/// What an ICMP or ICMPv6 message carries.
#[derive(Clone, Copy)]
pub(super) enum Rest {
    /// Bytes that come back as they were sent.
    Data,
    /// The beginning of a packet.
    Quoted,
}

impl Teller {
    /// An ICMP message; `unbroken` if it is not cut into fragments.
    pub(super) fn icmp(&mut self, bytes: Bytes<'_>, unbroken: bool) {
        let what = "Messages about the network itself: pings, and what went wrong with packets.";
        let read = self.header("ICMP", what, bytes, |t| {
            let (kind, code) = (bytes.u8(0)?, bytes.u8(1)?);
            t.message(bytes, names::icmp(kind), names::icmp_code(kind, code))?;
            let stands = bytes.u16(2)?;
            let whole = unbroken && bytes.missing() == 0;
            t.checksum(bytes.at(2, 2), bytes.there, 2, stands, whole);
            let rest = t.icmp_words(bytes, kind, code)?;
            Some(Read {
                length: HEADER,
                says: names::icmp(kind).to_owned(),
                next: rest,
            })
        });
        self.rest(read, bytes.behind(HEADER));
    }

    /// Type and code.
    pub(super) fn message(
        &mut self,
        bytes: Bytes<'_>,
        kind_name: &str,
        code_name: Option<&str>,
    ) -> Option<()> {
        let (kind, code) = (bytes.u8(0)?, bytes.u8(1)?);
        self.told(
            "type",
            bytes.at(0, 1),
            format!("{kind} ({kind_name})"),
            "What the message is.",
        );
        let named = code_name
            .map(|name| format!(" ({name})"))
            .unwrap_or_default();
        self.told(
            "code",
            bytes.at(1, 1),
            format!("{code}{named}"),
            "More exactly.",
        );
        Some(())
    }

    fn icmp_words(&mut self, bytes: Bytes<'_>, kind: u8, code: u8) -> Option<Rest> {
        match (kind, code) {
            (0 | 8, _) => {
                self.echo(bytes)?;
                return Some(Rest::Data);
            }
            (3, 4) => {
                let mtu = bytes.u16(6)?;
                let what = "The largest packet that the next link takes.";
                self.told(
                    "next hop's MTU",
                    bytes.at(6, 2),
                    format!("{mtu} bytes"),
                    what,
                );
            }
            (5, _) => {
                let what = "There is a shorter way, by this router.";
                self.told("gateway", bytes.at(4, 4), bytes.v4(4)?, what);
            }
            (12, _) => {
                let what = "The byte of the packet that made no sense.";
                self.told("pointer", bytes.at(4, 1), bytes.u8(4)?, what);
            }
            (3 | 4 | 11, _) => {
                bytes.u32(4)?;
            }
            _ => {
                self.field(
                    "rest of the header",
                    bytes.at(4, 4),
                    format!("0x{:08x}", bytes.u32(4)?),
                );
                return Some(Rest::Data);
            }
        }
        Some(Rest::Quoted)
    }

    /// Identifier and sequence number.
    pub(super) fn echo(&mut self, bytes: Bytes<'_>) -> Option<()> {
        let (id, seq) = (bytes.u16(4)?, bytes.u16(6)?);
        let what = "Which ping it belongs to; NAT tells pings apart by this.";
        self.told(
            "identifier",
            bytes.at(4, 2),
            format!("0x{id:04x} ({id})"),
            what,
        );
        let what = "Counts the requests of one ping; the answer has the same.";
        self.told("sequence number", bytes.at(6, 2), seq, what);
        Some(())
    }

    /// What stands behind the header of a message.
    pub(super) fn rest(&mut self, rest: Option<Rest>, bytes: Bytes<'_>) {
        match rest {
            Some(Rest::Data) => self.data(bytes),
            Some(Rest::Quoted) => {
                let what = "the beginning of the packet that this is about; the rest is left out";
                self.field("quoted packet", bytes.whole(), what.to_owned());
                self.nest(bytes.whole(), |t| t.bare(bytes));
            }
            None => {}
        }
    }
}
