//! ICMP (RFC 792, RFC 1191) and ICMPv6 (RFC 4443, RFC 4861).

use super::ip::{self, Whence};
use crate::packet::{Body, IcmpError, read};
use crate::world::link::Mac;

/// An error quotes the packet that it is about from here on.
const QUOTED: usize = 8;
/// The address that neighbour discovery is about.
const TARGET: usize = 8;
/// Its options.
const OPTIONS: usize = 24;
/// The option with the hardware address of the target.
const TARGET_ADDRESS: u8 = 2;

/// An ICMP message.
pub(super) fn v4(bytes: &[u8], whence: Whence) -> Option<Body> {
    let [kind, code] = read::array(bytes, 0)?;
    match kind {
        0 | 8 => echo(kind == 0, bytes),
        3 | 4 | 5 | 11 | 12 => {
            let wants_less = kind == 3 && code == 4;
            let mtu = read::u16(bytes, 6).filter(|mtu| wants_less && *mtu != 0);
            Some(error(kind, code, mtu.map(u32::from), bytes, whence))
        }
        _ => Some(Body::Icmp { kind, code }),
    }
}

/// An ICMPv6 message.
pub(super) fn v6(bytes: &[u8], whence: Whence) -> Option<Body> {
    let [kind, code] = read::array(bytes, 0)?;
    match kind {
        128 | 129 => echo(kind == 129, bytes),
        1..=4 => {
            let mtu = read::u32(bytes, 4).filter(|_| kind == 2);
            Some(error(kind, code, mtu, bytes, whence))
        }
        135 => read::v6(bytes, TARGET).map(|target| Body::Solicit { target }),
        136 => read::v6(bytes, TARGET).map(|target| Body::Advert {
            target,
            mac: target_address(read::behind(bytes, OPTIONS)),
        }),
        _ => Some(Body::Icmp { kind, code }),
    }
}

fn echo(reply: bool, bytes: &[u8]) -> Option<Body> {
    let (id, seq) = (read::u16(bytes, 4)?, read::u16(bytes, 6)?);
    Some(Body::Echo { reply, id, seq })
}

/// An error about an error is never sent (RFC 1122 3.2.2), so nothing is quoted within a quotation.
fn error(kind: u8, code: u8, mtu: Option<u32>, bytes: &[u8], whence: Whence) -> Body {
    let quoted = match whence {
        Whence::Wire(_) => ip::quoted(read::behind(bytes, QUOTED)).map(Box::new),
        Whence::Quoted => None,
    };
    Body::Error(IcmpError {
        kind,
        code,
        mtu,
        quoted,
    })
}

/// Walks along the options, whose length is in units of 8 bytes.
fn target_address(mut options: &[u8]) -> Option<Mac> {
    while let [kind, units, ..] = options
        && *units != 0
    {
        if (*kind, *units) == (TARGET_ADDRESS, 1) {
            return read::mac(options, 2);
        }
        options = read::behind(options, usize::from(*units) * 8);
    }
    None
}
