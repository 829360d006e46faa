//! What can be expected, and what the kernel has found, in the same words.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::lesson::ask::Truth;
use crate::lesson::probe::Answer;
use crate::trace::{NextHop, NoRoute};
use crate::world::link::{Link, LinkKind, Mac};
use crate::world::ready::other_end;
use crate::world::{Ns, Space, World};

/// So many choices a digit can tell apart, less the one for "none".
const MOST: usize = 8;

/// Something that can be expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The ping is answered.
    Reply,
    /// An error comes back, or the kernel refuses at once.
    Unreachable,
    /// Nothing comes back.
    Silence,
    /// The packet leaves by this device.
    By(String),
    /// There is no route.
    NoRoute,
    /// This hardware address stands in the table.
    Mac(Mac),
    /// No hardware address does.
    NoMac,
    /// The lesson's choice, from 0.
    Chosen(usize),
}

/// A choice, with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// What it means.
    pub guess: Guess,
}

/// What can be chosen; nothing where the answer is typed.
pub(super) fn choices(world: &World, truth: &Truth) -> Vec<Choice> {
    match truth {
        Truth::Ping => [Guess::Reply, Guess::Unreachable, Guess::Silence]
            .map(|guess| choice(world, guess))
            .into(),
        Truth::Route { ns, .. } => {
            let space = world.spaces.get(ns);
            let devices = space.into_iter().flat_map(|space| space.links.values());
            let by = devices.take(MOST).map(|link| Guess::By(link.name.clone()));
            by.chain([Guess::NoRoute])
                .map(|guess| choice(world, guess))
                .collect()
        }
        Truth::Neigh { ns, to } => {
            let macs = near(world, ns, *to).into_iter().map(Guess::Mac);
            macs.chain([Guess::NoMac])
                .map(|guess| choice(world, guess))
                .collect()
        }
        Truth::Choice { choices, .. } => (choices.iter().enumerate())
            .map(|(index, text)| Choice {
                text: text.clone(),
                guess: Guess::Chosen(index),
            })
            .collect(),
        Truth::Typed { .. } => Vec::new(),
    }
}

fn choice(world: &World, guess: Guess) -> Choice {
    Choice {
        text: words(world, &guess),
        guess,
    }
}

/// What it says.
pub(super) fn words(world: &World, guess: &Guess) -> String {
    match guess {
        Guess::Reply => "an answer".to_owned(),
        Guess::Unreachable => "an error: unreachable".to_owned(),
        Guess::Silence => "silence".to_owned(),
        Guess::By(dev) => format!("by {dev}"),
        Guess::NoRoute => "not at all: there is no route".to_owned(),
        Guess::Mac(mac) => owners(world, *mac),
        Guess::NoMac => "nobody's: FAILED".to_owned(),
        Guess::Chosen(index) => format!("the choice {}", index + 1),
    }
}

/// What a ping has brought; nothing where it could not be sent or was stopped.
pub(super) fn of_ping(answer: &Answer) -> Option<Guess> {
    match answer {
        Answer::Reply { .. } => Some(Guess::Reply),
        Answer::Unreachable { .. } => Some(Guess::Unreachable),
        Answer::Silence { .. } => Some(Guess::Silence),
        Answer::Failed(_) => None,
    }
}

/// What a look-up says.
pub(super) fn of_route(route: &Result<NextHop, NoRoute>) -> Guess {
    match route {
        Ok(hop) => Guess::By(hop.dev.clone()),
        Err(_) => Guess::NoRoute,
    }
}

/// What stands in the neighbour table.
pub(super) fn of_neigh(world: &World, ns: &Ns, to: IpAddr) -> Guess {
    let neighs = world.spaces.get(ns).map_or(&[][..], |space| &space.neighs);
    let known = neighs
        .iter()
        .find(|neigh| neigh.dst == to && !neigh.is_unanswered());
    known
        .and_then(|neigh| neigh.mac)
        .map_or(Guess::NoMac, Guess::Mac)
}

/// The devices that have this hardware address; a bridge has that of one of its ports.
fn owners(world: &World, mac: Mac) -> String {
    let owners: Vec<String> = devices(world)
        .filter(|(_, _, its)| *its == mac)
        .map(|(ns, name, _)| format!("{name} in {ns}"))
        .collect();
    if owners.is_empty() {
        mac.to_string()
    } else {
        owners.join(", ")
    }
}

/// Every device with a hardware address of its own.
fn devices(world: &World) -> impl Iterator<Item = (&Ns, &str, Mac)> {
    world.spaces.iter().flat_map(|(ns, space)| {
        let own = space.links.values().filter(|link| link.name != "lo");
        own.filter_map(move |link| Some((ns, link.name.as_str(), link.mac?)))
    })
}

/// The hardware addresses that come into question, in the order of the panes, which gives nothing
/// away. Where there are too many to choose from, the likely ones.
fn near(world: &World, ns: &Ns, to: IpAddr) -> Vec<Mac> {
    let mut ranked: BTreeMap<Mac, u8> = BTreeMap::new();
    for (at, space) in &world.spaces {
        for link in space.links.values().filter(|link| link.name != "lo") {
            let far = if at == ns || has(space, link, to) {
                0
            } else if ends_in(world, space, link, ns) || link.kind == LinkKind::Bridge {
                1
            } else {
                2
            };
            if let Some(mac) = link.mac {
                let best = ranked.entry(mac).or_insert(far);
                *best = far.min(*best);
            }
        }
    }
    let mut kept: Vec<(Mac, u8)> = ranked.into_iter().collect();
    kept.sort_by_key(|(_, far)| *far);
    kept.truncate(MOST);
    let mut macs = Vec::new();
    for (_, _, mac) in devices(world) {
        if kept.iter().any(|(it, _)| *it == mac) && !macs.contains(&mac) {
            macs.push(mac);
        }
    }
    macs
}

/// Has the device this address?
fn has(space: &Space, link: &Link, to: IpAddr) -> bool {
    let mut addrs = space.addrs.iter();
    addrs.any(|addr| addr.link == link.index && addr.net.addr() == to)
}

/// Does its cable end in `ns`?
fn ends_in(world: &World, space: &Space, link: &Link, ns: &Ns) -> bool {
    let end = other_end(world, space, link);
    let there = world.spaces.get(ns).into_iter();
    end.is_some_and(|end| {
        there
            .flat_map(|it| it.links.values())
            .any(|it| std::ptr::eq(it, end))
    })
}
