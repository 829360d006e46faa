//! IPv6 (RFC 8200).

use pnet::packet::ipv6::Ipv6Packet;

use super::ip::Carrier;
use super::{Cut, Layer, Line};
use crate::command::Family;

/// Header, bytes.
const HEADER: usize = 40;

impl Line<'_> {
    /// An IPv6 packet.
    pub(super) fn ip6(&mut self, packet: Layer<'_>) -> Result<(), Cut> {
        let ip = Ipv6Packet::new(packet.bytes).ok_or(packet.cut())?;
        if !self.link_header {
            self.out += "IP6 ";
        }
        if ip.get_version() != 6 {
            self.say(format_args!("version error: {} != 6", ip.get_version()));
            return Ok(());
        }
        let said = usize::from(ip.get_payload_length());
        let total = if said == 0 {
            packet.length
        } else {
            said + HEADER
        };
        if packet.length < total {
            let missing = total - packet.length;
            self.say(format_args!("truncated-ip6 - {missing} bytes missing!"));
        }
        let packet = Layer::new("ip6", packet.bytes, total);
        let carrier = Carrier {
            family: Family::V6,
            from: ip.get_source().into(),
            to: ip.get_destination().into(),
            fragmented: false,
            direct: true,
        };
        let next = ip.get_next_header().0;
        if !matches!(next, 6 | 17) {
            self.say(format_args!("{} > {}: ", carrier.from, carrier.to));
        }
        self.extensions(next, packet.after(HEADER, "ip6"), carrier)
    }

    /// Extension headers, up to the transport layer.
    fn extensions(
        &mut self,
        mut next: u8,
        mut rest: Layer<'_>,
        mut carrier: Carrier,
    ) -> Result<(), Cut> {
        loop {
            let skip = match next {
                0 => self.options("HBH ", rest.named("hbhopt"))?,
                60 => self.options("DSTOPT ", rest.named("dstopt"))?,
                44 => {
                    let fragment = rest.named("frag6");
                    let offset = fragment.u16(2)? & !7;
                    let length = rest.length.saturating_sub(8);
                    self.say(format_args!("frag ({offset}|{length})"));
                    if offset != 0 {
                        return Ok(());
                    }
                    self.out.push(' ');
                    if rest.bytes.len() <= 8 {
                        return Ok(());
                    }
                    carrier.fragmented = true;
                    8
                }
                _ => return self.transport(next, rest, carrier),
            };
            carrier.direct = false;
            next = rest.u8(0)?;
            rest = rest.after(skip, "ip6");
        }
    }

    /// A header of options, which are not shown; its length.
    fn options(&mut self, name: &str, header: Layer<'_>) -> Result<usize, Cut> {
        let length = (usize::from(header.u8(1)?) + 1) * 8;
        header.slice(0, length)?;
        self.out += name;
        Ok(length)
    }
}
