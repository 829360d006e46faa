//! Forwarding database of bridges and VXLAN devices: the row behind `bridge fdb show`.

use std::net::IpAddr;

use super::link::Mac;

/// Where frames to one hardware address go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FdbEntry {
    /// ifindex of the port (or of the bridge or VXLAN device itself).
    pub link: u32,
    /// The hardware address.
    pub mac: Mac,
    /// The bridge that learnt it; absent for the device's own list (`self`).
    pub master: Option<u32>,
    /// Remote end, for VXLAN.
    pub dst: Option<IpAddr>,
    /// VLAN, if any.
    pub vlan: Option<u16>,
    /// `NUD_*`: 128 permanent, 64 static, 2 reachable (learnt).
    pub state: u16,
    /// `NTF_*`: 2 self, 4 master, 16 extern learn.
    pub flags: u8,
    /// ifindex of the device that VXLAN sends by (`via`).
    pub via: Option<u32>,
    /// UDP port of the remote end, for VXLAN, where it is not the device's own.
    pub port: Option<u16>,
    /// Network identifier (VNI) at the remote end, where it is not the device's own.
    pub vni: Option<u32>,
    /// Seconds since it was used and since it was learnt; no notification brings them, so they are
    /// there in a dump only.
    pub ages: Option<(u32, u32)>,
}
