//! Pictures of topologies that were made by hand.

mod formats;
mod layout;
mod walk;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{Cable, Device, End, Kind, Map, Port, Role, Space, State};
use super::{Detail, Look, draw};
use crate::world::Ns;

/// A map, put together line by line.
#[derive(Default)]
pub(super) struct Maker {
    map: Map,
}

impl Maker {
    pub(super) fn new() -> Self {
        let mut maker = Self::default();
        maker.space("host", Role::Host);
        maker
    }

    pub(super) fn with_uplink() -> Self {
        let mut maker = Self::new();
        maker.cable(("host", "enp0s1"), ("internet", "router0"));
        maker.address("host", "enp0s1", "192.168.64.3/24");
        maker.address("internet", "router0", "192.168.64.1/24");
        maker.address("internet", "lo", "8.8.8.8/32");
        maker.address("internet", "lo", "1.1.1.1/32");
        maker
    }

    pub(super) fn space(&mut self, name: &str, role: Role) -> usize {
        let known = self.map.spaces.iter().position(|space| space.name == name);
        known.unwrap_or_else(|| {
            self.map.spaces.push(Space {
                name: name.to_owned(),
                role,
                devices: vec![device(1, "lo", Kind::Loopback)],
            });
            self.map.spaces.len() - 1
        })
    }

    pub(super) fn device(&mut self, ns: &str, name: &str, kind: Kind) -> End {
        let role = match ns {
            "internet" => Role::Internet,
            _ => Role::Named,
        };
        let space = self.space(ns, role);
        let devices = &mut self.map.spaces[space].devices;
        let place = devices.iter().position(|device| device.name == name);
        let device = place.unwrap_or_else(|| {
            let index = u32::try_from(devices.len() + 1).expect("few");
            devices.push(device(index, name, kind));
            devices.len() - 1
        });
        End { space, device }
    }

    pub(super) fn cable(&mut self, near: (&str, &str), far: (&str, &str)) {
        let near = self.device(near.0, near.1, Kind::Veth);
        let far = Some(self.device(far.0, far.1, Kind::Veth));
        self.map.cables.push(Cable {
            near,
            far,
            stands_on: false,
        });
    }

    pub(super) fn address(&mut self, ns: &str, name: &str, address: &str) {
        self.get(ns, name).addresses.push(address.to_owned());
    }

    pub(super) fn get(&mut self, ns: &str, name: &str) -> &mut Device {
        let end = self.device(ns, name, Kind::Veth);
        &mut self.map.spaces[end.space].devices[end.device]
    }

    pub(super) fn bridge(&mut self, ns: &str, name: &str, ports: &[&str]) {
        let master = self.device(ns, name, Kind::Bridge).device;
        for port in ports {
            self.get(ns, port).master = Some(master);
        }
    }

    pub(super) fn done(self) -> Map {
        self.map
    }
}

fn device(index: u32, name: &str, kind: Kind) -> Device {
    Device {
        index,
        name: name.to_owned(),
        kind,
        state: State::Up,
        master: None,
        port: None,
        addresses: Vec::new(),
    }
}

pub(super) fn nat() -> Maker {
    let mut maker = Maker::with_uplink();
    for (number, address) in [(3, "172.16.0.30/16"), (4, "172.16.0.40/16")] {
        let (app, near, far) = (
            format!("app{number}"),
            format!("hlink{number}"),
            format!("clink{number}"),
        );
        maker.cable(("host", &near), (&app, &far));
        maker.address(&app, &far, address);
    }
    maker.bridge("host", "br0", &["hlink3", "hlink4"]);
    maker.address("host", "br0", "172.16.0.1/16");
    maker
}

fn subnet() -> Maker {
    let mut maker = Maker::with_uplink();
    for number in 1..=2 {
        let (app, near, far) = (
            format!("app{number}"),
            format!("hlink{number}"),
            format!("clink{number}"),
        );
        maker.cable(("host", &near), (&app, &far));
        maker.address("host", &near, &format!("172.16.0.{number}0/16"));
        maker.address(&app, &far, &format!("172.16.0.{number}1/16"));
    }
    maker
}

