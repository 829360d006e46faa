//! Pictures of topologies that were made by hand.

use super::model::{Cable, Device, End, Kind, Map, Role, Space, State};
use super::{Look, draw};

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

#[test]
fn look_at_them() {
    let mut veth = Maker::with_uplink();
    veth.space("app1", Role::Named);
    veth.cable(("host", "hlink1"), ("host", "clink1"));
    veth.get("host", "hlink1").state = State::Down;
    veth.get("host", "clink1").state = State::NoCarrier;
    let mut chain = Maker::new();
    chain.cable(("host", "a"), ("r1", "b"));
    chain.cable(("r1", "c"), ("r2", "d"));
    chain.cable(("r2", "e"), ("r3", "f"));
    chain.cable(("r1", "x"), ("r3", "y"));
    chain.cable(("host", "z"), ("r3", "z"));
    let mut two = nat();
    two.cable(("host", "hlink5"), ("app5", "eth0"));
    two.cable(("host", "hlink6"), ("app6", "eth0"));
    two.bridge("host", "br1", &["hlink5", "hlink4"]);
    for (name, map) in [
        ("nat", nat().done()),
        ("subnet", subnet().done()),
        ("veth", veth.done()),
        ("chain", chain.done()),
        ("two", two.done()),
    ] {
        for (room, unicode) in [
            ((40, 14), true),
            ((61, 22), false),
            ((63, 22), true),
            ((130, 32), true),
        ] {
            let look = Look {
                room,
                unicode,
                ..Look::default()
            };
            println!("== {name} {room:?}\n{}", picture(&map, &look));
        }
    }
}
