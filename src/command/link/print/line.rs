//! Parts of a device's line that `ip link`, `ip address` and `bridge link` share.

use crate::world::Space;
use crate::world::link::{Link, LinkFlags, OperState};

/// `hlink1@if9`, `clink1@hlink1`, `br0`: the name, with the other end or the device below.
pub(in crate::command) fn name(link: &Link, known: &Space) -> String {
    match (link.peer, link.peer_ns) {
        (Some(0), _) => format!("{}@NONE", link.name),
        (Some(peer), Some(_)) => format!("{}@if{peer}", link.name),
        (Some(peer), None) => format!("{}@{}", link.name, known.link_name(peer)),
        (None, _) => link.name.clone(),
    }
}

/// The flags between the angle brackets; `NO-CARRIER` and `M-DOWN` are the tool's own.
pub(in crate::command) fn flags(link: &Link, known: &Space) -> String {
    const NAMES: [(u32, &str); 18] = [
        (1 << 3, "LOOPBACK"),
        (1 << 1, "BROADCAST"),
        (1 << 4, "POINTOPOINT"),
        (1 << 12, "MULTICAST"),
        (1 << 7, "NOARP"),
        (1 << 9, "ALLMULTI"),
        (1 << 8, "PROMISC"),
        (1 << 10, "MASTER"),
        (1 << 11, "SLAVE"),
        (1 << 2, "DEBUG"),
        (1 << 15, "DYNAMIC"),
        (1 << 14, "AUTOMEDIA"),
        (1 << 13, "PORTSEL"),
        (1 << 5, "NOTRAILERS"),
        (1, "UP"),
        (1 << 16, "LOWER_UP"),
        (1 << 17, "DORMANT"),
        (1 << 18, "ECHO"),
    ];
    let mut words = Vec::new();
    if link.is_up() && !link.flags.contains(LinkFlags::RUNNING) {
        words.push("NO-CARRIER".to_owned());
    }
    let mut left = (link.flags - LinkFlags::RUNNING).bits();
    for (bit, name) in NAMES {
        if left & bit != 0 {
            words.push(name.to_owned());
            left &= !bit;
        }
    }
    if left != 0 {
        words.push(format!("{left:x}"));
    }
    let below = link.peer.filter(|_| link.peer_ns.is_none());
    let down = |index| known.links.get(&index).is_some_and(|link| !link.is_up());
    if below.is_some_and(down) {
        words.push("M-DOWN".to_owned());
    }
    words.join(",")
}

/// RFC 2863's state in capitals.
pub(in crate::command) fn state(state: OperState) -> &'static str {
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

/// The start of a `-br` line.
pub(in crate::command) fn brief(link: &Link, known: &Space) -> String {
    format!("{:<16} {:<14} ", name(link, known), state(link.state))
}

/// A group's name: `/etc/iproute2/group` knows one.
pub(in crate::command) fn group(group: u32) -> String {
    match group {
        0 => "default".to_owned(),
        number => number.to_string(),
    }
}

/// `link/ether 5a:…:01 brd ff:…:ff`
pub(in crate::command) fn hardware(link: &Link) -> String {
    // `ARPHRD_*` of `linux/if_arp.h`.
    let kind = match link.hardware {
        1 => "ether".to_owned(),
        512 => "ppp".to_owned(),
        768 => "ipip".to_owned(),
        769 => "tunnel6".to_owned(),
        772 => "loopback".to_owned(),
        776 => "sit".to_owned(),
        778 => "gre".to_owned(),
        823 => "gre6".to_owned(),
        0xfffe => "none".to_owned(),
        other => format!("[{other}]"),
    };
    let mac = link.mac.map(|mac| mac.to_string()).unwrap_or_default();
    let brd = link.broadcast.map(|mac| format!(" brd {mac}"));
    format!("link/{kind} {mac}{}", brd.unwrap_or_default())
}

/// ` link-netns app1`, or ` link-netnsid 0` for a namespace without a name here.
pub(in crate::command) fn other_end(link: &Link, known: &Space) -> String {
    match link.peer_ns {
        None => String::new(),
        Some(id) => match known.nsids.get(&id) {
            Some(name) => format!(" link-netns {name}"),
            None => format!(" link-netnsid {id}"),
        },
    }
}
