//! What tcpdump 4.99 prints for a frame, without `-v` and with `-n`.
//!
//! Pure: bytes become text. Nothing that arrives can make it panic; what was cut off or makes no
//! sense is marked as tcpdump marks it (` [|tcp]`). Payloads of TCP and UDP are not looked into,
//! but for VXLAN's.

mod arp;
mod ether;
mod icmp;
mod icmp6;
mod igmp;
mod ip;
mod ip6;
mod layer;
mod tcp;
mod udp;

use layer::{Cut, Layer};
use tcp::Flows;

pub use crate::packet::Direction;

/// A captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What stands before the network layer.
    pub link: Link<'a>,
    /// What was captured: from the Ethernet header on, or from the network layer on when cooked.
    pub bytes: &'a [u8],
    /// Its length on the wire.
    pub length: usize,
}

/// A frame's link layer.
#[derive(Clone, Copy, Debug)]
pub enum Link<'a> {
    /// An Ethernet header, within the bytes.
    Ethernet,
    /// None: what the kernel says instead, as a capture on `any` shows it (`LINUX_SLL2`).
    Cooked(Cooked<'a>),
}

/// What the kernel says of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Cooked<'a> {
    /// Device; absent when it is gone.
    pub dev: Option<&'a str>,
    /// Its ifindex.
    pub index: u32,
    /// Which way, and for whom.
    pub direction: Direction,
    /// The sender's hardware address.
    pub address: Option<[u8; 6]>,
    /// Ethertype.
    pub protocol: u16,
}

/// Prints frames; remembers TCP connections, whose sequence numbers are shown from 0 on.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    link_header: bool,
    flows: Flows,
}

/// VXLAN within VXLAN is followed so far.
const DEPTH: u8 = 4;

/// A line under way.
struct Line<'p> {
    out: String,
    link_header: bool,
    flows: &'p mut Flows,
    depth: u8,
}

impl Printer {
    /// A printer; with the link layer too, as `-e` asks.
    pub fn new(link_header: bool) -> Self {
        Self {
            link_header,
            flows: Flows::default(),
        }
    }

    /// The text for a frame, without time stamp and line end.
    pub fn print(&mut self, frame: &Frame<'_>) -> String {
        let mut line = Line {
            out: String::new(),
            link_header: self.link_header,
            flows: &mut self.flows,
            depth: 0,
        };
        let decoded = match &frame.link {
            Link::Ethernet => line.ether(Layer::new("ether", frame.bytes, frame.length)),
            Link::Cooked(cooked) => {
                line.cooked(cooked, Layer::new("sll2", frame.bytes, frame.length))
            }
        };
        if let Err(Cut(layer)) = decoded {
            line.say(format_args!(" [|{layer}]"));
        }
        line.out
    }
}

impl Line<'_> {
    fn say(&mut self, words: std::fmt::Arguments<'_>) {
        use std::fmt::Write;
        // A `String` takes everything.
        let _ = self.out.write_fmt(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arp() -> Vec<u8> {
        let mut bytes = vec![0xff; 6];
        bytes.extend([2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
        bytes.extend([2, 0, 0, 0, 0, 1, 10, 0, 0, 1]);
        bytes.extend([0, 0, 0, 0, 0, 0, 10, 0, 0, 9]);
        bytes
    }

    #[test]
    fn both_forms_of_a_link_header() {
        let bytes = arp();
        let mut frame = Frame {
            link: Link::Ethernet,
            bytes: &bytes,
            length: bytes.len(),
        };
        let who_has = "Request who-has 10.0.0.9 tell 10.0.0.1, length 28";
        let print = |header, frame: &Frame<'_>| Printer::new(header).print(frame);
        assert_eq!(print(false, &frame), format!("ARP, {who_has}"));
        assert_eq!(
            print(true, &frame),
            format!(
                "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: {who_has}"
            )
        );
        frame.bytes = &bytes[14..];
        frame.length = 28;
        frame.link = Link::Cooked(Cooked {
            dev: Some("br0"),
            index: 3,
            direction: Direction::Broadcast,
            address: Some([2, 0, 0, 0, 0, 1]),
            protocol: 0x0806,
        });
        assert_eq!(print(false, &frame), format!("br0   B   ARP, {who_has}"));
        assert_eq!(
            print(true, &frame),
            format!(
                "br0   B   ifindex 3 02:00:00:00:00:01 ethertype ARP (0x0806), length 48: {who_has}"
            )
        );
    }

    #[test]
    fn what_was_cut_off_is_marked() {
        let bytes = arp();
        for (kept, text) in [(13, " [|ether]"), (20, " [|arp]"), (40, " [|arp]")] {
            let frame = Frame {
                link: Link::Ethernet,
                bytes: &bytes[..kept],
                length: bytes.len(),
            };
            assert_eq!(Printer::default().print(&frame), text, "{kept} bytes");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(
            kind in proptest::sample::select(&[0x0800_u16, 0x0806, 0x86dd, 0x8100, 0x88b5, 5][..]),
            protocol in proptest::sample::select(&[1_u8, 2, 6, 17, 58, 0, 44, 60, 43, 4, 41][..]),
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..160),
            extra in 0_usize..64,
        ) {
            let mut frame = vec![2; 12];
            frame.extend(kind.to_be_bytes());
            frame.extend(&bytes);
            if let Some(byte) = frame.get_mut(14) {
                *byte = if kind == 0x0800 { 0x45 } else { 0x60 };
            }
            let at = if kind == 0x0800 { 23 } else { 20 };
            if let Some(byte) = frame.get_mut(at) {
                *byte = protocol;
            }
            let frame = Frame { link: Link::Ethernet, bytes: &frame, length: frame.len() + extra };
            let text = Printer::new(true).print(&frame);
            proptest::prop_assert!(!text.is_empty());
        }
    }
}
