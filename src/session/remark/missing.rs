//! What is not there: namespaces and devices that a command names.

use super::Case;
use crate::command::Command;
use crate::command::link::Link;
use crate::command::mention::{devices_of, spaces_of};
use crate::command::netns::Netns;
use crate::lesson::report::meant;
use crate::world::{Ns, World};

/// A namespace that the command names and that is not there.
pub(super) fn space(world: &World, command: &Command) -> Option<String> {
    let act = command.act();
    let all = spaces_of(command).into_iter().chain(spaces_of(act));
    let missing = all.into_iter().find(|ns| !world.spaces.contains_key(ns))?;
    let name = missing.name();
    if matches!(name, "host" | "internet") {
        return Some(format!(
            "{name} has no name in /run/netns, so nothing can be sent into it by name; `exit` leads back to host."
        ));
    }
    let names: Vec<&str> = world.spaces.keys().filter_map(listed).collect();
    if let Some(near) = meant(name, names.iter().copied()) {
        return Some(format!(
            "There is no namespace {name}. Did you mean {near}?"
        ));
    }
    let there = match &names[..] {
        [] => "none has been made yet".to_owned(),
        [only] => format!("there is {only}"),
        all => format!("there are {}", all.join(", ")),
    };
    let deletes = matches!(act, Command::Netns(Netns::Del(_)));
    Some(if deletes {
        format!("There is no namespace {name} to delete: {there}.")
    } else {
        format!("There is no namespace {name}: {there}. `ip netns add {name}` makes one.")
    })
}

fn listed(ns: &Ns) -> Option<&str> {
    match ns {
        Ns::Named(name) => Some(name),
        Ns::Host | Ns::Internet => None,
    }
}

/// A device that the command names and that is not in its namespace.
pub(super) fn device(case: Case<'_>, command: &Command) -> Option<String> {
    let space = case.space?;
    let name = devices_of(command)
        .into_iter()
        .find(|name| space.link(name).is_none())?;
    let ns = case.ns;
    let elsewhere = places(case.world, name);
    if let Some(there) = elsewhere.first() {
        let way = match there {
            Ns::Named(there) if reaches_by_option(command) => {
                format!("`ip -n {there} …` acts there")
            }
            Ns::Named(there) => format!("`ip netns exec {there} …` acts there"),
            Ns::Host | Ns::Internet => "a line at the prompt of host acts there".to_owned(),
        };
        return Some(format!("{name} is in {there}, not in {ns}: {way}."));
    }
    let here = space.links.values().map(|link| link.name.as_str());
    let others = case.world.spaces.values();
    let all = here
        .clone()
        .chain(others.flat_map(|space| space.links.values().map(|link| link.name.as_str())));
    if let Some(near) = meant(name, all) {
        let place = if space.link(near).is_some() {
            String::new()
        } else {
            place_of(case.world, near)
        };
        return Some(format!(
            "Nothing is called {name}. Did you mean {near}{place}?"
        ));
    }
    let here: Vec<&str> = here.collect();
    Some(format!(
        "No namespace has a device {name}; in {ns} there are {}.",
        here.join(", ")
    ))
}

/// Is it a command of `ip` or `bridge`, which take `-n`?
fn reaches_by_option(command: &Command) -> bool {
    match command {
        Command::Link(Link::Show(_) | Link::Add(_) | Link::Set(_) | Link::Del { .. })
        | Command::Addr(_)
        | Command::Route(_)
        | Command::Neigh(_) => true,
        Command::Bridge(_)
        | Command::In { .. }
        | Command::Enter { .. }
        | Command::Exit
        | Command::Netns(_)
        | Command::Policy(_)
        | Command::NetTools(_)
        | Command::Sysctl(_)
        | Command::Iptables(_)
        | Command::Ping(_)
        | Command::Tcpdump(_) => false,
    }
}

/// The namespaces that have a device of this name. What the internet is made of is nobody's
/// business.
fn places<'a>(world: &'a World, name: &str) -> Vec<&'a Ns> {
    let spaces = world.spaces.iter().filter(|(ns, _)| **ns != Ns::Internet);
    spaces
        .filter(|(_, space)| space.link(name).is_some())
        .map(|(ns, _)| ns)
        .collect()
}

fn place_of(world: &World, name: &str) -> String {
    let places = places(world, name);
    places
        .first()
        .map_or_else(String::new, |ns| format!(" in {ns}"))
}
