//! TCP (RFC 9293).

use std::collections::HashMap;
use std::net::IpAddr;

use pnet::packet::tcp::TcpPacket;

use super::ip::Carrier;
use super::{Cut, Layer, Line};

/// Header without options, bytes.
const HEADER: usize = 20;
/// Connections remembered at most; then all are forgotten, as one new is.
const REMEMBERED: usize = 4096;

const FIN: u8 = 1;
const SYN: u8 = 1 << 1;
const RST: u8 = 1 << 2;
const ACK: u8 = 1 << 4;
const URG: u8 = 1 << 5;

/// Flags in the order of their bits.
const FLAGS: [(u8, char); 8] = [
    (FIN, 'F'),
    (SYN, 'S'),
    (RST, 'R'),
    (1 << 3, 'P'),
    (ACK, '.'),
    (URG, 'U'),
    (1 << 6, 'E'),
    (1 << 7, 'W'),
];

/// Where the sequence numbers of connections began, by their ends; the lower port first.
#[derive(Clone, Debug, Default)]
pub struct Flows(HashMap<(u16, IpAddr, u16, IpAddr), Begin>);

/// Where a connection's numbers began, from its first end and from its second.
#[derive(Clone, Copy, Debug)]
struct Begin {
    first: u32,
    second: u32,
}

/// Sequence numbers as they are shown.
struct Numbers {
    seq: u32,
    ack: u32,
    /// What selective acknowledgements count from.
    sack: u32,
}

impl Flows {
    /// Counts from the beginning of the connection, where that is known. A handshake tells it, and
    /// so does the first segment seen; both are shown as they are.
    fn numbers(&mut self, carrier: Carrier, ports: (u16, u16), tcp: &TcpPacket<'_>) -> Numbers {
        let (seq, ack) = (tcp.get_sequence(), tcp.get_acknowledgement());
        let shown = Numbers { seq, ack, sack: 0 };
        if tcp.get_flags() & ACK == 0 {
            return shown;
        }
        let from = (ports.0, carrier.from);
        let to = (ports.1, carrier.to);
        let turned = from > to;
        let (first, second) = if turned { (to, from) } else { (from, to) };
        let ends = (first.0, first.1, second.0, second.1);
        let known = self.0.get(&ends).copied();
        let Some(begin) = known.filter(|_| tcp.get_flags() & SYN == 0) else {
            if self.0.len() >= REMEMBERED {
                self.0.clear();
            }
            let other = ack.wrapping_sub(1);
            let (first, second) = if turned { (other, seq) } else { (seq, other) };
            self.0.insert(ends, Begin { first, second });
            return Numbers {
                sack: other,
                ..shown
            };
        };
        let (mine, other) = if turned {
            (begin.second, begin.first)
        } else {
            (begin.first, begin.second)
        };
        Numbers {
            seq: seq.wrapping_sub(mine),
            ack: ack.wrapping_sub(other),
            sack: other,
        }
    }
}

