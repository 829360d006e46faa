//! One step of a packet's way.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::world::Ns;

/// Something that was seen of a packet, or that a kernel decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// On which part of its way.
    pub leg: Leg,
    /// Where: in this namespace.
    pub ns: Ns,
    /// At this device; absent where the namespace as a whole decides.
    pub dev: Option<String>,
    /// When it was seen, since 1970; absent for a decision, which is concluded.
    pub at: Option<Duration>,
    /// What.
    pub what: What,
}

/// Which packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// The request.
    Request,
    /// The answer to it.
    Reply,
    /// An ICMP error about it.
    Error,
    /// A question for a hardware address, or its answer, on the way of either.
    Ask,
}

/// What happened at a hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was seen.
    Seen {
        /// Did it leave by the device (or come in)?
        out: bool,
        /// What it was then, in short: `echo request 172.16.0.40 → 8.8.8.8`.
        packet: String,
        /// Its source.
        src: Option<IpAddr>,
        /// Its destination.
        dst: Option<IpAddr>,
        /// Its time to live.
        ttl: Option<u8>,
    },
    /// A kernel decided.
    Decided(Decision),
}

/// What a kernel decided about a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It goes this way.
    Routed {
        /// The route, as `ip route` prints it, or `local` for its own address.
        route: String,
        /// By this device.
        dev: String,
        /// To this router.
        via: Option<IpAddr>,
    },
    /// There is no way.
    NoRoute {
        /// In words.
        text: String,
    },
    /// It is for this namespace itself.
    Delivered,
    /// The frame is addressed to another hardware address than this device's: it is not taken in.
    NotTaken {
        /// To which.
        mac: String,
    },
    /// The hardware address of the next hop is known.
    Resolved {
        /// The next hop.
        to: IpAddr,
        /// Its hardware address.
        mac: String,
    },
    /// Nobody told it.
    Unresolved {
        /// The next hop.
        to: IpAddr,
    },
    /// A bridge sends the frame out.
    Switched {
        /// The bridge.
        bridge: String,
        /// By this port; to all ports where that is absent: it knows no better.
        port: Option<String>,
    },
    /// The bridge, or the port, does not pass it.
    Blocked {
        /// Why, in words.
        text: String,
    },
    /// It is for another host, and this one does not forward.
    ForwardingOff,
    /// The source address was rewritten.
    SourceNat {
        /// From.
        from: IpAddr,
        /// To.
        to: IpAddr,
        /// `MASQUERADE` or `SNAT`; nothing where the rule is not known.
        how: String,
    },
    /// The destination address was rewritten.
    DestinationNat {
        /// From.
        from: IpAddr,
        /// To.
        to: IpAddr,
    },
    /// A rule, or a chain's policy, dropped it.
    Dropped {
        /// The rule, as `iptables -S` prints it.
        rule: String,
        /// Packets that its counter went up by.
        packets: u64,
    },
    /// The reverse path filter dropped it.
    ReversePath,
    /// It was put into a tunnel's packet, or taken out.
    Tunnelled {
        /// Put in, or taken out?
        into: bool,
        /// The network identifier.
        vni: u32,
    },
}

impl Decision {
    /// Does the packet's way end here?
    pub fn ends(&self) -> bool {
        match self {
            Self::NoRoute { .. }
            | Self::NotTaken { .. }
            | Self::Unresolved { .. }
            | Self::Blocked { .. }
            | Self::ForwardingOff
            | Self::Dropped { .. }
            | Self::ReversePath => true,
            Self::Routed { .. }
            | Self::Delivered
            | Self::Resolved { .. }
            | Self::Switched { .. }
            | Self::SourceNat { .. }
            | Self::DestinationNat { .. }
            | Self::Tunnelled { .. } => false,
        }
    }
}

impl fmt::Display for Hop {
    /// What happened, in a line of its own, without namespace and device.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Seen { out, packet, .. } => {
                let way = if *out { "out" } else { "in" };
                write!(f, "{way}: {packet}")
            }
            What::Decided(decision) => decision.fmt(f),
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Routed { route, .. } if route == "local" => {
                f.write_str("routed: it is an address of this namespace itself")
            }
            Self::Routed { route, .. } => write!(f, "routed: {route}"),
            Self::NoRoute { text } => write!(f, "no route: {text}"),
            Self::Delivered => f.write_str("delivered"),
            Self::NotTaken { mac } => {
                write!(
                    f,
                    "not taken in: the frame is addressed to {mac}, not to this device"
                )
            }
            Self::Resolved { to, mac } => write!(f, "resolved: {to} is at {mac}"),
            Self::Unresolved { to } => {
                write!(f, "unresolved: nobody tells the hardware address of {to}")
            }
            Self::Switched {
                port: Some(port), ..
            } => write!(f, "switched to port {port}"),
            Self::Switched { port: None, .. } => {
                f.write_str("sent to every port: it does not know yet where that address is")
            }
            Self::Blocked { text } => write!(f, "stopped: {text}"),
            Self::ForwardingOff => {
                f.write_str("dropped: it is for another host, and forwarding is off here")
            }
            Self::SourceNat { to, how, .. } if how.is_empty() => write!(f, "source is now {to}"),
            Self::SourceNat { to, how, .. } => write!(f, "source is now {to} ({how})"),
            Self::DestinationNat { to, .. } => write!(f, "destination is now {to}"),
            Self::Dropped { rule, packets: 0 } => write!(f, "dropped by {rule}"),
            Self::Dropped { rule, packets } => {
                write!(f, "dropped by {rule} (its counter went up by {packets})")
            }
            Self::ReversePath => f.write_str(
                "dropped: its source is not reached by the device that it came in by (rp_filter)",
            ),
            Self::Tunnelled { into: true, vni } => {
                write!(f, "put into a packet of the tunnel (VXLAN {vni})")
            }
            Self::Tunnelled { into: false, vni } => {
                write!(f, "taken out of the tunnel's packet (VXLAN {vni})")
            }
        }
    }
}
