//! ICMP (RFC 792, RFC 1191, RFC 1812).

use super::{Cut, Layer, Line};

/// An error quotes the packet that it is about from here on.
const QUOTED: usize = 8;
/// Destination of the quoted packet.
const QUOTED_TO: usize = QUOTED + 16;

impl Line<'_> {
    /// An ICMP message.
    pub(super) fn icmp(&mut self, icmp: Layer<'_>) -> Result<(), Cut> {
        let [kind, code] = icmp.array(0)?;
        let text = match kind {
            0 | 8 => {
                let what = if kind == 8 { "request" } else { "reply" };
                format!("echo {what}, id {}, seq {}", icmp.u16(4)?, icmp.u16(6)?)
            }
            3 => unreachable(icmp, code)?,
            5 => redirect(icmp, code)?,
            11 => {
                icmp.v4(QUOTED_TO)?;
                match code {
                    0 => "time exceeded in-transit".to_owned(),
                    1 => "ip reassembly time exceeded".to_owned(),
                    code => format!("time exceeded-#{code}"),
                }
            }
            12 if code != 0 => format!("parameter problem - code {code}"),
            12 => format!("parameter problem - octet {}", icmp.u8(4)?),
            4 => "source quench".to_owned(),
            10 => "router solicitation".to_owned(),
            13 => format!("time stamp query id {} seq {}", icmp.u16(4)?, icmp.u16(6)?),
            15 => "information request".to_owned(),
            16 => "information reply".to_owned(),
            17 => "address mask request".to_owned(),
            18 => format!("address mask is 0x{:08x}", icmp.u32(8)?),
            kind => format!("type-#{kind}"),
        };
        self.say(format_args!("ICMP {text}, length {}", icmp.length));
        Ok(())
    }
}

fn unreachable(icmp: Layer<'_>, code: u8) -> Result<String, Cut> {
    if code == 3 {
        return port(icmp);
    }
    let to = icmp.v4(QUOTED_TO)?;
    Ok(match code {
        0 => format!("net {to} unreachable"),
        1 => format!("host {to} unreachable"),
        2 => format!("{to} protocol {} unreachable", icmp.u8(QUOTED + 9)?),
        4 => match icmp.u16(6)? {
            0 => format!("{to} unreachable - need to frag"),
            mtu => format!("{to} unreachable - need to frag (mtu {mtu})"),
        },
        5 => format!("{to} unreachable - source route failed"),
        6 => format!("net {to} unreachable - unknown"),
        7 => format!("host {to} unreachable - unknown"),
        8 => format!("{to} unreachable - source host isolated"),
        9 => format!("net {to} unreachable - admin prohibited"),
        10 => format!("host {to} unreachable - admin prohibited"),
        11 => format!("net {to} unreachable - tos prohibited"),
        12 => format!("host {to} unreachable - tos prohibited"),
        13 => format!("host {to} unreachable - admin prohibited filter"),
        14 => format!("host {to} unreachable - host precedence violation"),
        15 => format!("host {to} unreachable - precedence cutoff"),
        code => format!("{to} unreachable - #{code}"),
    })
}

/// Nobody listens on a port: which, stands in the quoted transport header.
fn port(icmp: Layer<'_>) -> Result<String, Cut> {
    let protocol = icmp.u8(QUOTED + 9)?;
    let header = usize::from(icmp.u8(QUOTED)? & 15) * 4;
    let port = icmp.u16(QUOTED + header + 2)?;
    let to = icmp.v4(QUOTED_TO)?;
    Ok(match protocol {
        6 => format!("{to} tcp port {port} unreachable"),
        17 => format!("{to} udp port {port} unreachable"),
        other => format!("{to} protocol {other} port {port} unreachable"),
    })
}

fn redirect(icmp: Layer<'_>, code: u8) -> Result<String, Cut> {
    let (to, gateway) = (icmp.v4(QUOTED_TO)?, icmp.v4(4)?);
    Ok(match code {
        0 => format!("redirect {to} to net {gateway}"),
        1 => format!("redirect {to} to host {gateway}"),
        2 => format!("redirect-tos {to} to net {gateway}"),
        3 => format!("redirect-tos {to} to host {gateway}"),
        code => format!("redirect-#{code} {to} to {gateway}"),
    })
}
