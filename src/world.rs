//! What the kernel has told us: each namespace's tables, folded from its messages.
//!
//! The kernel is the only truth. Panes, checks, hints and printed tables are pure functions of a
//! [`World`], so a change made behind our back in another terminal is seen and judged like any
//! other. Nothing here knows a socket; `kernel::netlink` turns messages into [`Change`]s.

pub mod addr;
pub mod cable;
pub mod conntrack;
pub mod fdb;
mod fold;
pub mod link;
pub mod names;
pub mod neigh;
pub mod policy;
pub mod ready;
pub mod route;
pub mod ruleset;
pub mod seats;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use addr::Addr;
use conntrack::Flow;
use fdb::FdbEntry;
use link::Link;
use neigh::Neigh;
use policy::PolicyRule;
use route::Route;
use ruleset::Ruleset;

/// A network namespace of the sandbox, in the order in which panes show them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ns {
    /// The namespace that plays the machine's own; not listed in `/run/netns`.
    Host,
    /// One in `/run/netns`, made by `ip netns add`.
    Named(String),
    /// What stands behind the uplink; not listed in `/run/netns`.
    Internet,
}

impl Ns {
    /// The namespace that a lesson, a pane or a prompt calls `name`.
    pub fn from_name(name: &str) -> Self {
        match name {
            "host" => Self::Host,
            "internet" => Self::Internet,
            other => Self::Named(other.to_owned()),
        }
    }

    /// The name as a lesson writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Host => "host",
            Self::Named(name) => name,
            Self::Internet => "internet",
        }
    }
}

impl fmt::Display for Ns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Every namespace's tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// The tables of each namespace that exists now.
    pub spaces: BTreeMap<Ns, Space>,
}

/// One namespace's tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// Devices by ifindex.
    pub links: BTreeMap<u32, Link>,
    /// Addresses, in the kernel's order.
    pub addrs: Vec<Addr>,
    /// Routes of every table and family, in the kernel's order.
    pub routes: Vec<Route>,
    /// ARP and NDP entries.
    pub neighs: Vec<Neigh>,
    /// Bridge and VXLAN forwarding entries.
    pub fdb: Vec<FdbEntry>,
    /// Routing policy rules (`ip rule`).
    pub policy: Vec<PolicyRule>,
    /// nf_tables as it stands.
    pub ruleset: Ruleset,
    /// Connections that conntrack follows.
    pub flows: Vec<Flow>,
    /// Settings that have been read, by dotted name (`net.ipv4.ip_forward`).
    pub sysctls: BTreeMap<String, String>,
    /// Names of peer namespaces by nsid (`link-netnsid 0` is `link-netns app1`).
    pub nsids: BTreeMap<i32, String>,
}

impl Space {
    /// The device called `name`.
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.values().find(|link| link.name == name)
    }

    /// The name of device `index`, or `if7` where no such device is known (as iproute2 says it).
    pub fn link_name(&self, index: u32) -> String {
        self.links
            .get(&index)
            .map_or_else(|| format!("if{index}"), |link| link.name.clone())
    }

    /// The addresses by which others can reach it, IPv4 first: neither those of the loopback nor
    /// those of one link alone.
    pub fn reachable(&self) -> impl Iterator<Item = IpAddr> {
        let usable = |ip: &IpAddr| match ip {
            IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
            IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
        };
        let addrs = self.addrs.iter().map(|addr| addr.net.addr());
        let (v4, v6): (Vec<IpAddr>, Vec<IpAddr>) = addrs.filter(usable).partition(IpAddr::is_ipv4);
        v4.into_iter().chain(v6)
    }
}

/// One thing that has changed, in one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A namespace has come into being, with these tables.
    Appeared(Box<Space>),
    /// The namespace is gone.
    Vanished,
    /// Notifications were lost (ENOBUFS), so everything was read anew.
    Resync(Box<Space>),
    /// A device is new or different.
    Link(Box<Link>),
    /// Device with this ifindex is gone.
    LinkGone(u32),
    /// An address is new or different.
    Addr(Addr),
    /// An address is gone.
    AddrGone(Addr),
    /// All addresses, in the kernel's order, which single messages do not tell.
    Addrs(Vec<Addr>),
    /// A route is new or different.
    Route(Route),
    /// A route is gone.
    RouteGone(Route),
    /// All routes, in the kernel's order. The kernel says nothing of IPv4 routes that go with an
    /// address or a device, and of two routes to one prefix the first wins.
    Routes(Vec<Route>),
    /// A neighbour is new or different.
    Neigh(Neigh),
    /// A neighbour is gone.
    NeighGone(Neigh),
    /// A forwarding entry is new or different.
    Fdb(FdbEntry),
    /// A forwarding entry is gone.
    FdbGone(FdbEntry),
    /// A policy rule is new.
    Policy(PolicyRule),
    /// A policy rule is gone.
    PolicyGone(PolicyRule),
    /// nf_tables has a new generation; this is all of it.
    Ruleset(Box<Ruleset>),
    /// A connection is new or has changed.
    Flow(Flow),
    /// A connection was forgotten.
    FlowGone(Flow),
    /// These are all connections, read anew because messages about them were lost.
    Flows(Vec<Flow>),
    /// A setting was read, and has this value.
    Sysctl(String, String),
    /// The peer namespaces' names by nsid, all of them.
    Nsids(BTreeMap<i32, String>),
}
