//! Echo requests as bytes, and bytes as what they mean to us (RFC 792, RFC 4443).

use std::net::IpAddr;
use std::time::Duration;

use pnet::packet::Packet;
use pnet::packet::icmp::echo_reply::EchoReplyPacket;
use pnet::packet::icmp::{IcmpPacket, IcmpTypes};
use pnet::packet::icmpv6::{Icmpv6Packet, Icmpv6Types};
use pnet::packet::ip::IpNextHeaderProtocols;
use pnet::packet::ipv4::Ipv4Packet;
use pnet::packet::ipv6::Ipv6Packet;

use crate::command::Family;
use crate::command::ping::print::{IcmpError, TIMED};

/// ICMP header of an echo, bytes.
const HEADER: usize = 8;

/// Type of an ICMP echo request.
const REQUEST_V4: u8 = 8;
/// Type of an ICMPv6 echo request.
const REQUEST_V6: u8 = 128;

/// By what an answer is known to be ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ours {
    /// Identifier of our requests.
    pub id: u16,
    /// Where they go.
    pub to: IpAddr,
}

/// Something that came back for one of our requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// An echo reply.
    Reply {
        /// Sequence number.
        seq: u16,
        /// ICMP header and payload.
        bytes: usize,
        /// TTL that it arrived with; ICMPv6 tells it otherwise.
        ttl: Option<u8>,
        /// When its request was sent (since 1970), where the payload has room for that.
        sent: Option<Duration>,
    },
    /// An ICMP error that quotes a request.
    Error {
        /// That request's sequence number.
        seq: u16,
        /// Which error.
        error: IcmpError,
    },
}

/// The family of an address.
pub fn family(addr: IpAddr) -> Family {
    match addr {
        IpAddr::V4(_) => Family::V4,
        IpAddr::V6(_) => Family::V6,
    }
}

/// An echo request with `size` bytes of payload: the time of sending as ping writes it (a 64-bit
/// `struct timeval`), then bytes that count up. The kernel fills in ICMPv6's checksum.
pub fn request(family: Family, id: u16, seq: u16, size: u16, now: Duration) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(HEADER + usize::from(size));
    let kind = match family {
        Family::V4 => REQUEST_V4,
        Family::V6 => REQUEST_V6,
    };
    bytes.extend([kind, 0, 0, 0]);
    bytes.extend(id.to_be_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend((0..size).map(|at| at.to_le_bytes()[0]));
    if size >= TIMED {
        bytes[HEADER..HEADER + 8].copy_from_slice(&now.as_secs().to_ne_bytes());
        let micros = u64::from(now.subsec_micros());
        bytes[HEADER + 8..HEADER + 16].copy_from_slice(&micros.to_ne_bytes());
    }
    if family == Family::V4 {
        let sum = pnet::packet::util::checksum(&bytes, 1);
        bytes[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    bytes
}

/// What an IPv4 datagram from a raw ICMP socket, its IP header included, means to us.
pub fn hear_v4(datagram: &[u8], ours: Ours) -> Option<Heard> {
    let ip = Ipv4Packet::new(datagram)?;
    let message = datagram.get(usize::from(ip.get_header_length()) * 4..)?;
    let icmp = IcmpPacket::new(message)?;
    if icmp.get_icmp_type() == IcmpTypes::EchoReply {
        return reply(message, Some(ip.get_ttl()), ours);
    }
    let quoted = message.get(HEADER..)?;
    let inner = Ipv4Packet::new(quoted)?;
    let echo = quoted.get(usize::from(inner.get_header_length()) * 4..)?;
    let about_us = inner.get_next_level_protocol() == IpNextHeaderProtocols::Icmp
        && IpAddr::V4(inner.get_destination()) == ours.to;
    let error = IcmpError {
        family: Family::V4,
        kind: icmp.get_icmp_type().0,
        code: icmp.get_icmp_code().0,
        info: info(message)?,
    };
    quoted_request(echo, REQUEST_V4, ours)
        .filter(|_| about_us)
        .map(|seq| Heard::Error { seq, error })
}

/// What an ICMPv6 message means to us.
pub fn hear_v6(message: &[u8], hops: Option<u8>, ours: Ours) -> Option<Heard> {
    let icmp = Icmpv6Packet::new(message)?;
    if icmp.get_icmpv6_type() == Icmpv6Types::EchoReply {
        return reply(message, hops, ours);
    }
    let quoted = message.get(HEADER..)?;
    let inner = Ipv6Packet::new(quoted)?;
    let echo = match inner.get_next_header() {
        IpNextHeaderProtocols::Icmpv6 => quoted.get(40..)?,
        // A request longer than the path's MTU is quoted with its fragment header (8 bytes).
        IpNextHeaderProtocols::Ipv6Frag => quoted.get(48..)?,
        _ => return None,
    };
    let error = IcmpError {
        family: Family::V6,
        kind: icmp.get_icmpv6_type().0,
        code: icmp.get_icmpv6_code().0,
        info: info(message)?,
    };
    quoted_request(echo, REQUEST_V6, ours)
        .filter(|_| IpAddr::V6(inner.get_destination()) == ours.to)
        .map(|seq| Heard::Error { seq, error })
}

fn reply(message: &[u8], ttl: Option<u8>, ours: Ours) -> Option<Heard> {
    // ICMP and ICMPv6 put identifier, sequence number and payload at the same places.
    let echo = EchoReplyPacket::new(message)?;
    (echo.get_identifier() == ours.id).then(|| Heard::Reply {
        seq: echo.get_sequence_number(),
        bytes: message.len(),
        ttl,
        sent: sent(echo.payload()),
    })
}

fn sent(payload: &[u8]) -> Option<Duration> {
    let (seconds, rest) = payload.split_first_chunk::<8>()?;
    let (micros, _) = rest.split_first_chunk::<8>()?;
    let micros = u32::try_from(u64::from_ne_bytes(*micros)).ok()?;
    (micros < 1_000_000).then(|| Duration::new(u64::from_ne_bytes(*seconds), micros * 1000))
}

fn info(message: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*message.get(4..)?.first_chunk()?))
}

