//! Addresses and prefixes that exist now, those that make sense in a line.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::names::{self, Verb};
use super::{Around, Item};
use crate::command::Begun;
use crate::world::addr::Addr;
use crate::world::route::Route;
use crate::world::{Space, World};

/// The main routing table (`RT_TABLE_MAIN` of `linux/rtnetlink.h`).
const MAIN: u32 = 254;

/// Where addresses are taken from, and for which line.
pub(super) struct Pool<'a> {
    begun: &'a Begun,
    around: Around<'a>,
    here: &'a Space,
    /// The networks that the namespace is connected to.
    connected: BTreeSet<IpNet>,
    /// Their prefix lengths: few, where networks may be many.
    lengths: BTreeSet<u8>,
}

impl<'a> Pool<'a> {
    /// For the line that is `begun`, about the namespace `here`.
    pub(super) fn new(begun: &'a Begun, around: Around<'a>, here: &'a Space) -> Self {
        let connected: BTreeSet<IpNet> = here.addrs.iter().map(|addr| addr.net.trunc()).collect();
        Self {
            begun,
            around,
            here,
            lengths: connected.iter().map(IpNet::prefix_len).collect(),
            connected,
        }
    }

    /// Addresses that make sense behind the last word: its own, those of neighbours, or all.
    pub(super) fn addresses(&self) -> Vec<Item> {
        let last = self.begun.before.last().map_or("", String::as_str);
        if matches!(last, "src" | "local" | "from") {
            self.own().collect()
        } else if last == "via" {
            self.others(true).collect()
        } else if last == "remote" {
            self.others(false).collect()
        } else if names::verb(&self.begun.before) == Some(Verb::Neigh) {
            self.neighbours().chain(self.others(true)).collect()
        } else {
            self.others(false).chain(self.own()).collect()
        }
    }

    /// Prefixes: for `ip addr` those of the namespace's addresses, for `ip route` its destinations
    /// and the networks that there are, for everything else networks and addresses.
    pub(super) fn prefixes(&self) -> Vec<Item> {
        match names::verb(&self.begun.before) {
            Some(Verb::AddrAdd) => Vec::new(),
            Some(Verb::Addr) => self.here.addrs.iter().map(|addr| self.held(addr)).collect(),
            Some(Verb::Route) => self.destinations().collect(),
            Some(Verb::RouteAdd) => {
                let default = Item::new("default", "every address that no other route fits");
                let networks = networks(self.around.world);
                std::iter::once(default).chain(networks).collect()
            }
            Some(Verb::Neigh) | None => networks(self.around.world)
                .chain(self.addresses())
                .collect(),
        }
    }

    /// Link-local addresses are shown to whoever begins one: every device has such.
    fn is_shown(&self, address: IpAddr) -> bool {
        let local = self.begun.word.starts_with("fe80");
        !address.is_loopback() && local == names::is_local(address)
    }

    fn own(&self) -> impl Iterator<Item = Item> {
        let own = self.here.addrs.iter();
        own.filter(|addr| self.is_shown(addr.net.addr()))
            .map(|addr| {
                let dev = self.here.link_name(addr.link);
                let said = format!("this namespace's, on {dev}");
                Item::new(addr.net.addr().to_string(), said)
            })
    }

    /// Addresses of other namespaces; only those that can be reached without a router, if `near`.
    fn others(&self, near: bool) -> impl Iterator<Item = Item> {
        let spaces = self.around.world.spaces.iter();
        let others = spaces.filter(|(ns, _)| *ns != self.around.at);
        others.flat_map(move |(ns, space)| {
            let fit = space.addrs.iter().filter(move |addr| {
                let address = addr.net.addr();
                self.is_shown(address) && (!near || self.reaches(address))
            });
            fit.map(move |addr| {
                let dev = space.link_name(addr.link);
                Item::new(addr.net.addr().to_string(), format!("{dev} in {ns}"))
            })
        })
    }

    fn neighbours(&self) -> impl Iterator<Item = Item> {
        let known = self.here.neighs.iter();
        known.filter(|neigh| self.is_shown(neigh.dst)).map(|neigh| {
            let dev = self.here.link_name(neigh.link);
            Item::new(neigh.dst.to_string(), format!("known on {dev}"))
        })
    }

    /// Does `address` lie in a network that the namespace is connected to?
    fn reaches(&self, address: IpAddr) -> bool {
        let mut networks = self
            .lengths
            .iter()
            .filter_map(|length| IpNet::new(address, *length).ok());
        networks.any(|net| self.connected.contains(&net.trunc()))
    }

    /// An address of the namespace, with its prefix length.
    fn held(&self, addr: &Addr) -> Item {
        let dev = self.here.link_name(addr.link);
        Item::new(addr.net.to_string(), format!("on {dev}"))
    }

    /// Destinations of the main table.
    fn destinations(&self) -> impl Iterator<Item = Item> {
        let main = self.here.routes.iter().filter(|route| route.table == MAIN);
        main.filter(|route| !names::is_local(route.dst.addr()))
            .map(|route| self.destination(route))
    }

    fn destination(&self, route: &Route) -> Item {
        let dst = if route.dst.prefix_len() == 0 {
            "default".to_owned()
        } else {
            route.dst.to_string()
        };
        let via = route.via.map(|via| format!("via {via} "));
        let dev = route
            .dev
            .map(|dev| format!("dev {}", self.here.link_name(dev)));
        Item::new(dst, [via, dev].into_iter().flatten().collect::<String>())
    }
}

/// Networks that devices stand in.
fn networks(world: &World) -> impl Iterator<Item = Item> {
    let addrs = world.spaces.values().flat_map(|space| &space.addrs);
    let nets: BTreeSet<_> = addrs
        .filter(|addr| !addr.net.addr().is_loopback() && !names::is_local(addr.net.addr()))
        .map(|addr| addr.net.trunc())
        .collect();
    nets.into_iter()
        .map(|net| Item::new(net.to_string(), "a network that there is"))
}
