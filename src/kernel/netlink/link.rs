//! `RTM_NEWLINK` -> a row of devices.

use std::net::IpAddr;

use netlink_packet_core::Nla;
use netlink_packet_route::link::{
    BridgePortState, InfoBridgePort, InfoData, InfoKind, InfoMacVlan, InfoPortData, InfoVxlan,
    LinkAttribute, LinkInfo, LinkMessage, LinkProtoInfoBridge, MacVlanMode, State,
};

use super::details;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac, OperState, PortState, Tunnel};

/// `IFLA_BRPORT_STATE` of `linux/if_link.h`.
const IFLA_BRPORT_STATE: u16 = 1;

/// The row that a message tells of, with all that `-d` and `-s` print.
pub fn row(message: &LinkMessage) -> Link {
    let header = &message.header;
    let mut row = Link {
        index: header.index,
        flags: LinkFlags::from_bits_retain(header.flags.bits()),
        hardware: header.link_layer_type.into(),
        ..Link::default()
    };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::IfName(name) => row.name.clone_from(name),
            LinkAttribute::Mtu(mtu) => row.mtu = *mtu,
            LinkAttribute::Qdisc(qdisc) => row.qdisc.clone_from(qdisc),
            LinkAttribute::OperState(state) => row.state = oper_state(*state),
            LinkAttribute::Group(group) => row.group = *group,
            LinkAttribute::TxQueueLen(packets) => row.qlen = *packets,
            LinkAttribute::Address(bytes) => row.mac = mac(bytes),
            LinkAttribute::Broadcast(bytes) => row.broadcast = mac(bytes),
            LinkAttribute::Controller(index) => row.master = Some(*index),
            LinkAttribute::Link(index) => row.peer = Some(*index),
            LinkAttribute::LinkNetNsId(id) => row.peer_ns = Some(*id),
            LinkAttribute::LinkInfo(infos) => kind(&mut row, infos),
            _ => {}
        }
    }
    row.details = Some(Box::new(details::details(message)));
    row.stats = details::stats(message).map(Box::new);
    row
}

/// The state of a bridge port, as a message of family `AF_BRIDGE` tells it.
pub fn port_state(message: &LinkMessage) -> Option<PortState> {
    let infos = message
        .attributes
        .iter()
        .find_map(|attribute| match attribute {
            LinkAttribute::ProtoInfoBridge(infos) => Some(infos),
            _ => None,
        })?;
    let value = infos.iter().find_map(|info| match info {
        LinkProtoInfoBridge::Other(nla) if nla.kind() == IFLA_BRPORT_STATE => {
            let mut value = vec![0; nla.value_len()];
            nla.emit_value(&mut value);
            value.first().copied()
        }
        _ => None,
    })?;
    state_of_port(BridgePortState::from(value))
}

/// An Ethernet address; other hardware has longer or shorter ones.
fn mac(bytes: &[u8]) -> Option<Mac> {
    bytes.try_into().ok().map(Mac)
}

fn oper_state(state: State) -> OperState {
    match state {
        State::NotPresent => OperState::NotPresent,
        State::Down => OperState::Down,
        State::LowerLayerDown => OperState::LowerLayerDown,
        State::Testing => OperState::Testing,
        State::Dormant => OperState::Dormant,
        State::Up => OperState::Up,
        _ => OperState::Unknown,
    }
}

fn kind(row: &mut Link, infos: &[LinkInfo]) {
    for info in infos {
        match info {
            LinkInfo::Kind(kind) => row.kind = named(kind),
            LinkInfo::Data(data) => {
                fill(&mut row.kind, data);
                if let InfoData::Vxlan(attributes) = data {
                    row.tunnel = Some(Box::new(tunnel(attributes)));
                }
            }
            LinkInfo::PortData(InfoPortData::BridgePort(port)) => {
                row.port = port.iter().find_map(|attribute| match attribute {
                    InfoBridgePort::State(state) => state_of_port(*state),
                    _ => None,
                });
            }
            _ => {}
        }
    }
}

fn named(kind: &InfoKind) -> LinkKind {
    match kind {
        InfoKind::Veth => LinkKind::Veth,
        InfoKind::Bridge => LinkKind::Bridge,
        InfoKind::MacVlan => LinkKind::Macvlan {
            mode: String::new(),
        },
        InfoKind::Vxlan => LinkKind::Vxlan { id: 0 },
        other => LinkKind::Other(other.to_string()),
    }
}

/// What only this kind has.
fn fill(kind: &mut LinkKind, data: &InfoData) {
    match (kind, data) {
        (LinkKind::Macvlan { mode }, InfoData::MacVlan(attributes)) => {
            for attribute in attributes {
                if let InfoMacVlan::Mode(told) = attribute {
                    macvlan_mode(*told).clone_into(mode);
                }
            }
        }
        (LinkKind::Vxlan { id }, InfoData::Vxlan(attributes)) => {
            for attribute in attributes {
                if let InfoVxlan::Id(told) = attribute {
                    *id = *told;
                }
            }
        }
        _ => {}
    }
}

/// What a VXLAN device keeps from its birth.
fn tunnel(attributes: &[InfoVxlan]) -> Tunnel {
    let mut tunnel = Tunnel::default();
    for attribute in attributes {
        match attribute {
            InfoVxlan::Group(ip) => tunnel.remote = Some(IpAddr::V4(*ip)),
            InfoVxlan::Group6(ip) => tunnel.remote = Some(IpAddr::V6(*ip)),
            InfoVxlan::Local(ip) => tunnel.local = Some(IpAddr::V4(*ip)),
            InfoVxlan::Local6(ip) => tunnel.local = Some(IpAddr::V6(*ip)),
            InfoVxlan::Link(index) => tunnel.dev = Some(*index).filter(|index| *index != 0),
            InfoVxlan::Port(port) => tunnel.port = *port,
            InfoVxlan::Learning(on) => tunnel.learning = *on,
            _ => {}
        }
    }
    tunnel
}

/// A macvlan's mode in iproute2's word.
pub fn macvlan_mode(mode: MacVlanMode) -> &'static str {
    match mode {
        MacVlanMode::Private => "private",
        MacVlanMode::Vepa => "vepa",
        MacVlanMode::Bridge => "bridge",
        MacVlanMode::Passthrough => "passthru",
        MacVlanMode::Source => "source",
        _ => "unknown",
    }
}

fn state_of_port(state: BridgePortState) -> Option<PortState> {
    match state {
        BridgePortState::Disabled => Some(PortState::Disabled),
        BridgePortState::Listening => Some(PortState::Listening),
        BridgePortState::Learning => Some(PortState::Learning),
        BridgePortState::Forwarding => Some(PortState::Forwarding),
        BridgePortState::Blocking => Some(PortState::Blocking),
        _ => None,
    }
}
