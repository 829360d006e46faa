//! Frames as they were seen passing, and what stands in them.
//!
//! Pure: bytes become data. Nothing that arrives can make it panic or loop; what was cut off is
//! said to be ([`Net::Cut`], [`Body::Cut`]). What `tcpdump` prints for a frame is in
//! `command::tcpdump::print`; this is for whoever has to know what a packet *is*: filters, the
//! detail view, and the way of one packet through all namespaces.

mod decode;
pub mod fields;
pub mod filter;
pub(crate) mod number;
pub mod pcapng;
mod read;

pub use decode::decode;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use crate::world::Ns;
use crate::world::link::Mac;

/// Which way a frame went, and whom it was for (packet(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To this host.
    In,
    /// To all.
    Broadcast,
    /// To a group.
    Multicast,
    /// To another host.
    Other,
    /// From this host.
    Out,
}

/// What a frame begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// An Ethernet header (`ARPHRD_ETHER`, `ARPHRD_LOOPBACK`).
    Ethernet,
    /// The network layer at once, as on a tun device (`ARPHRD_NONE`).
    Bare,
}

/// A frame that was seen at one device of one namespace.
///
/// The same packet is seen many times on its way: at each end of each cable, and at the bridge
/// between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Counts on from 0 within a session; later sightings of one namespace have higher numbers.
    pub number: u64,
    /// When, since 1970, by the kernel's clock.
    pub at: Duration,
    /// In this namespace.
    pub ns: Ns,
    /// At the device with this ifindex.
    pub index: u32,
    /// The name that it had then.
    pub dev: String,
    /// Which way.
    pub direction: Direction,
    /// What it begins with.
    pub medium: Medium,
    /// What was captured of it.
    pub bytes: Vec<u8>,
    /// Its length on the wire.
    pub length: usize,
}

/// A frame, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Its Ethernet header; absent where the medium has none.
    pub ether: Option<Ether>,
    /// What it carries.
    pub net: Net,
}

impl Decoded {
    /// The packet in it, if it carries one.
    pub fn ip(&self) -> Option<&Ip> {
        if let Net::Ip(ip) = &self.net {
            return Some(ip);
        }
        None
    }
}

/// An Ethernet header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ether {
    /// Sender.
    pub src: Mac,
    /// Receiver.
    pub dst: Mac,
    /// Ethertype of what it carries, behind any tag.
    pub kind: u16,
    /// VLAN identifier of an 802.1Q tag.
    pub vlan: Option<u16>,
}

/// What a frame carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Net {
    /// A question for a hardware address, or the answer.
    Arp(Arp),
    /// IPv4 or IPv6.
    Ip(Box<Ip>),
    /// Another ethertype.
    Other(u16),
    /// It ends before that can be told.
    Cut,
}

/// ARP for IPv4 over Ethernet (RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// Is it the answer?
    pub reply: bool,
    /// Who speaks: its hardware address.
    pub sender_mac: Mac,
    /// Who speaks: its IP address.
    pub sender: Ipv4Addr,
    /// Who is meant: its hardware address, zero in a question.
    pub target_mac: Mac,
    /// Who is meant: its IP address.
    pub target: Ipv4Addr,
}

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ip {
    /// From.
    pub src: IpAddr,
    /// To.
    pub dst: IpAddr,
    /// Time to live, or hop limit.
    pub ttl: u8,
    /// Identification (IPv4; 0 in IPv6): the same in each sighting of one packet.
    pub id: u16,
    /// Don't fragment.
    pub df: bool,
    /// Its whole length by its own header, bytes.
    pub length: usize,
    /// IP protocol number.
    pub proto: u8,
    /// What it carries.
    pub body: Body,
}

impl Ip {
    /// The header of the TCP segment in it, if it carries one.
    pub fn tcp(&self) -> Option<&Tcp> {
        if let Body::Tcp(tcp) = &self.body {
            return Some(tcp);
        }
        None
    }
}

/// What a packet carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// ICMP or ICMPv6 echo.
    Echo {
        /// Is it the answer?
        reply: bool,
        /// Identifier.
        id: u16,
        /// Sequence number.
        seq: u16,
    },
    /// An ICMP or ICMPv6 error.
    Error(IcmpError),
    /// A question for a hardware address (RFC 4861).
    Solicit {
        /// Whose is wanted.
        target: Ipv6Addr,
    },
    /// The answer to that.
    Advert {
        /// Whose it is.
        target: Ipv6Addr,
        /// Its hardware address.
        mac: Option<Mac>,
    },
    /// Another ICMP or ICMPv6 message.
    Icmp {
        /// Type.
        kind: u8,
        /// Code.
        code: u8,
    },
    /// UDP.
    Udp {
        /// Source port.
        src: u16,
        /// Destination port.
        dst: u16,
        /// The frame within, if it is VXLAN's (RFC 7348).
        vxlan: Option<Box<Vxlan>>,
    },
    /// TCP.
    Tcp(Tcp),
    /// A fragment behind the first, or another protocol.
    Other,
    /// It ends before that can be told.
    Cut,
}

/// An ICMP or ICMPv6 error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpError {
    /// Type.
    pub kind: u8,
    /// Code.
    pub code: u8,
    /// The largest packet that fits, where it says so.
    pub mtu: Option<u32>,
    /// The packet that it is about, as far as it is quoted.
    pub quoted: Option<Box<Ip>>,
}

/// A TCP segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcp {
    /// Source port.
    pub src: u16,
    /// Destination port.
    pub dst: u16,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgement number.
    pub ack: u32,
    /// What it is for.
    pub flags: TcpFlags,
}

bitflags::bitflags! {
    /// Flags of a TCP segment (RFC 9293 3.1).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct TcpFlags: u8 {
        /// Ends.
        const FIN = 1;
        /// Opens a connection.
        const SYN = 1 << 1;
        /// Refuses or breaks off.
        const RST = 1 << 2;
        /// Hands over at once.
        const PSH = 1 << 3;
        /// Acknowledges.
        const ACK = 1 << 4;
        /// Has urgent data.
        const URG = 1 << 5;
        const _ = !0;
    }
}

/// A frame within a tunnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vxlan {
    /// The network identifier (VNI).
    pub vni: u32,
    /// The frame.
    pub inner: Decoded,
}
