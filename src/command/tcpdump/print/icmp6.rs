//! ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), multicast listeners (RFC 3810).

use super::{Cut, Layer, Line};

/// An error quotes the packet that it is about from here on.
const QUOTED: usize = 8;
/// Source of the quoted packet.
const QUOTED_FROM: usize = QUOTED + 8;
/// Destination of the quoted packet.
const QUOTED_TO: usize = QUOTED + 24;
/// The address that neighbour discovery is about.
const TARGET: usize = 8;

impl Line<'_> {
    /// An ICMPv6 message.
    pub(super) fn icmp6(&mut self, icmp: Layer<'_>) -> Result<(), Cut> {
        if icmp.length == 0 {
            self.out += "ICMP6, length 0 (invalid)";
            return Ok(());
        }
        let kind = icmp.u8(0)?;
        match name(kind) {
            Some(name) => self.say(format_args!("ICMP6, {name}")),
            None => self.say(format_args!("ICMP6, unknown icmp6 type ({kind})")),
        }
        let code = icmp.u8(1)?;
        match kind {
            1 if code > 4 => {
                self.say(format_args!(", unknown unreach code ({code})"));
                self.dump_digits(icmp.bytes);
                return Ok(());
            }
            1 => self.unreachable6(icmp, code)?,
            2 => self.say(format_args!(", mtu {}", icmp.u32(4)?)),
            3 => match code {
                0 => self.say(format_args!(" for {}", icmp.v6(QUOTED_TO)?)),
                1 => self.out += " (reassembly)",
                code => self.say(format_args!(", unknown code ({code})")),
            },
            4 => {
                icmp.v6(QUOTED_TO)?;
                let at = icmp.u32(4)?;
                match code {
                    0 => self.say(format_args!(", erroneous - octet {at}")),
                    1 => self.say(format_args!(", next header - octet {at}")),
                    2 => self.say(format_args!(", option - octet {at}")),
                    3 => self.say(format_args!(", incomplete header chain - octet {at}")),
                    code => self.say(format_args!(", code-#{code}")),
                }
            }
            128 | 129 => {
                let (id, seq) = (icmp.u16(4)?, icmp.u16(6)?);
                self.say(format_args!(", id {id}, seq {seq}"));
            }
            130 if icmp.length >= 28 => self.listener_query(icmp)?,
            130 if icmp.length != 24 => {
                self.say(format_args!(" unknown-version (len {}) ", icmp.length));
            }
            130..=132 => self.listener(icmp),
            133 | 134 | 141 | 142 => {}
            135 => self.say(format_args!(", who has {}", icmp.v6(TARGET)?)),
            136 => self.say(format_args!(", tgt is {}", icmp.v6(TARGET)?)),
            137 => {
                self.say(format_args!(", {}", icmp.v6(TARGET + 16)?));
                self.say(format_args!(" to {}", icmp.v6(TARGET)?));
            }
            143 if icmp.length < 8 => self.say(format_args!(" [invalid len {}]", icmp.length)),
            143 => self.say(format_args!(", {} group record(s)", icmp.u16(6)?)),
            _ => {
                self.say(format_args!(", length {}", icmp.length));
                self.dump_digits(icmp.bytes);
                return Ok(());
            }
        }
        self.say(format_args!(", length {}", icmp.length));
        Ok(())
    }

    fn unreachable6(&mut self, icmp: Layer<'_>, code: u8) -> Result<(), Cut> {
        let what = match code {
            0 => "unreachable route",
            // The blank is tcpdump's.
            1 => " unreachable prohibited",
            2 => "beyond scope",
            3 => "unreachable address",
            _ => "unreachable port",
        };
        self.say(format_args!(", {what}"));
        match code {
            2 => self.say(format_args!(
                " {}, source address {}",
                icmp.v6(QUOTED_TO)?,
                icmp.v6(QUOTED_FROM)?
            )),
            4 => {
                let protocol = match icmp.u8(QUOTED + 6)? {
                    6 => "tcp",
                    17 => "udp",
                    _ => return Err(icmp.cut()),
                };
                let (port, to) = (icmp.u16(QUOTED + 40 + 2)?, icmp.v6(QUOTED_TO)?);
                self.say(format_args!(", {to} {protocol} port {port}"));
            }
            _ => self.say(format_args!(" {}", icmp.v6(QUOTED_TO)?)),
        }
        Ok(())
    }

    /// Version 1: no comma, in tcpdump either.
    fn listener(&mut self, icmp: Layer<'_>) {
        if let (Ok(delay), Ok(group)) = (icmp.u16(4), icmp.v6(8)) {
            self.say(format_args!("max resp delay: {delay} addr: {group}"));
        }
    }

    fn listener_query(&mut self, icmp: Layer<'_>) -> Result<(), Cut> {
        self.out += " v2";
        icmp.u16(4)?;
        self.say(format_args!(" [gaddr {}", icmp.v6(8)?));
        let sources = icmp.u16(26)?;
        if sources > 0 {
            if icmp.length < 28 + 16 * usize::from(sources) {
                self.out += " [invalid number of sources]";
            } else {
                self.say(format_args!(", {sources} source(s)"));
            }
        }
        self.out.push(']');
        Ok(())
    }
}

fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "destination unreachable",
        2 => "packet too big",
        3 => "time exceeded in-transit",
        4 => "parameter problem",
        128 => "echo request",
        129 => "echo reply",
        130 => "multicast listener query",
        131 => "multicast listener report",
        132 => "multicast listener done",
        133 => "router solicitation",
        134 => "router advertisement",
        135 => "neighbor solicitation",
        136 => "neighbor advertisement",
        137 => "redirect",
        141 => "inverse neighbor solicitation",
        142 => "inverse neighbor advertisement",
        143 => "multicast listener report v2",
        _ => return None,
    })
}
