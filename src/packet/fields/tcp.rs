//! TCP (RFC 9293).

use super::bytes::Bytes;
use super::ipv4::Carried;
use super::teller::{Read, Teller};
use crate::packet::TcpFlags;

/// Without options, bytes.
const HEADER: usize = 20;
/// Flags, and what they are for.
const FLAGS: [(TcpFlags, &str); 6] = [
    (TcpFlags::SYN, "SYN (opens a connection)"),
    (TcpFlags::ACK, "ACK (acknowledges)"),
    (TcpFlags::PSH, "PSH (hand over at once)"),
    (TcpFlags::FIN, "FIN (has no more to say)"),
    (TcpFlags::RST, "RST (refuses or breaks off)"),
    (TcpFlags::URG, "URG (has urgent data)"),
];

impl Teller {
    /// A TCP segment.
    pub(super) fn tcp(&mut self, bytes: Bytes<'_>, carried: Carried) {
        let what =
            "A connection between two programs, in which nothing is lost and all stays in order.";
        let header = self.header("TCP", what, bytes, |t| {
            let (src, dst) = t.ports(bytes)?;
            let what = "Where the first byte of this segment stands in all that is sent.";
            t.told("sequence number", bytes.at(4, 4), bytes.u32(4)?, what);
            let what = "The next byte that is expected: all before it have arrived.";
            t.told(
                "acknowledgement number",
                bytes.at(8, 4),
                bytes.u32(8)?,
                what,
            );
            let offset = usize::from(bytes.u8(12)? >> 4) * 4;
            let header = t.data_offset(bytes, offset);
            let flags = TcpFlags::from_bits_retain(bytes.u8(13)?);
            let set = FLAGS.iter().filter(|(flag, _)| flags.contains(*flag));
            let set: Vec<&str> = set.map(|(_, name)| *name).collect();
            let value = if set.is_empty() {
                "none".to_owned()
            } else {
                set.join(", ")
            };
            t.told("flags", bytes.at(13, 1), value, "What the segment is for.");
            let what = "How many more bytes its sender can take.";
            t.told("window", bytes.at(14, 2), bytes.u16(14)?, what);
            let stands = bytes.u16(16)?;
            t.covering(
                bytes.at(16, 2),
                bytes.there,
                16,
                stands,
                carried.cover(bytes),
            );
            t.field(
                "urgent pointer",
                bytes.at(18, 2),
                bytes.u16(18)?.to_string(),
            );
            t.tcp_options(bytes.first(header).behind(HEADER))?;
            Some(Read {
                length: header,
                says: format!("port {src} → {dst}"),
                next: header,
            })
        });
        if let Some(header) = header {
            self.data(bytes.behind(header));
        }
    }

    /// The header's length that can be relied on.
    fn data_offset(&mut self, bytes: Bytes<'_>, offset: usize) -> usize {
        let place = bytes.at(12, 1);
        if offset < HEADER {
            let value = format!("{offset} bytes, less than the {HEADER} that it has at least");
            self.wrong("header length", place, value);
            return HEADER;
        }
        let whole = bytes.len() + bytes.missing();
        if offset > whole {
            let value = format!("{offset} bytes, and the segment has {whole}");
            self.wrong("header length", place, value);
            return whole;
        }
        let what = "20 bytes, and more where there are options.";
        self.told("header length", place, format!("{offset} bytes"), what);
        offset
    }

    fn tcp_options(&mut self, mut bytes: Bytes<'_>) -> Option<()> {
        while let Some(kind) = bytes.u8(0) {
            let length = match kind {
                0 => {
                    self.field("end of options", bytes.whole(), String::new());
                    return Some(());
                }
                1 => {
                    self.field("no operation", bytes.at(0, 1), "fills up".to_owned());
                    bytes = bytes.behind(1);
                    continue;
                }
                _ => usize::from(bytes.u8(1)?),
            };
            if length < 2 {
                let value = format!("{kind}, of {length} bytes, which makes no sense");
                self.wrong("option", bytes.at(0, 2), value);
                return Some(());
            }
            let option = bytes.first(length);
            if option.missing() > 0 {
                if bytes.missing() > 0 {
                    return None;
                }
                let value = format!("{kind}, of {length} bytes, goes on behind the header");
                self.wrong("option", bytes.whole(), value);
                return Some(());
            }
            self.tcp_option(kind, option);
            bytes = bytes.behind(length);
        }
        (bytes.missing() == 0).then_some(())
    }

    fn tcp_option(&mut self, kind: u8, option: Bytes<'_>) {
        let place = option.whole();
        match (kind, option.len()) {
            (2, 4) => {
                let size = option.u16(2).unwrap_or_default();
                let what = "The largest piece that its sender wants in one segment.";
                self.told("maximum segment size", place, format!("{size} bytes"), what);
            }
            (3, 3) => {
                let shift = option.u8(2).unwrap_or_default();
                let what = "Windows count for this many times as much.";
                self.told(
                    "window scale",
                    place,
                    format!("2 to the power of {shift}"),
                    what,
                );
            }
            (4, 2) => {
                let what = "It understands which pieces have arrived in between.";
                self.told("selective acknowledgement", place, "permitted", what);
            }
            (5, _) => {
                self.field(
                    "selective acknowledgement",
                    place,
                    format!("{} ranges", option.len() / 8),
                );
            }
            (8, 10) => {
                let [value, echo] = [2, 6].map(|at| option.u32(at).unwrap_or_default());
                let what =
                    "By the time that the other side sends back, the round trip is measured.";
                self.told(
                    "timestamps",
                    place,
                    format!("{value}, sent back {echo}"),
                    what,
                );
            }
            (kind, length) => self.field("option", place, format!("{kind}, {length} bytes")),
        }
    }
}
