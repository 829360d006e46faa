//! The way that a packet would take, as far as the tables tell: longest prefix, then lowest metric,
//! then the older route (`net/ipv4/fib_trie.c`).

use std::net::IpAddr;

use crate::world::link::Link;
use crate::world::route::{Route, RouteKind, table};
use crate::world::{Ns, Space, World};

/// Routes of the main table that lead somewhere.
pub(super) fn routes(space: &Space) -> impl Iterator<Item = &Route> {
    let main = space
        .routes
        .iter()
        .filter(|route| route.table == table::MAIN);
    main.filter(|route| route.kind == RouteKind::Unicast)
}

/// The route that a packet to `to` takes.
pub(super) fn route_to(space: &Space, to: IpAddr) -> Option<&Route> {
    let fitting = routes(space)
        .filter(|route| route.dst.contains(&to) && route.dev.is_some_and(|dev| is_up(space, dev)));
    // `min_by_key` gives the first of equals, which is the older one.
    fitting.min_by_key(|route| (u8::MAX - route.dst.prefix_len(), route.metric.unwrap_or(0)))
}

fn is_up(space: &Space, dev: u32) -> bool {
    space.links.get(&dev).is_some_and(Link::is_up)
}

/// Who has this address: namespace and device.
pub(super) fn owner(world: &World, address: IpAddr) -> Option<(&Ns, &Space, &Link)> {
    world.spaces.iter().find_map(|(ns, space)| {
        let addr = space.addrs.iter().find(|addr| addr.net.addr() == address)?;
        Some((ns, space, space.links.get(&addr.link)?))
    })
}
