//! Values that exist now, for each kind of place in a line.

use std::collections::BTreeMap;

use super::addresses::Pool;
use super::{Around, Item, names, settings};
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
        Slot::Address => Pool::new(begun, around, here).addresses(),
        Slot::Prefix => Pool::new(begun, around, here).prefixes(),
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
    let mut addrs: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for addr in &here.addrs {
        if !names::is_local(addr.net.addr()) {
            addrs
                .entry(addr.link)
                .or_default()
                .push(addr.net.to_string());
        }
    }
    here.links
        .values()
        .filter(|link| !bridges || link.kind == LinkKind::Bridge)
        .map(|link| {
            let own = addrs.get(&link.index).map_or(&[][..], Vec::as_slice);
            Item::new(link.name.clone(), state(link, here, own))
        })
        .collect()
}

/// `up, veth, in br0, 172.16.0.1/16`
fn state(link: &Link, here: &Space, addrs: &[String]) -> String {
    let up = if link.is_up() { "up" } else { "down" };
    let kind = names::kind(&link.kind).map(str::to_owned);
    let master = link
        .master
        .map(|index| format!("in {}", here.link_name(index)));
    let words = [Some(up.to_owned()), kind, master].into_iter().flatten();
    let words: Vec<String> = words.chain(addrs.iter().cloned()).collect();
    words.join(", ")
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
