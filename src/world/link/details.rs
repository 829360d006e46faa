//! What `ip -d link` and `ip -s link` add to a device.

use std::net::IpAddr;

use super::Mac;

/// What `ip -d link show` adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// How many users want every frame.
    pub promiscuity: u32,
    /// How many users want every multicast frame.
    pub allmulti: u32,
    /// Smallest MTU allowed, bytes.
    pub min_mtu: u32,
    /// Largest MTU allowed, bytes; 0 is no limit.
    pub max_mtu: u32,
    /// `IN6_ADDR_GEN_MODE_*` of `linux/if_link.h`: how its IPv6 link-local address is made.
    pub addr_gen_mode: Option<u8>,
    /// Transmit queues.
    pub tx_queues: u32,
    /// Receive queues.
    pub rx_queues: u32,
    /// Largest segment handed to the device in one piece, bytes.
    pub gso_max_size: u32,
    /// Most segments of it.
    pub gso_max_segs: u32,
    /// Largest segment that the device could take, bytes.
    pub tso_max_size: u32,
    /// Most segments that the device could take.
    pub tso_max_segs: u32,
    /// Largest packet put together on reception, bytes.
    pub gro_max_size: u32,
    /// What its kind says of it, in the order of `ip`.
    pub kind: Vec<Detail>,
    /// What the bridge says of it as a port, in the order of `ip`.
    pub port: Vec<Detail>,
}

/// One property of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// As `ip` and `bridge` name it (`forward_delay`).
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

/// The value of a [`Detail`], and with it the way in which `ip` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// A number in hexadecimal, where 0 is written without its `0x`.
    Hex(u64),
    /// A number in hexadecimal, always with `0x`.
    Prefixed(u64),
    /// Two numbers.
    Pair(u64, u64),
    /// `on` or `off`.
    Switch(bool),
    /// Its name, with `no` before it when it is off.
    Flag(bool),
    /// Hundredths of a second.
    Timer(u64),
    /// A hardware address.
    Mac(Mac),
    /// A bridge's priority and hardware address (IEEE 802.1D bridge identifier).
    BridgeId(u16, Mac),
    /// An address.
    Addr(IpAddr),
    /// ifindex of a device.
    Device(u32),
    /// A word.
    Word(&'static str),
}

/// Counters, as `ip -s link show` prints them (`rtnl_link_stats64` of `linux/if_link.h`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Received.
    pub rx: Counters,
    /// Sent.
    pub tx: Counters,
}

/// Counters of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Bytes.
    pub bytes: u64,
    /// Packets.
    pub packets: u64,
    /// Errors.
    pub errors: u64,
    /// Dropped for want of room.
    pub dropped: u64,
    /// Received: missed by the device. Sent: lost carrier.
    pub lost: u64,
    /// Received: multicast. Sent: collisions.
    pub other: u64,
}
