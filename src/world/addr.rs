//! Addresses: the row behind `ip addr show`.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

/// One address on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addr {
    /// ifindex of its device.
    pub link: u32,
    /// The address with its prefix length (`172.16.0.11/16`; host bits are kept).
    pub net: IpNet,
    /// The other end's address on a point-to-point device.
    pub peer: Option<IpAddr>,
    /// Broadcast address.
    pub broadcast: Option<Ipv4Addr>,
    /// `RT_SCOPE_*`: 0 global, 253 link, 254 host.
    pub scope: u8,
    /// `IFA_F_*` of `linux/if_addr.h`.
    pub flags: u32,
    /// IPv4 label, normally the device's name.
    pub label: Option<String>,
    /// Seconds it stays valid; `u32::MAX` is forever.
    pub valid: u32,
    /// Seconds it stays preferred; `u32::MAX` is forever.
    pub preferred: u32,
    /// `IFAPROT_*`; 0 is not told.
    pub proto: u8,
}
