//! A namespace's tables as the tools print them, for those who have no panes.

use super::said::Said;
use crate::command::{Show, Task, parse};
use crate::world::{Ns, Space, World};

/// What is shown: a heading, and the command whose output stands below it.
const SHOWN: [(&str, &str); 4] = [
    ("Devices and addresses", "ip addr"),
    ("Routes", "ip route"),
    ("Neighbours", "ip neigh"),
    ("Forwarding entries of bridges", "bridge fdb"),
];

/// The kernel writes down so many forwarding entries by itself that those learnt drown among them.
const BY_ITSELF: &str = "permanent";

/// The tables of `ns`, and which other namespaces there are.
pub fn all(world: &World, ns: &Ns) -> Vec<Said> {
    let Some(space) = world.spaces.get(ns) else {
        return vec![Said::words(format!(
            "There is no namespace {ns}. {}",
            names(world.spaces.keys())
        ))];
    };
    let mut said = vec![Said::words(format!("The tables of {ns}."))];
    for (heading, command) in SHOWN {
        let mut lines = printed(command, space);
        if command == "bridge fdb" {
            lines.retain(|line| !line.contains(BY_ITSELF));
        }
        said.extend(table(&format!("{heading}, `{command}`"), lines));
    }
    let rules = space.ruleset.lines().into_iter().map(|line| line.text);
    said.extend(table("Rules, `iptables-save`", rules.collect()));
    let flows = space.flows.iter().map(ToString::to_string);
    said.extend(table("Connections, `conntrack -L`", flows.collect()));
    let settings = space.sysctls.iter();
    let settings = settings.map(|(name, value)| format!("{name} = {value}"));
    said.extend(table(
        "Settings that were read, `sysctl`",
        settings.collect(),
    ));
    said.push(Said::Blank);
    let others = world.spaces.keys().filter(|other| *other != ns);
    said.push(Said::words(names(others)));
    said
}

/// A table; one without rows takes no line.
fn table(heading: &str, lines: Vec<String>) -> Vec<Said> {
    if lines.is_empty() {
        return Vec::new();
    }
    let heading = [Said::Blank, Said::words(format!("{heading}:"))];
    let lines = lines.into_iter().map(Said::Exact);
    heading.into_iter().chain(lines).collect()
}

/// The lines that `command` would print.
fn printed(command: &str, space: &Space) -> Vec<String> {
    let line = parse(command).ok().and_then(|line| line.command);
    let print = |show: &dyn Show| show.print(space).out;
    let text = line.map(|command| match command.task() {
        Task::Show(show) => print(show),
        Task::Change(_)
        | Task::RouteGet(_)
        | Task::Netns(_)
        | Task::Sysctl(_)
        | Task::Iptables(_)
        | Task::Ping(_)
        | Task::Tcpdump(_)
        | Task::Enter(_)
        | Task::Exit => String::new(), // none of them prints a table
    });
    let text = text.unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn names<'a>(all: impl Iterator<Item = &'a Ns>) -> String {
    let names: Vec<&str> = all.map(Ns::name).collect();
    match &names[..] {
        [] => "There is no other namespace.".to_owned(),
        names => format!(
            "`:tables NAME` says those of another namespace: {}.",
            names.join(", ")
        ),
    }
}
