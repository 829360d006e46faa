//! Routes: the row behind `ip route show`.

use std::net::IpAddr;

use ipnet::IpNet;

/// Tables that every namespace has (`RT_TABLE_*` of `linux/rtnetlink.h`).
pub mod table {
    /// For what no other table knows; empty unless somebody fills it.
    pub const DEFAULT: u32 = 253;
    /// What `ip route` shows.
    pub const MAIN: u32 = 254;
    /// The namespace's own addresses, and broadcasts.
    pub const LOCAL: u32 = 255;
}

/// What happens to a packet that matches (`RTN_*` of `linux/rtnetlink.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RouteKind {
    /// Sent on.
    #[default]
    Unicast,
    /// Delivered here.
    Local,
    /// Delivered here and sent as a broadcast.
    Broadcast,
    /// Delivered here, sent as unicast.
    Anycast,
    /// Multicast.
    Multicast,
    /// Dropped silently.
    Blackhole,
    /// Refused: host unreachable.
    Unreachable,
    /// Refused: administratively prohibited.
    Prohibit,
    /// Look in the next table.
    Throw,
}

impl RouteKind {
    /// As `ip route` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unicast => "unicast",
            Self::Local => "local",
            Self::Broadcast => "broadcast",
            Self::Anycast => "anycast",
            Self::Multicast => "multicast",
            Self::Blackhole => "blackhole",
            Self::Unreachable => "unreachable",
            Self::Prohibit => "prohibit",
            Self::Throw => "throw",
        }
    }
}

/// One route.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Destination prefix; `0.0.0.0/0` and `::/0` are the default route.
    pub dst: IpNet,
    /// Its number; see [`table`] for those that every namespace has.
    pub table: u32,
    /// What it does.
    pub kind: RouteKind,
    /// `RTPROT_*`: 2 kernel, 3 boot, 4 static, 16 dhcp.
    pub proto: u8,
    /// `RT_SCOPE_*`: 0 global, 253 link, 254 host.
    pub scope: u8,
    /// Next router.
    pub via: Option<IpAddr>,
    /// ifindex of the device it leaves by.
    pub dev: Option<u32>,
    /// Preferred source address.
    pub src: Option<IpAddr>,
    /// Priority; absent is 0.
    pub metric: Option<u32>,
    /// `RTNH_F_*`: dead 1, onlink 4, linkdown 16; in the answer to a look-up also `RTM_F_CLONED`
    /// (512) and `RTCF_*` of `linux/in_route.h`.
    pub flags: u32,
    /// MTU, if set on the route.
    pub mtu: Option<u32>,
    /// IPv6 router preference (RFC 4191): 0 medium, 1 high, 3 low; absent for IPv4.
    pub pref: Option<u8>,
}
