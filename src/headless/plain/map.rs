//! The map in words: each namespace, its devices, and where their cables lead.

use super::said::Said;
use crate::map::{Cable, Device, End, Kind, Map, State, model};
use crate::world::World;

/// What the map of `world` shows.
pub fn all(world: &World) -> Vec<Said> {
    let map = model(world);
    let mut said = vec![Said::Blank, Said::words("The map.")];
    for (space, here) in map.spaces.iter().enumerate() {
        let shown = here.devices.iter().enumerate();
        let shown: Vec<Said> = shown
            .filter(|(_, device)| device.kind != Kind::Loopback)
            .map(|(device, _)| Said::behind("- ", one(&map, End { space, device })))
            .collect();
        if shown.is_empty() {
            said.push(Said::words(format!(
                "In {}: no device but the loopback, and so no cable.",
                here.name
            )));
        } else {
            said.push(Said::words(format!("In {}:", here.name)));
            said.extend(shown);
        }
    }
    said
}

/// A device, and where its cable leads.
fn one(map: &Map, end: End) -> String {
    let (Some(space), Some(device)) = (map.spaces.get(end.space), map.device(end)) else {
        return String::new();
    };
    let mut parts = vec![match device.word() {
        Some(word) => format!("{}, a {word}", device.name),
        None => device.name.clone(),
    }];
    parts.push(state(device).to_owned());
    parts.extend(device.addresses.iter().cloned());
    if let Some(master) = device.master.and_then(|master| space.devices.get(master)) {
        parts.push(format!("plugged into {}", master.name));
    }
    let cables = map.cables.iter().filter_map(|cable| other(cable, end));
    parts.extend(cables.map(|(far, stands_on)| leads(map, far, stands_on)));
    if device.kind == Kind::Bridge {
        parts.push(ports(&space.devices, end.device));
    }
    format!("{}.", parts.join(", "))
}

fn state(device: &Device) -> &'static str {
    match (device.state, device.trouble()) {
        (State::Up, None) => "up",
        (State::NoCarrier, _) => "up, with no carrier: the other end is off or missing",
        (State::Up | State::Down, trouble) => trouble.unwrap_or("down"),
    }
}

/// The other end of `cable`, if `end` is one of it, and whether `end` stands on that.
fn other(cable: &Cable, end: End) -> Option<(Option<End>, bool)> {
    if cable.near == end {
        return Some((cable.far, cable.stands_on));
    }
    // What stands on a device is said with what stands there.
    (cable.far == Some(end) && !cable.stands_on).then_some((Some(cable.near), false))
}

fn leads(map: &Map, far: Option<End>, stands_on: bool) -> String {
    let there = far.and_then(|end| Some((map.spaces.get(end.space)?, map.device(end)?)));
    match there {
        None => "its cable leads out of sight".to_owned(),
        Some((space, device)) if stands_on => {
            format!("stands on {} in {}", device.name, space.name)
        }
        Some((space, device)) => format!("its cable leads to {} in {}", device.name, space.name),
    }
}

fn ports(devices: &[Device], bridge: usize) -> String {
    let ports = devices.iter().filter(|it| it.master == Some(bridge));
    let names: Vec<&str> = ports.map(|port| port.name.as_str()).collect();
    match &names[..] {
        [] => "with nothing plugged in".to_owned(),
        [one] => format!("with the port {one}"),
        [first @ .., last] => format!("with the ports {} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::link::{Link, LinkFlags, LinkKind};
    use crate::world::{Ns, Space};

    fn link(index: u32, name: &str, kind: LinkKind, with: impl FnOnce(&mut Link)) -> Link {
        let mut link = Link {
            index,
            name: name.to_owned(),
            kind,
            flags: LinkFlags::UP | LinkFlags::LOWER_UP,
            ..Link::default()
        };
        with(&mut link);
        link
    }

    #[test]
    fn devices_cables_and_ports_are_said() {
        let mut host = Space::default();
        host.nsids.insert(0, "app3".to_owned());
        let plug = |link: &mut Link| {
            (link.peer, link.peer_ns, link.master) = (Some(2), Some(0), Some(3));
        };
        for link in [
            link(2, "hlink3", LinkKind::Veth, plug),
            link(3, "br0", LinkKind::Bridge, |_| {}),
        ] {
            host.links.insert(link.index, link);
        }
        let mut app = Space::default();
        let clink = link(2, "clink3", LinkKind::Veth, |link| {
            (link.peer, link.peer_ns) = (Some(2), Some(0));
            link.flags = LinkFlags::empty();
        });
        app.links.insert(2, clink);
        let mut world = World::default();
        world.spaces.insert(Ns::Host, host);
        world.spaces.insert(Ns::from_name("app3"), app);
        world.spaces.insert(Ns::from_name("app9"), Space::default());
        let rows: Vec<String> = all(&world)
            .iter()
            .flat_map(|said| said.rows(None))
            .collect();
        let wanted = [
            "",
            "The map.",
            "In host:",
            "- hlink3, up, plugged into br0, its cable leads to clink3 in app3.",
            "- br0, a bridge, up, with the port hlink3.",
            "In app3:",
            "- clink3, down, its cable leads to hlink3 in host.",
            "In app9: no device but the loopback, and so no cable.",
        ];
        assert_eq!(rows, wanted);
    }
}
