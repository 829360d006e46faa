//! Values that exist now, for each kind of place in a line.

use std::net::IpAddr;

use super::names::{self, Verb};
use super::{Around, Item, settings};
use crate::command::{Begun, Named, Slot};
use crate::session::prompt::counted;
use crate::world::link::{Link, LinkKind};
use crate::world::{Ns, Space, World};

/// Where namespaces stand as files.
const NAMESPACES: &str = "/run/netns/";

/// What `slot` may be, in the namespace `around.at`.
pub(super) fn values(slot: Slot, begun: &Begun, around: Around<'_>) -> Vec<Item> {
    let last = begun.before.last().map_or("", String::as_str);
    let Some(here) = around.world.spaces.get(around.at) else {
        return fixed(slot, around.world);
    };
    match slot {
        Slot::Device => devices(here, last),
        Slot::Address => addresses(last, begun, around, here),
        Slot::Prefix => prefixes(begun, around, here),
        Slot::Mac => macs(around.world),
        Slot::Chain => chains(begun, here),
        Slot::Name(Named::Target) => {
            let own = user_chains(begun, here).map(|(name, rules)| Item::new(name, rules));
            fixed(slot, around.world).into_iter().chain(own).collect()
        }
        Slot::Setting => settings::dotted(here, around.at, &begun.word),
        Slot::SettingPath => settings::paths(here, around.at, &begun.word),
        Slot::Name(_)
        | Slot::Namespace
        | Slot::NamespacePath
        | Slot::NewDevice
        | Slot::NewNamespace
        | Slot::NewChain
        | Slot::Number(_)
        | Slot::Value => fixed(slot, around.world),
    }
}

/// What does not depend on the namespace.
fn fixed(slot: Slot, world: &World) -> Vec<Item> {
    match slot {
        Slot::Namespace => namespaces(world, ""),
        Slot::NamespacePath => namespaces(world, NAMESPACES),
        Slot::Name(named) => {
            let known = named.known().iter();
            known
                .map(|(word, meaning)| Item::new(*word, *meaning))
                .collect()
        }
        Slot::Device
        | Slot::NewDevice
        | Slot::NewNamespace
        | Slot::Address
        | Slot::Prefix
        | Slot::Mac
        | Slot::Number(_)
        | Slot::Chain
        | Slot::NewChain
        | Slot::Setting
        | Slot::SettingPath
        | Slot::Value => Vec::new(),
    }
}

/// Values within an option's own word: `--net=/run/netns/NS`.
pub(super) fn attached(begun: &str, world: &World) -> Vec<Item> {
    let net = "--net=";
    if begun.starts_with(net) {
        namespaces(world, &format!("{net}{NAMESPACES}"))
    } else {
        Vec::new()
    }
}

fn namespaces(world: &World, before: &str) -> Vec<Item> {
    let named = world.spaces.iter().filter_map(|(ns, space)| match ns {
        Ns::Named(name) => Some((name, space)),
        Ns::Host | Ns::Internet => None,
    });
    named
        .map(|(name, space)| {
            let devices = counted(space.links.len(), "device");
            Item::new(format!("{before}{name}"), devices)
        })
        .collect()
}

/// Devices of a namespace; behind `master` only those that others can be plugged into.
fn devices(here: &Space, last: &str) -> Vec<Item> {
    let bridges = matches!(last, "master" | "br");
    here.links
        .values()
        .filter(|link| !bridges || link.kind == LinkKind::Bridge)
        .map(|link| Item::new(link.name.clone(), state(link, here)))
        .collect()
}

/// `up, veth, in br0, 172.16.0.1/16`
fn state(link: &Link, here: &Space) -> String {
    let up = if link.is_up() { "up" } else { "down" };
    let kind = names::kind(&link.kind).map(str::to_owned);
    let master = link
        .master
        .map(|index| format!("in {}", here.link_name(index)));
    let own = here.addrs.iter().filter(|addr| addr.link == link.index);
    let addrs = own
        .filter(|addr| !names::is_local(addr.net.addr()))
        .map(|addr| addr.net.to_string());
    let words = [Some(up.to_owned()), kind, master];
    let words: Vec<String> = words.into_iter().flatten().chain(addrs).collect();
    words.join(", ")
}

