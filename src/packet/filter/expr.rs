//! An expression, and how it is written.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::world::Ns;
use crate::world::link::Mac;

/// Which packets are wanted.
///
/// In the form in which [`parse`](super::parse()) makes it, which `Expr`'s own functions keep:
/// nothing is negated twice, and a chain does not begin with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Those that this is true of.
    Term(Term),
    /// All others.
    Not(Box<Expr>),
    /// From left to right.
    Chain(Box<Expr>, Vec<(Join, Expr)>),
}

/// Between two conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Both hold.
    And,
    /// One holds at least.
    Or,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// `icmp`
    Kind(Kind),
    /// `vxlan`, `vxlan 42`
    Vxlan(Option<u32>),
    /// `host 172.16.0.30`
    Host(Option<Family>, Side, IpAddr),
    /// `net 172.16.0.0/16`
    Net(Option<Family>, Side, IpNet),
    /// `port 80`
    Port(Option<Transport>, Side, Ports),
    /// `ether host 02:00:00:00:00:01`
    Ether(Side, Mac),
    /// `dev br0`: seen at this device
    Dev(String),
    /// `ns app1`: seen in this namespace
    Ns(Ns),
}

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ARP
    Arp,
    /// IPv4
    Ip,
    /// IPv6
    Ip6,
    /// ICMP
    Icmp,
    /// ICMPv6
    Icmp6,
    /// TCP
    Tcp,
    /// UDP
    Udp,
}

/// Where an address is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// In ARP messages.
    Arp,
    /// In IPv4 packets.
    Ip,
    /// In IPv6 packets.
    Ip6,
}

/// Where a port is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// In TCP.
    Tcp,
    /// In UDP.
    Udp,
}

/// Which of two addresses or ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// One of them at least.
    Either,
    /// The sender's.
    Src,
    /// The receiver's.
    Dst,
    /// The one and the other.
    Both,
}

/// From one port to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The lowest.
    pub from: u16,
    /// The highest.
    pub to: u16,
}

impl Ports {
    /// Just this one.
    pub fn one(port: u16) -> Self {
        Self {
            from: port,
            to: port,
        }
    }
}

impl Expr {
    /// This, and then another.
    #[must_use]
    pub fn join(self, join: Join, other: Expr) -> Expr {
        match self {
            Self::Chain(first, mut rest) => {
                rest.push((join, other));
                Self::Chain(first, rest)
            }
            Self::Term(_) | Self::Not(_) => Self::Chain(Box::new(self), vec![(join, other)]),
        }
    }
}

impl std::ops::Not for Expr {
    type Output = Expr;

    fn not(self) -> Expr {
        match self {
            Self::Not(inner) => *inner,
            Self::Term(_) | Self::Chain(..) => Self::Not(Box::new(self)),
        }
    }
}

impl fmt::Display for Expr {
    /// One way of writing it, which reads back as the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(term) => term.fmt(f),
            Self::Not(inner) => {
                f.write_str("not ")?;
                inner.within(f)
            }
            Self::Chain(first, rest) => {
                first.within(f)?;
                rest.iter().try_for_each(|(join, expr)| {
                    f.write_str(match join {
                        Join::And => " and ",
                        Join::Or => " or ",
                    })?;
                    expr.within(f)
                })
            }
        }
    }
}

impl Expr {
    /// As a part of another.
    fn within(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain(..) => write!(f, "({self})"),
            Self::Term(_) | Self::Not(_) => write!(f, "{self}"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => kind.fmt(f),
            Self::Vxlan(None) => f.write_str("vxlan"),
            Self::Vxlan(Some(vni)) => write!(f, "vxlan {vni}"),
            Self::Host(family, side, addr) => {
                qualifiers(f, family.map(Kind::from), *side)?;
                write!(f, "host {addr}")
            }
            Self::Net(family, side, net) => {
                qualifiers(f, family.map(Kind::from), *side)?;
                write!(f, "net {net}")
            }
            Self::Port(transport, side, ports) => {
                qualifiers(f, transport.map(Kind::from), *side)?;
                if ports.from == ports.to {
                    write!(f, "port {}", ports.from)
                } else {
                    write!(f, "portrange {}-{}", ports.from, ports.to)
                }
            }
            Self::Ether(side, mac) => {
                f.write_str("ether ")?;
                qualifiers(f, None, *side)?;
                write!(f, "host {mac}")
            }
            Self::Dev(name) => write!(f, "dev {}", super::lex::quoted(name)),
            Self::Ns(ns) => write!(f, "ns {}", super::lex::quoted(&ns.to_string())),
        }
    }
}

fn qualifiers(f: &mut fmt::Formatter<'_>, kind: Option<Kind>, side: Side) -> fmt::Result {
    if let Some(kind) = kind {
        write!(f, "{kind} ")?;
    }
    f.write_str(match side {
        Side::Either => "",
        Side::Src => "src ",
        Side::Dst => "dst ",
        Side::Both => "src and dst ",
    })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arp => "arp",
            Self::Ip => "ip",
            Self::Ip6 => "ip6",
            Self::Icmp => "icmp",
            Self::Icmp6 => "icmp6",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

impl From<Family> for Kind {
    fn from(family: Family) -> Self {
        match family {
            Family::Arp => Self::Arp,
            Family::Ip => Self::Ip,
            Family::Ip6 => Self::Ip6,
        }
    }
}

impl From<Transport> for Kind {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Tcp => Self::Tcp,
            Transport::Udp => Self::Udp,
        }
    }
}
