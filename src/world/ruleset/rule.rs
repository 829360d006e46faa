//! One rule in iptables' terms: what it compares and what it then does.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

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

/// A match, or its opposite (`!`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Not<T> {
    /// Was `!` written?
    pub not: bool,
    /// What is compared.
    pub is: T,
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

/// One port, or a range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// First.
    pub first: u16,
    /// Last; equal to `first` for one port.
    pub last: u16,
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
