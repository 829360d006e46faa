//! `bridge link` and `bridge fdb show`, as iproute2 prints them.

use std::fmt::Write;

use super::Bridge;
use crate::command::View;
use crate::command::link::print::{line, said};
use crate::command::task::{Printed, Refusal, Show, Tables};
use crate::world::Space;
use crate::world::fdb::FdbEntry;
use crate::world::link::{Link, PortState};

/// What `bridge -d link` prints of a port, in its order, which is not that of `ip -d link`.
const DETAILS: [&str; 14] = [
    "hairpin",
    "guard",
    "root_block",
    "fastleave",
    "learning",
    "flood",
    "mcast_flood",
    "bcast_flood",
    "mcast_router",
    "mcast_to_unicast",
    "neigh_suppress",
    "vlan_tunnel",
    "isolated",
    "locked",
];

/// `NTF_SELF`, `NTF_ROUTER`, `NTF_EXT_LEARNED`, `NTF_OFFLOADED` and `NTF_STICKY` of
/// `linux/neighbour.h`, in the tool's order.
const FLAGS: [(u8, &str); 5] = [
    (0x02, "self "),
    (0x80, "router "),
    (0x10, "extern_learn "),
    (0x20, "offload "),
    (0x40, "sticky "),
];

impl Show for Bridge {
    fn tables(&self) -> Tables {
        match self {
            Self::Link { .. } => Tables::LINKS,
            Self::Fdb { .. } => Tables::LINKS | Tables::FDB,
        }
    }

    fn print(&self, known: &Space) -> Printed {
        let out = match self {
            Self::Link { dev, view } => ports(dev.as_deref(), *view, known),
            Self::Fdb { bridge, port, view } => {
                entries(bridge.as_deref(), port.as_deref(), *view, known)
            }
        };
        out.map_or_else(Printed::from, Printed::table)
    }
}

/// The ifindex of `name`, or what `bridge` says when there is none.
fn find(known: &Space, name: Option<&str>, what: &str) -> Result<Option<u32>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    match known.link(name) {
        Some(link) => Ok(Some(link.index)),
        None => Err(Refusal {
            text: format!("Cannot find {what} \"{name}\""),
            status: 255,
        }),
    }
}

fn ports(dev: Option<&str>, view: View, known: &Space) -> Result<String, Refusal> {
    let only = find(known, dev, "device")?;
    Ok((known.links.values())
        .filter(|link| only.is_none_or(|index| index == link.index))
        .filter_map(|link| Some(port(link, link.port?, view, known)))
        .collect())
}

fn port(link: &Link, state: PortState, view: View, known: &Space) -> String {
    // The kernel's answer lacks the other end's namespace, so the tool looks in this one.
    let here = Link {
        peer_ns: None,
        ..link.clone()
    };
    let mut text = format!(
        "{}: {}: <{}> mtu {} ",
        link.index,
        line::name(&here, known),
        line::flags(&here, known),
        link.mtu
    );
    if let Some(master) = link.master {
        let _ = write!(text, "master {} ", known.link_name(master));
    }
    let _ = write!(text, "state {} ", port_state(state));
    let details = link
        .details
        .as_deref()
        .map_or(&[][..], |details| &details.port);
    let named = |name: &&str| details.iter().find(|detail| detail.name == *name);
    let shown = ["priority", "cost"].iter().filter_map(named);
    text.extend(shown.map(|detail| said(detail, known)));
    text.push('\n');
    if view.details {
        text.push_str("    ");
        let shown = DETAILS.iter().filter_map(named);
        text.extend(shown.map(|detail| said(detail, known)));
        text.push('\n');
    }
    text
}

fn port_state(state: PortState) -> &'static str {
    match state {
        PortState::Disabled => "disabled",
        PortState::Listening => "listening",
        PortState::Learning => "learning",
        PortState::Forwarding => "forwarding",
        PortState::Blocking => "blocking",
    }
}

fn entries(
    bridge: Option<&str>,
    port: Option<&str>,
    view: View,
    known: &Space,
) -> Result<String, Refusal> {
    let port = find(known, port, "device")?;
    let bridge = find(known, bridge, "bridge device")?;
    Ok((known.fdb.iter())
        .filter(|row| port.is_none_or(|index| index == row.link))
        .filter(|row| bridge.is_none_or(|index| belongs(row, index, known)))
        .map(|row| entry(row, port.is_none(), view, known))
        .collect())
}

/// Does it belong to the bridge itself or to one of its ports?
fn belongs(row: &FdbEntry, bridge: u32, known: &Space) -> bool {
    let master = known.links.get(&row.link).and_then(|link| link.master);
    row.link == bridge || row.master == Some(bridge) || master == Some(bridge)
}

fn entry(row: &FdbEntry, with_device: bool, view: View, known: &Space) -> String {
    let mut text = format!("{} ", row.mac);
    if with_device {
        let _ = write!(text, "dev {} ", known.link_name(row.link));
    }
    if let Some(dst) = row.dst {
        let _ = write!(text, "dst {dst} ");
    }
    if let Some(vlan) = row.vlan {
        let _ = write!(text, "vlan {vlan} ");
    }
    if let Some(port) = row.port {
        let _ = write!(text, "port {port} ");
    }
    if let Some(vni) = row.vni {
        let _ = write!(text, "vni {vni} ");
    }
    if let Some(via) = row.via {
        let _ = write!(text, "via {} ", known.link_name(via));
    }
    if let Some((used, updated)) = row.ages.filter(|_| view.stats) {
        let _ = write!(text, "used {used}/{updated} ");
    }
    for (flag, name) in FLAGS {
        if row.flags & flag != 0 {
            text.push_str(name);
        }
    }
    if let Some(master) = row.master {
        let _ = write!(text, "master {} ", known.link_name(master));
    }
    text.push_str(&state_name(row.state));
    text.push('\n');
    text
}

/// The first of `NUD_PERMANENT`, `NUD_NOARP` and `NUD_STALE` that is set; of a learnt address
/// nothing is said.
fn state_name(state: u16) -> String {
    match [128, 64, 4, 2].into_iter().find(|bit| state & bit != 0) {
        Some(128) => "permanent".to_owned(),
        Some(64) => "static".to_owned(),
        Some(4) => "stale".to_owned(),
        Some(_) => String::new(),
        None => format!("state={state:#x}"),
    }
}