pub(super) fn picture(map: &Map, look: &Look<'_>) -> String {
    draw(map, look).text_lines().join("\n")
}

/// A chain of routers, and two ends of a cable in one namespace.
fn chain() -> Maker {
    let mut maker = Maker::new();
    maker.cable(("host", "a"), ("r1", "b"));
    maker.cable(("r1", "c"), ("r2", "d"));
    maker.cable(("r2", "e"), ("r3", "f"));
    maker.cable(("r1", "x"), ("r3", "y"));
    maker.cable(("r3", "one"), ("r3", "other"));
    maker.space("alone", Role::Named);
    maker
}

/// Two bridges, and tunnels.
fn bridges() -> Maker {
    let mut maker = nat();
    maker.cable(("host", "hlink5"), ("app5", "eth0"));
    maker.bridge("host", "br1", &["hlink5"]);
    maker.get("host", "hlink5").port = Some(Port::Learning);
    maker.device("host", "vx0", Kind::Vxlan(42, Some("10.0.0.2".to_owned())));
    maker.device("app5", "tun0", Kind::Other("tun".to_owned()));
    let near = maker.device("app5", "mv0", Kind::Macvlan);
    let far = Some(maker.device("host", "enp0s1", Kind::Veth));
    maker.map.cables.push(Cable {
        near,
        far,
        stands_on: true,
    });
    let near = maker.device("app5", "lost", Kind::Veth);
    maker.map.cables.push(Cable {
        near,
        far: None,
        stands_on: false,
    });
    maker
}

/// The cable of the first lesson, before it is carried over.
fn veth() -> Maker {
    let mut maker = Maker::with_uplink();
    maker.space("app1", Role::Named);
    maker.cable(("host", "hlink1"), ("host", "clink1"));
    maker.get("host", "hlink1").state = State::Down;
    maker.get("host", "clink1").state = State::NoCarrier;
    maker
}

#[test]
fn topologies_look_right() {
    for (name, maker) in [
        ("veth", veth()),
        ("subnet", subnet()),
        ("nat", nat()),
        ("chain", chain()),
        ("bridges", bridges()),
    ] {
        let map = maker.done();
        let mut shown = String::new();
        for (room, detail) in [
            ((40, 14), Detail::Addresses),
            ((76, 22), Detail::States),
            ((131, 32), Detail::Addresses),
        ] {
            for unicode in [true, false] {
                let look = Look {
                    room,
                    detail,
                    unicode,
                    ..Look::default()
                };
                writeln!(shown, "{room:?} {detail:?}\n{}", picture(&map, &look))
                    .expect("a string takes it");
            }
        }
        insta::assert_snapshot!(name, shown);
    }
}

#[test]
fn what_is_down_and_what_is_chosen_has_a_sign() {
    let map = veth().done();
    let chosen = Ns::Host;
    let changed = BTreeSet::from([(Ns::Host, 3)]);
    let look = Look {
        room: (80, 24),
        unicode: false,
        chosen: Some(&chosen),
        changed: &changed,
        ..Look::default()
    };
    let picture = picture(&map, &look);
    for sign in [
        "> host",
        "hlink1 down",
        "clink1 no carrier",
        "x-",
        "o-",
        "*hlink1",
    ] {
        assert!(picture.contains(sign), "no {sign} in\n{picture}");
    }
}

#[test]
fn too_many_are_listed() {
    let mut maker = Maker::with_uplink();
    for number in 0..200 {
        let (near, app) = (format!("h{number}"), format!("app{number}"));
        maker.cable(("host", &near), (&app, "eth0"));
        maker.address(&app, "eth0", "10.0.0.1/8");
    }
    maker.get("app7", "eth0").state = State::Down;
    let map = maker.done();
    let picture = picture(&map, &Look::default());
    for line in [
        "200 namespaces, too many to draw",
        "   eth0 down 10.0.0.1/8 ── host/h7",
        "app199",
    ] {
        assert!(
            picture.lines().any(|shown| shown == line),
            "no {line} in\n{picture}"
        );
    }
}
