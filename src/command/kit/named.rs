//! Names that are built in: of scopes, tables, protocols, targets.

use std::fmt;

/// What kind of thing a name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Named {
    /// How far an address or a route reaches.
    Scope,
    /// What is known of a neighbour.
    State,
    /// A routing table.
    RoutingTable,
    /// Who has put a route there.
    RoutingProtocol,
    /// What a device is made of.
    Kind,
    /// A table of `iptables`.
    Table,
    /// What stands behind the IP header.
    Protocol,
    /// An extension of `iptables` (`-m`).
    Extension,
    /// States of a connection.
    States,
    /// What becomes of a packet (`-j`).
    Target,
    /// What a refused packet's sender is told.
    Answer,
}

impl fmt::Display for Named {
    /// A noun with its article, for "X is missing".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scope => "a scope",
            Self::State => "a state",
            Self::RoutingTable => "a routing table",
            Self::RoutingProtocol => "a routing protocol",
            Self::Kind => "a kind, such as veth",
            Self::Table => "a table, `filter` or `nat`",
            Self::Protocol => "a protocol, such as tcp",
            Self::Extension => "an extension, such as conntrack",
            Self::States => "states, such as RELATED,ESTABLISHED",
            Self::Target => "a target, such as ACCEPT",
            Self::Answer => "an answer, such as icmp-port-unreachable",
        })
    }
}

impl Named {
    /// Names of this kind that a learner may want, the most wanted first, and what each means.
    pub fn known(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Scope => &[
                ("global", "may be used everywhere"),
                ("link", "only on the network of this device"),
                ("host", "only within this machine"),
            ],
            Self::State => &[
                ("permanent", "written by hand, and kept"),
                ("reachable", "has answered just now"),
                ("stale", "was known, and is asked again when it is needed"),
                ("failed", "has not answered"),
                ("incomplete", "is being asked for"),
                ("delay", "waits for a sign of life before it is asked again"),
                ("probe", "is being asked again"),
                ("noarp", "needs no asking"),
            ],
            Self::RoutingTable => &[
                ("main", "where routes are put if nothing else is said"),
                ("local", "addresses of this machine itself"),
                ("default", "looked at last, and empty"),
            ],
            Self::RoutingProtocol => &[
                ("kernel", "came with an address"),
                ("boot", "put there by hand"),
                ("static", "put there by hand, to stay"),
                ("dhcp", "learned by DHCP"),
            ],
            Self::Kind => &[
                ("veth", "a virtual cable with two ends"),
                ("bridge", "a switch"),
                ("macvlan", "a second hardware address on another device"),
                ("vxlan", "an Ethernet that is carried over UDP"),
            ],
            Self::Table => &[
                ("filter", "which packets may pass"),
                ("nat", "with which addresses they go on"),
            ],
            Self::Protocol => &[
                ("tcp", "connections"),
                ("udp", "single datagrams"),
                ("icmp", "pings, and errors on the way"),
                ("all", "whatever it is"),
            ],
            Self::Extension => &[
                ("conntrack", "ask what is known of the packet's connection"),
                ("tcp", "ask for ports of TCP"),
                ("udp", "ask for ports of UDP"),
            ],
            Self::States => &[
                ("NEW", "just beginning"),
                ("ESTABLISHED", "was answered"),
                ("RELATED", "belongs to another connection"),
                ("RELATED,ESTABLISHED", "either of the two"),
                ("INVALID", "makes no sense"),
                ("UNTRACKED", "is not followed"),
                ("SNAT", "its source was rewritten"),
                ("DNAT", "its destination was rewritten"),
            ],
            Self::Target => &[
                ("ACCEPT", "let the packet pass"),
                ("DROP", "drop the packet, and tell nobody"),
                ("REJECT", "refuse the packet, and tell its sender"),
                ("RETURN", "go back to the chain that led here"),
                (
                    "MASQUERADE",
                    "rewrite its source to the address of the device by which it leaves",
                ),
                ("SNAT", "rewrite its source"),
                ("DNAT", "rewrite its destination"),
            ],
            Self::Answer => &[
                ("icmp-port-unreachable", "nobody listens at that port"),
                ("icmp-host-unreachable", "the machine cannot be reached"),
                ("icmp-net-unreachable", "the network cannot be reached"),
                ("icmp-proto-unreachable", "the protocol is not spoken"),
                ("icmp-admin-prohibited", "it is not allowed"),
                ("icmp-host-prohibited", "the machine must not be reached"),
                ("icmp-net-prohibited", "the network must not be reached"),
                ("tcp-reset", "the connection is torn down"),
            ],
        }
    }
}
