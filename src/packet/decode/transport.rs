//! UDP (RFC 768) with VXLAN (RFC 7348) within, and TCP (RFC 9293).

use pnet::packet::udp::UdpPacket;

use super::ip::Whence;
use super::nested;
use crate::packet::{Body, Medium, Tcp, TcpFlags, Vxlan, number, read};

/// An error quotes at least both ports and the sequence number (RFC 792).
const QUOTED: usize = 8;

/// A UDP datagram.
pub(super) fn udp(bytes: &[u8], whence: Whence) -> Option<Body> {
    let header = UdpPacket::new(bytes)?;
    let (src, dst) = (header.get_source(), header.get_destination());
    let vxlan = match whence {
        Whence::Wire(depth) if number::VXLAN.contains(&dst) => {
            let said = usize::from(header.get_length());
            let said = if said == 0 { bytes.len() } else { said };
            let payload = read::behind(read::first(bytes, said), UdpPacket::minimum_packet_size());
            depth.checked_sub(1).and_then(|depth| vxlan(payload, depth))
        }
        Whence::Wire(_) | Whence::Quoted => None,
    };
    Some(Body::Udp {
        src,
        dst,
        vxlan: vxlan.map(Box::new),
    })
}

/// Nothing where it makes no sense, since anybody may use the port.
fn vxlan(bytes: &[u8], depth: u8) -> Option<Vxlan> {
    let valid = read::byte(bytes, 0)? & number::VXLAN_VALID != 0;
    let vni = read::u24(bytes, 4).filter(|_| valid)?;
    let inner = bytes.get(number::VXLAN_HEADER..)?;
    Some(Vxlan {
        vni,
        inner: nested(Medium::Ethernet, inner, depth),
    })
}

/// A TCP segment; where an error quotes but the first bytes, what is not there is 0.
pub(super) fn tcp(bytes: &[u8], whence: Whence) -> Option<Body> {
    let may_end = whence == Whence::Quoted && bytes.len() >= QUOTED;
    let missing = may_end.then_some(());
    let ack = read::u32(bytes, 8).or(missing.map(|()| 0))?;
    let flags = read::byte(bytes, 13).or(missing.map(|()| 0))?;
    Some(Body::Tcp(Tcp {
        src: read::u16(bytes, 0)?,
        dst: read::u16(bytes, 2)?,
        seq: read::u32(bytes, 4)?,
        ack,
        flags: TcpFlags::from_bits_retain(flags),
    }))
}
