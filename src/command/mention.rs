//! What a command speaks of: namespaces and devices, by their names.

use super::link::{AddKind, Link, Setting};
use super::{Command, addr, arp, bridge, neigh, netns, ping, route};
use crate::world::Ns;

/// Namespaces that a command speaks of.
pub fn spaces_of(command: &Command) -> Vec<Ns> {
    match command {
        Command::In { ns, command, .. } => {
            let mut all = vec![ns.resolve()];
            all.extend(spaces_of(command));
            all
        }
        Command::Enter { ns, .. } => vec![ns.resolve()],
        Command::Netns(netns::Netns::Del(name)) => vec![Ns::Named(name.clone())],
        Command::Link(Link::Add(add)) => {
            let peer = match &add.kind {
                AddKind::Veth { with, .. } => &with[..],
                AddKind::Bridge | AddKind::Macvlan { .. } | AddKind::Vxlan { .. } => &[],
            };
            add.with.iter().chain(peer).filter_map(moved_into).collect()
        }
        Command::Link(Link::Set(set)) => set.settings.iter().filter_map(moved_into).collect(),
        Command::Exit
        | Command::Netns(netns::Netns::Add(_) | netns::Netns::List)
        | Command::Link(Link::Del { .. } | Link::Show(_))
        | Command::Addr(_)
        | Command::Route(_)
        | Command::Neigh(_)
        | Command::Policy(_)
        | Command::Bridge(_)
        | Command::NetTools(_)
        | Command::Sysctl(_)
        | Command::Iptables(_)
        | Command::Ping(_)
        | Command::Tcpdump(_) => Vec::new(),
    }
}

/// Devices that a command speaks of, in the namespace that it is carried out in. A rule may name
/// devices that are not there.
pub fn devices_of(command: &Command) -> Vec<&str> {
    match command {
        Command::Link(link) => devices_of_link(link),
        Command::Addr(addr) => match addr {
            addr::Addr::Add(spec) | addr::Addr::Del(spec) => vec![&spec.dev],
            addr::Addr::Flush(show) | addr::Addr::Show(show) => option(show.dev.as_ref()),
        },
        Command::Route(route) => match route {
            route::Route::Change(_, spec) => option(spec.dev.as_ref()),
            route::Route::Flush(show) | route::Route::Show(show) => option(show.dev.as_ref()),
            route::Route::Get(get) => option(get.oif.as_ref()),
        },
        Command::Neigh(neigh) => match neigh {
            neigh::Neigh::Set { dev, .. } | neigh::Neigh::Del { dev, .. } => vec![dev],
            neigh::Neigh::Flush(show) | neigh::Neigh::Show(show) => option(show.dev.as_ref()),
        },
        Command::Bridge(bridge) => match bridge {
            bridge::Bridge::Link { dev, .. } => option(dev.as_ref()),
            bridge::Bridge::Fdb { bridge, port, .. } => option(bridge.as_ref().or(port.as_ref())),
        },
        Command::NetTools(arp::NetTools::Arp { dev }) => option(dev.as_ref()),
        Command::Ping(ping) => match &ping.source {
            Some(ping::Source::Device(dev)) => vec![dev],
            Some(ping::Source::Address(_)) | None => Vec::new(),
        },
        Command::Tcpdump(dump) => option(dump.dev.as_ref().filter(|dev| *dev != "any")),
        Command::In { .. }
        | Command::Enter { .. }
        | Command::Exit
        | Command::Netns(_)
        | Command::Policy(_)
        | Command::NetTools(arp::NetTools::Route { .. })
        | Command::Sysctl(_)
        | Command::Iptables(_) => Vec::new(),
    }
}

fn devices_of_link(link: &Link) -> Vec<&str> {
    match link {
        Link::Add(add) => {
            let mut all = option(add.below.as_ref());
            all.extend(add.with.iter().filter_map(master));
            all
        }
        Link::Set(set) => {
            let mut all = vec![&*set.dev];
            all.extend(set.settings.iter().filter_map(master));
            all
        }
        Link::Del { dev } => vec![dev],
        Link::Show(show) => {
            let mut all = option(show.dev.as_ref());
            all.extend(option(show.master.as_ref()));
            all
        }
    }
}

fn option(name: Option<&String>) -> Vec<&str> {
    name.map(String::as_str).into_iter().collect()
}

/// The namespace that a setting sends a device to.
pub fn moved_into(setting: &Setting) -> Option<Ns> {
    if let Setting::Netns(ns) = setting {
        return Some(ns.resolve());
    }
    None
}

fn master(setting: &Setting) -> Option<&str> {
    if let Setting::Master(name) = setting {
        return Some(name);
    }
    None
}