/// Sequence number of a quoted echo request, if it is ours. Eight bytes of it are always quoted.
fn quoted_request(echo: &[u8], kind: u8, ours: Ours) -> Option<u16> {
    let [at, _, _, _, id_high, id_low, seq @ ..] = *echo.first_chunk::<HEADER>()?;
    (at == kind && u16::from_be_bytes([id_high, id_low]) == ours.id)
        .then(|| u16::from_be_bytes(seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::new(1_700_000_000, 123_456_000);

    fn ours(to: &str) -> Ours {
        Ours {
            id: 77,
            to: to.parse().unwrap(),
        }
    }

    fn v4(protocol: u8, to: [u8; 4], payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 63, protocol, 0, 0, 10, 0, 0, 9];
        bytes.extend(to);
        bytes.extend(payload);
        bytes
    }

    #[test]
    fn a_reply_tells_when_its_request_was_sent() {
        let mut echo = request(Family::V4, 77, 5, 56, NOW);
        echo[0] = 0;
        let heard = hear_v4(&v4(1, [10, 0, 0, 1], &echo), ours("10.0.0.9"));
        assert_eq!(
            heard,
            Some(Heard::Reply {
                seq: 5,
                bytes: 64,
                ttl: Some(63),
                sent: Some(NOW),
            })
        );
        echo[5] = 78;
        assert_eq!(
            hear_v4(&v4(1, [10, 0, 0, 1], &echo), ours("10.0.0.9")),
            None,
            "a stranger's"
        );
    }

    #[test]
    fn an_error_is_ours_when_it_quotes_our_request() {
        let echo = request(Family::V4, 77, 5, 56, NOW);
        let mut message = vec![3, 4, 0, 0, 0, 0, 5, 120];
        message.extend(v4(1, [172, 16, 0, 40], &echo));
        let datagram = v4(1, [10, 0, 0, 1], &message);
        let Some(Heard::Error { seq: 5, error }) = hear_v4(&datagram, ours("172.16.0.40")) else {
            panic!("not heard");
        };
        assert_eq!((error.kind, error.code, error.info), (3, 4, 1400));
        assert_eq!(hear_v4(&datagram, ours("172.16.0.41")), None, "elsewhere");
    }

    #[test]
    fn the_checksum_is_right() {
        let echo = request(Family::V4, 77, 5, 57, NOW);
        let icmp = IcmpPacket::new(&echo).unwrap();
        assert_eq!(pnet::packet::icmp::checksum(&icmp), icmp.get_checksum());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..128)) {
            let _ = hear_v4(&bytes, ours("10.0.0.1"));
            let _ = hear_v6(&bytes, None, ours("fd00::1"));
        }
    }
}
