//! Pings that fail: no route, no neighbour, no way back, `lo` down.

use std::net::IpAddr;

use super::Case;
use super::route::no_route;
use super::way::{owner, route_to};
use crate::command::ping::Ping;
use crate::lesson::probe::{Answer, Unreachable};
use crate::world::link::Link;
use crate::world::neigh::Neigh;
use crate::world::ready::other_end;
use crate::world::{Ns, Space};

pub(super) fn failed(case: Case<'_>, ping: &Ping) -> Option<String> {
    let space = case.space?;
    let answer = case.outcome.answer.as_ref()?;
    if matches!(answer, Answer::Reply { .. } | Answer::Failed(_)) {
        return None;
    }
    let own = ping.to.is_loopback() || space.addrs.iter().any(|addr| addr.net.addr() == ping.to);
    let lo_up = space.link("lo").is_some_and(Link::is_up);
    if own {
        return (!lo_up).then(|| {
            format!(
                "What {} sends to itself goes by way of lo, and lo is down there: `ip link set lo up`.",
                case.ns
            )
        });
    }
    if let Answer::Unreachable {
        code: Unreachable::NoRoute,
        ..
    } = answer
    {
        return no_route(case, ping.to);
    }
    let route = route_to(space, ping.to)?;
    let next = route.via.unwrap_or(ping.to);
    let unknown = |neigh: &&Neigh| neigh.dst == next && neigh.is_unanswered();
    if space.neighs.iter().any(|neigh| unknown(&neigh)) {
        let dev = space.links.get(&route.dev?)?;
        return Some(unanswered(case, space, dev, next));
    }
    if let Answer::Silence { .. } = answer {
        let src = route.src.or_else(|| source(space, route.dev?, ping.to))?;
        return lost(case, ping.to, src);
    }
    None
}

/// ARP has asked by `dev` for `next`, and nobody has answered.
fn unanswered(case: Case<'_>, space: &Space, dev: &Link, next: IpAddr) -> String {
    let asked = format!(
        "Nobody answered when {} asked by {} who has {next}",
        case.ns, dev.name
    );
    let Some((ns, _, holder)) = owner(case.world, next) else {
        return format!("{asked}: no namespace has that address.");
    };
    if !holder.is_up() {
        return format!("{asked}: it is on {} in {ns}, which is down.", holder.name);
    }
    match other_end(case.world, space, dev) {
        Some(end) if !end.is_up() => {
            format!(
                "{asked}: the other end of {}, {}, is down.",
                dev.name, end.name
            )
        }
        Some(_) | None => format!(
            "{asked}: it is on {} in {ns}, where no cable or bridge leads from {}.",
            holder.name, dev.name
        ),
    }
}

/// The first address on a device: what a packet gets as its source where its route says nothing.
fn source(space: &Space, dev: u32, to: IpAddr) -> Option<IpAddr> {
    let mut on_it = space.addrs.iter().filter(|addr| addr.link == dev);
    on_it
        .find(|addr| addr.net.addr().is_ipv4() == to.is_ipv4())
        .map(|addr| addr.net.addr())
}

/// Nothing came back: somebody on the way dropped it, or the answer had no way back. Said only
/// where the tables leave no doubt.
fn lost(case: Case<'_>, to: IpAddr, src: IpAddr) -> Option<String> {
    let host = case.world.spaces.get(&Ns::Host)?;
    let rewritten = host
        .ruleset
        .ip("nat")
        .is_some_and(|table| table.chains.iter().any(|chain| !chain.rules.is_empty()));
    let (ns, space, _) = owner(case.world, to)?;
    let blind = route_to(space, src).is_none() && !rewritten;
    let forwarding = host.sysctls.get("net.ipv4.ip_forward");
    let through_host = *case.ns != Ns::Host && *ns != Ns::Host;
    let routed = route_to(case.space?, to).is_some_and(|route| route.via.is_some());
    if through_host && routed && forwarding.is_some_and(|value| value == "0") {
        return Some(
            "host passes no packets on between its devices: net.ipv4.ip_forward is 0.".to_owned(),
        );
    }
    blind.then(|| {
        format!("The request may well arrive, but {ns} has no route back to {src}, so its answer has no way.")
    })
}
