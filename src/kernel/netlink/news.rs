//! One notification -> changes, and what it leaves untold.

use anyhow::Result;
use netlink_packet_route::link::LinkMessage;
use netlink_packet_route::neighbour::NeighbourMessage;
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::message::{Netconf, Rtm};
use super::{Rtnl, addr, fdb, link, neigh, policy, route};
use crate::command::task::Tables;
use crate::world::link::LinkKind;
use crate::world::neigh::Neigh;
use crate::world::{Change, Space};

/// `AF_INET` and `AF_INET6` of `sys/socket.h`.
const FAMILIES: [u8; 2] = [2, 10];
/// `NETCONFA_IFINDEX_ALL` and `NETCONFA_IFINDEX_DEFAULT` of `linux/netconf.h`.
const ALL: i32 = -1;
const DEFAULT: i32 = -2;

/// What must be read again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stale {
    /// Tables in which more may have changed than was told.
    pub tables: Tables,
    /// Notifications were lost.
    pub lost: bool,
}

/// The changes that a notification tells of, without those that `told` holds already.
pub fn read(message: &Rtm, told: &Space, stale: &mut Stale) -> Vec<Change> {
    match message {
        Rtm::Route(message) => row(message, told, stale).into_iter().collect(),
        Rtm::Netconf(conf) => settings_of(conf, told),
        Rtm::GetNetconf(_) | Rtm::Unknown(_) => Vec::new(),
    }
}

fn row(message: &RouteNetlinkMessage, told: &Space, stale: &mut Stale) -> Option<Change> {
    match message {
        RouteNetlinkMessage::NewLink(message) => new_link(message, told, stale),
        RouteNetlinkMessage::DelLink(message) => del_link(message, told, stale),
        RouteNetlinkMessage::NewAddress(message) => {
            // Where it stands among others is not told, nor are the routes that come with it.
            stale.tables |= Tables::ADDRS | Tables::ROUTES;
            let row = addr::row(message)?;
            (!told.addrs.contains(&row)).then_some(Change::Addr(row))
        }
        RouteNetlinkMessage::DelAddress(message) => {
            stale.tables |= Tables::ADDRS | Tables::ROUTES;
            addr::row(message).map(Change::AddrGone)
        }
        RouteNetlinkMessage::NewRoute(message) => {
            // Of two routes to one prefix the first wins, and which is first is not told.
            stale.tables |= Tables::ROUTES;
            let row = route::row(message)?;
            (!told.routes.contains(&row)).then_some(Change::Route(row))
        }
        RouteNetlinkMessage::DelRoute(message) => {
            stale.tables |= Tables::ROUTES;
            route::row(message).map(Change::RouteGone)
        }
        RouteNetlinkMessage::NewNeighbour(message) => new_neigh(message, told),
        RouteNetlinkMessage::DelNeighbour(message) => del_neigh(message, told),
        RouteNetlinkMessage::NewRule(message) => policy::row(message).map(Change::Policy),
        RouteNetlinkMessage::DelRule(message) => policy::row(message).map(Change::PolicyGone),
        RouteNetlinkMessage::NewNsId(_) | RouteNetlinkMessage::DelNsId(_) => {
            stale.tables |= Tables::LINKS;
            None
        }
        _ => None,
    }
}

fn new_link(message: &LinkMessage, told: &Space, stale: &mut Stale) -> Option<Change> {
    let mut row = if message.header.interface_family == AddressFamily::Bridge {
        // A port's news: little more than its state, which the device's own news may lack.
        let mut row = told.links.get(&message.header.index)?.clone();
        row.port = link::port_state(message).or(row.port);
        row
    } else {
        link::row(message)
    };
    row = row.lasting();
    // A veth is told before its other end is known, and not again.
    if row.kind == LinkKind::Veth && row.peer.unwrap_or(0) == 0 {
        stale.tables |= Tables::LINKS;
        return None;
    }
    let before = told.links.get(&row.index);
    if before == Some(&row) {
        return None;
    }
    if before.is_none_or(|before| before.flags != row.flags || before.master != row.master) {
        // IPv4 routes go silently with a device that goes down, and get marks with its carrier.
        stale.tables |= Tables::ROUTES | Tables::ADDRS;
    }
    Some(Change::Link(Box::new(row)))
}

fn del_link(message: &LinkMessage, told: &Space, stale: &mut Stale) -> Option<Change> {
    let index = message.header.index;
    // What refers to it says nothing: another end's ifindex and namespace, IPv4 routes.
    stale.tables |= Tables::LINKS | Tables::ROUTES | Tables::ADDRS;
    if message.header.interface_family == AddressFamily::Bridge {
        // It is no port any more.
        let mut row = told.links.get(&index)?.clone();
        row.port = None;
        return Some(Change::Link(Box::new(row)));
    }
    (told.links.contains_key(&index)).then_some(Change::LinkGone(index))
}

