//! The tables and what was seen, in the form in which the search for the cause asks about them.

use std::net::IpAddr;

use super::trail::Trail;
use crate::trace::Evidence;
use crate::world::addr::Addr;
use crate::world::cable::End;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac};
use crate::world::neigh::Neigh;
use crate::world::route::{Route, RouteKind, table};
use crate::world::{Ns, Space, World};

/// Everything that is known of one probe.
pub(super) struct Scene<'a> {
    /// As it was handed over.
    pub evidence: &'a Evidence,
    /// The tables just after.
    pub world: &'a World,
    /// Where its packets were seen.
    pub trail: Trail,
}

impl<'a> Scene<'a> {
    pub fn new(evidence: &'a Evidence) -> Self {
        Self {
            evidence,
            world: &evidence.after,
            trail: Trail::of(evidence),
        }
    }

    pub fn space(&self, ns: &Ns) -> Option<&'a Space> {
        self.world.spaces.get(ns)
    }

    pub fn link(&self, end: &End) -> Option<&'a Link> {
        self.space(&end.ns)?.links.get(&end.index)
    }

    /// Its name; `if7` where it is not known.
    pub fn name(&self, end: &End) -> String {
        let unknown = || format!("if{}", end.index);
        self.space(&end.ns)
            .map_or_else(unknown, |space| space.link_name(end.index))
    }

    /// `clink4 in app4`
    pub fn place(&self, end: &End) -> String {
        format!("{} in {}", self.name(end), end.ns)
    }

    /// A setting, as a number; nothing where it was not read.
    pub fn setting(&self, ns: &Ns, name: &str) -> Option<i64> {
        self.space(ns)?.sysctls.get(name)?.trim().parse().ok()
    }

    /// Is it set up?
    pub fn is_up(&self, end: &End) -> bool {
        self.link(end).is_some_and(Link::is_up)
    }

    pub fn is_bridge(&self, end: &End) -> bool {
        self.link(end)
            .is_some_and(|link| link.kind == LinkKind::Bridge)
    }

    pub fn mac(&self, end: &End) -> Option<Mac> {
        self.link(end)?.mac
    }

    /// Is it neither a bridge nor a port of one?
    pub fn is_end(&self, end: &End) -> bool {
        !self.is_bridge(end) && self.bridge_of(end).is_none()
    }

    /// The bridge that it is a port of.
    pub fn bridge_of(&self, end: &End) -> Option<End> {
        let bridge = End {
            ns: end.ns.clone(),
            index: self.link(end)?.master?,
        };
        self.is_bridge(&bridge).then_some(bridge)
    }

    /// The loopback device of `ns`.
    pub fn loopback(&self, ns: &Ns) -> Option<End> {
        let mut links = self.space(ns)?.links.values();
        let lo = links.find(|link| link.flags.contains(LinkFlags::LOOPBACK))?;
        Some(End {
            ns: ns.clone(),
            index: lo.index,
        })
    }

    /// The devices of `ns` at which packets may come in and leave: no loopback, no bridge's port.
    pub fn devices(&self, ns: &Ns) -> Vec<End> {
        let links = self.space(ns).into_iter().flat_map(|it| it.links.values());
        links
            .filter(|link| !link.flags.contains(LinkFlags::LOOPBACK) && link.master.is_none())
            .map(|link| End {
                ns: ns.clone(),
                index: link.index,
            })
            .collect()
    }

    /// The addresses of a device, of the family of `like`; link-local ones do not count.
    pub fn addrs(&self, end: &End, like: IpAddr) -> Vec<&'a Addr> {
        let addrs = self.space(&end.ns).into_iter().flat_map(|it| &it.addrs);
        addrs
            .filter(|addr| addr.link == end.index && addr.net.addr().is_ipv4() == like.is_ipv4())
            .filter(|addr| !is_link_local(addr.net.addr()))
            .collect()
    }

    /// Does `ns` take packets to `ip` for its own?
    pub fn is_local(&self, ns: &Ns, ip: IpAddr) -> bool {
        self.space(ns).is_some_and(|space| {
            let local =
                |route: &&Route| route.table == table::LOCAL && route.kind == RouteKind::Local;
            (space.routes.iter().filter(local)).any(|route| route.dst.contains(&ip))
        })
    }

    /// Every device that has the address, whatever state it is in, with the address.
    pub fn holders(&self, ip: IpAddr) -> Vec<(End, &'a Addr)> {
        let spaces = self.world.spaces.iter();
        spaces
            .flat_map(|(ns, space)| space.addrs.iter().map(move |addr| (ns, addr)))
            .filter(|(_, addr)| addr.net.addr() == ip)
            .map(|(ns, addr)| {
                let end = End {
                    ns: ns.clone(),
                    index: addr.link,
                };
                (end, addr)
            })
            .collect()
    }

    /// What `ns` knows of `ip` on a device.
    pub fn neighbour(&self, end: &End, ip: IpAddr) -> Option<&'a Neigh> {
        let known = &self.space(&end.ns)?.neighs;
        known
            .iter()
            .find(|neigh| neigh.link == end.index && neigh.dst == ip)
    }

    /// Does `ns` pass on packets that come in by `iif`?
    pub fn forwards(&self, ns: &Ns, iif: &str, like: IpAddr) -> bool {
        let value = if like.is_ipv4() {
            let device = format!("net.ipv4.conf.{}.forwarding", iif.replace('.', "/"));
            (self.setting(ns, &device)).or_else(|| self.setting(ns, "net.ipv4.ip_forward"))
        } else {
            // One switch for all (`ip6_forward` of net/ipv6/ip6_output.c); a device's own says only
            // whether it listens to routers.
            self.setting(ns, "net.ipv6.conf.all.forwarding")
        };
        // Of a setting that could not be read nothing is concluded.
        value.is_none_or(|value| value != 0)
    }
}

/// Is it an address that stands for one link only?
pub(super) fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// Is it one that is used in many places at once (RFC 1918, RFC 4193)?
pub(super) fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}
