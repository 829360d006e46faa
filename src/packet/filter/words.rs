//! The words of the language, and what may stand where.

use std::fmt;

use super::{Dialect, Kind, Side};

/// What may stand at some place of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// This word.
    Keyword {
        /// In full.
        word: &'static str,
        /// What it does; `{}` stands for the words that follow it.
        meaning: &'static str,
    },
    /// A value.
    Slot(Slot),
}

/// What kind of value a place takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A device's name.
    Device,
    /// A namespace's name.
    Namespace,
    /// An IP address.
    Address,
    /// An address with its prefix length.
    Net,
    /// A port.
    Port,
    /// A range of ports.
    Ports,
    /// A hardware address.
    Mac,
    /// VXLAN's network identifier.
    Vni,
}

impl fmt::Display for Slot {
    /// A noun with its article, for "X is missing".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "the name of a device",
            Self::Namespace => "the name of a namespace",
            Self::Address => "an address",
            Self::Net => "an address with its prefix length",
            Self::Port => "a port",
            Self::Ports => "a range of ports",
            Self::Mac => "a hardware address",
            Self::Vni => "a network identifier",
        })
    }
}

impl Slot {
    /// A value of this kind.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Device => "br0",
            Self::Namespace => "app1",
            Self::Address => "172.16.0.1",
            Self::Net => "172.16.0.0/16",
            Self::Port => "80",
            Self::Ports => "8000-8080",
            Self::Mac => "02:00:00:00:00:01",
            Self::Vni => "42",
        }
    }
}

/// A word that stands for something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<T> {
    pub(super) word: &'static str,
    pub(super) to: T,
    pub(super) meaning: &'static str,
}

const fn key<T>(word: &'static str, to: T, meaning: &'static str) -> Key<T> {
    Key { word, to, meaning }
}

/// What a condition begins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Head {
    Not,
    Open,
    Kind(Kind),
    Vxlan,
    Side(Side),
    What(What),
    Ether,
    Dev,
    Ns,
}

/// What kind of value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Host,
    Net,
    Port,
    Ports,
}

/// Words that a condition begins with.
pub(super) const HEADS: &[Key<Head>] = &[
    key(
        "icmp",
        Head::Kind(Kind::Icmp),
        "only ICMP: pings, their answers, and reports of failure",
    ),
    key(
        "icmp6",
        Head::Kind(Kind::Icmp6),
        "only ICMPv6: pings, neighbours, and reports of failure",
    ),
    key(
        "arp",
        Head::Kind(Kind::Arp),
        "only ARP: who has which hardware address",
    ),
    key("tcp", Head::Kind(Kind::Tcp), "only TCP"),
    key("udp", Head::Kind(Kind::Udp), "only UDP"),
    key("ip", Head::Kind(Kind::Ip), "only IPv4"),
    key("ip6", Head::Kind(Kind::Ip6), "only IPv6"),
    key("host", Head::What(What::Host), "only from or to {}"),
    key("port", Head::What(What::Port), "only from or to port {}"),
    key(
        "net",
        Head::What(What::Net),
        "only from or to addresses within {}",
    ),
    key(
        "portrange",
        Head::What(What::Ports),
        "only from or to one of the ports {}",
    ),
    key("src", Head::Side(Side::Src), "only from {}"),
    key("dst", Head::Side(Side::Dst), "only to {}"),
    key("not", Head::Not, "all but what follows"),
    key("(", Head::Open, "what follows counts as one"),
    key(
        "ether",
        Head::Ether,
        "only from or to the hardware address {}",
    ),
];

/// More of them, which tcpdump does not have.
pub(super) const PANE_HEADS: &[Key<Head>] = &[
    key(
        "vxlan",
        Head::Vxlan,
        "only VXLAN; words behind `and` are about the frame within",
    ),
    key("dev", Head::Dev, "only what was seen at the device {}"),
    key("ifname", Head::Dev, "only what was seen at the device {}"),
    key("ns", Head::Ns, "only what was seen in the namespace {}"),
];

/// Words that tcpdump has for what is not compared here.
pub(super) const FOREIGN: &[&str] = &[
    "ah",
    "broadcast",
    "decnet",
    "esp",
    "gateway",
    "greater",
    "igmp",
    "inbound",
    "len",
    "less",
    "llc",
    "mpls",
    "multicast",
    "outbound",
    "pppoes",
    "proto",
    "protochain",
    "rarp",
    "sctp",
    "stp",
    "vlan",
    "wlan",
];

/// Behind a side, or what stands before one.
pub(super) const WHATS: &[Key<What>] = &[
    key("host", What::Host, "the address {}"),
    key("net", What::Net, "addresses within {}"),
    key("port", What::Port, "port {}"),
    key("portrange", What::Ports, "one of the ports {}"),
];

/// Behind `ether`.
pub(super) const ETHER_HOST: &[Key<()>] = &[key("host", (), "the hardware address {}")];

/// Sides.
pub(super) const SIDES: &[Key<Side>] = &[
    key("src", Side::Src, "from {}"),
    key("dst", Side::Dst, "to {}"),
];

/// Between conditions.
pub(super) const JOINS: &[Key<super::Join>] = &[
    key("and", super::Join::And, "and at the same time"),
    key("or", super::Join::Or, "or as well"),
];

/// The end of what counts as one.
pub(super) const CLOSE: &[Key<()>] = &[key(")", (), "up to here")];

/// The words that a condition may begin with.
pub(super) fn heads(dialect: Dialect) -> impl Iterator<Item = &'static Key<Head>> {
    let more = match dialect {
        Dialect::Pane => PANE_HEADS,
        Dialect::Tcpdump => &[],
    };
    HEADS.iter().chain(more)
}
