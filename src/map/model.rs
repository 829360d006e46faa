//! What there is, and how it is plugged.

use serde::{Deserialize, Serialize};

use super::cables;
use crate::world::link::{Link, LinkFlags, LinkKind, PortState};
use crate::world::{self, Ns, World};

/// Everything that a picture shows. It can be handed to another process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    /// The namespaces, in the order in which panes show them.
    pub spaces: Vec<Space>,
    /// What connects their devices.
    pub cables: Vec<Cable>,
}

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Its name, as a lesson writes it.
    pub name: String,
    /// What it plays.
    pub role: Role,
    /// Its devices, by ifindex.
    pub devices: Vec<Device>,
}

/// What a namespace plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The machine.
    Host,
    /// A container.
    Named,
    /// What stands behind the uplink.
    Internet,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// ifindex.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Does it work?
    pub state: State,
    /// The device of the same namespace that it is plugged into, by its place in `devices`.
    pub master: Option<usize>,
    /// As a bridge's port: why it passes nothing.
    pub port: Option<Port>,
    /// Its addresses with their prefix lengths; what every device gives itself is left out.
    pub addresses: Vec<String>,
}

/// What a device is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `lo`.
    Loopback,
    /// A card.
    Card,
    /// One end of a cable.
    Veth,
    /// A switch.
    Bridge,
    /// An Ethernet over UDP tunnel: its number and its other end.
    Vxlan(u32, Option<String>),
    /// A second hardware address on a device below.
    Macvlan,
    /// Another kind, by its name (`tun`, `dummy`, `vlan`).
    Other(String),
}

/// Does a device work?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is up, and something answers at the other end.
    Up,
    /// It is up, and there is no signal.
    NoCarrier,
    /// It is not set up.
    Down,
}

/// Why a bridge's port passes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Port {
    /// It is off.
    Disabled,
    /// It hears the spanning tree.
    Listening,
    /// It learns addresses.
    Learning,
    /// The spanning tree keeps it off.
    Blocking,
}

/// A connection of two devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cable {
    /// One end.
    pub near: End,
    /// The other one; absent where it is not known.
    pub far: Option<End>,
    /// Is it no cable, but `near` stands on `far` (a macvlan on its card)?
    pub stands_on: bool,
}

/// An end of a cable: a device, by its place in its namespace, and that one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct End {
    /// In `Map::spaces`.
    pub space: usize,
    /// In `Space::devices`.
    pub device: usize,
}

impl Space {
    /// The namespace that it shows.
    pub fn ns(&self) -> Ns {
        match self.role {
            Role::Host => Ns::Host,
            Role::Named => Ns::Named(self.name.clone()),
            Role::Internet => Ns::Internet,
        }
    }
}

impl Map {
    /// The device at `end`, if there is one: a map may come from another process.
    pub fn device(&self, end: End) -> Option<&Device> {
        self.spaces.get(end.space)?.devices.get(end.device)
    }

    /// The end that is called so.
    pub fn find(&self, ns: &Ns, dev: &str) -> Option<End> {
        let space = (self.spaces.iter()).position(|space| space.ns() == *ns)?;
        let devices = &self.spaces.get(space)?.devices;
        let device = devices.iter().position(|device| device.name == dev)?;
        Some(End { space, device })
    }

    /// How the worse end of a cable is.
    pub fn state(&self, cable: &Cable) -> State {
        let ends = [Some(cable.near), cable.far].into_iter().flatten();
        let states = ends.filter_map(|end| self.device(end).map(|device| device.state));
        states.max().unwrap_or(State::Down)
    }
}

impl Device {
    /// A word for what it is, where its name alone does not say so.
    pub fn word(&self) -> Option<String> {
        match &self.kind {
            Kind::Loopback | Kind::Card | Kind::Veth => None,
            Kind::Bridge => Some("bridge".to_owned()),
            Kind::Vxlan(id, _) => Some(format!("vxlan {id}")),
            Kind::Macvlan => Some("macvlan".to_owned()),
            Kind::Other(name) => Some(name.clone()),
        }
    }

    /// A word for what is wrong with it.
    pub fn trouble(&self) -> Option<&'static str> {
        match (self.state, self.port) {
            (State::Down, _) => Some("down"),
            (State::NoCarrier, _) => Some("no carrier"),
            (State::Up, Some(Port::Disabled)) => Some("disabled"),
            (State::Up, Some(Port::Listening)) => Some("listening"),
            (State::Up, Some(Port::Learning)) => Some("learning"),
            (State::Up, Some(Port::Blocking)) => Some("blocking"),
            (State::Up, None) => None,
        }
    }
}

/// The map of `world`.
pub fn model(world: &World) -> Map {
    let spaces = world.spaces.iter();
    Map {
        spaces: spaces.map(|(ns, tables)| space(ns, tables)).collect(),
        cables: cables::all(world),
    }
}

fn space(ns: &Ns, tables: &world::Space) -> Space {
    Space {
        name: ns.name().to_owned(),
        role: match ns {
            Ns::Host => Role::Host,
            Ns::Named(_) => Role::Named,
            Ns::Internet => Role::Internet,
        },
        devices: (tables.links.values())
            .map(|link| device(tables, link))
            .collect(),
    }
}

fn device(tables: &world::Space, link: &Link) -> Device {
    let place = |index: u32| tables.links.keys().position(|other| *other == index);
    let rows = tables.addrs.iter().filter(|row| row.link == link.index);
    let loopback = link.flags.contains(LinkFlags::LOOPBACK);
    Device {
        index: link.index,
        name: link.name.clone(),
        kind: kind(link),
        state: state(link),
        master: link.master.and_then(place),
        port: link.port.and_then(port),
        addresses: rows
            .map(|row| row.net)
            .filter(|net| !(own(net.addr()) || (loopback && net.addr().is_loopback())))
            .map(|net| net.to_string())
            .collect(),
    }
}

/// Is it one that a device gives itself (`fe80::/10`)?
fn own(address: std::net::IpAddr) -> bool {
    match address {
        std::net::IpAddr::V4(_) => false,
        std::net::IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

fn kind(link: &Link) -> Kind {
    match &link.kind {
        LinkKind::None if link.flags.contains(LinkFlags::LOOPBACK) => Kind::Loopback,
        LinkKind::None => Kind::Card,
        LinkKind::Veth => Kind::Veth,
        LinkKind::Bridge => Kind::Bridge,
        LinkKind::Macvlan { .. } => Kind::Macvlan,
        LinkKind::Vxlan { id } => {
            let remote = link.tunnel.as_ref().and_then(|tunnel| tunnel.remote);
            Kind::Vxlan(*id, remote.map(|remote| remote.to_string()))
        }
        LinkKind::Other(name) => Kind::Other(name.clone()),
    }
}

fn state(link: &Link) -> State {
    if !link.is_up() {
        State::Down
    } else if link.flags.contains(LinkFlags::LOWER_UP) {
        State::Up
    } else {
        State::NoCarrier
    }
}

fn port(state: PortState) -> Option<Port> {
    match state {
        PortState::Forwarding => None,
        PortState::Disabled => Some(Port::Disabled),
        PortState::Listening => Some(Port::Listening),
        PortState::Learning => Some(Port::Learning),
        PortState::Blocking => Some(Port::Blocking),
    }
}