/// Addresses that make sense behind `last`.
fn addresses(last: &str, begun: &Begun, around: Around<'_>, here: &Space) -> Vec<Item> {
    let local = begun.word.starts_with("fe80");
    let shown = |address: &IpAddr| !address.is_loopback() && local == names::is_local(*address);
    let own = || {
        let own = here.addrs.iter().filter(|addr| shown(&addr.net.addr()));
        own.map(|addr| {
            let dev = here.link_name(addr.link);
            Item::new(
                addr.net.addr().to_string(),
                format!("this namespace's, on {dev}"),
            )
        })
    };
    let others = |near: bool| {
        let spaces = around.world.spaces.iter();
        let others = spaces.filter(|(ns, _)| *ns != around.at);
        others.flat_map(move |(ns, space)| {
            let fit = space.addrs.iter().filter(move |addr| {
                let address = addr.net.addr();
                shown(&address) && (!near || reaches(here, address))
            });
            fit.map(move |addr| {
                let dev = space.link_name(addr.link);
                Item::new(addr.net.addr().to_string(), format!("{dev} in {ns}"))
            })
        })
    };
    match (last, names::verb(&begun.before)) {
        ("src" | "local" | "from", _) => own().collect(),
        ("via", _) => others(true).collect(),
        ("remote", _) => others(false).collect(),
        (_, Some(Verb::Neigh)) => {
            let known = here.neighs.iter().filter(|neigh| shown(&neigh.dst));
            let known = known.map(|neigh| {
                let dev = here.link_name(neigh.link);
                Item::new(neigh.dst.to_string(), format!("known on {dev}"))
            });
            known.chain(others(true)).collect()
        }
        _ => others(false).chain(own()).collect(),
    }
}

/// Does `address` lie in a network that the namespace is connected to?
fn reaches(here: &Space, address: IpAddr) -> bool {
    here.addrs.iter().any(|addr| addr.net.contains(&address))
}

/// Prefixes: for `ip addr` those of the namespace's addresses, for `ip route` its destinations and
/// the networks that there are, for everything else the networks.
fn prefixes(begun: &Begun, around: Around<'_>, here: &Space) -> Vec<Item> {
    match names::verb(&begun.before) {
        Some(Verb::AddrAdd) => Vec::new(),
        Some(Verb::Addr) => {
            let shown = here.addrs.iter();
            let item = |addr: &crate::world::addr::Addr| {
                Item::new(
                    addr.net.to_string(),
                    format!("on {}", here.link_name(addr.link)),
                )
            };
            shown.map(item).collect()
        }
        Some(Verb::Route) => destinations(here),
        Some(Verb::RouteAdd) => {
            let default = Item::new("default", "every address that no other route fits");
            std::iter::once(default)
                .chain(networks(around.world))
                .collect()
        }
        Some(Verb::Neigh) | None => {
            let addresses = addresses("", begun, around, here);
            networks(around.world).chain(addresses).collect()
        }
    }
}

/// Destinations of the main table.
fn destinations(here: &Space) -> Vec<Item> {
    let main = here.routes.iter().filter(|route| route.table == 254);
    main.filter(|route| !names::is_local(route.dst.addr()))
        .map(|route| {
            let dst = match route.dst.prefix_len() {
                0 => "default".to_owned(),
                _ => route.dst.to_string(),
            };
            let via = route.via.map(|via| format!("via {via} "));
            let dev = route.dev.map(|dev| format!("dev {}", here.link_name(dev)));
            Item::new(dst, [via, dev].into_iter().flatten().collect::<String>())
        })
        .collect()
}

/// Networks that devices stand in.
fn networks(world: &World) -> impl Iterator<Item = Item> {
    let addrs = world.spaces.values().flat_map(|space| &space.addrs);
    let nets: std::collections::BTreeSet<_> = addrs
        .filter(|addr| !addr.net.addr().is_loopback() && !names::is_local(addr.net.addr()))
        .map(|addr| addr.net.trunc())
        .collect();
    nets.into_iter()
        .map(|net| Item::new(net.to_string(), "a network that there is"))
}

fn macs(world: &World) -> Vec<Item> {
    let spaces = world.spaces.iter();
    spaces
        .flat_map(|(ns, space)| {
            let macs = space
                .links
                .values()
                .filter_map(|link| Some((link, link.mac?)));
            let real = macs.filter(|(_, mac)| mac.0 != [0; 6]);
            real.map(move |(link, mac)| {
                Item::new(mac.to_string(), format!("{} in {ns}", link.name))
            })
        })
        .collect()
}

/// The chains of the table that the line is about: those built in, and the learner's own.
fn chains(begun: &Begun, here: &Space) -> Vec<Item> {
    let built_in = names::base_chains(names::table(&begun.before));
    let built_in = built_in
        .iter()
        .map(|(name, meaning)| Item::new(*name, *meaning));
    let own = user_chains(begun, here).map(|(name, rules)| Item::new(name, rules));
    built_in.chain(own).collect()
}

fn user_chains<'a>(begun: &Begun, here: &'a Space) -> impl Iterator<Item = (&'a str, String)> {
    let table = here.ruleset.ip(names::table(&begun.before));
    let chains = table.into_iter().flat_map(|table| &table.chains);
    chains
        .filter(|chain| chain.base.is_none())
        .map(|chain| (chain.name.as_str(), counted(chain.rules.len(), "rule")))
}
