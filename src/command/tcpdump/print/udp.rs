//! UDP (RFC 768), and VXLAN within it (RFC 7348).

use pnet::packet::udp::UdpPacket;

use super::ip::Carrier;
use super::{Cut, DEPTH, Layer, Line};

/// Header, bytes.
const HEADER: usize = 8;
/// The port that VXLAN was given; Linux uses 8472 where none is said, which tcpdump calls OTV.
const VXLAN: u16 = 4789;
/// What Linux chose before there was a standard.
const OTV: u16 = 8472;

impl Line<'_> {
    /// A UDP datagram.
    pub(super) fn udp(&mut self, udp: Layer<'_>, carrier: Carrier) -> Result<(), Cut> {
        let (Ok(from), Ok(to)) = (udp.u16(0), udp.u16(2)) else {
            if carrier.direct {
                self.say(format_args!("{} > {}: ", carrier.from, carrier.to));
            }
            return Err(udp.cut());
        };
        self.ports(carrier, from, to);
        if udp.length < HEADER {
            self.say(format_args!("truncated-udp {}", udp.length));
            return Ok(());
        }
        let said = usize::from(udp.u16(4)?);
        if said < HEADER {
            self.say(format_args!("truncated-udplength {said}"));
            return Ok(());
        }
        UdpPacket::new(udp.bytes).ok_or(udp.cut())?;
        let payload = udp.after(HEADER, "udp");
        let said = said - HEADER;
        if [from, to].contains(&VXLAN) && self.depth < DEPTH {
            return self.vxlan(Layer::new("vxlan", payload.bytes, payload.length.min(said)));
        }
        if [from, to].contains(&OTV) && self.depth < DEPTH {
            return self.otv(Layer::new("otv", payload.bytes, payload.length.min(said)));
        }
        if said > payload.length && !carrier.fragmented {
            self.say(format_args!("UDP, bad length {said} > {}", payload.length));
        } else {
            self.say(format_args!("UDP, length {said}"));
        }
        Ok(())
    }

    /// Both ends, with addresses unless something stands between them and the ports.
    pub(super) fn ports(&mut self, carrier: Carrier, from: u16, to: u16) {
        if carrier.direct {
            self.say(format_args!(
                "{}.{from} > {}.{to}: ",
                carrier.from, carrier.to
            ));
        } else {
            self.say(format_args!("{from} > {to}: "));
        }
    }

    fn vxlan(&mut self, vxlan: Layer<'_>) -> Result<(), Cut> {
        self.out += "VXLAN";
        if vxlan.length < HEADER {
            self.out += " (invalid)";
            return Ok(());
        }
        let flags = vxlan.u8(0)?;
        let names = if flags & 8 == 0 { "invalid" } else { "I" };
        self.say(format_args!(", flags [{names}] (0x{flags:02x}), "));
        let vni = three(&vxlan, 4)?;
        self.say(format_args!("vni {vni}\n"));
        vxlan.u8(7)?;
        self.depth += 1;
        self.ether(vxlan.after(HEADER, "ether"))
    }

    fn otv(&mut self, otv: Layer<'_>) -> Result<(), Cut> {
        self.out += "OTV, ";
        if otv.length < HEADER {
            self.say(format_args!("[length {} < 8] (invalid)", otv.length));
            return Ok(());
        }
        let flags = otv.u8(0)?;
        let name = if flags & 8 == 0 { "." } else { "I" };
        self.say(format_args!("flags [{name}] (0x{flags:02x}), "));
        self.say(format_args!("overlay {}, ", three(&otv, 1)?));
        self.say(format_args!("instance {}\n", three(&otv, 4)?));
        otv.u8(7)?;
        self.depth += 1;
        self.ether(otv.after(HEADER, "ether"))
    }
}

/// Three bytes, as a number.
fn three(layer: &Layer<'_>, at: usize) -> Result<u32, Cut> {
    let [a, b, c] = layer.array(at)?;
    Ok(u32::from_be_bytes([0, a, b, c]))
}
