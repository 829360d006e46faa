//! Does a frame pass a filter? As pcap-filter(7) says.

use std::net::IpAddr;

use pnet::packet::arp::ArpPacket;
use pnet::packet::ethernet::EthernetPacket;
use pnet::packet::ipv4::Ipv4Packet;
use pnet::packet::ipv6::Ipv6Packet;

use super::Filter;
use super::print::{Frame, Link};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ARP: u16 = 0x0806;

/// What filters ask about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    arp: bool,
    v6: bool,
    /// Protocol number of what IP carries; IPv6 extension headers are not followed, nor does
    /// `icmp6` of tcpdump but for a fragment header.
    protocol: Option<u8>,
    hosts: Vec<IpAddr>,
    /// Absent in all fragments but the first.
    ports: Option<[u16; 2]>,
}

/// Do all words hold for the frame?
pub fn passes(filter: &[Filter], frame: &Frame<'_>) -> bool {
    if filter.is_empty() {
        return true;
    }
    let facts = facts(frame);
    filter.iter().all(|word| facts.meet(word))
}

impl Facts {
    fn meet(&self, word: &Filter) -> bool {
        match word {
            Filter::Icmp => !self.v6 && self.protocol == Some(1),
            Filter::Icmp6 => self.v6 && self.protocol == Some(58),
            Filter::Arp => self.arp,
            Filter::Tcp => self.protocol == Some(6),
            Filter::Udp => self.protocol == Some(17),
            Filter::Host(addr) => self.hosts.contains(addr),
            Filter::Port(port) => self.ports.is_some_and(|ports| ports.contains(port)),
        }
    }
}

fn facts(frame: &Frame<'_>) -> Facts {
    let (kind, payload) = match &frame.link {
        Link::Cooked(cooked) => (Some(cooked.protocol), frame.bytes),
        Link::Ethernet => (
            EthernetPacket::new(frame.bytes).map(|header| header.get_ethertype().0),
            frame.bytes.get(14..).unwrap_or_default(),
        ),
    };
    match kind {
        Some(IPV4) => v4(payload),
        Some(IPV6) => v6(payload),
        Some(ARP) => arp(payload),
        Some(_) | None => None,
    }
    .unwrap_or_default()
}

fn v4(payload: &[u8]) -> Option<Facts> {
    let ip = Ipv4Packet::new(payload)?;
    let protocol = ip.get_next_level_protocol().0;
    let rest = payload.get(usize::from(ip.get_header_length()) * 4..);
    Some(Facts {
        protocol: Some(protocol),
        hosts: vec![ip.get_source().into(), ip.get_destination().into()],
        ports: rest
            .filter(|_| ip.get_fragment_offset() == 0)
            .and_then(|rest| ports(protocol, rest)),
        ..Facts::default()
    })
}

fn v6(payload: &[u8]) -> Option<Facts> {
    let ip = Ipv6Packet::new(payload)?;
    let mut protocol = ip.get_next_header().0;
    let mut rest = payload.get(40..)?;
    if protocol == 44 {
        protocol = *rest.first()?;
        rest = rest.get(8..)?;
    }
    Some(Facts {
        v6: true,
        protocol: Some(protocol),
        hosts: vec![ip.get_source().into(), ip.get_destination().into()],
        ports: ports(protocol, rest),
        ..Facts::default()
    })
}

fn arp(payload: &[u8]) -> Option<Facts> {
    let arp = ArpPacket::new(payload)?;
    Some(Facts {
        arp: true,
        hosts: vec![
            arp.get_sender_proto_addr().into(),
            arp.get_target_proto_addr().into(),
        ],
        ..Facts::default()
    })
}

/// TCP, UDP and SCTP begin with their ports.
fn ports(protocol: u8, rest: &[u8]) -> Option<[u16; 2]> {
    let [a, b, c, d] = *rest.first_chunk()?;
    matches!(protocol, 6 | 17 | 132)
        .then(|| [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn udp() -> Vec<u8> {
        let mut bytes = vec![2; 12];
        bytes.extend([8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
        bytes.extend([10, 0, 0, 1, 10, 0, 0, 2, 0x14, 0xe9, 0, 53, 0, 8, 0, 0]);
        bytes
    }

    #[test]
    fn words() {
        let bytes = udp();
        let frame = Frame {
            link: Link::Ethernet,
            bytes: &bytes,
            length: bytes.len(),
        };
        let addr = |text: &str| Filter::Host(text.parse().unwrap());
        for (word, holds) in [
            (Filter::Udp, true),
            (Filter::Tcp, false),
            (Filter::Icmp, false),
            (Filter::Arp, false),
            (Filter::Port(53), true),
            (Filter::Port(5353), true),
            (Filter::Port(54), false),
            (addr("10.0.0.2"), true),
            (addr("10.0.0.3"), false),
        ] {
            assert_eq!(
                passes(std::slice::from_ref(&word), &frame),
                holds,
                "{word:?}"
            );
        }
        assert!(passes(&[], &frame));
        assert!(!passes(&[Filter::Udp, Filter::Port(54)], &frame));
    }
}
