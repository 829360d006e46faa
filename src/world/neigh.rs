//! Neighbours (ARP, NDP): the row behind `ip neigh show`.

use std::net::IpAddr;

use super::link::Mac;

/// One neighbour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neigh {
    /// ifindex of the device on which it was asked for.
    pub link: u32,
    /// Its address.
    pub dst: IpAddr,
    /// Its hardware address, if known.
    pub mac: Option<Mac>,
    /// `NUD_*` of `linux/neighbour.h`: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe,
    /// 32 failed, 64 noarp, 128 permanent.
    pub state: u16,
    /// `NTF_*`.
    pub flags: u8,
}
