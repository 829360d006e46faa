//! `tcpdump`

mod canonical;
pub mod filter;
pub(super) mod grammar;
pub mod print;

use std::net::IpAddr;

/// `tcpdump …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcpdump {
    /// `-i DEV`; `any` where there is none
    pub dev: Option<String>,
    /// `-c N`: end after so many
    pub count: Option<u32>,
    /// `-n`; names are never looked up here
    pub numeric: bool,
    /// `-e`: link headers too
    pub link_header: bool,
    /// All of these must hold.
    pub filter: Vec<Filter>,
}

/// A word of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `icmp`
    Icmp,
    /// `icmp6`
    Icmp6,
    /// `arp`
    Arp,
    /// `tcp`
    Tcp,
    /// `udp`
    Udp,
    /// `host ADDR`
    Host(IpAddr),
    /// `port N`
    Port(u16),
}
