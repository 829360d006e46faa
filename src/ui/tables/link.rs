//! Devices: `hlink3@clink3(app3)  UP  br0`, then hardware address and MTU.

use super::peer::{Peer, peer};
use super::{Part, Row, Table, keys};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac, PortState};
use crate::world::{Ns, Space, World};

pub(super) fn table(world: &World, ns: &Ns, space: &Space) -> Table {
    Table {
        title: "links",
        rows: space
            .links
            .values()
            .map(|link| row(world, ns, space, link))
            .collect(),
        empty: Some("none"),
        hidden: None,
        there: keys(space.links.values()),
        owns: |key| matches!(key, RowKey::Link(_)),
    }
}

fn row(world: &World, ns: &Ns, space: &Space, link: &Link) -> Row {
    let mut name = Part::new(Slot::Code, &link.name);
    match peer(world, ns, link) {
        None => {}
        Some(Peer::Here(peer)) => name = name.and(Slot::Dim, format!("@{peer}")),
        Some(Peer::There(peer, other)) => name = name.and(Slot::Dim, format!("@{peer}({other})")),
        Some(Peer::Unknown(index)) => name = name.and(Slot::Dim, format!("@if{index}")),
    }
    let place = match link.master {
        Some(master) => Part::new(Slot::Text, space.link_name(master)),
        None => Part::new(Slot::Dim, kind(&link.kind)),
    };
    Row {
        key: Some(link.into()),
        cells: vec![name, state(link), place],
        tail: details(link),
    }
}

/// `UP` when it carries packets; otherwise what keeps it from that.
fn state(link: &Link) -> Part {
    if !link.is_up() {
        return Part::new(Slot::Bad, "DOWN");
    }
    if !link.flags.contains(LinkFlags::LOWER_UP) {
        return Part::new(Slot::Bad, "NO-CARRIER");
    }
    match link.port {
        None | Some(PortState::Forwarding) => Part::new(Slot::Ok, "UP"),
        Some(PortState::Disabled) => Part::new(Slot::Bad, "port off"),
        Some(PortState::Listening) => Part::new(Slot::Pending, "listening"),
        Some(PortState::Learning) => Part::new(Slot::Pending, "learning"),
        Some(PortState::Blocking) => Part::new(Slot::Bad, "blocked"),
    }
}

fn details(link: &Link) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(mac) = link.mac.filter(|mac| *mac != Mac::default()) {
        parts.push(Part::new(Slot::Dim, mac.to_string()));
    }
    parts.push(Part::new(Slot::Dim, format!("mtu {}", link.mtu)));
    if link.flags.contains(LinkFlags::PROMISC) {
        parts.push(Part::new(Slot::Dim, "promisc"));
    }
    parts
}

/// What it is, where its name does not say it: an `@` tells a veth.
fn kind(kind: &LinkKind) -> String {
    match kind {
        LinkKind::None | LinkKind::Veth => String::new(),
        LinkKind::Bridge => "bridge".to_owned(),
        LinkKind::Macvlan { mode } => format!("macvlan {mode}"),
        LinkKind::Vxlan { id } => format!("vxlan {id}"),
        LinkKind::Other(kind) => kind.clone(),
    }
}
