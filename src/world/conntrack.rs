//! Connections that the kernel follows: the row behind `conntrack -L`.

use std::net::IpAddr;

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Source port, or ICMP id.
    pub src_port: u16,
    /// Destination port, or ICMP type and code.
    pub dst_port: u16,
}

/// One connection, with its NAT if its two directions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Kernel's id.
    pub id: u32,
    /// IP protocol: 1 ICMP, 6 TCP, 17 UDP.
    pub proto: u8,
    /// As its first packet came in.
    pub original: Tuple,
    /// As an answer comes back.
    pub reply: Tuple,
    /// `IPS_*` of `linux/netfilter/nf_conntrack_common.h`.
    pub status: u32,
}