impl Line<'_> {
    /// A TCP segment.
    pub(super) fn tcp(&mut self, layer: Layer<'_>, carrier: Carrier) -> Result<(), Cut> {
        let (Ok(from), Ok(to)) = (layer.u16(0), layer.u16(2)) else {
            self.say(format_args!("{} > {}:", carrier.from, carrier.to));
            return Err(layer.cut());
        };
        self.ports(carrier, from, to);
        let tcp = TcpPacket::new(layer.bytes).ok_or(layer.cut())?;
        let header = usize::from(tcp.get_data_offset()) * 4;
        if header < HEADER {
            // tcpdump's subtraction wraps as well.
            let rest = u32::try_from(layer.length)
                .unwrap_or(u32::MAX)
                .wrapping_sub(u32::try_from(header).unwrap_or(0));
            self.say(format_args!(
                " tcp {rest} [bad hdr length {header} - too short, < {HEADER}]"
            ));
            return Ok(());
        }
        let flags = tcp.get_flags();
        let set = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
        let names: String = set.map(|(_, name)| name).collect();
        let names = if names.is_empty() { "none" } else { &names };
        self.say(format_args!("Flags [{names}]"));
        let numbers = self.flows.numbers(carrier, (from, to), &tcp);
        if header > layer.length {
            self.say(format_args!(
                " [bad hdr length {header} - too long, > {}]",
                layer.length
            ));
            return Ok(());
        }
        let length = layer.length - header;
        if length > 0 || flags & (SYN | FIN | RST) != 0 {
            self.say(format_args!(", seq {}", numbers.seq));
        }
        if length > 0 {
            let end = numbers.seq.wrapping_add(u32::try_from(length).unwrap_or(0));
            self.say(format_args!(":{end}"));
        }
        if flags & ACK != 0 {
            self.say(format_args!(", ack {}", numbers.ack));
        }
        self.say(format_args!(", win {}", tcp.get_window()));
        if flags & URG != 0 {
            self.say(format_args!(", urg {}", tcp.get_urgent_ptr()));
        }
        if header > HEADER {
            self.out += ", options [";
            let options = Layer::new("tcp", layer.bytes, header).after(HEADER, "tcp");
            if !self.tcp_options(options, numbers.sack)? {
                return Ok(());
            }
            self.out.push(']');
        }
        self.say(format_args!(", length {length}"));
        Ok(())
    }

    /// Options; false where they make no sense, which ends the line.
    fn tcp_options(&mut self, options: Layer<'_>, sack: u32) -> Result<bool, Cut> {
        let mut at = 0;
        while at < options.length {
            if at > 0 {
                self.out.push(',');
            }
            let kind = options.u8(at)?;
            match kind {
                0 => {
                    self.out += "eol";
                    break;
                }
                1 => {
                    self.out += "nop";
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let length = usize::from(options.u8(at + 1)?);
            let told = length >= 2 && at + length <= options.length;
            let used = if told {
                match self.tcp_option(kind, options, at + 2, length - 2, sack) {
                    Err(Cut(name)) if at > 0 => {
                        // The odd bracket is tcpdump's.
                        self.say(format_args!(" [|{name}]>"));
                        return Ok(false);
                    }
                    other => other?,
                }
            } else {
                None
            };
            let Some(used) = used else {
                self.out += "[bad opt]";
                if at > 0 {
                    self.out.push(']');
                }
                return Ok(false);
            };
            // What an option has too much is read as further options, as tcpdump does.
            at += 2 + used;
        }
        Ok(true)
    }

    /// One option with `length` bytes of data: how many were shown, unless there
    /// are not as many.
    fn tcp_option(
        &mut self,
        kind: u8,
        options: Layer<'_>,
        at: usize,
        length: usize,
        sack: u32,
    ) -> Result<Option<usize>, Cut> {
        let wanted = match kind {
            2 => 2,
            3 => 1,
            8 => 8,
            _ => length,
        };
        match kind {
            2 => self.out += "mss",
            3 => self.out += "wscale",
            4 => self.out += "sackOK",
            5 => self.out += "sack",
            8 => self.out += "TS",
            30 => self.out += "mptcp",
            34 => self.out += "tfo",
            kind => self.say(format_args!("unknown-{kind}")),
        }
        if at + wanted > options.length {
            return Ok(None);
        }
        match kind {
            2 => self.say(format_args!(" {}", options.u16(at)?)),
            3 => self.say(format_args!(" {}", options.u8(at)?)),
            4 => {}
            5 if !length.is_multiple_of(8) => self.out += " invalid sack",
            5 => {
                self.say(format_args!(" {} ", length / 8));
                for block in (at..at + length).step_by(8) {
                    let from = options.u32(block)?.wrapping_sub(sack);
                    let to = options.u32(block + 4)?.wrapping_sub(sack);
                    self.say(format_args!("{{{from}:{to}}}"));
                }
            }
            8 => {
                let (val, ecr) = (options.u32(at)?, options.u32(at + 4)?);
                self.say(format_args!(" val {val} ecr {ecr}"));
            }
            _ if length > 0 => {
                self.out += " 0x";
                for at in at..at + length {
                    self.say(format_args!("{:02x}", options.u8(at)?));
                }
            }
            _ => {}
        }
        let shown = if kind == 4 { 0 } else { wanted };
        if shown != length {
            self.say(format_args!("[len {}]", length + 2));
        }
        Ok(Some(shown))
    }
}
