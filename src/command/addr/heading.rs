//! The lines above a device's addresses.

use std::fmt::Write;

use crate::command::Family;
use crate::command::addr::ShowAddrs;
use crate::world::Space;
use crate::world::link::{Link, LinkFlags, OperState};

/// The device's own lines (with `-br` the start of its only line).
///
/// For one family `ip` leaves out the hardware addresses; for all devices of IPv6 it asks the
/// kernel for a table that also lacks the queueing discipline and the group.
pub(super) fn heading(link: &Link, known: &Space, asked: &ShowAddrs) -> String {
    let view = asked.view;
    if view.brief {
        return format!("{:<16} {:<14} ", name(link, known), state(link.state));
    }
    let mut text = format!(
        "{}: {}: <{}> mtu {} ",
        link.index,
        name(link, known),
        flags(link),
        link.mtu
    );
    let v6 = view.family == Some(Family::V6) && asked.dev.is_none();
    if !v6 {
        let _ = write!(text, "qdisc {} ", link.qdisc);
    }
    if let Some(master) = link.master.filter(|_| !v6) {
        let _ = write!(text, "master {} ", known.link_name(master));
    }
    let _ = write!(text, "state {} ", state(link.state));
    if !v6 {
        text.push_str("group default ");
    }
    let _ = write!(text, "qlen {}", link.qlen);
    if view.family.is_none() {
        let kind = if link.flags.contains(LinkFlags::LOOPBACK) {
            "loopback"
        } else {
            "ether"
        };
        let mac = link.mac.unwrap_or_default();
        let brd = link.broadcast.unwrap_or_default();
        let _ = write!(text, "\n    link/{kind} {mac} brd {brd}");
    }
    if let Some(nsid) = link.peer_ns.filter(|_| !v6) {
        match known.nsids.get(&nsid) {
            Some(name) => _ = write!(text, " link-netns {name}"),
            None => _ = write!(text, " link-netnsid {nsid}"),
        }
    }
    text.push('\n');
    text
}

fn name(link: &Link, known: &Space) -> String {
    match (link.peer, link.peer_ns) {
        (Some(peer), Some(_)) => format!("{}@if{peer}", link.name),
        (Some(peer), None) => format!("{}@{}", link.name, known.link_name(peer)),
        (None, _) => link.name.clone(),
    }
}

fn flags(link: &Link) -> String {
    let mut words = Vec::new();
    if link.is_up() && !link.flags.contains(LinkFlags::RUNNING) {
        words.push("NO-CARRIER");
    }
    for (flag, word) in [
        (LinkFlags::LOOPBACK, "LOOPBACK"),
        (LinkFlags::BROADCAST, "BROADCAST"),
        (LinkFlags::POINTOPOINT, "POINTOPOINT"),
        (LinkFlags::MULTICAST, "MULTICAST"),
        (LinkFlags::NOARP, "NOARP"),
        (LinkFlags::PROMISC, "PROMISC"),
        (LinkFlags::UP, "UP"),
        (LinkFlags::LOWER_UP, "LOWER_UP"),
    ] {
        if link.flags.contains(flag) {
            words.push(word);
        }
    }
    words.join(",")
}

fn state(state: OperState) -> &'static str {
    match state {
        OperState::Unknown => "UNKNOWN",
        OperState::NotPresent => "NOTPRESENT",
        OperState::Down => "DOWN",
        OperState::LowerLayerDown => "LOWERLAYERDOWN",
        OperState::Testing => "TESTING",
        OperState::Dormant => "DORMANT",
        OperState::Up => "UP",
    }
}
