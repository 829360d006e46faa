//! Why it went no further, by the tables.

use std::net::IpAddr;

use super::super::ground;
use super::super::sight::Sight;
use crate::packet::Ether;
use crate::trace::NoRoute;
use crate::trace::hop::Decision;
use crate::world::Space;
use crate::world::link::{Link, PortState};

/// `EXDEV` of `errno.h`: the reverse path filter (`fib_validate_source` of `fib_frontend.c`).
const EXDEV: i32 = 18;
/// `EINVAL` of `errno.h`: what newer kernels say of any source or destination that cannot be.
const EINVAL: i32 = 22;
/// `EHOSTUNREACH` of `errno.h`: what a packet meets that is for another host, where nothing is
/// forwarded.
const EHOSTUNREACH: i32 = 113;
/// Do bridged frames meet the packet filter?
const BRIDGE_FILTER: &str = "net.bridge.bridge-nf-call-iptables";

/// What a kernel's refusal to route a packet from `src` to `to` means that came in by `dev`.
pub(super) fn refused(space: &Space, dev: &str, src: IpAddr, to: IpAddr, no: &NoRoute) -> Decision {
    let own = || space.addrs.iter().any(|addr| addr.net.addr() == src);
    match no.errno {
        Some(EXDEV) => Decision::ReversePath,
        Some(EINVAL) if own() => Decision::NoRoute {
            text: format!("its source {src} is an address of this namespace itself"),
        },
        Some(EINVAL) if filters_sources(space, dev) => Decision::ReversePath,
        Some(EHOSTUNREACH) if ground::forwards(space, dev, to) == Some(false) => {
            Decision::ForwardingOff
        }
        Some(_) | None => Decision::NoRoute {
            text: no.text.clone(),
        },
    }
}

/// Is `rp_filter` on for that device? The stricter of its own setting and that for all counts.
fn filters_sources(space: &Space, dev: &str) -> bool {
    let names = ["all".to_owned(), dev.replace('.', "/")];
    names.iter().any(|name| {
        let value = space
            .sysctls
            .get(&format!("net.ipv4.conf.{name}.rp_filter"));
        value.is_some_and(|value| value != "0")
    })
}

/// Do bridged frames meet the packet filter here?
pub(super) fn filters_bridges(space: &Space) -> bool {
    (space.sysctls.get(BRIDGE_FILTER)).is_some_and(|value| value != "0")
}

/// Why a bridge sent a packet of its own namespace out by no port.
pub(super) fn no_port(space: &Space, bridge: u32, ether: Option<Ether>) -> String {
    let name = space.link_name(bridge);
    let ports: Vec<&Link> = (space.links.values())
        .filter(|link| link.master == Some(bridge))
        .collect();
    if ports.is_empty() {
        return format!("{name} has no port");
    }
    let known = ether.and_then(|ether| port_of(space, bridge, ether));
    match known.or_else(|| single(&ports)) {
        Some(port) => stopped(port).unwrap_or_else(|| format!("it came out of no port of {name}")),
        None if ports.iter().all(|port| stopped(port).is_some()) => {
            format!("no port of {name} passes frames")
        }
        None => format!("it came out of no port of {name}"),
    }
}

/// Why a frame that came in by one port went out by no other, and was not handed up.
pub(super) fn not_bridged(space: &Space, bridge: &Link, last: &Sight) -> String {
    let dev = &last.seen.dev;
    if !bridge.is_up() {
        return format!("{} is down", bridge.name);
    }
    let came = space.links.get(&last.seen.index);
    if let Some(text) = came.and_then(stopped) {
        return text;
    }
    let known = last
        .ether
        .and_then(|ether| port_of(space, bridge.index, ether));
    match (known, last.ether) {
        (Some(port), Some(ether)) if port.index == last.seen.index => {
            format!("{} stands behind {dev}, by which it came", ether.dst)
        }
        (Some(port), _) => {
            stopped(port).unwrap_or_else(|| format!("it did not come out of {}", port.name))
        }
        (None, Some(ether)) => format!("no port of {} leads to {}", bridge.name, ether.dst),
        (None, None) => format!("it came out of no port of {}", bridge.name),
    }
}

/// The port behind which a frame's receiver is known to be.
fn port_of(space: &Space, bridge: u32, ether: Ether) -> Option<&Link> {
    let mut entries = space.fdb.iter();
    let entry = entries.find(|entry| entry.mac == ether.dst && entry.master == Some(bridge))?;
    let link = space.links.get(&entry.link)?;
    (link.index != bridge).then_some(link)
}

fn single<'a>(ports: &[&'a Link]) -> Option<&'a Link> {
    match ports {
        [port] => Some(port),
        _ => None,
    }
}

/// Why a port passes no frames, if it passes none.
fn stopped(port: &Link) -> Option<String> {
    let name = &port.name;
    if !port.is_up() {
        return Some(format!("port {name} is down"));
    }
    let word = match port.port? {
        PortState::Forwarding => return None,
        PortState::Disabled => "is disabled",
        PortState::Listening => "listens, and does not pass frames yet",
        PortState::Learning => "learns, and does not pass frames yet",
        PortState::Blocking => "is blocked",
    };
    Some(format!("port {name} {word}"))
}
