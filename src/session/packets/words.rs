//! What tcpdump prints for a packet.
//!
//! TCP's sequence numbers are shown from the beginning of the connection on, so its lines have to
//! be worded in the order in which they passed; and as each `tcpdump -i` does, for each device by
//! itself, since the same segment passes several. Every other line says the same at any time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::command::tcpdump::print::{Frame, Link, Printer};
use crate::packet::number::ethertype;
use crate::packet::{Body, Decoded, Medium, Sighting, decode};
use crate::world::Ns;

/// So many devices are remembered; then all are forgotten, as one new is.
const DEVICES: usize = 256;

/// The line of a packet that depends on none before it.
pub(super) fn words(sighting: &Sighting) -> String {
    print(&mut Printer::default(), sighting)
}

/// For each device what its connections are.
#[derive(Clone, Debug, Default)]
pub(super) struct Printers(BTreeMap<Ns, BTreeMap<u32, Printer>>);

impl Printers {
    /// The line of a packet that has just passed, if it depends on those before it.
    pub(super) fn words(&mut self, sighting: &Sighting) -> Option<Arc<str>> {
        if is_icmp(sighting) || !depends(&decode(sighting.medium, &sighting.bytes)) {
            return None;
        }
        if self.0.values().map(BTreeMap::len).sum::<usize>() >= DEVICES {
            self.0.clear();
        }
        if !self.0.contains_key(&sighting.ns) {
            self.0.insert(sighting.ns.clone(), BTreeMap::new());
        }
        let printer = self
            .0
            .get_mut(&sighting.ns)?
            .entry(sighting.index)
            .or_default();
        Some(print(printer, sighting).into())
    }
}

/// Is it plainly ICMP in IPv4? That floods most, and need not be taken apart to know.
fn is_icmp(sighting: &Sighting) -> bool {
    let at = |range: std::ops::Range<usize>| sighting.bytes.get(range);
    sighting.medium == Medium::Ethernet
        && at(12..14) == Some(&[0x08, 0x00])
        && at(23..24) == Some(&[1])
}

/// Do the words depend on what passed before?
fn depends(decoded: &Decoded) -> bool {
    let Some(ip) = decoded.ip() else {
        return false;
    };
    match &ip.body {
        Body::Tcp(_) | Body::Other => true, // a protocol that may carry a packet itself
        Body::Udp { vxlan, .. } => vxlan.as_ref().is_some_and(|inner| depends(&inner.inner)),
        Body::Echo { .. }
        | Body::Error(_)
        | Body::Solicit { .. }
        | Body::Advert { .. }
        | Body::Icmp { .. }
        | Body::Cut => false,
    }
}

fn print(printer: &mut Printer, sighting: &Sighting) -> String {
    let frame = |bytes, length| Frame {
        link: Link::Ethernet,
        bytes,
        length,
    };
    match sighting.medium {
        Medium::Ethernet => printer.print(&frame(&sighting.bytes, sighting.length)),
        Medium::Bare => {
            let bytes = [&header(&sighting.bytes), sighting.bytes.as_slice()].concat();
            printer.print(&frame(&bytes, sighting.length + HEADER))
        }
    }
}

/// Ethernet header, bytes.
const HEADER: usize = 14;

/// A header for a packet that has none: what it is, its first bits say.
fn header(packet: &[u8]) -> [u8; HEADER] {
    let kind: u16 = match packet.first().map(|first| first >> 4) {
        Some(4) => ethertype::IPV4,
        Some(6) => ethertype::IPV6,
        Some(_) | None => 0xffff, // reserved (RFC 1701): nobody's
    };
    let mut header = [0; HEADER];
    header[12..].copy_from_slice(&kind.to_be_bytes());
    header
}
