//! One rule in iptables' terms: what it compares and what it then does.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::reject;

/// A rule's matches and its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// `[!] -s PREFIX`
    pub src: Option<Not<Ipv4Net>>,
    /// `[!] -d PREFIX`
    pub dst: Option<Not<Ipv4Net>>,
    /// `[!] -i DEV` (`+` at its end: any that begins so)
    pub iif: Option<Not<String>>,
    /// `[!] -o DEV`
    pub oif: Option<Not<String>>,
    /// `[!] -p PROTO`
    pub proto: Option<Not<Proto>>,
    /// `[!] --sport PORT[:PORT]`
    pub sport: Option<Not<Ports>>,
    /// `[!] --dport PORT[:PORT]`
    pub dport: Option<Not<Ports>>,
    /// `-m conntrack [!] --ctstate STATE[,STATE…]`
    pub ctstate: Option<Not<CtStates>>,
    /// Does `--ctstate` stand before the ports? iptables keeps that order, and tells rules apart
    /// by it.
    pub ctstate_first: bool,
    /// `-j TARGET`; a rule without one only counts
    pub target: Option<Target>,
}

impl Rule {
    /// As the kernel's tables give it back: host bits cleared, what matches everything left out,
    /// the full name of a refusal. iptables tells rules apart in this form.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let prefix = |net: Option<Not<Ipv4Net>>| {
            net.map(|it| Not {
                not: it.not,
                is: it.is.trunc(),
            })
            .filter(|it| it.not || it.is.prefix_len() > 0)
        };
        let device = |it: &Option<Not<String>>| it.clone().filter(|it| it.not || it.is != "+");
        let ports = |it: Option<Not<Ports>>| it.and_then(Not::<Ports>::canonical);
        let mut rule = Self {
            src: prefix(self.src),
            dst: prefix(self.dst),
            iif: device(&self.iif),
            oif: device(&self.oif),
            sport: ports(self.sport),
            dport: ports(self.dport),
            ..self.clone()
        };
        if let Some(Target::Reject { with }) = &mut rule.target {
            let way = with.as_deref().map_or(Some(reject::DEFAULT), reject::named);
            if let Some(way) = way {
                *with = Some(way.name.to_owned());
            }
        }
        let has_ports = rule.sport.is_some() || rule.dport.is_some();
        rule.ctstate_first &= rule.ctstate.is_some() && has_ports;
        rule
    }
}

/// A match, or its opposite (`!`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Not<T> {
    /// Was `!` written?
    pub not: bool,
    /// What is compared.
    pub is: T,
}

impl Not<Ports> {
    /// "No port at all" cannot be said in nf_tables, and iptables writes nothing for it; "not up
    /// to 7" comes back as "8 and up".
    fn canonical(self) -> Option<Self> {
        match (self.not, self.is.first, self.is.last) {
            (true, 0, u16::MAX) => None,
            (true, 0, last) if last > 0 => Some(Self {
                not: false,
                is: Ports {
                    first: last + 1,
                    last: u16::MAX,
                },
            }),
            _ => Some(self),
        }
    }
}

/// `-p PROTO`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proto {
    /// ICMP.
    Icmp,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Another, by its number in the IP header.
    Other(u8),
}

impl Proto {
    /// The one with this number in the IP header.
    pub fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Icmp,
            6 => Self::Tcp,
            17 => Self::Udp,
            other => Self::Other(other),
        }
    }

    /// Its number in the IP header.
    pub fn number(self) -> u8 {
        match self {
            Self::Icmp => 1,
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Other(number) => number,
        }
    }

    /// Its name in protocols(5), where it commonly has one.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.number() {
            1 => "icmp",
            2 => "igmp",
            4 => "ipencap",
            6 => "tcp",
            17 => "udp",
            33 => "dccp",
            41 => "ipv6",
            47 => "gre",
            50 => "esp",
            51 => "ah",
            58 => "ipv6-icmp",
            89 => "ospf",
            132 => "sctp",
            136 => "udplite",
            _ => return None,
        })
    }
}

/// One port, or a range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// First.
    pub first: u16,
    /// Last; equal to `first` for one port.
    pub last: u16,
}

impl Ports {
    /// Every port.
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };
}

bitflags::bitflags! {
    /// `--ctstate`
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct CtStates: u8 {
        /// Belongs to nothing known.
        const INVALID = 1;
        /// First of a new connection.
        const NEW = 2;
        /// Of a connection seen both ways.
        const ESTABLISHED = 4;
        /// Opened by another one (an ICMP error, say).
        const RELATED = 8;
        /// Not followed.
        const UNTRACKED = 16;
        /// Source was rewritten.
        const SNAT = 32;
        /// Destination was rewritten.
        const DNAT = 64;
    }
}

/// `-j TARGET`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Let it pass.
    Accept,
    /// Forget it silently.
    Drop,
    /// Refuse it (`--reject-with` is icmp-port-unreachable unless said).
    Reject {
        /// `--reject-with TYPE`
        with: Option<String>,
    },
    /// Back to the calling chain.
    Return,
    /// Source becomes the address of the device it leaves by.
    Masquerade,
    /// `SNAT --to-source ADDR[:PORT]`
    Snat(Ipv4Addr, Option<Ports>),
    /// `DNAT --to-destination ADDR[:PORT]`
    Dnat(Ipv4Addr, Option<Ports>),
    /// A user's chain.
    Chain(String),
}
