//! IPv4 (RFC 791), and what it carries.

use std::net::IpAddr;

use pnet::packet::ipv4::Ipv4Packet;

use super::{Cut, Layer, Line};
use crate::command::Family;

/// Header without options, bytes.
const HEADER: usize = 20;
/// The offset within `flags` and `fragment offset`.
const OFFSET: u16 = 0x1fff;

/// What a transport layer must know of the packet that carries it.
#[derive(Clone, Copy, Debug)]
pub struct Carrier {
    pub family: Family,
    pub from: IpAddr,
    pub to: IpAddr,
    /// There is more of it in other packets.
    pub fragmented: bool,
    /// Addresses are shown with the ports, for the transport header stands at once behind.
    pub direct: bool,
}

impl Line<'_> {
    /// An IPv4 packet.
    pub(super) fn ip(&mut self, packet: Layer<'_>) -> Result<(), Cut> {
        match packet.u8(0)? >> 4 {
            4 => {}
            6 => {
                self.out += "IP6, wrong link-layer encapsulation (invalid)";
                return Ok(());
            }
            version => {
                self.say(format_args!("IP{version} (invalid)"));
                return Ok(());
            }
        }
        if !self.link_header {
            self.out += "IP ";
        }
        let ip = Ipv4Packet::new(packet.bytes).ok_or(packet.cut())?;
        let header = usize::from(ip.get_header_length()) * 4;
        if header < HEADER {
            self.say(format_args!("bad-hlen {header}"));
            return Ok(());
        }
        let total = usize::from(ip.get_total_length());
        if packet.length < total {
            let missing = total - packet.length;
            self.say(format_args!("truncated-ip - {missing} bytes missing! "));
        }
        let total = match total {
            // Offloaded to the device, which would have filled it in.
            0 => packet.length,
            short if short < header => {
                self.say(format_args!("bad-len {short}"));
                return Ok(());
            }
            total => total,
        };
        let (from, to) = (ip.get_source(), ip.get_destination());
        // Flags and offset as one field: pnet parts them.
        let offset = packet.u16(6)? & OFFSET;
        let protocol = ip.get_next_level_protocol().0;
        if offset != 0 {
            self.say(format_args!("{from} > {to}: ip-proto-{protocol}"));
            return Ok(());
        }
        if !matches!(protocol, 6 | 17) {
            self.say(format_args!("{from} > {to}: "));
        }
        let payload = Layer::new("ip", packet.bytes, total);
        payload.slice(0, header)?;
        let carrier = Carrier {
            family: Family::V4,
            from: from.into(),
            to: to.into(),
            fragmented: ip.get_flags() & 1 != 0,
            direct: true,
        };
        self.transport(protocol, payload.after(header, "ip"), carrier)
    }

    /// What an IP packet carries, by protocol number.
    pub(super) fn transport(
        &mut self,
        protocol: u8,
        payload: Layer<'_>,
        carrier: Carrier,
    ) -> Result<(), Cut> {
        match (protocol, carrier.family) {
            (1, Family::V4) => self.icmp(payload.named("icmp")),
            (2, Family::V4) => self.igmp(payload.named("igmp")),
            (6, _) => self.tcp(payload.named("tcp"), carrier),
            (17, _) => self.udp(payload.named("udp"), carrier),
            (58, Family::V6) => self.icmp6(payload.named("icmp6")),
            (59, _) => {
                self.out += "no next header";
                Ok(())
            }
            (other, _) => {
                self.say(format_args!(" ip-proto-{other} {}", payload.length));
                Ok(())
            }
        }
    }
}
