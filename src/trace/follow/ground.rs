//! The ground that a packet goes over: bridges, ports, routes, neighbours.

use std::net::IpAddr;

use crate::command::route;
use crate::trace::NextHop;
use crate::world::link::{Link, LinkKind};
use crate::world::neigh::Neigh;
use crate::world::route::{Route, RouteKind, table};
use crate::world::{Ns, Space, World};

/// The bridge that device `index` is a port of.
pub(super) fn bridge_of(space: &Space, index: u32) -> Option<&Link> {
    let master = space.links.get(&index)?.master?;
    let link = space.links.get(&master)?;
    (link.kind == LinkKind::Bridge).then_some(link)
}

/// Is device `index` a bridge itself?
pub(super) fn is_bridge(space: &Space, index: u32) -> bool {
    let link = space.links.get(&index);
    link.is_some_and(|link| link.kind == LinkKind::Bridge)
}

/// The route that the kernel's answer comes from, as `ip route` prints it.
pub(super) fn route_text(space: &Space, to: IpAddr, next: &NextHop) -> String {
    if next.dev == "lo" {
        return "local".to_owned();
    }
    let fits = |route: &&Route| {
        route.kind == RouteKind::Unicast
            && route.dst.contains(&to)
            && route.via == next.via
            && (route.dev).is_some_and(|dev| space.link_name(dev) == next.dev)
    };
    let best = space.routes.iter().filter(fits).min_by_key(|route| {
        let length = u8::MAX - route.dst.prefix_len();
        (
            length,
            route.table != table::MAIN,
            route.metric.unwrap_or(0),
        )
    });
    match (best, next.via) {
        (Some(row), _) => route::row(row, space),
        (None, Some(via)) => format!("{to} via {via} dev {}", next.dev),
        (None, None) => format!("{to} dev {}", next.dev),
    }
}

/// What is known of the neighbour `to` at the device called `dev`.
pub(super) fn neighbour<'a>(space: &'a Space, dev: &str, to: IpAddr) -> Option<&'a Neigh> {
    let index = space.link(dev)?.index;
    let mut neighs = space.neighs.iter();
    neighs.find(|neigh| neigh.link == index && neigh.dst == to)
}

/// Does this namespace forward what comes in by `dev`, as far as is known?
pub(super) fn forwards(space: &Space, dev: &str, to: IpAddr) -> Option<bool> {
    // IPv6 has one switch for all (`ip6_forward` of net/ipv6/ip6_output.c).
    let name = match to {
        IpAddr::V4(_) => format!("net.ipv4.conf.{}.forwarding", dev.replace('.', "/")),
        IpAddr::V6(_) => "net.ipv6.conf.all.forwarding".to_owned(),
    };
    let value = space.sysctls.get(&name)?;
    Some(value != "0")
}

/// The tables of a namespace; empty where it is gone.
pub(super) fn space<'a>(world: &'a World, ns: &Ns) -> &'a Space {
    static NOTHING: std::sync::LazyLock<Space> = std::sync::LazyLock::new(Space::default);
    world.spaces.get(ns).unwrap_or(&NOTHING)
}