fn new_neigh(message: &NeighbourMessage, told: &Space) -> Option<Change> {
    if let Some(mut row) = fdb::row(message) {
        row.ages = None;
        return (row.is_told() && !told.fdb.contains(&row)).then_some(Change::Fdb(row));
    }
    let row = neigh::row(message)?;
    (row.is_told() && !told.neighs.contains(&row)).then_some(Change::Neigh(row))
}

fn del_neigh(message: &NeighbourMessage, told: &Space) -> Option<Change> {
    if let Some(row) = fdb::row(message) {
        return row.is_told().then_some(Change::FdbGone(row));
    }
    let row = neigh::row(message)?;
    (told
        .neighs
        .iter()
        .any(|known| (known.link, known.dst) == (row.link, row.dst)))
    .then_some(Change::NeighGone(row))
}

/// The changes between what was told and what was read just now.
pub fn differences(told: &Space, read: Space, tables: Tables) -> Vec<Change> {
    let mut changes = Vec::new();
    if tables.contains(Tables::LINKS) {
        let gone = told
            .links
            .keys()
            .filter(|index| !read.links.contains_key(index));
        changes.extend(gone.map(|index| Change::LinkGone(*index)));
        for (index, link) in read.links {
            if told.links.get(&index) != Some(&link) {
                changes.push(Change::Link(Box::new(link)));
            }
        }
        if told.nsids != read.nsids {
            changes.push(Change::Nsids(read.nsids));
        }
    }
    if tables.contains(Tables::ADDRS) && told.addrs != read.addrs {
        changes.push(Change::Addrs(read.addrs));
    }
    if tables.contains(Tables::ROUTES) && told.routes != read.routes {
        changes.push(Change::Routes(read.routes));
    }
    if tables.contains(Tables::NEIGHS) {
        let same = |a: &Neigh, b: &Neigh| (a.link, a.dst) == (b.link, b.dst);
        let gone = |row: &&Neigh| !read.neighs.iter().any(|other| same(row, other));
        let gone = told.neighs.iter().filter(gone).cloned();
        changes.extend(gone.map(Change::NeighGone));
        let new = read
            .neighs
            .into_iter()
            .filter(|row| !told.neighs.contains(row));
        changes.extend(new.map(Change::Neigh));
    }
    changes
}

/// Reads the settings of which the kernel tells. Without a family there are none.
///
/// # Errors
/// A lost connection.
pub async fn settings(rtnl: &Rtnl, space: &mut Space) -> Result<()> {
    for family in FAMILIES {
        for conf in rtnl.netconf(family).await.unwrap_or_default() {
            if conf.index != ALL {
                continue;
            }
            for change in settings_of(&conf, space) {
                space.apply(change);
            }
        }
    }
    Ok(())
}

impl Rtnl {
    /// Reads the settings of which the kernel tells, of each device too, into `space`, whose devices
    /// must have been read.
    ///
    /// # Errors
    /// A lost connection.
    pub async fn settings(&self, space: &mut Space) -> Result<()> {
        for family in FAMILIES {
            for conf in self.netconf(family).await.unwrap_or_default() {
                for change in settings_of(&conf, space) {
                    space.apply(change);
                }
            }
        }
        Ok(())
    }
}

/// `net.ipv4.conf.eth0.forwarding` and the like, where they differ from what was told.
fn settings_of(conf: &Netconf, told: &Space) -> Vec<Change> {
    let family = if conf.family == FAMILIES[0] {
        "ipv4"
    } else {
        "ipv6"
    };
    let device = match conf.index {
        ALL => "all".to_owned(),
        DEFAULT => "default".to_owned(),
        index => match u32::try_from(index)
            .ok()
            .and_then(|index| told.links.get(&index))
        {
            // A dot within a device's name is written as a slash.
            Some(link) => link.name.replace('.', "/"),
            None => return Vec::new(),
        },
    };
    let mut found = Vec::new();
    if let Some(value) = conf.forwarding {
        found.push((format!("net.{family}.conf.{device}.forwarding"), value));
        if family == "ipv4" && conf.index == ALL {
            found.push(("net.ipv4.ip_forward".to_owned(), value));
        }
    }
    if let Some(value) = conf.rp_filter {
        found.push((format!("net.{family}.conf.{device}.rp_filter"), value));
    }
    (found.into_iter())
        .map(|(name, value)| (name, value.to_string()))
        .filter(|(name, value)| told.sysctls.get(name) != Some(value))
        .map(|(name, value)| Change::Sysctl(name, value))
        .collect()
}
