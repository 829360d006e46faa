//! A cable made and an end of it moved, as one request.
//!
//! To move a device into another namespace the kernel waits until no processor can be using it any
//! more (RCU, some 20 ms); one that is born there costs a tenth. A lesson shows the move. A rebuild
//! need not: the tables come out the same, once both ends were switched on. Until then an end's state
//! remembers where it was born: beside its peer `LOWERLAYERDOWN`, elsewhere `DOWN`
//! (`default_operstate` in `net/core/link_watch.c`).

use crate::command::Command;
use crate::command::addr::Addr;
use crate::command::link::{Add, AddKind, Link, Set, Setting};
use crate::command::netns::NsRef;
use crate::world::Ns;

/// A cable whose ends are born where later lines move them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fused {
    /// The line that makes it so.
    pub born: Link,
    /// Which of the lines behind it are done with it, counted from 0.
    pub moves: Vec<usize>,
}

/// One end of the cable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Own,
    Peer,
}

/// The first line together with those of `rest` that move an end of the cable that it makes.
///
/// Looked for as far as lines follow that neither know nor care where that end is.
pub fn fused((at, first): &(Ns, Command), rest: &[(Ns, Command)]) -> Option<Fused> {
    let Command::Link(Link::Add(add)) = first else {
        return None;
    };
    let names = [(End::Own, own_name(add)?), (End::Peer, peer_name(add)?)];
    if !names.iter().all(|(_, name)| switched_on(name, rest)) {
        return None;
    }
    let mut still = names.to_vec();
    let mut found = Fused {
        born: Link::Add(add.clone()),
        moves: Vec::new(),
    };
    for (index, (other, command)) in rest.iter().enumerate() {
        if other != at || still.is_empty() {
            break;
        }
        if let Some((dev, into)) = moved(command)
            && let Some(place) = still.iter().position(|(_, name)| *name == dev)
        {
            let (end, _) = still.swap_remove(place);
            found.born = born_in(&found.born, end, into)?;
            found.moves.push(index);
            continue;
        }
        let Some(touched) = touched(command) else {
            break;
        };
        still.retain(|(_, name)| !touched.contains(name));
    }
    (!found.moves.is_empty()).then_some(found)
}

/// Is a device of this name switched on by one of the lines?
fn switched_on(name: &str, lines: &[(Ns, Command)]) -> bool {
    lines.iter().any(|(at, command)| {
        let (_, Command::Link(Link::Set(set))) = command.place(at) else {
            return false;
        };
        set.dev == name && set.settings.contains(&Setting::Up)
    })
}

/// The name of the end that the line names first, unless it goes elsewhere at once.
fn own_name(add: &Add) -> Option<&str> {
    let stays = !add
        .with
        .iter()
        .any(|with| matches!(with, Setting::Netns(_)));
    add.name.as_deref().filter(|_| stays)
}

fn peer_name(add: &Add) -> Option<&str> {
    match &add.kind {
        AddKind::Veth { peer, with } => {
            let stays = !with.iter().any(|with| matches!(with, Setting::Netns(_)));
            peer.as_deref().filter(|_| stays)
        }
        AddKind::Bridge | AddKind::Macvlan { .. } | AddKind::Vxlan { .. } => None,
    }
}

/// `ip link set DEV netns NS` and no more.
pub fn moved(command: &Command) -> Option<(&str, &NsRef)> {
    let Command::Link(Link::Set(Set { dev, settings })) = command else {
        return None;
    };
    match settings.as_slice() {
        [Setting::Netns(ns)] => Some((dev, ns)),
        _ => None,
    }
}

/// The cable's line with one end born in a namespace.
fn born_in(born: &Link, end: End, into: &NsRef) -> Option<Link> {
    let Link::Add(mut add) = born.clone() else {
        return None;
    };
    let there = Setting::Netns(into.clone());
    match (end, &mut add.kind) {
        (End::Own, _) => add.with.push(there),
        (End::Peer, AddKind::Veth { with, .. }) => with.push(there),
        (End::Peer, AddKind::Bridge | AddKind::Macvlan { .. } | AddKind::Vxlan { .. }) => {
            return None;
        }
    }
    Some(Link::Add(add))
}

