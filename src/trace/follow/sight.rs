//! A sighting with what stands in it.

use std::time::Duration;

use crate::packet::{Arp, Body, Decoded, Direction, Ether, Ip, Net, Sighting, decode};
use crate::world::Ns;

/// What was seen, at one device of one namespace.
#[derive(Clone, Debug)]
pub(super) struct Sight<'a> {
    pub seen: &'a Sighting,
    /// The header of the frame; within a tunnel, of the inner one.
    pub ether: Option<Ether>,
    /// The packet or ARP message; within a tunnel, the inner one.
    pub what: What,
    /// The tunnel that it was in.
    pub tunnel: Option<Tunnel>,
}

/// What of a frame matters here.
#[derive(Clone, Debug)]
pub(super) enum What {
    Arp(Arp),
    Ip(Box<Ip>),
}

/// The packet around.
#[derive(Clone, Debug)]
pub(super) struct Tunnel {
    pub vni: u32,
    pub outer: Box<Ip>,
}

impl<'a> Sight<'a> {
    /// Nothing where it holds neither a packet nor ARP.
    pub fn of(seen: &'a Sighting) -> Option<Self> {
        let decoded = decode(seen.medium, &seen.bytes);
        let (decoded, tunnel) = unwrapped(decoded);
        let what = match decoded.net {
            Net::Arp(arp) => What::Arp(arp),
            Net::Ip(ip) => What::Ip(ip),
            Net::Other(_) | Net::Cut => return None,
        };
        Some(Self {
            seen,
            ether: decoded.ether,
            what,
            tunnel,
        })
    }

    pub fn ns(&self) -> &'a Ns {
        &self.seen.ns
    }

    pub fn at(&self) -> Duration {
        self.seen.at
    }

    pub fn is_out(&self) -> bool {
        self.seen.direction == Direction::Out
    }

    /// Is the frame addressed to another hardware address than the device's?
    pub fn is_for_another(&self) -> bool {
        self.seen.direction == Direction::Other
    }

    pub fn ip(&self) -> Option<&Ip> {
        match &self.what {
            What::Ip(ip) => Some(ip),
            What::Arp(_) => None,
        }
    }

    /// Does this come after `other` where both have the same time? Out comes before in.
    pub fn order(&self) -> (Duration, bool, u64) {
        (self.at(), !self.is_out(), self.seen.number)
    }
}

/// A frame without the tunnel around it.
fn unwrapped(decoded: Decoded) -> (Decoded, Option<Tunnel>) {
    let Net::Ip(mut ip) = decoded.net else {
        return (decoded, None);
    };
    let inner = if let Body::Udp { vxlan, .. } = &mut ip.body {
        vxlan.take()
    } else {
        None
    };
    if let Some(vxlan) = inner {
        let tunnel = Tunnel {
            vni: vxlan.vni,
            outer: ip,
        };
        (vxlan.inner, Some(tunnel))
    } else {
        let net = Net::Ip(ip);
        (Decoded { net, ..decoded }, None)
    }
}