/// The devices that a line is about; `None` where it may depend on others.
fn touched(command: &Command) -> Option<Vec<&str>> {
    match command {
        Command::Link(Link::Set(set)) => {
            let plain = |setting: &Setting| {
                matches!(
                    setting,
                    Setting::Up
                        | Setting::Down
                        | Setting::Promisc(_)
                        | Setting::Address(_)
                        | Setting::Mtu(_)
                        | Setting::Netns(_)
                )
            };
            set.settings
                .iter()
                .all(plain)
                .then(|| vec![set.dev.as_str()])
        }
        Command::Link(Link::Add(add)) => Some(vec![own_name(add)?, peer_name(add)?]),
        Command::Addr(Addr::Add(spec)) => Some(vec![spec.dev.as_str()]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::parse;

    fn fused_lines(lines: &[&str]) -> Option<(String, Vec<usize>)> {
        let read = |line: &&str| parse(line).unwrap().command.unwrap();
        let mut lines: Vec<_> = lines.iter().map(|line| (Ns::Host, read(line))).collect();
        let elsewhere = Ns::Named("app9".to_owned());
        let on = ["ip link set h1 up", "ip link set c1 up"];
        lines.extend(on.iter().map(|line| (elsewhere.clone(), read(line))));
        let (first, rest) = lines.split_first()?;
        let fused = fused(first, rest)?;
        Some((Command::Link(fused.born).canonical(), fused.moves))
    }

    const CABLE: &str = "ip link add h1 type veth peer name c1";

    #[test]
    fn an_end_is_born_where_it_is_moved() {
        let lines = [
            CABLE,
            "ip link set h1 up",
            "ip addr add 10.0.0.1/24 dev h1",
            "ip link set c1 netns app1",
            "ip link set h1 up",
        ];
        let born = "ip link add name h1 type veth peer name c1 netns app1";
        assert_eq!(fused_lines(&lines), Some((born.to_owned(), vec![2])));
    }

    #[test]
    fn so_are_both() {
        let lines = [
            CABLE,
            "ip link set c1 netns app1",
            "ip link set h1 netns app2",
        ];
        let born = "ip link add name h1 netns app2 type veth peer name c1 netns app1";
        assert_eq!(fused_lines(&lines), Some((born.to_owned(), vec![0, 1])));
    }

    #[test]
    fn not_over_a_line_that_may_care() {
        let apart = [
            "ip link set c1 up",
            "ip addr add 10.0.0.1/24 dev c1",
            "ip link set c1 name c2",
            "ip link set h1 master c1",
            "ip netns add app1",
            "ip route add default dev c1",
            "ip link add c1 type bridge",
            "ip -n app1 link set lo up",
        ];
        for line in apart {
            let lines = [CABLE, line, "ip link set c1 netns app1"];
            assert_eq!(fused_lines(&lines), None, "{line}");
        }
        assert_eq!(fused_lines(&[CABLE, "ip link set c1 netns app1 up"]), None);
        let bridge = ["ip link add br0 type bridge", "ip link set br0 netns app1"];
        assert_eq!(fused_lines(&bridge), None);
    }

    #[test]
    fn not_where_an_end_is_still_off() {
        let line = |line: &str| (Ns::Host, parse(line).unwrap().command.unwrap());
        let rest = [
            line("ip link set c1 netns app1"),
            line("ip -n app1 link set c1 up"),
        ];
        assert_eq!(fused(&line(CABLE), &rest), None);
        let both = [&rest[..], &[line("ip link set h1 up")]].concat();
        assert!(fused(&line(CABLE), &both).is_some());
    }
}
